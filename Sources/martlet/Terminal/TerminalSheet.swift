import Core

/// Facts about one thing: a column of labels and what stands behind them.
struct TerminalSheet {
    private enum Line {
        case heading(String, TerminalStyle)
        case fact(label: String, TerminalTable.Cell)
        case blank
    }

    private var content: [Line] = []

    mutating func heading(_ text: String, _ style: TerminalStyle = .strong) { content.append(.heading(text.terminalSafe, style)) }
    mutating func blank() { content.append(.blank) }

    /// One label with one line for each value; nothing at all for none.
    mutating func add(_ label: String, _ values: [TerminalTable.Cell]) {
        for (index, value) in values.enumerated() { content.append(.fact(label: index == 0 ? label : "", value)) }
    }

    mutating func add(_ label: String, _ value: String?) {
        if let value, !value.isEmpty { add(label, [TerminalTable.Cell(value)]) }
    }

    func lines(width: Int? = Terminal.width, colour: Bool = Terminal.usesColour) -> [String] {
        let column = content.reduce(0) { if case .fact(let label, _) = $1 { max($0, label.displayWidth) } else { $0 } }
        let width = width ?? .max
        return content.map { line in
            switch line {
            case .blank: return ""
            case .heading(let text, let style): return style.apply(text.cut(to: width), colour: colour)
            case .fact(let label, let cell):
                let lead = "  " + label + String(repeating: " ", count: column - label.displayWidth + 2)
                guard width > column + 5 else { return lead.cut(to: width) }
                let text = cell.style.apply(cell.text.cut(to: width - column - 4), colour: colour)
                return TerminalStyle.soft.apply(lead, colour: colour) + text
            }
        }
    }
}
