import Core

/// Why a text is no label selector, in the words of the real server's parser (apimachinery pkg/labels).
struct SelectorProblem {
    private enum Token: Equatable {
        case word(String)
        case sign(String)
        case end

        var text: String {
            switch self {
            case .word(let text), .sign(let text): text
            case .end: ""
            }
        }
    }

    private let tokens: [Token]
    private var at = 0

    /// nil for a selector.
    static func of(_ text: String) -> String? {
        var parser = SelectorProblem(text)
        do {
            try parser.parse()
            return nil
        } catch { return error.text }
    }

    private struct Refusal: Error { let text: String }

    private init(_ text: String) {
        var tokens: [Token] = []
        var rest = text[...]
        while let first = rest.first {
            if first.isWhitespace { rest = rest.dropFirst(); continue }
            let isSign = { (c: Character) in "=!()><,".contains(c) }
            if isSign(first) {
                let two = String(rest.prefix(2))
                let sign = ["==", "!="].contains(two) ? two : String(first)
                tokens.append(.sign(sign))
                rest = rest.dropFirst(sign.count)
            } else {
                let word = rest.prefix { !$0.isWhitespace && !isSign($0) }
                tokens.append(.word(String(word)))
                rest = rest.dropFirst(word.count)
            }
        }
        self.tokens = tokens
    }

    private var next: Token { at < tokens.count ? tokens[at] : .end }

    /// `in` and `notin` are words of the language only where an operator stands.
    private mutating func take() -> Token {
        defer { at += 1 }
        return next
    }

    private mutating func parse() throws(Refusal) {
        while true {
            switch next {
            case .end: return
            case .word, .sign("!"):
                do { try requirement() } catch { throw Refusal(text: "unable to parse requirement: \(error.text)") }
                switch take() {
                case .end: return
                case .sign(","):
                    switch next {
                    case .word, .sign("!"): break
                    case let other: throw Refusal(text: "found '\(other.text)', expected: identifier after ','")
                    }
                case let other: throw Refusal(text: "found '\(other.text)', expected: ',' or 'end of string'")
                }
            case let other: throw Refusal(text: "found '\(other.text)', expected: !, identifier, or 'end of string'")
            }
        }
    }

    private mutating func requirement() throws(Refusal) {
        let isNegated = next == .sign("!")
        if isNegated { at += 1 }
        let token = take()
        guard case .word(let key) = token else { throw Refusal(text: "found '\(token.text)', expected: identifier") }
        if let why = Names.qualifiedName(key).first { throw Refusal(text: "key: Invalid value: \(quoted(key)): \(why)") }
        if isNegated || next == .end || next == .sign(",") { return }
        let op = take()
        var values: [String]
        switch op {
        case .word("in"), .word("notin"): values = try list()
        case .sign("="), .sign("=="), .sign("!="), .sign(">"), .sign("<"): values = [try exact()]
        default: throw Refusal(text: "found '\(op.text)', expected: in, notin, =, ==, !=, gt, lt")
        }
        if values.isEmpty {
            throw Refusal(text: "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty")
        }
        if op == .sign(">") || op == .sign("<"), Int64(values[0]) == nil {
            throw Refusal(text: "values[0]: Invalid value: \(quoted(values[0])): for 'Gt', 'Lt' operators, the value must be an integer")
        }
        values.sort()
        for (i, value) in values.enumerated() {
            guard let why = Names.labelValue(value).first else { continue }
            throw Refusal(text: "values[\(i)][\(key)]: Invalid value: \(quoted(value)): \(why)")
        }
    }

    private mutating func exact() throws(Refusal) -> String {
        if next == .end || next == .sign(",") { return "" }
        let token = take()
        guard case .word(let value) = token else { throw Refusal(text: "found '\(token.text)', expected: identifier") }
        return value
    }

    private mutating func list() throws(Refusal) -> [String] {
        let open = take()
        guard open == .sign("(") else { throw Refusal(text: "found '\(open.text)', expected: '('") }
        var values: [String] = []
        while true {
            switch take() {
            case .word(let value):
                values.append(value)
                switch take() {
                case .sign(","): if next == .sign(")") { values.append("") }
                case .sign(")"): return values
                case let other: throw Refusal(text: "found '\(other.text)', expected: ',' or ')'")
                }
            case .sign(","): values.append("")
            case .sign(")"): return values
            case let other: throw Refusal(text: "found '\(other.text)', expected: ',', ')' or identifier")
            }
        }
    }

    private func quoted(_ text: String) -> String { JSON.string(text).text() }
}
