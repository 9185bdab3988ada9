package import Core

/// What differs between two objects, field by field, as people write fields: `spec.template.spec.containers[checkout].env[URL]`.
package enum FieldDiff {
    /// Changed leaves in the order of the fields' names. Lists of things with a name are compared by name, other lists as a whole.
    package static func changes(from old: JSON?, to new: JSON?, at path: String = "") -> [FieldChange] {
        let old = old.flatMap { $0.isNull ? nil : $0 }, new = new.flatMap { $0.isNull ? nil : $0 }
        if old == new { return [] }
        switch (old, new) {
        case (.object(let a)?, .object(let b)?):
            if let variable = variable(a, b, at: path) { return [variable] }
            return Set(a.keys + b.keys).sorted().flatMap { key in
                changes(from: a[key], to: b[key], at: path.isEmpty ? key : "\(path).\(key)")
            }
        case (.array(let a)?, .array(let b)?):
            guard let x = named(a), let y = named(b) else { return [FieldChange(path: path, from: old, to: new)] }
            let names = x.map(\.name) + y.map(\.name).filter { name in !x.contains { $0.name == name } }
            return names.flatMap { name in
                changes(
                    from: x.first { $0.name == name }?.value, to: y.first { $0.name == name }?.value, at: "\(path)[\(name)]")
            }
        case (nil, .array(let b)?) where named(b) != nil: return changes(from: .array([]), to: new, at: path)
        case (.array(let a)?, nil) where named(a) != nil: return changes(from: old, to: .array([]), at: path)
        default: return [FieldChange(path: path, from: value(old), to: value(new))]
        }
    }

    /// `{"name": X, "value": v}` is a variable: its value is what changed.
    private static func value(_ json: JSON?) -> JSON? {
        guard let members = json?.object, members.count == 2, members["name"] != nil, let value = members["value"] else { return json }
        return value
    }

    private static func variable(_ a: JSONObject, _ b: JSONObject, at path: String) -> FieldChange? {
        guard path.contains(".env["), a["name"] == b["name"], let from = value(.object(a)), let to = value(.object(b)) else { return nil }
        return FieldChange(path: path, from: from, to: to)
    }

    private static func named(_ list: [JSON]) -> [(name: String, value: JSON)]? {
        var result: [(name: String, value: JSON)] = []
        for element in list {
            guard let name = element["name"]?.string ?? element["mountPath"]?.string ?? element["containerPort"]?.int.map(String.init),
                !result.contains(where: { $0.name == name })
            else { return nil }
            result.append((name, element))
        }
        return result
    }
}
