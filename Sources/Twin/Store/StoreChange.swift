package import Core
package import Kubernetes

/// One change of the store, as a watch tells it.
package struct StoreChange: Sendable {
    package enum Kind: Sendable { case added, modified, deleted }

    package let version: Int64
    package let key: ObjectKey
    package let kind: Kind
    /// The object after the change; of a deletion its last state, with the version of the deletion.
    package let object: JSON
    package let previous: JSON?
}

/// The changes since some version, oldest first. Versions only rise; they are consecutive except in a store that took over another one's.
struct ChangeHistory: Sendable {
    private var changes: [StoreChange] = []
    /// Changes before this index are gone; the array is cut only when half of it is, so that a cut costs little per change.
    private var start = 0
    private let limit: Int
    /// The version after which the history is complete.
    private(set) var floor: Int64

    init(limit: Int, floor: Int64) {
        self.limit = limit
        self.floor = floor
    }

    mutating func append(_ change: StoreChange) {
        changes.append(change)
        if changes.count - start > limit {
            floor = changes[start].version
            start += 1
        }
        if start > limit {
            changes.removeFirst(start)
            start = 0
        }
    }

    /// Forgets all; only the future can be watched.
    mutating func compact(at version: Int64) {
        changes = []
        start = 0
        floor = version
    }

    func changes(after version: Int64) -> [StoreChange]? {
        guard version >= floor else { return nil }
        var low = start
        var high = changes.count
        while low < high {
            let middle = (low + high) / 2
            if changes[middle].version <= version { low = middle + 1 } else { high = middle }
        }
        return Array(changes[low...])
    }
}
