/// The words of the language (cel-spec, langdef.md, "Syntax").
enum Token: Equatable, Sendable {
    case identifier(String)
    case int(String)
    case uint(String)
    case double(String)
    case string(String)
    case bytes([UInt8])
    case symbol(String)
    case end
}

struct Lexer {
    struct Word: Sendable {
        let token: Token
        let offset: Int
        /// As it was written.
        let text: String
    }

    struct Problem: Error {
        let message: String
        let offset: Int
    }

    private let scalars: [Unicode.Scalar]
    private var i = 0

    static func words(of source: Source) throws(Problem) -> [Word] {
        var lexer = Lexer(scalars: source.scalars)
        var words: [Word] = []
        while true {
            let word = try lexer.next()
            words.append(word)
            if word.token == .end { return words }
        }
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private func peek(_ ahead: Int = 0) -> Unicode.Scalar? { i + ahead < scalars.count ? scalars[i + ahead] : nil }

    private func text(from start: Int) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[start..<i])
        return String(view)
    }

    private mutating func next() throws(Problem) -> Word {
        while let c = peek() {
            if c == " " || c == "\t" || c == "\n" || c == "\r" || c == "\u{0C}" {
                i += 1
            } else if c == "/", peek(1) == "/" {
                while let c = peek(), c != "\n" { _ = c; i += 1 }
            } else {
                break
            }
        }
        let start = i
        guard let c = peek() else { return Word(token: .end, offset: start, text: "<EOF>") }
        let token: Token
        if let literal = try StringLiteral.read(scalars, &i) {
            token = literal
        } else if Lexer.isLetter(c) {
            while let c = peek(), Lexer.isLetter(c) || Lexer.isDigit(c) { i += 1 }
            token = .identifier(text(from: start))
        } else if Lexer.isDigit(c) || c == "." && peek(1).map(Lexer.isDigit) == true {
            token = number()
        } else {
            token = try symbol()
        }
        return Word(token: token, offset: start, text: text(from: start))
    }

    static func isLetter(_ c: Unicode.Scalar) -> Bool { c == "_" || ("a"..."z").contains(c) || ("A"..."Z").contains(c) }
    static func isDigit(_ c: Unicode.Scalar) -> Bool { ("0"..."9").contains(c) }

    private mutating func digits() { while let c = peek(), Lexer.isDigit(c) { i += 1 } }

    private mutating func number() -> Token {
        let start = i
        if peek() == "0", peek(1) == "x" || peek(1) == "X", peek(2)?.properties.isASCIIHexDigit == true {
            i += 2
            while let c = peek(), c.properties.isASCIIHexDigit { i += 1 }
            let digits = text(from: start)
            if peek() == "u" || peek() == "U" { i += 1; return .uint(digits) }
            return .int(digits)
        }
        digits()
        var isDouble = false
        if peek() == ".", peek(1).map(Lexer.isDigit) == true {
            isDouble = true
            i += 1
            digits()
        }
        let exponent = peek(1) == "+" || peek(1) == "-" ? 2 : 1
        if peek() == "e" || peek() == "E", peek(exponent).map(Lexer.isDigit) == true {
            isDouble = true
            i += exponent
            digits()
        }
        let text = text(from: start)
        if isDouble { return .double(text) }
        if peek() == "u" || peek() == "U" { i += 1; return .uint(text) }
        return .int(text)
    }

    private static let pairs: Set<String> = ["==", "!=", "<=", ">=", "&&", "||"]
    private static let singles: Set<String> = [
        "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")", "[", "]", "{", "}",
    ]

    private mutating func symbol() throws(Problem) -> Token {
        let one = String(scalars[i])
        if let following = peek(1), Lexer.pairs.contains(one + String(following)) {
            i += 2
            return .symbol(one + String(following))
        }
        guard Lexer.singles.contains(one) else {
            throw Problem(message: "Syntax error: token recognition error at: '\(one)'", offset: i)
        }
        i += 1
        return .symbol(one)
    }
}
