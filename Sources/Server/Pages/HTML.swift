import Core

/// A piece of a page. Literal text is markup; whatever is interpolated into it is escaped unless it is such a piece itself, so that
/// text from a cluster cannot become markup by being forgotten.
struct HTML: Sendable, ExpressibleByStringInterpolation {
    private(set) var text: String

    static let empty = HTML(markup: "")

    private init(markup: String) { text = markup }

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// Markup that is part of the program.
    init(asset markup: String) { text = markup }

    /// Text as content, on one line.
    init(_ content: String) { text = content.terminalSafe.htmlEscaped }

    /// Text as content that keeps its line ends, for `<pre>`.
    init(lines content: String) {
        text = content.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).terminalSafe.htmlEscaped }.joined(
            separator: "\n")
    }

    var isEmpty: Bool { text.isEmpty }

    static func + (a: HTML, b: HTML) -> HTML { HTML(markup: a.text + b.text) }
    static func += (a: inout HTML, b: HTML) { a.text += b.text }

    struct Interpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity + interpolationCount * 16) }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ html: HTML) { text += html.text }
        mutating func appendInterpolation(_ html: HTML?) { text += html?.text ?? "" }
        mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { text += piece.text } }
        mutating func appendInterpolation(_ content: String) { text += content.terminalSafe.htmlEscaped }
        mutating func appendInterpolation(_ content: Substring) { text += String(content).terminalSafe.htmlEscaped }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        mutating func appendInterpolation(_ number: Int64) { text += String(number) }
    }
}

extension Sequence where Element == HTML {
    func joined(_ separator: HTML = .empty) -> HTML {
        var out = HTML.empty
        var isFirst = true
        for piece in self {
            if !isFirst { out += separator }
            out += piece
            isFirst = false
        }
        return out
    }
}

extension Sequence {
    /// One piece for each element.
    func html(_ piece: (Element) -> HTML) -> HTML { map(piece).joined() }
}
