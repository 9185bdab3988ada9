extension LabelSelector {
    /// Reads the string form: `a=b`, `a==b`, `a!=b`, `a in (b,c)`, `a notin (b,c)`, `a`, `!a`, joined by commas; nil when it is not one.
    package init?(parsing text: String) {
        self.init()
        for part in LabelSelector.parts(text) {
            guard add(part) else { return nil }
        }
    }

    /// Splits at commas that stand outside brackets.
    private static func parts(_ text: String) -> [Substring] {
        var result: [Substring] = []
        var depth = 0
        var start = text.startIndex
        for i in text.indices {
            switch text[i] {
            case "(": depth += 1
            case ")": depth -= 1
            case "," where depth == 0:
                result.append(text[start..<i])
                start = text.index(after: i)
            default: break
            }
        }
        result.append(text[start...])
        return result.count == 1 && result[0].allSatisfy(\.isWhitespace) ? [] : result
    }

    private mutating func add(_ part: Substring) -> Bool {
        func trimmed(_ text: Substring) -> String {
            String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        func isKey(_ text: String) -> Bool { !text.isEmpty && !text.contains { " ()!=,".contains($0) } }
        let text = trimmed(part)
        if text.hasPrefix("!") {
            let key = trimmed(text.dropFirst())
            matchExpressions.append(Requirement(key: key, operator: .doesNotExist))
            return isKey(key)
        }
        if text.hasSuffix(")"), let open = text.firstIndex(of: "(") {
            let head = text[..<open].split(separator: " ")
            let values = text[text.index(after: open)...].dropLast().split(separator: ",", omittingEmptySubsequences: false).map(trimmed)
            guard head.count == 2, head[1] == "in" || head[1] == "notin", isKey(String(head[0])) else { return false }
            matchExpressions.append(Requirement(key: String(head[0]), operator: head[1] == "in" ? .in : .notIn, values: values))
            return true
        }
        if let at = text.firstIndex(of: "=") {
            let negated = text[..<at].hasSuffix("!")
            let key = trimmed(text[..<at].dropLast(negated ? 1 : 0))
            var rest = text[text.index(after: at)...]
            if !negated && rest.hasPrefix("=") { rest = rest.dropFirst() }
            let value = trimmed(rest)
            guard isKey(key), !value.contains("=") else { return false }
            if negated {
                matchExpressions.append(Requirement(key: key, operator: .notIn, values: [value]))
            } else if matchLabels[key] == nil {
                matchLabels[key] = value
            } else {
                matchExpressions.append(Requirement(key: key, operator: .in, values: [value]))
            }
            return true
        }
        matchExpressions.append(Requirement(key: text, operator: .exists))
        return isKey(text)
    }
}
