import Core

/// Colours of the terminal, or none.
package struct TerminalStyle: Sendable {
    /// Columns; text is cut there, never wrapped.
    package var width: Int
    package var colours: Bool

    package init(width: Int = 100, colours: Bool = false) {
        self.width = max(40, width)
        self.colours = colours
    }

    package enum Tone: Sendable { case critical, high, medium, low, ok, unknown, soft, strong }

    func paint(_ text: String, _ tone: Tone) -> String {
        guard colours, !text.isEmpty else { return text }
        let code =
            switch tone {
            case .critical: "1;31"
            case .high: "33"
            case .medium: "36"
            case .low, .soft: "2"
            case .ok: "32"
            case .unknown: "35"
            case .strong: "1"
            }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    static func tone(_ severity: Severity) -> Tone {
        switch severity {
        case .critical: .critical
        case .high: .high
        case .medium: .medium
        case .low: .low
        }
    }

    /// The text in exactly or at most so many columns.
    static func cut(_ text: String, _ columns: Int) -> String {
        guard columns > 0 else { return "" }
        return text.count <= columns ? text : text.prefix(columns - 1) + "…"
    }

    static func pad(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - text.count))
    }
}
