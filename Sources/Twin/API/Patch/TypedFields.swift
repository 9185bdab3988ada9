import Core

/// Field sets of objects and what follows from them, led by a schema (the idea of structured-merge-diff).
struct TypedFields: Sendable {
    let schemas: Schemas
    /// A custom resource has no Go struct whose zero values would be there already.
    let isCustom: Bool

    init(schemas: Schemas = .builtIn, isCustom: Bool = false) {
        self.schemas = schemas
        self.isCustom = isCustom
    }

    /// Metadata that belongs to nobody.
    private static let unowned: Set<String> = [
        "name", "namespace", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        "managedFields", "selfLink",
    ]

    /// The object without what nobody owns.
    static func ownable(_ object: JSON) -> JSON {
        var object = object
        object["apiVersion"] = nil
        object["kind"] = nil
        if case .object(var metadata)? = object["metadata"] {
            for key in metadata.keys where unowned.contains(key) { metadata.removeValue(forKey: key) }
            object["metadata"] = metadata.isEmpty ? nil : .object(metadata)
        }
        return object
    }

    /// All that an applied object says.
    func set(of object: JSON, schema: ObjectSchema?) -> FieldSet {
        var all = set(.object(schema?.name ?? "", retainKeys: false), object)
        all.isMember = false
        return all
    }

    private func set(_ type: FieldType?, _ value: JSON) -> FieldSet {
        var result = FieldSet()
        switch shape(type, value) {
        case .leaf: result.isMember = true
        case .members(let members):
            if members.isEmpty { result.isMember = true }
            for (element, childType, child) in members {
                var inner = set(childType, child)
                if element.hasPrefix("k:") || element.hasPrefix("v:") { inner.isMember = true }
                result.children[element] = inner
            }
        }
        return result
    }

    /// What an update by the ordinary verbs changed or added: leaves, and the new objects around them.
    func changes(from old: JSON?, to new: JSON, schema: ObjectSchema?) -> FieldSet {
        changed(.object(schema?.name ?? "", retainKeys: false), old, new, field: "metadata")
    }

    private func changed(_ type: FieldType?, _ old: JSON?, _ new: JSON, field: String) -> FieldSet {
        var result = FieldSet()
        if let old, old == new { return result }
        switch shape(type, new) {
        // What the zero value of a Go struct says as well, nobody has set.
        case .leaf where old == nil && !isCustom && (new.isNull || new == ""): break
        case .leaf: result.isMember = true
        case .members(let members):
            if old == nil, !(isCustom ? field == "metadata" : TypedFields.alwaysThere.contains(field)) { result.isMember = true }
            for (element, childType, child) in members {
                let before = old.flatMap { self.child(element, of: $0, type: type) }
                let inner = changed(childType, before, child, field: element.hasPrefix("f:") ? String(element.dropFirst(2)) : "")
                if !inner.isEmpty { result.children[element] = inner }
            }
        }
        return result
    }

    /// Structs that an empty object has already, so that no write is said to have made them.
    private static let alwaysThere: Set<String> = [
        "metadata", "spec", "status", "template", "strategy", "containers", "jobTemplate", "updateStrategy", "names", "acceptedNames",
        "scaleTargetRef", "source", "deprecatedSource",
    ]

    /// Fields of `old` that `new` no longer has.
    func removed(from old: JSON, to new: JSON?, schema: ObjectSchema?) -> FieldSet {
        gone(.object(schema?.name ?? "", retainKeys: false), old, new)
    }

    private func gone(_ type: FieldType?, _ old: JSON, _ new: JSON?) -> FieldSet {
        guard let new else {
            var all = set(type, old)
            all.isMember = true
            return all
        }
        var result = FieldSet()
        guard case .members(let members) = shape(type, old) else { return result }
        for (element, childType, value) in members {
            let inner = gone(childType, value, child(element, of: new, type: type))
            if !inner.isEmpty { result.children[element] = inner }
        }
        return result
    }

    /// `live` with the applied object laid over it.
    func merge(_ applied: JSON, over live: JSON, schema: ObjectSchema?) -> JSON {
        merged(.object(schema?.name ?? "", retainKeys: false), live, applied)
    }

