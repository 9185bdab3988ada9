/// The words of a command line as a shell splits it: quotes and backslashes, nothing else.
enum ShellWords {
    /// nil for a quote that is not closed.
    static func split(_ line: String) -> [String]? {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for c in line {
            if isEscaped {
                word = (word ?? "") + String(c)
                isEscaped = false
            } else if c == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if c == open { quote = nil } else { word = (word ?? "") + String(c) }
            } else if c == "'" || c == "\"" {
                quote = c
                word = word ?? ""
            } else if c == " " || c == "\t" {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(c)
            }
        }
        guard quote == nil, !isEscaped else { return nil }
        if let done = word { words.append(done) }
        return words
    }
}
