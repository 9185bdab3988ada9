import Core

/// Who is hurt by what: callers at the left, what shows it in the middle, the cause at the right. Drawn by the server.
struct ReachDiagram {
    let cause: Cause
    let isOver: Bool

    private static let columnLimit = 5
    private static let boxHeight = 28

    var html: HTML {
        let middle = unique(cause.symptoms.map(\.withoutContainer)).filter { $0 != cause.resource.withoutContainer }
        let left = unique(cause.reach.map(\.withoutContainer)).filter { $0 != cause.resource.withoutContainer && !middle.contains($0) }
        let columns = [
            boxes(left, "hurt"), boxes(middle, "hurt"),
            [Box(name: cause.resource.name, title: cause.resource.shortDescription, role: isOver ? "over" : "cause")],
        ]
        .filter { !$0.isEmpty }
        guard columns.count > 1 else { return #"<p class="soft">Nothing else is known to depend on \#(cause.resource.name).</p>"# }
        let rows = columns.map(\.count).max() ?? 1
        let height = rows * 44 + 4
        let width = 96, step = columns.count == 2 ? 204 : 102
        func x(_ column: Int) -> Int { column * step + 2 }
        func y(_ column: Int, _ row: Int) -> Int { (height - columns[column].count * 44) / 2 + row * 44 + 8 }
        var out = HTML.empty
        for column in 1..<columns.count {
            for row in columns[column - 1].indices {
                for target in columns[column].indices {
                    let x1 = x(column - 1) + (columns.count == 2 ? width : 88), y1 = y(column - 1, row) + 14
                    let x2 = x(column), y2 = y(column, target) + 14
                    out += #"<path d="M\#(x1) \#(y1)C\#((x1 + x2) / 2) \#(y1) \#((x1 + x2) / 2) \#(y2) \#(x2) \#(y2)"/>"#
                }
            }
        }
        let boxWidth = columns.count == 2 ? width : 88
        for column in columns.indices {
            for (row, box) in columns[column].enumerated() {
                let text = box.name.count > boxWidth / 6 ? String(box.name.prefix(boxWidth / 6 - 1)) + "…" : box.name
                out += #"""
                    <g class="\#(box.role)"><title>\#(box.title)</title><rect x="\#(x(column))" y="\#(y(column, row))" width="\#(boxWidth)" height="\#(Self.boxHeight)" rx="4"/><text x="\#(x(column) + boxWidth / 2)" y="\#(y(column, row) + 18)">\#(text)</text></g>
                    """#
            }
        }
        return #"<svg viewBox="0 0 304 \#(height)" role="img" aria-label="\#(sentence(left, middle))">\#(out)</svg>"#
    }

    private struct Box { let name: String; let title: String; let role: HTML }

    private func boxes(_ paths: [EntityPath], _ role: HTML) -> [Box] {
        let shown = paths.count > Self.columnLimit ? Self.columnLimit - 1 : paths.count
        var boxes = paths.prefix(shown).map { Box(name: $0.name, title: $0.shortDescription, role: role) }
        if paths.count > shown {
            boxes.append(
                Box(name: "\(paths.count - shown) more", title: paths[shown...].map(\.shortDescription).joined(separator: ", "), role: role)
            )
        }
        return boxes
    }

    private func unique(_ paths: [EntityPath]) -> [EntityPath] { Array(Set(paths)).sorted() }

    private func sentence(_ left: [EntityPath], _ middle: [EntityPath]) -> String {
        var parts = ["The cause is \(cause.resource.shortDescription)"]
        if !middle.isEmpty { parts.append("it shows at \(Words.list(middle.map(\.name)))") }
        if !left.isEmpty { parts.append("it reaches \(Words.list(left.map(\.name)))") }
        return parts.joined(separator: "; ")
    }
}
