package import Core
package import Kubernetes

/// The objects of a cluster with their versions and their recent history. A value: a copy is a dry run.
///
/// One write costs a few hashed look-ups; objects are shared trees and are never copied whole.
/// What may be written, and by whom, is decided above (`TwinAPI`); here are the rules that hold for every writer:
/// versions, identity, generations, finalizers, graceful deletion.
package struct ObjectStore: Sendable {
    /// The version of the latest change. The first version is not 0, which means "any" in the API.
    package private(set) var resourceVersion: Int64
    private var tables: [ResourceType: ObjectTable] = [:]
    private var history: ChangeHistory
    private var generator: SeededGenerator

    /// `historyLimit`: changes kept for watches that resume.
    package init(seed: UInt64 = 1, firstVersion: Int64 = 1, historyLimit: Int = 20_000) {
        resourceVersion = firstVersion
        history = ChangeHistory(limit: historyLimit, floor: firstVersion)
        generator = SeededGenerator(seed: seed ^ 0x5354_4F52)
    }

    // MARK: Reading

    package func get(_ key: ObjectKey) -> JSON? { tables[key.type]?[key.namespace, key.name] }

    package func list(_ type: ResourceType, namespace: String?) -> [JSON] { tables[type]?.list(namespace: namespace) ?? [] }

    package func count(_ type: ResourceType) -> Int { tables[type]?.count ?? 0 }

    /// Types that have ever held an object, in order.
    package var types: [ResourceType] { tables.keys.sorted { ($0.group, $0.plural) < ($1.group, $1.plural) } }

    /// The changes after a version, oldest first; nil when some of them are forgotten.
    package func changes(after version: Int64) -> [StoreChange]? { history.changes(after: version) }

    /// The version after which the history is complete.
    package var compactedVersion: Int64 { history.floor }

    /// Forgets the history, as etcd's compaction does: older watches get 410.
    package mutating func compact() { history.compact(at: resourceVersion) }

    // MARK: Writing

    /// Stores a new object: name from `generateName`, uid, creation time, generation 1.
    package mutating func create(_ object: JSON, type: ResourceType, now: Timestamp) throws(APIFailure) -> JSON {
        var object = object
        var metadata = ObjectStore.take(&object, "metadata")
        var name = metadata["name"]?.string ?? ""
        let namespace = type.isNamespaced ? metadata["namespace"]?.string ?? "" : ""
        if name.isEmpty, let base = metadata["generateName"]?.string, !base.isEmpty {
            name = unusedKey(type, namespace: namespace, base: base).name
        }
        guard !name.isEmpty else {
            throw APIFailure.invalid(
                type, name: "",
                causes: [
                    .init(reason: "FieldValueRequired", message: "Required value: name or generateName is required", field: "metadata.name")
                ])
        }
        let key = ObjectKey(type: type, namespace: namespace, name: name)
        guard get(key) == nil else { throw APIFailure.alreadyExists(key) }
        // The order of the real server's fields.
        var fresh: JSON = ["name": .string(name)]
        if let base = metadata["generateName"], base.string?.isEmpty == false { fresh["generateName"] = base }
        if type.isNamespaced { fresh["namespace"] = .string(namespace) }
        let uid = uid()
        fresh["uid"] = .string(uid)
        if type == .jobs { JobSelector.generate(&object, &metadata, name: name, uid: uid) }
        resourceVersion += 1
        fresh["resourceVersion"] = .string(String(resourceVersion))
        if ObjectStore.hasGeneration(type) { fresh["generation"] = 1 }
        fresh["creationTimestamp"] = .string(now.rfc3339())
        for (field, value) in metadata.object ?? [:] where !ObjectStore.ownedMetadata.contains(field) && fresh[field] == nil {
            fresh[field] = value
        }
        metadata = fresh
        let stored = ObjectStore.assemble(object, metadata: metadata, type: type)
        tables[type, default: ObjectTable()].set(stored, namespace: namespace, name: name)
        history.append(StoreChange(version: resourceVersion, key: key, kind: .added, object: stored, previous: nil))
        return stored
    }

    /// Puts a copy of an object of another cluster here: identity, times and owners as they were, under a version of this store.
    package mutating func restore(_ object: JSON, type: ResourceType, now: Timestamp) throws(APIFailure) {
        let name = object[at: "metadata", "name"]?.string ?? ""
        let key = ObjectKey(type: type, namespace: type.isNamespaced ? object[at: "metadata", "namespace"]?.string ?? "" : "", name: name)
        guard !name.isEmpty, !type.isNamespaced || !key.namespace.isEmpty else { throw APIFailure.badRequest("the object has no name") }
        guard get(key) == nil else { throw APIFailure.alreadyExists(key) }
        var metadata = object["metadata"] ?? [:]
        if metadata["uid"]?.string?.isEmpty ?? true { metadata["uid"] = .string(uid()) }
        if metadata["creationTimestamp"]?.string == nil { metadata["creationTimestamp"] = .string(now.rfc3339()) }
        if ObjectStore.hasGeneration(type), metadata["generation"] == nil { metadata["generation"] = 1 }
        metadata["managedFields"] = nil
        metadata["resourceVersion"] = .string(String(nextVersion()))
        let stored = ObjectStore.assemble(object, metadata: metadata, type: type)
        tables[type, default: ObjectTable()].set(stored, namespace: key.namespace, name: name)
        history.append(StoreChange(version: resourceVersion, key: key, kind: .added, object: stored, previous: nil))
    }

    /// Takes a change over as another server made it, under that server's version; nil: the object is gone. Versions must rise.
    mutating func take(over object: JSON?, key: ObjectKey, version: Int64) {
        resourceVersion = max(resourceVersion, version)
        let previous = get(key)
        if let object {
            tables[key.type, default: ObjectTable()].set(object, namespace: key.namespace, name: key.name)
            history.append(
                StoreChange(version: version, key: key, kind: previous == nil ? .added : .modified, object: object, previous: previous))
        } else if var last = previous {
            last[at: "metadata", "resourceVersion"] = .string(String(version))
            remove(key, last: last, previous: previous)
        }
    }

    /// Goes on from a version of another server.
    mutating func raise(to version: Int64) { resourceVersion = max(resourceVersion, version) }

    /// Replaces an object. Without `metadata.resourceVersion` the last write wins; a change of nothing keeps the version.
    /// An object that is being deleted goes with its last finalizer.
    ///
    /// With `subresource` `.status` only the status (and metadata that is not identity) is taken; without one the status is kept
    /// for types that have a status of their own.
    package mutating func update(
        _ object: JSON, key: ObjectKey, subresource: Subresource? = nil, now: Timestamp
    ) throws(APIFailure) -> JSON {
        guard let old = get(key) else { throw APIFailure.notFound(key) }
        var object = object
        let given = ObjectStore.take(&object, "metadata")
        let oldMetadata = old["metadata"] ?? [:]
        if let version = given["resourceVersion"]?.string, !version.isEmpty, version != oldMetadata["resourceVersion"]?.string {
            throw APIFailure.conflict(key)
        }
        if let uid = given["uid"]?.string, !uid.isEmpty, let found = oldMetadata["uid"]?.string, uid != found {
            throw APIFailure.conflict(
                key,
                "StorageError: invalid object, Code: 4, Key: /registry/\(key.type.plural)/\(key.namespace.isEmpty ? "" : key.namespace + "/")"
                    + "\(key.name), ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: \(uid), UID in object meta: \(found)"
            )
        }
        if subresource == .status {
            let status = object["status"]
            object = old
            object["metadata"] = nil
            object["status"] = status
        } else if subresource == nil, ObjectStore.hasStatus(key.type) {
            object["status"] = old["status"]
        }
        var metadata = oldMetadata
        for field in oldMetadata.object?.keys ?? [] where !ObjectStore.ownedMetadata.contains(field) && given[field] == nil {
            metadata[field] = nil
        }
        for (field, value) in given.object ?? [:] where !ObjectStore.ownedMetadata.contains(field) { metadata[field] = value }
        let specChanged =
            subresource != .status && subresource != .binding && ObjectStore.hasGeneration(key.type)
            && ObjectStore.differsInSpec(object, old)
        if specChanged, let generation = oldMetadata["generation"]?.int { metadata["generation"] = JSON(generation + 1) }
        var stored = ObjectStore.assemble(object, metadata: metadata, type: key.type)
        if stored == old { return old }
        resourceVersion += 1
        stored[at: "metadata", "resourceVersion"] = .string(String(resourceVersion))
        if metadata["deletionTimestamp"] != nil, ObjectStore.mayGo(stored, type: key.type) {
            remove(key, last: stored, previous: old)
            return stored
        }
        tables[key.type, default: ObjectTable()].set(stored, namespace: key.namespace, name: key.name)
        history.append(StoreChange(version: resourceVersion, key: key, kind: .modified, object: stored, previous: old))
        return stored
    }

    /// Takes a value out, leaves nothing behind, and lets the caller change it and put it back without a copy.
    private static func take(_ object: inout JSON, _ field: String) -> JSON {
        let value = object[field] ?? [:]
        object[field] = nil
        return value
    }

    mutating func replace(_ stored: JSON, key: ObjectKey, previous: JSON) -> JSON {
        var stored = stored
        resourceVersion += 1
        stored[at: "metadata", "resourceVersion"] = .string(String(resourceVersion))
        tables[key.type, default: ObjectTable()].set(stored, namespace: key.namespace, name: key.name)
        history.append(StoreChange(version: resourceVersion, key: key, kind: .modified, object: stored, previous: previous))
        return stored
    }

    /// Removes the object under the current version, which the caller has raised.
    mutating func remove(_ key: ObjectKey, last: JSON, previous: JSON?) {
        tables[key.type]?.remove(namespace: key.namespace, name: key.name)
        history.append(StoreChange(version: resourceVersion, key: key, kind: .deleted, object: last, previous: previous))
    }

    mutating func nextVersion() -> Int64 {
        resourceVersion += 1
        return resourceVersion
    }

    // MARK: Names and identities

    /// A random UUID (RFC 9562 version 4) from the store's own seed.
    package mutating func uid() -> String {
        var bytes: [UInt8] = []
        for _ in 0..<2 { withUnsafeBytes(of: generator.next().bigEndian) { bytes += $0 } }
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = Digest.hex(bytes)
        var text = ""
        for (i, c) in hex.enumerated() {
            if i == 8 || i == 12 || i == 16 || i == 20 { text.append("-") }
            text.append(c)
        }
        return text
    }

    /// A name that nothing has yet, made from `generateName`.
    mutating func unusedKey(_ type: ResourceType, namespace: String, base: String) -> ObjectKey {
        while true {
            let key = ObjectKey(type: type, namespace: namespace, name: base.prefix(58) + randomSuffix())
            if get(key) == nil { return key }
        }
    }

    /// Five characters as `generateName` appends them; vowels and look-alikes are left out (k8s.io/apimachinery util/rand).
    package mutating func randomSuffix(_ count: Int = 5) -> String {
        var text: [UInt8] = []
        for _ in 0..<count { text.append(ObjectStore.suffixAlphabet[Int(generator.next() % UInt64(ObjectStore.suffixAlphabet.count))]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static let suffixAlphabet = Array("bcdfghjklmnpqrstvwxz2456789".utf8)
}
