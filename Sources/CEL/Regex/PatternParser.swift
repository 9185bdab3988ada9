/// Reads RE2 syntax; mistakes are told in Go's words.
struct PatternParser {
    struct Problem: Error { let message: String }

    private struct Flags { var ignoresCase = false, isMultiline = false, dotMatchesAll = false, isUngreedy = false }

    private let text: [Unicode.Scalar]
    private var i = 0
    private var depth = 0
    private var flags = Flags()

    static func parse(_ pattern: String) throws(Problem) -> PatternNode {
        var parser = PatternParser(text: Array(pattern.unicodeScalars))
        let node = try parser.choice()
        if parser.i < parser.text.count { throw Problem(message: "unexpected ): `\(pattern)`") }
        return node
    }

    private init(text: [Unicode.Scalar]) { self.text = text }

    private var next: Unicode.Scalar? { i < text.count ? text[i] : nil }

    private func shown(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: text[range.clamped(to: 0..<text.count)])
        return String(view)
    }

    private mutating func takes(_ c: Unicode.Scalar) -> Bool {
        guard next == c else { return false }
        i += 1
        return true
    }

    // MARK: Structure

    private mutating func choice() throws(Problem) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 200 else { throw Problem(message: "expression nests too deeply: `\(shown(0..<text.count))`") }
        var branches = [try sequence()]
        while takes("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(Problem) -> PatternNode {
        var items: [PatternNode] = []
        while let c = next, c != "|", c != ")" {
            let start = i
            guard let atom = try atom() else { continue }
            items.append(try repeated(atom, from: start))
        }
        return items.count == 1 ? items[0] : .sequence(items)
    }

    private mutating func repeated(_ atom: PatternNode, from start: Int) throws(Problem) -> PatternNode {
        var node = atom
        var isRepeated = false
        while let c = next {
            let place = i
            let bounds: (Int, Int?)
            switch c {
            case "*": (bounds, i) = ((0, nil), i + 1)
            case "+": (bounds, i) = ((1, nil), i + 1)
            case "?": (bounds, i) = ((0, 1), i + 1)
            case "{":
                guard let given = try counted() else { return node }
                bounds = given
            default: return node
            }
            if isRepeated { throw Problem(message: "invalid nested repetition operator: `\(shown(place - 1..<i))`") }
            let isLazy = takes("?") != flags.isUngreedy
            isRepeated = true
            node = .repetition(node, least: bounds.0, most: bounds.1, isLazy: isLazy)
        }
        return node
    }

    private mutating func number() -> Int? {
        let first = i
        while i < text.count, Lexer.isDigit(text[i]), i - first < 6 { i += 1 }
        return Int(shown(first..<i))
    }

    /// `{2}`, `{2,}`, `{2,5}`; nil, and nothing read, where it is a plain brace.
    private mutating func counted() throws(Problem) -> (Int, Int?)? {
        let start = i
        i += 1
        guard let least = number() else { i = start; return nil }
        var most: Int? = least
        if takes(",") { most = next == "}" ? nil : number() ?? -1 }
        guard most != -1, takes("}") else { i = start; return nil }
        guard least <= 1000, (most ?? 0) <= 1000, most.map({ $0 >= least }) ?? true else {
            throw Problem(message: "invalid repeat count: `\(shown(start..<i))`")
        }
        return (least, most)
    }

    private mutating func atom() throws(Problem) -> PatternNode? {
        let start = i
        let c = text[i]
        i += 1
        switch c {
        case "(": return try group(from: start)
        case "[": return .set(try bracket(from: start))
        case ".":
            let line: [ClosedRange<UInt32>] = flags.dotMatchesAll ? [PatternNode.CharacterSet.all] : [0...9, 11...0x10FFFF]
            return .set(.init(ranges: line))
        case "^": return .assertion(flags.isMultiline ? .lineStart : .textStart)
        case "$": return .assertion(flags.isMultiline ? .lineEnd : .textEnd)
        case "*", "+", "?": throw Problem(message: "missing argument to repetition operator: `\(String(c))`")
        case "\\": return try escape(from: start)
        default: return literal(c)
        }
    }

    private func literal(_ c: Unicode.Scalar) -> PatternNode {
        .set(.init(ranges: [c.value...c.value], ignoresCase: flags.ignoresCase))
    }

    private mutating func group(from start: Int) throws(Problem) -> PatternNode? {
        let outer = flags
        if takes("?") {
            if next == "P" || next == "<" {
                while let c = next, c != ">" { _ = c; i += 1 }
                guard takes(">") else { throw Problem(message: "invalid named capture: `\(shown(start..<i))`") }
            } else {
                var isOn = true
                while let c = next, c != ":", c != ")" {
                    i += 1
                    switch c {
                    case "-": isOn = false
                    case "i": flags.ignoresCase = isOn
                    case "m": flags.isMultiline = isOn
                    case "s": flags.dotMatchesAll = isOn
                    case "U": flags.isUngreedy = isOn
                    default: throw Problem(message: "invalid or unsupported Perl syntax: `\(shown(start..<i))`")
                    }
                }
                // Without a colon the flags hold to the end of the group around.
                if takes(")") { return nil }
                guard takes(":") else { throw Problem(message: "missing closing ): `\(shown(0..<text.count))`") }
            }
        }
        let inner = try choice()
        guard takes(")") else { throw Problem(message: "missing closing ): `\(shown(0..<text.count))`") }
        flags = outer
        return inner
    }

    // MARK: Characters

    private static let digits: [ClosedRange<UInt32>] = [0x30...0x39]
    private static let words: [ClosedRange<UInt32>] = [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A]
    private static let spaces: [ClosedRange<UInt32>] = [0x09...0x0A, 0x0C...0x0D, 0x20...0x20]

    private static func perl(_ c: Unicode.Scalar) -> [ClosedRange<UInt32>]? {
        switch c {
        case "d": digits
        case "w": words
        case "s": spaces
        case "D": PatternNode.CharacterSet.inverse(of: digits)
        case "W": PatternNode.CharacterSet.inverse(of: words)
        case "S": PatternNode.CharacterSet.inverse(of: spaces)
        default: nil
        }
    }

    private mutating func escape(from start: Int) throws(Problem) -> PatternNode? {
        guard let c = next else { throw Problem(message: "trailing backslash at end of expression: ``") }
        if let ranges = PatternParser.perl(c) { i += 1; return .set(.init(ranges: ranges)) }
        switch c {
        case "b": i += 1; return .assertion(.wordBoundary)
        case "B": i += 1; return .assertion(.noWordBoundary)
        case "A": i += 1; return .assertion(.textStart)
        case "z": i += 1; return .assertion(.textEnd)
        case "Q":
            i += 1
            var items: [PatternNode] = []
            while let c = next {
                if c == "\\", i + 1 < text.count, text[i + 1] == "E" { i += 2; break }
                items.append(literal(c))
                i += 1
            }
            return .sequence(items)
        default: return literal(try character(from: start))
        }
    }

    /// The character behind a backslash.
    private mutating func character(from start: Int) throws(Problem) -> Unicode.Scalar {
        guard let c = next else { throw Problem(message: "trailing backslash at end of expression: ``") }
        i += 1
        let simple: [Unicode.Scalar: Unicode.Scalar] = ["a": "\u{07}", "f": "\u{0C}", "t": "\t", "n": "\n", "r": "\r", "v": "\u{0B}"]
        if let scalar = simple[c] { return scalar }
        if c == "x" {
            let isBraced = takes("{")
            let first = i
            while let c = next, c.properties.isASCIIHexDigit, i - first < (isBraced ? 6 : 2) { _ = c; i += 1 }
            if let code = UInt32(shown(first..<i), radix: 16), let scalar = Unicode.Scalar(code), !isBraced || takes("}") { return scalar }
        } else if c.value < 0x80, !Lexer.isLetter(c), !Lexer.isDigit(c) {
            return c
        }
        throw Problem(message: "invalid escape sequence: `\(shown(start..<i))`")
    }

    private static let named: [String: [ClosedRange<UInt32>]] = [
        "alpha": [0x41...0x5A, 0x61...0x7A], "digit": digits, "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "upper": [0x41...0x5A],
        "lower": [0x61...0x7A], "space": [0x09...0x0D, 0x20...0x20], "word": words,
        "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
        "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66], "blank": [0x09...0x09, 0x20...0x20], "cntrl": [0...0x1F, 0x7F...0x7F],
        "graph": [0x21...0x7E], "print": [0x20...0x7E], "ascii": [0...0x7F],
    ]

    private mutating func bracket(from start: Int) throws(Problem) -> PatternNode.CharacterSet {
        var set = PatternNode.CharacterSet(ignoresCase: flags.ignoresCase)
        set.isNegated = takes("^")
        var isFirst = true
        while isFirst || next != "]" {
            isFirst = false
            let place = i
            guard let c = next else { throw Problem(message: "missing closing ]: `\(shown(start..<text.count))`") }
            i += 1
            if c == "[", next == ":" {
                var end = i + 1
                while end < text.count, Lexer.isLetter(text[end]) { end += 1 }
                if end + 1 < text.count, text[end] == ":", text[end + 1] == "]" {
                    guard let ranges = PatternParser.named[shown(i + 1..<end)] else {
                        throw Problem(message: "invalid character class range: `\(shown(place..<end + 2))`")
                    }
                    set.ranges += ranges
                    i = end + 2
                    continue
                }
            }
            if c == "\\", let d = next, let ranges = PatternParser.perl(d) { i += 1; set.ranges += ranges; continue }
            let low = c == "\\" ? try character(from: place) : c
            var high = low
            if next == "-", i + 1 < text.count, text[i + 1] != "]" {
                i += 1
                let c = text[i]
                i += 1
                high = c == "\\" ? try character(from: i - 1) : c
            }
            guard low <= high else { throw Problem(message: "invalid character class range: `\(shown(place..<i))`") }
            set.ranges.append(low.value...high.value)
        }
        i += 1
        return set
    }
}
