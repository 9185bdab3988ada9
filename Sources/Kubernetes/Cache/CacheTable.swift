import Core

/// The objects of one type that the cache holds: a value, so that the rules of what is delivered can be told apart from all I/O.
struct CacheTable<Item: KubernetesResource>: VersionedTable {
    /// Which objects are held, and in which form; nil drops the object.
    let keep: @Sendable (Item) -> Item?
    /// Held in the order of namespace and name, since every look wants them so.
    private(set) var items: [Item] = []
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
        hold(keep(item), at: item.place)
        return CacheChange(
            kind: old == nil ? .added : .modified, key: item.key, uid: identity.uid, resourceVersion: identity.resourceVersion)
    }

    /// Puts an object where it belongs, in place of what was held there; nil takes that out.
    private mutating func hold(_ item: Item?, at place: ObjectPlace) {
        let (i, isHeld) = find(place)
        switch (item, isHeld) {
        case (let item?, true): items[i] = item
        case (let item?, false): items.insert(item, at: i)
        case (nil, true): items.remove(at: i)
        case (nil, false): break
        }
    }

    /// The object of a namespace and name.
    func item(namespace: String, name: String) -> Item? {
        let (i, isHeld) = find(ObjectPlace(namespace: namespace, name: name))
        return isHeld ? items[i] : nil
    }

    /// The index at which an object is held or belongs. Two objects of one name are never held at once: the uid does not count.
    private func find(_ place: ObjectPlace) -> (index: Int, isHeld: Bool) {
        func precedes(_ i: Int) -> Bool {
            let at = items[i].place
            return at.namespace == place.namespace ? at.name < place.name : at.namespace < place.namespace
        }
        // Lists of a server come in this order.
        if let last = items.indices.last, precedes(last) { return (items.count, false) }
        let i = items.indices.partitioningIndex { !precedes($0) }
        guard i < items.count else { return (i, false) }
        let at = items[i].place
        return (i, at.name == place.name && at.namespace == place.namespace)
    }

    private mutating func remove(_ key: ObjectKey, version: String) -> CacheChange {
        let uid = delivered.removeValue(forKey: key)?.uid ?? ""
        hold(nil, at: ObjectPlace(namespace: key.namespace, name: key.name))
        return CacheChange(kind: .deleted, key: key, uid: uid, resourceVersion: version)
    }
}

/// A table of whatever type.
protocol VersionedTable: Sendable {
    /// The version up to which the server's changes are known; nil before the first list.
    var resourceVersion: String? { get }
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
