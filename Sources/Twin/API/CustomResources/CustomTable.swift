import Core

/// The columns that a definition asks for (`additionalPrinterColumns`).
enum CustomTable {
    static func table(_ columns: [JSON]) -> Table {
        if columns.isEmpty { return ClusterTables.named }
        let shown = columns.map { column in
            Table.Column(
                column["name"]?.string ?? "", type: column["type"]?.string ?? "string", format: column["format"]?.string ?? "",
                wide: (column["priority"]?.int ?? 0) > 0, description: description(column))
        }
        return Table(columns: [Table.nameColumn] + shown) { object, now in
            [Table.name(object)]
                + columns.map { column in
                    let values = SimplePath(column["jsonPath"]?.string ?? "").values(in: object)
                    if column["type"] == "date" { return .string(values.first?.string.map { Table.age(of: $0, now) } ?? "<unknown>") }
                    guard let first = values.first else { return .null }
                    switch column["type"] {
                    case "integer", "number", "boolean": return first
                    default: return .string(first.string ?? first.text())
                    }
                }
        }
    }
}

extension CustomTable {
    private static func description(_ column: JSON) -> String {
        if let given = column["description"]?.string, !given.isEmpty { return given }
        return "Custom resource definition column (in JSONPath format): \(column["jsonPath"]?.string ?? "")"
    }
}

/// The part of JSONPath that columns and scale subresources use: members, positions, `[*]` and `[?(@.a=="b")]`.
struct SimplePath: Sendable {
    private enum Step: Sendable {
        case member(String)
        case position(Int)
        case all
        case equal(path: [String], value: String)
    }

    private let steps: [Step]

    /// `.spec.replicas`, `.status.conditions[?(@.type=="Ready")].status`; what cannot be read ends the path.
    init(_ text: String) {
        var steps: [Step] = []
        var rest = text[...]
        while let first = rest.first {
            if first == "." {
                rest = rest.dropFirst()
                let name = rest.prefix { $0 != "." && $0 != "[" }
                if !name.isEmpty { steps.append(.member(String(name))) }
                rest = rest.dropFirst(name.count)
                continue
            }
            guard first == "[", let end = SimplePath.end(of: rest) else { break }
            let inside = rest[rest.index(after: rest.startIndex)..<end]
            rest = rest[rest.index(after: end)...]
            if inside == "*" {
                steps.append(.all)
            } else if let number = Int(inside) {
                steps.append(.position(number))
            } else if inside.hasPrefix("?(@.") {
                let sides = inside.dropFirst(4).dropLast().split(separator: "==", maxSplits: 1)
                guard sides.count == 2 else { break }
                let value = String(sides[1]).trimmingSpaces.filter { $0 != "\"" && $0 != "'" }
                steps.append(.equal(path: String(sides[0]).trimmingSpaces.split(separator: ".").map(String.init), value: value))
            } else {
                steps.append(.member(inside.filter { $0 != "'" && $0 != "\"" }))
            }
        }
        self.steps = steps
    }

    private static func end(of text: Substring) -> Substring.Index? {
        var isQuoted = false
        for index in text.indices {
            if text[index] == "\"" || text[index] == "'" { isQuoted.toggle() }
            if text[index] == "]", !isQuoted { return index }
        }
        return nil
    }

    func values(in object: JSON) -> [JSON] {
        steps.reduce([object]) { values, step in
            values.flatMap { value -> [JSON] in
                switch step {
                case .member(let name): value[name].map { [$0] } ?? []
                case .position(let at): value[at].map { [$0] } ?? []
                case .all: value.array ?? value.object.map { Array($0.values) } ?? []
                case .equal(let path, let wanted): (value.array ?? []).filter { $0[path: path[...]]?.string == wanted }
                }
            }
        }
    }

    /// The members of a path that is nothing but members.
    var members: [String]? {
        var out: [String] = []
        for step in steps {
            guard case .member(let name) = step else { return nil }
            out.append(name)
        }
        return out
    }
}
