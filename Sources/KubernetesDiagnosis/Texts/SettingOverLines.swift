/// Settings that a program misses and names in another line than the one that complains: pydantic, zod, the images of databases.
enum SettingOverLines {
    /// What the lines up to the one at `n` say together; nil where they name no setting.
    static func clue(_ lines: [LogLine], at n: Int) -> LogClue? {
        let line = lines[n]
        let before = lines[max(0, n - 4)..<n]
        var name: String?
        if line.has("field required") {
            // pydantic: the name of the field stands alone; it is read from the variable of that name.
            name = before.last.flatMap { $0.tokens.count == 1 ? variable($0.tokens[0]) : nil }
        } else if line.has("\"required\"") || line.has("message: 'required'") {
            // zod: the path of the issue, and then its message.
            name = before.reversed().lazy.compactMap { $0.tokens.count == 1 ? capitals($0.tokens[0]) : nil }.first
        } else if let head = before.last, head.has("as an environment variable") || head.has("following environment variable") {
            name = line.tokens.lazy.compactMap { capitals($0) }.first
        }
        guard let name else { return nil }
        return LogClue(
            kind: .missingSetting, text: line.text.contains(name) ? line.text : "\(name): \(line.text)", subject: name, peers: [])
    }

    private static func variable(_ token: Substring) -> String? {
        let name = token.uppercased()
        return ConfigurationText.isVariable(name[...]) ? name : nil
    }

    private static func capitals(_ token: Substring) -> String? {
        ConfigurationText.isVariable(token) && token.contains("_") ? String(token) : nil
    }
}
