import Core

/// Rows whose columns are aligned and cut at the terminal's width, never wrapped.
struct TerminalTable {
    struct Cell: ExpressibleByStringInterpolation {
        let text: String
        let style: TerminalStyle

        /// Text from a cluster is made safe here, so that no caller can forget it.
        init(_ text: String, _ style: TerminalStyle = .plain) {
            self.text = text.terminalSafe
            self.style = style
        }

        init(stringLiteral value: String) { self.init(value) }
    }

    private let header: [String]
    private var rows: [[Cell]] = []
    private static let gap = 3

    /// Columns in capitals, as kubectl writes them.
    init(_ header: String...) { self.header = header }

    var isEmpty: Bool { rows.isEmpty }

    mutating func add(_ cells: Cell...) { rows.append(cells) }

    /// The lines, without trailing blanks; `width` nil cuts nothing.
    func lines(width: Int? = Terminal.width, colour: Bool = Terminal.usesColour) -> [String] {
        let all = [header.map { Cell($0, .soft) }] + rows
        let count = all.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            all.map { column < $0.count ? $0[column].text.displayWidth : 0 }.max() ?? 0
        }
        return all.map { line($0, widths, width ?? .max, colour) }
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ width: Int, _ colour: Bool) -> String {
        var line = ""
        var used = 0
        var pending = 0
        for (column, cell) in cells.enumerated() {
            if !cell.text.isEmpty {
                let room = width - used - pending
                guard room > 0 else { break }
                let text = cell.text.cut(to: room)
                line += String(repeating: " ", count: pending) + cell.style.apply(text, colour: colour)
                used += pending + text.displayWidth
                pending = 0
                if text != cell.text { break }
            }
            pending += widths[column] - cell.text.displayWidth + TerminalTable.gap
        }
        return line
    }
}
