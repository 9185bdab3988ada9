import Core

/// The objects of one type, by namespace and name, in order. Look-up is hashed; a new name costs a binary search and one move.
struct ObjectTable: Sendable {
    private struct Bucket {
        var objects: [String: JSON] = [:]
        var names: [String] = []
    }

    private var buckets: [String: Bucket] = [:]
    private var namespaces: [String] = []
    private(set) var count = 0

    subscript(namespace: String, name: String) -> JSON? { buckets[namespace]?.objects[name] }

    mutating func set(_ object: JSON, namespace: String, name: String) {
        if buckets[namespace] == nil {
            buckets[namespace] = Bucket()
            namespaces.insert(namespace, at: ObjectTable.position(of: namespace, in: namespaces))
        }
        if buckets[namespace]?.objects.updateValue(object, forKey: name) == nil {
            count += 1
            let at = ObjectTable.position(of: name, in: buckets[namespace]?.names ?? [])
            buckets[namespace]?.names.insert(name, at: at)
        }
    }

    mutating func remove(namespace: String, name: String) {
        guard buckets[namespace]?.objects.removeValue(forKey: name) != nil else { return }
        count -= 1
        let at = ObjectTable.position(of: name, in: buckets[namespace]?.names ?? [])
        buckets[namespace]?.names.remove(at: at)
        if buckets[namespace]?.names.isEmpty == true {
            buckets[namespace] = nil
            namespaces.remove(at: ObjectTable.position(of: namespace, in: namespaces))
        }
    }

    /// Objects of one namespace, or of all, ordered by namespace and name.
    func list(namespace: String?) -> [JSON] {
        var out: [JSON] = []
        if let namespace {
            guard let bucket = buckets[namespace] else { return [] }
            out.reserveCapacity(bucket.names.count)
            for name in bucket.names { if let object = bucket.objects[name] { out.append(object) } }
        } else {
            out.reserveCapacity(count)
            for namespace in namespaces {
                guard let bucket = buckets[namespace] else { continue }
                for name in bucket.names { if let object = bucket.objects[name] { out.append(object) } }
            }
        }
        return out
    }

    /// Where `name` stands, or would stand.
    private static func position(of name: String, in sorted: [String]) -> Int {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
