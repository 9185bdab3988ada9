import Core

/// Changed fields as people compare them: where, what was, what is.
struct FieldDiff {
    let heading: HTML
    let fields: [FieldChange]
    private static let limit = 40

    var html: HTML {
        var out: HTML = #"<div class="place">\#(heading)</div>"#
        var place = ""
        for field in fields.prefix(Self.limit) {
            let (parent, name) = Self.split(field.path)
            if parent != place, !parent.isEmpty { out += #"<div class="place">\#(parent)</div>"# }
            place = parent
            if let from = field.from { out += #"<div class="minus">- \#(Self.line(name, from))</div>"# }
            if let to = field.to { out += #"<div class="plus">+ \#(Self.line(name, to))</div>"# }
        }
        if fields.count > Self.limit { out += #"<div class="place">and \#(fields.count - Self.limit) more</div>"# }
        return #"<div class="diff" role="group" aria-label="Changed fields">\#(out)</div>"#
    }

    /// `a.b[c].env[NAME]` → (`a.b[c]`, `env NAME`); `a.b.image` → (`a.b`, `image`).
    static func split(_ path: String) -> (parent: String, name: String) {
        // The last dot that is in no brackets: names inside brackets have dots of their own.
        var depth = 0
        var cut: String.Index?
        for index in path.indices {
            switch path[index] {
            case "[": depth += 1
            case "]": depth -= 1
            case "." where depth == 0: cut = index
            default: break
            }
        }
        let parent = cut.map { String(path[..<$0]) } ?? ""
        let name = cut.map { String(path[path.index(after: $0)...]) } ?? path
        guard name.hasSuffix("]"), let open = name.firstIndex(of: "[") else { return (parent, name) }
        return (parent, "\(name[..<open]) \(name[name.index(after: open)...].dropLast())")
    }

    private static func line(_ name: String, _ value: JSON) -> String {
        let text = value.string ?? value.text()
        return "\(name) = \(text.count > 400 ? text.prefix(400) + " …" : text[...])"
    }
}
