import Core

/// The fields that a manager owns: a tree in the notation of `managedFields[].fieldsV1` (`f:name`, `k:{…}`, `v:…`, `.`).
struct FieldSet: Sendable, Equatable {
    /// Whether this very place is owned, not only something below it.
    var isMember = false
    var children: [String: FieldSet] = [:]

    var isEmpty: Bool { !isMember && children.isEmpty }

    init() {}

    /// What a manager owns of a whole object, where `{}` is nothing at all.
    init(object fieldsV1: JSON) {
        self.init(fieldsV1: fieldsV1)
        if children.isEmpty { isMember = false }
    }

    init(fieldsV1: JSON) {
        let members = fieldsV1.object ?? [:]
        isMember = members.isEmpty
        for (key, value) in members {
            if key == "." { isMember = true } else { children[key] = FieldSet(fieldsV1: value) }
        }
    }

    var fieldsV1: JSON {
        if children.isEmpty { return [:] }
        var out: JSONObject = [:]
        if isMember { out["."] = [:] }
        for key in children.keys.sorted() { out[key] = children[key]?.fieldsV1 }
        return .object(out)
    }

    func union(_ other: FieldSet) -> FieldSet {
        var result = self
        result.isMember = isMember || other.isMember
        for (key, child) in other.children { result.children[key] = (children[key] ?? FieldSet()).union(child) }
        return result
    }

    func subtracting(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        result.isMember = isMember && !other.isMember
        for (key, child) in children {
            let rest = other.children[key].map { child.subtracting($0) } ?? child
            if !rest.isEmpty { result.children[key] = rest }
        }
        return result
    }

    func intersection(_ other: FieldSet) -> FieldSet {
        var result = FieldSet()
        result.isMember = isMember && other.isMember
        for (key, child) in children {
            guard let same = other.children[key] else { continue }
            let both = child.intersection(same)
            if !both.isEmpty { result.children[key] = both }
        }
        return result
    }

    /// The paths of the members without members below them, as conflicts name them: `.spec.replicas`, `.containers[name="web"].image`.
    var leaves: [String] {
        if children.isEmpty { return isMember ? [""] : [] }
        return children.keys.sorted().flatMap { key -> [String] in
            let text = FieldSet.text(of: key)
            return (children[key]?.leaves ?? []).map { text + $0 }
        }
    }

    private static func text(of element: String) -> String {
        if element.hasPrefix("f:") { return "." + element.dropFirst(2) }
        guard element.hasPrefix("k:"), let keys = try? JSON(parsing: String(element.dropFirst(2))).object else {
            return "[=" + element.dropFirst(2) + "]"
        }
        return "[" + keys.map { "\($0.key)=\($0.value.text())" }.joined(separator: ",") + "]"
    }
}
