/// Words into a tree (cel-spec, langdef.md, "Syntax": the grammar), macros expanded.
struct Parser {
    /// As cel-go's `maxRecursionDepth`.
    static let maxDepth = 250

    private let words: [Lexer.Word]
    /// Functions whose names have dots, such as `sets.contains`.
    private let functions: Set<String>
    private var at = 0
    private var depth = 0

    static func parse(_ source: Source, functions: Set<String>) throws(CompileError) -> Expression {
        do throws(Lexer.Problem) {
            var parser = Parser(words: try Lexer.words(of: source), functions: functions)
            let expression = try parser.expression()
            guard parser.word.token == .end else {
                let isLast = parser.words[min(parser.at + 1, parser.words.count - 1)].token == .end
                throw parser.problem("Syntax error: \(isLast ? "extraneous" : "mismatched") input '\(parser.word.text)' expecting <EOF>")
            }
            return expression
        } catch {
            throw CompileError(source, [(error.message, error.offset)])
        }
    }

    private init(words: [Lexer.Word], functions: Set<String>) {
        self.words = words
        self.functions = functions
    }

    // MARK: Words

    private var word: Lexer.Word { words[min(at, words.count - 1)] }

    private func problem(_ message: String) -> Lexer.Problem { Lexer.Problem(message: message, offset: word.offset) }

    private func sees(_ symbol: String) -> Bool { word.token == .symbol(symbol) }

    private mutating func takes(_ symbol: String) -> Bool {
        guard sees(symbol) else { return false }
        at += 1
        return true
    }

    private mutating func expect(_ symbol: String) throws(Lexer.Problem) {
        if !takes(symbol) {
            throw problem(
                word.token == .end
                    ? "Syntax error: missing '\(symbol)' at '<EOF>'" : "Syntax error: mismatched input '\(word.text)' expecting '\(symbol)'"
            )
        }
    }

    private mutating func name() throws(Lexer.Problem) -> String {
        guard case .identifier(let name) = word.token, !Parser.keywords.contains(name) else {
            throw problem("Syntax error: mismatched input '\(word.text)' expecting IDENTIFIER")
        }
        at += 1
        return name
    }

