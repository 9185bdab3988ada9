import Core
import Kubernetes

/// Who owns which field, and what an apply does about it (kubernetes.io "Server-Side Apply").
struct ServerSideApply: Sendable {
    let fields: TypedFields
    let schema: ObjectSchema?
    let apiVersion: String
    let now: Timestamp

    init(schema: ObjectSchema?, apiVersion: String, now: Timestamp) {
        fields = TypedFields()
        self.schema = schema
        self.apiVersion = apiVersion
        self.now = now
    }

    /// For the objects of a resource, in the form of `type`: as it is served, or as it is stored.
    init(_ resource: APIResource, served type: ResourceType, now: Timestamp) {
        let custom = resource.custom?.schema?.types(of: type.kind)
        fields = TypedFields(schemas: custom ?? .builtIn, isCustom: resource.custom != nil)
        schema =
            custom?[type.kind]
            ?? (resource.custom == nil ? Schemas.builtIn.schema(kind: type.kind, group: type.group, version: type.version) : nil)
        apiVersion = resource.groupVersion
        self.now = now
    }

    /// What of an applied document does not fit its types; nil when all does.
    func problem(_ document: JSON) -> String? { ApplyCheck.problem(document, schema: schema, in: fields.schemas) }

    struct Manager: Hashable {
        var name: String
        var operation: String
        var subresource: String
    }

    /// The object with `managedFields` after a write by an ordinary verb: the manager owns what it changed, others lose it.
    func recordUpdate(old: JSON?, new: JSON, manager: String, subresource: String = "") -> JSON {
        let before = old.map(TypedFields.ownable)
        let after = TypedFields.ownable(new)
        var entries = ServerSideApply.entries(of: old ?? new)
        let changed = fields.changes(from: before, to: after, schema: schema)
        let gone = before.map { fields.removed(from: $0, to: after, schema: schema) } ?? FieldSet()
        if changed.isEmpty, gone.isEmpty { return ServerSideApply.with(old?[at: "metadata", "managedFields"], in: new) }
        let me = Manager(name: manager, operation: "Update", subresource: subresource)
        for i in entries.indices where entries[i].manager != me || !gone.isEmpty {
            entries[i].set = entries[i].set.subtracting(entries[i].manager == me ? gone : changed.leafMembers.union(gone))
        }
        return write(entries, adding: changed, to: me, in: new)
    }

    /// The merged object; throws 409 with the fields that another manager owns and that would change.
    func apply(
        _ applied: JSON, to live: JSON?, manager: String, force: Bool, subresource: String = ""
    ) throws(APIFailure) -> JSON {
        let wanted = TypedFields.ownable(applied)
        let appliedSet = fields.set(of: wanted, schema: schema)
        let me = Manager(name: manager, operation: "Apply", subresource: subresource)
        guard let live else { return write([], adding: appliedSet, to: me, in: applied) }
        var entries = ServerSideApply.entries(of: live)
        let mine = entries.first { $0.manager == me }?.set ?? FieldSet()
        var merged = fields.merge(wanted, over: TypedFields.ownable(live), schema: schema)
        let changed = fields.changes(from: TypedFields.ownable(live), to: merged, schema: schema)
        var conflicts: [(manager: Manager, paths: [String])] = []
        for entry in entries where entry.manager != me {
            let paths = entry.set.intersection(appliedSet).intersection(changed).leaves
            if !paths.isEmpty { conflicts.append((entry.manager, paths)) }
        }
        if !conflicts.isEmpty, !force { throw conflict(conflicts) }
        for i in entries.indices where entries[i].manager != me {
            entries[i].set = entries[i].set.subtracting(appliedSet.intersection(changed).leafMembers)
        }
        // What was mine, is no longer said, and is nobody else's, goes.
        var orphaned = mine.subtracting(appliedSet)
        for entry in entries where entry.manager != me { orphaned = orphaned.subtracting(entry.set) }
        if !orphaned.isEmpty { merged = fields.removing(orphaned, from: merged, schema: schema) }
        entries.removeAll { $0.manager == me }
        var result = merged
        var metadata = live["metadata"] ?? [:]
        for key in ["labels", "annotations", "finalizers", "ownerReferences"] { metadata[key] = merged[at: "metadata", key] }
        result["metadata"] = metadata
        result["apiVersion"] = live["apiVersion"]
        result["kind"] = live["kind"]
        return write(entries, adding: appliedSet, to: me, in: result)
    }

