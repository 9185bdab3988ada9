import Core

/// Colour that carries meaning only beside a word.
enum TerminalStyle: Sendable {
    case plain, soft, strong, critical, high, ok, unknown

    init(_ severity: Severity) {
        switch severity {
        case .critical: self = .critical
        case .high: self = .high
        case .medium: self = .unknown
        case .low: self = .soft
        }
    }

    init(_ verdict: Verdict) {
        switch verdict {
        case .pass: self = .ok
        case .fail: self = .critical
        case .inconclusive: self = .unknown
        }
    }

    /// The text in this style where colour is wanted, else as it is.
    func apply(_ text: String, colour: Bool) -> String {
        guard colour, let code, !text.isEmpty else { return text }
        return "\u{1B}[\(code)m\(text)\u{1B}[0m"
    }

    /// SGR parameters (ECMA-48 section 8.3.117).
    private var code: String? {
        switch self {
        case .plain: nil
        case .soft: "2"
        case .strong: "1"
        case .critical: "1;31"
        case .high: "33"
        case .ok: "32"
        case .unknown: "35"
        }
    }
}