    private func merged(_ type: FieldType?, _ live: JSON?, _ applied: JSON) -> JSON {
        guard let live, case .members(let members) = shape(type, applied) else { return applied }
        if case .array(var list) = live {
            for (element, childType, value) in members {
                if let at = position(of: element, in: list, type: type) {
                    list[at] = merged(childType, list[at], value)
                } else {
                    list.append(value)
                }
            }
            return .array(list)
        }
        guard case .object(var object) = live else { return applied }
        for (element, childType, value) in members {
            let key = String(element.dropFirst(2))
            let old = object[key]
            object[key] = .null
            object[key] = merged(childType, old, value)
        }
        return .object(object)
    }

    /// `object` without the fields of a set (what nobody owns any more); an element that is left without its own goes whole.
    func removing(_ set: FieldSet, from object: JSON, schema: ObjectSchema?) -> JSON {
        removing(set, from: object, type: .object(schema?.name ?? "", retainKeys: false)) ?? [:]
    }

    private func removing(_ set: FieldSet, from value: JSON, type: FieldType?) -> JSON? {
        if set.isMember, set.children.isEmpty { return nil }
        guard case .members(let members) = shape(type, value) else { return set.isMember ? nil : value }
        if case .array(let list) = value {
            var out: [JSON] = []
            for (i, (element, childType, child)) in members.enumerated() where i < list.count {
                guard let inner = set.children[element] else { out.append(child); continue }
                if inner.isMember { continue }
                if let rest = removing(inner, from: child, type: childType) { out.append(rest) }
            }
            return out.isEmpty ? nil : .array(out)
        }
        var object = value.object ?? [:]
        for (element, childType, child) in members {
            guard let inner = set.children[element] else { continue }
            object[String(element.dropFirst(2))] = removing(inner, from: child, type: childType)
        }
        return object.isEmpty && set.isMember ? nil : .object(object)
    }

    // MARK: Shapes

    private enum Shape {
        case leaf
        case members([(element: String, type: FieldType?, value: JSON)])
    }

    private func shape(_ type: FieldType?, _ value: JSON) -> Shape {
        switch (type, value) {
        case (.object(let name, _), .object(let members)):
            let schema = schemas[name]
            if schema?.isAtomic == true { return .leaf }
            return .members(members.map { ("f:" + $0.key, schema?[$0.key], $0.value) })
        case (.map(let element, let atomic), .object(let members)):
            return atomic ? .leaf : .members(members.map { ("f:" + $0.key, element, $0.value) })
        case (.any, .object(let members)), (nil, .object(let members)):
            return .members(members.map { ("f:" + $0.key, nil, $0.value) })
        case (.list(let element, .keyed(let keys, _)), .array(let list)):
            return .members(list.map { (TypedFields.key($0, keys), element, $0) })
        case (.list(let element, .set), .array(let list)):
            return .members(list.map { ("v:" + $0.text(), element, $0) })
        default: return .leaf
        }
    }

    private func child(_ element: String, of value: JSON, type: FieldType?) -> JSON? {
        if element.hasPrefix("f:") { return value[String(element.dropFirst(2))] }
        guard let list = value.array, let at = position(of: element, in: list, type: type) else { return nil }
        return list[at]
    }

    private func position(of element: String, in list: [JSON], type: FieldType?) -> Int? {
        if element.hasPrefix("v:") { return list.firstIndex { "v:" + $0.text() == element } }
        guard case .list(_, .keyed(let keys, _))? = type else { return nil }
        return list.firstIndex { TypedFields.key($0, keys) == element }
    }

    /// `k:{"containerPort":80,"protocol":"TCP"}`, keys sorted; a protocol that is not said is TCP.
    private static func key(_ element: JSON, _ keys: [String]) -> String {
        var object: JSONObject = [:]
        for key in keys.sorted() { object[key] = element[key] ?? (key == "protocol" ? "TCP" : .null) }
        return "k:" + JSON.object(object).text()
    }
}
