package import Core

/// A strategic merge patch (kubernetes.io "Update API objects in place"): like RFC 7386, but lists with a merge key are merged element by
/// element, with the directives `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` and `$setElementOrder`.
package struct StrategicMergePatch: Sendable {
    private let schemas: Schemas
    private let root: ObjectSchema?

    /// `kind` and `apiVersion` name the type that gives the merge keys; an unknown one is merged as RFC 7386 says.
    package init(kind: String, apiVersion: String) {
        schemas = .builtIn
        let sides = apiVersion.split(separator: "/").map(String.init)
        root = schemas.schema(kind: kind, group: sides.count == 2 ? sides[0] : "", version: sides.last ?? "")
    }

    /// The patched object. Never fails: what does not fit replaces.
    package func apply(_ patch: JSON, to object: JSON) -> JSON { merge(object, patch, root, retainKeys: false) }

    /// Why the real server's merge would stop (apimachinery mergepatch/errors.go); nil where it goes through.
    func problem(_ patch: JSON, on object: JSON) -> String? { problem(patch, object, root) }

    private func problem(_ patch: JSON, _ target: JSON, _ schema: ObjectSchema?) -> String? {
        guard case .object(let changes) = patch else { return nil }
        if let directive = changes["$patch"], !["replace", "delete", "merge"].contains(directive.string ?? "") {
            return "unknown patch type: \(TwinAPI.goMap(directive)) in map: \(TwinAPI.goMap(patch))"
        }
        for key in changes.keys.sorted() {
            // What is not there yet is taken as it comes.
            guard let change = changes[key], let old = target[key] else { continue }
            switch schema?[key] {
            case .object(let name, _):
                if let found = problem(change, old, schemas[name]) { return found }
            case .list(.object(let name, _), let kind):
                guard let mergeKey = kind.mergeKey else { continue }
                for element in change.array ?? [] where element.object != nil && element["$patch"] != "replace" {
                    guard let identity = element[mergeKey] else {
                        return "map: \(TwinAPI.goMap(element)) does not contain declared merge key: \(mergeKey)"
                    }
                    let same = (old.array ?? []).first { $0[mergeKey] == identity } ?? [:]
                    if let found = problem(element, same, schemas[name]) { return found }
                }
            default: continue
            }
        }
        return nil
    }

    private func merge(_ target: JSON?, _ patch: JSON, _ schema: ObjectSchema?, retainKeys: Bool) -> JSON {
        guard case .object(let changes) = patch else { return patch }
        switch changes["$patch"]?.string {
        case "replace":
            var members = changes
            members.removeValue(forKey: "$patch")
            return .object(members)
        case "delete": return [:]
        default: break
        }
        var members = target?.object ?? [:]
        if let retained = changes["$retainKeys"]?.array {
            let keep = Set(retained.compactMap(\.string))
            for key in members.keys where !keep.contains(key) { members.removeValue(forKey: key) }
        }
        for (key, change) in changes {
            if key == "$patch" || key == "$retainKeys" || key.hasPrefix("$setElementOrder/") { continue }
            if key.hasPrefix("$deleteFromPrimitiveList/") {
                let field = String(key.dropFirst("$deleteFromPrimitiveList/".count))
                let gone = change.array ?? []
                if let list = members[field]?.array { members[field] = .array(list.filter { !gone.contains($0) }) }
                continue
            }
            if change.isNull { members.removeValue(forKey: key); continue }
            let old = members[key]
            members[key] = .null
            members[key] = merged(old, change, schema?[key], order: changes["$setElementOrder/\(key)"]?.array)
        }
        // An order without a list of the same name still sorts.
        for (key, order) in changes where key.hasPrefix("$setElementOrder/") {
            let field = String(key.dropFirst("$setElementOrder/".count))
            if changes[field] == nil, let list = members[field]?.array, case .list(_, let kind)? = schema?[field] {
                members[field] = .array(StrategicMergePatch.sorted(list, order: order.array ?? [], server: list, mergeKey: kind.mergeKey))
            }
        }
        return .object(members)
    }

    private func merged(_ old: JSON?, _ change: JSON, _ type: FieldType?, order: [JSON]?) -> JSON {
        switch type {
        case .object(let name, let retainKeys): return merge(old, change, schemas[name], retainKeys: retainKeys)
        case .map: return merge(old, change, nil, retainKeys: false)
        case .list(let element, let kind):
            guard case .array(let patches) = change else { return change }
            if let mergeKey = kind.mergeKey {
                return .array(mergeList(old?.array ?? [], patches, element: element, mergeKey: mergeKey, order: order))
            }
            guard kind == .set else { return change }
            let list = old?.array ?? []
            let union = list + patches.filter { !list.contains($0) }
            return .array(order.map { StrategicMergePatch.sorted(union, order: $0, server: list, mergeKey: nil) } ?? union)
        default: return change.object == nil ? change : merge(old, change, nil, retainKeys: false)
        }
    }

    private func mergeList(_ old: [JSON], _ patches: [JSON], element: FieldType, mergeKey: String, order: [JSON]?) -> [JSON] {
        var list = old
        if patches.contains(where: { $0["$patch"]?.string == "replace" && $0.object?.count == 1 }) {
            return patches.filter { $0["$patch"] == nil }
        }
        var schema: ObjectSchema?
        var retainKeys = false
        if case .object(let name, let retain) = element { schema = schemas[name]; retainKeys = retain }
        for patch in patches {
            let key = patch[mergeKey]
            let at = key.flatMap { key in list.firstIndex { $0[mergeKey] == key } }
            if patch["$patch"]?.string == "delete" {
                if let key { list.removeAll { $0[mergeKey] == key } }
            } else if let at {
                list[at] = merge(list[at], patch, schema, retainKeys: retainKeys)
            } else {
                list.append(merge(nil, patch, schema, retainKeys: retainKeys))
            }
        }
        return StrategicMergePatch.sorted(list, order: order ?? patches.filter { $0["$patch"] == nil }, server: old, mergeKey: mergeKey)
    }

    /// Elements that the order names stand in that order; the others stand before the first of those that followed them on the server
    /// (apimachinery strategicpatch normalizeElementOrder).
    private static func sorted(_ list: [JSON], order: [JSON], server: [JSON], mergeKey: String?) -> [JSON] {
        func identity(_ element: JSON) -> JSON? { mergeKey.map { element[$0] } ?? element }
        let wanted = order.compactMap(identity)
        let places = server.map(identity)
        func place(_ element: JSON) -> Int? { places.firstIndex(of: identity(element)) }
        var named: [JSON] = []
        for key in wanted { if let element = list.first(where: { identity($0) == key }) { named.append(element) } }
        let others = list.filter { element in identity(element).map { !wanted.contains($0) } ?? true }
            .sorted { (place($0) ?? .max) < (place($1) ?? .max) }
        var result: [JSON] = []
        var (i, j) = (0, 0)
        while i < others.count || j < named.count {
            if i == others.count { result.append(named[j]); j += 1; continue }
            if j == named.count { result.append(others[i]); i += 1; continue }
            if let a = place(others[i]), let b = place(named[j]), a < b {
                result.append(others[i]); i += 1
            } else {
                result.append(named[j]); j += 1
            }
        }
        return result
    }
}