    private func conflict(_ conflicts: [(manager: Manager, paths: [String])]) -> APIFailure {
        let count = conflicts.reduce(0) { $0 + $1.paths.count }
        var lines: [String] = []
        var causes: [APIFailure.Cause] = []
        for (manager, paths) in conflicts {
            let of = manager.subresource.isEmpty ? "" : " with subresource \"\(manager.subresource)\""
            let using = manager.operation == "Apply" ? "" : " using \(apiVersion)"
            lines.append("with \"\(manager.name)\"\(of)\(using)")
            for path in paths {
                causes.append(.init(reason: "FieldManagerConflict", message: "conflict with \"\(manager.name)\"\(of)\(using)", field: path))
            }
        }
        let text =
            count == 1
            ? "Apply failed with 1 conflict: conflict \(lines[0]): \(conflicts[0].paths[0])"
            : "Apply failed with \(count) conflicts: "
                + zip(lines, conflicts).map { line, one in
                    "conflicts \(line):\n" + one.paths.map { "- \($0)" }.joined(separator: "\n")
                }.joined(separator: "\n")
        return APIFailure(409, "Conflict", text, causes: causes)
    }

    // MARK: Entries

    private struct Entry {
        var manager: Manager
        var set: FieldSet
        var raw: JSON
    }

    private static func entries(of object: JSON) -> [Entry] {
        (object[at: "metadata", "managedFields"]?.array ?? []).map { raw in
            Entry(
                manager: Manager(
                    name: raw["manager"]?.string ?? "", operation: raw["operation"]?.string ?? "",
                    subresource: raw["subresource"]?.string ?? ""),
                set: FieldSet(object: raw["fieldsV1"] ?? [:]), raw: raw)
        }
    }

    /// Applies before updates, then by time, manager, version and subresource.
    static func sorted(_ entries: [JSON]) -> [JSON] {
        func key(_ entry: JSON) -> [String] {
            ["operation", "time", "manager", "apiVersion", "subresource"].map { entry[$0]?.string ?? "" }
        }
        return entries.sorted { key($0).lexicographicallyPrecedes(key($1)) }
    }

    private static func with(_ managedFields: JSON?, in object: JSON) -> JSON {
        var object = object
        object[at: "metadata", "managedFields"] = managedFields
        return object
    }

    private func write(_ entries: [Entry], adding set: FieldSet, to me: Manager, in object: JSON) -> JSON {
        var out: [JSON] = []
        var found = false
        for entry in entries {
            let isMe = entry.manager == me
            let total = isMe ? entry.set.union(set) : entry.set
            found = found || isMe
            if total.isEmpty { continue }
            var raw = entry.raw
            let text = total.fieldsV1
            if raw["fieldsV1"] != text {
                raw["fieldsV1"] = text
                if isMe { raw["time"] = .string(now.rfc3339()) }
            }
            out.append(raw)
        }
        if !found, !set.isEmpty {
            var raw: JSON = [
                "manager": .string(me.name), "operation": .string(me.operation), "apiVersion": .string(apiVersion),
                "time": .string(now.rfc3339()), "fieldsType": "FieldsV1", "fieldsV1": set.fieldsV1,
            ]
            if !me.subresource.isEmpty { raw["subresource"] = .string(me.subresource) }
            out.append(raw)
        }
        return ServerSideApply.with(out.isEmpty ? nil : .array(ServerSideApply.sorted(out)), in: object)
    }
}

extension FieldSet {
    /// The set without the objects around its leaves: two managers may own those together.
    var leafMembers: FieldSet {
        var result = FieldSet()
        result.isMember = isMember && children.isEmpty
        for (key, child) in children { result.children[key] = child.leafMembers }
        return result
    }
}
