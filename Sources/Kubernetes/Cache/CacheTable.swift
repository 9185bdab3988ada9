import Core

/// The objects of one type that the cache holds: a value, so that the rules of what is delivered can be told apart from all I/O.
struct CacheTable<Item: KubernetesResource>: Sendable {
    /// Which objects are held, and in which form; nil drops the object.
    let keep: @Sendable (Item) -> Item?
    private(set) var items: [ObjectKey: Item] = [:]
    /// uid and version of everything that was delivered and is still there, also of what `keep` dropped.
    private var delivered: [ObjectKey: Identity] = [:]
    /// The version up to which the server's changes are known; nil before the first list.
    private(set) var resourceVersion: String?

    private struct Identity: Sendable, Hashable {
        let uid: String
        let resourceVersion: String
    }

    init(keep: @escaping @Sendable (Item) -> Item?) { self.keep = keep }

    /// Takes a complete list. What was delivered before in the same version is not delivered again.
    mutating func replace(with list: ObjectList<Item>) -> [CacheChange] {
        var changes: [CacheChange] = []
        var missing = Set(delivered.keys)
        for item in list.items {
            missing.remove(item.key)
            if let change = put(item) { changes.append(change) }
        }
        for key in missing.sorted() { changes.append(remove(key, version: list.metadata.resourceVersion)) }
        resourceVersion = list.metadata.resourceVersion
        return changes
    }

    /// Takes one event of a watch. Events come in the order of their versions: one that is not newer than what is known is a replay.
    mutating func apply(_ event: WatchEvent<Item>) -> CacheChange? {
        switch event {
        case .added(let item), .modified(let item):
            guard advance(to: item.metadata.resourceVersion) else { return nil }
            return put(item)
        case .deleted(let item):
            guard advance(to: item.metadata.resourceVersion) else { return nil }
            return delivered[item.key] == nil ? nil : remove(item.key, version: item.metadata.resourceVersion)
        case .bookmark(let version):
            _ = advance(to: version)
            return nil
        case .failed, .other: return nil
        }
    }

    private mutating func advance(to version: String) -> Bool {
        if let old = resourceVersion.flatMap(UInt64.init), let new = UInt64(version), new <= old { return false }
        if !version.isEmpty { resourceVersion = version }
        return true
    }

    private mutating func put(_ item: Item) -> CacheChange? {
        let identity = Identity(uid: item.metadata.uid, resourceVersion: item.metadata.resourceVersion)
        let old = delivered.updateValue(identity, forKey: item.key)
        if old == identity { return nil }
        items[item.key] = keep(item)
        return CacheChange(
            kind: old == nil ? .added : .modified, key: item.key, uid: identity.uid, resourceVersion: identity.resourceVersion)
    }

    private mutating func remove(_ key: ObjectKey, version: String) -> CacheChange {
        let uid = delivered.removeValue(forKey: key)?.uid ?? ""
        items[key] = nil
        return CacheChange(kind: .deleted, key: key, uid: uid, resourceVersion: version)
    }
}

/// One change that the cache has taken in. No (uid, resourceVersion) is reported twice; versions in between may be missing.
package struct CacheChange: Sendable, Hashable {
    package enum Kind: Sendable { case added, modified, deleted }

    package let kind: Kind
    package let key: ObjectKey
    package let uid: String
    /// Of a deletion that was noticed by listing: that of the list.
    package let resourceVersion: String
}