    private static let keywords: Set<String> = ["true", "false", "null", "in"]
    private static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace", "return",
        "var", "void", "while",
    ]

    private func node(_ kind: Expression.Kind, at offset: Int) throws(Lexer.Problem) -> Expression {
        let node = Expression(kind, at: offset)
        guard node.depth <= Parser.maxDepth else { throw tooDeep }
        return node
    }

    private var tooDeep: Lexer.Problem {
        Lexer.Problem(message: "expression recursion limit exceeded: \(Parser.maxDepth)", offset: 0)
    }

    // MARK: Operators

    private mutating func expression() throws(Lexer.Problem) -> Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Parser.maxDepth else { throw tooDeep }
        let condition = try disjunction()
        let place = word.offset
        guard takes("?") else { return condition }
        let yes = try disjunction()
        try expect(":")
        let no = try expression()
        return try node(.conditional(condition, yes, no), at: place)
    }

    private mutating func disjunction() throws(Lexer.Problem) -> Expression {
        var terms = [try conjunction()]
        var place = word.offset
        while sees("||") { place = word.offset; at += 1; terms.append(try conjunction()) }
        return terms.count == 1 ? terms[0] : try node(.or(terms), at: place)
    }

    private mutating func conjunction() throws(Lexer.Problem) -> Expression {
        var terms = [try binary(0)]
        var place = word.offset
        while sees("&&") { place = word.offset; at += 1; terms.append(try binary(0)) }
        return terms.count == 1 ? terms[0] : try node(.and(terms), at: place)
    }

    /// Left-associative operators, loosest first.
    private static let levels: [Set<String>] = [["<", "<=", ">=", ">", "==", "!=", "in"], ["+", "-"], ["*", "/", "%"]]

    private mutating func binary(_ level: Int) throws(Lexer.Problem) -> Expression {
        guard level < Parser.levels.count else { return try unary() }
        var left = try binary(level + 1)
        while true {
            let name: String
            switch word.token {
            case .symbol(let symbol) where Parser.levels[level].contains(symbol): name = "_\(symbol)_"
            case .identifier("in") where level == 0: name = "@in"
            default: return left
            }
            let place = word.offset
            at += 1
            left = try node(.call(name, target: nil, [left, try binary(level + 1)]), at: place)
        }
    }

    private mutating func unary() throws(Lexer.Problem) -> Expression {
        let place = word.offset
        guard sees("!") || sees("-") else { return try member() }
        let symbol = sees("!") ? "!" : "-"
        var count = 0
        while sees(symbol) {
            if symbol == "-", count == 0, at + 1 < words.count, let negative = try negativeLiteral(words[at + 1], place) {
                at += 2
                return try suffixes(negative)
            }
            count += 1
            at += 1
        }
        let operand = try member()
        // Two of them undo each other.
        return count % 2 == 0 ? operand : try node(.call("\(symbol)_", target: nil, [operand]), at: place)
    }

    private func negativeLiteral(_ word: Lexer.Word, _ place: Int) throws(Lexer.Problem) -> Expression? {
        switch word.token {
        case .int(let text): try node(.literal(.int(try Parser.int("-" + text, place))), at: place)
        case .double(let text): try node(.literal(.double(Double("-" + text) ?? 0)), at: place)
        default: nil
        }
    }

    private static func int(_ text: String, _ place: Int) throws(Lexer.Problem) -> Int64 {
        let sign = text.hasPrefix("-") ? "-" : ""
        let digits = text.dropFirst(sign.count)
        let isHex = digits.hasPrefix("0x") || digits.hasPrefix("0X")
        guard let value = Int64(sign + (isHex ? digits.dropFirst(2) : digits), radix: isHex ? 16 : 10) else {
            throw Lexer.Problem(message: "invalid int literal", offset: place)
        }
        return value
    }

    // MARK: Members

    private mutating func member() throws(Lexer.Problem) -> Expression { try suffixes(try primary()) }

    private mutating func suffixes(_ operand: Expression) throws(Lexer.Problem) -> Expression {
        var operand = operand
        while true {
            let place = word.offset
            if takes(".") {
                let isOptional = takes("?")
                let field = try name()
                let open = word.offset
                if !isOptional, takes("(") {
                    operand = try call(field, on: operand, arguments: try arguments(")"), at: open)
                } else {
                    operand = try node(.select(operand, field, isOptional: isOptional), at: place)
                }
            } else if takes("[") {
                let isOptional = takes("?")
                let key = try expression()
                try expect("]")
                operand = try node(.index(operand, key, isOptional: isOptional), at: place)
            } else if sees("{"), let name = operand.qualifiedName {
                throw Lexer.Problem(message: "undeclared reference to '\(name)' (in container '')", offset: place)
            } else {
                return operand
            }
        }
    }

    private mutating func arguments(_ close: String) throws(Lexer.Problem) -> [Expression] {
        var list: [Expression] = []
        if takes(close) { return list }
        repeat { list.append(try expression()) } while takes(",")
        try expect(close)
        return list
    }

    private func call(
        _ name: String, on target: Expression, arguments: [Expression], at place: Int
    ) throws(Lexer.Problem) -> Expression {
        if let prefix = target.qualifiedName, functions.contains("\(prefix).\(name)") {
            return try node(.call("\(prefix).\(name)", target: nil, arguments), at: place)
        }
        if let macro = try Macros.expand(name, target: target, arguments, at: place) { return try node(macro, at: place) }
        return try node(.call(name, target: target, arguments), at: place)
    }

    // MARK: Primaries

    private mutating func primary() throws(Lexer.Problem) -> Expression {
        let place = word.offset
        let token = word.token
        switch token {
        case .int(let text): at += 1; return try node(.literal(.int(try Parser.int(text, place))), at: place)
        case .uint(let text):
            at += 1
            let isHex = text.hasPrefix("0x") || text.hasPrefix("0X")
            guard let value = UInt64(isHex ? String(text.dropFirst(2)) : text, radix: isHex ? 16 : 10) else {
                throw Lexer.Problem(message: "invalid uint literal", offset: place)
            }
            return try node(.literal(.uint(value)), at: place)
        case .double(let text):
            at += 1
            guard let value = Double(text.hasPrefix(".") ? "0" + text : text), value.isFinite else {
                throw Lexer.Problem(message: "invalid double literal", offset: place)
            }
            return try node(.literal(.double(value)), at: place)
        case .string(let text): at += 1; return try node(.literal(.string(text)), at: place)
        case .bytes(let bytes): at += 1; return try node(.literal(.bytes(bytes)), at: place)
        case .identifier("true"), .identifier("false"):
            at += 1
            return try node(.literal(.bool(token == .identifier("true"))), at: place)
        case .identifier("null"): at += 1; return try node(.literal(.null), at: place)
        case .identifier("in"): break
        case .identifier(let name):
            at += 1
            if Parser.reserved.contains(name) { throw Lexer.Problem(message: "reserved identifier: \(name)", offset: place) }
            let open = word.offset
            guard takes("(") else { return try node(.identifier(name), at: place) }
            let arguments = try arguments(")")
            if name == "has", arguments.count == 1 { return try node(try Macros.has(arguments[0], at: open), at: open) }
            return try node(.call(name, target: nil, arguments), at: open)
        case .symbol("."):
            at += 1
            return try node(.identifier(try name()), at: place)
        case .symbol("("):
            at += 1
            let inner = try expression()
            try expect(")")
            return inner
        case .symbol("["): return try list(at: place)
        case .symbol("{"): return try map(at: place)
        default: break
        }
        throw problem(
            "Syntax error: mismatched input '\(word.text)' expecting {'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, "
                + "NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}")
    }

    private mutating func list(at place: Int) throws(Lexer.Problem) -> Expression {
        at += 1
        var elements: [(value: Expression, isOptional: Bool)] = []
        while !sees("]") {
            let isOptional = takes("?")
            elements.append((try expression(), isOptional))
            if !takes(",") { break }
        }
        try expect("]")
        return try node(.list(elements), at: place)
    }

    private mutating func map(at place: Int) throws(Lexer.Problem) -> Expression {
        at += 1
        var entries: [(key: Expression, value: Expression, isOptional: Bool)] = []
        while !sees("}") {
            let isOptional = takes("?")
            let key = try expression()
            try expect(":")
            entries.append((key, try expression(), isOptional))
            if !takes(",") { break }
        }
        try expect("}")
        return try node(.map(entries), at: place)
    }
}
