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
            namespaces.insert(namespace, at: position(ofNamespace: namespace))
        }
        if buckets[namespace]?.objects.updateValue(object, forKey: name) == nil {
            count += 1
            let at = position(of: name, in: namespace)
            buckets[namespace]?.names.insert(name, at: at)
        }
    }

    mutating func remove(namespace: String, name: String) {
        guard buckets[namespace]?.objects.removeValue(forKey: name) != nil else { return }
        count -= 1
        let at = position(of: name, in: namespace)
        buckets[namespace]?.names.remove(at: at)
        if buckets[namespace]?.names.isEmpty == true {
            buckets[namespace] = nil
            namespaces.remove(at: position(ofNamespace: namespace))
        }
    }

    /// Objects of one namespace, or of all, in the order of their keys `namespace/name`, as etcd keeps them: `a-b/x` comes before `a/x`.
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

    private func position(ofNamespace namespace: String) -> Int {
        let key = namespace + "/"
        return namespaces.partitioningIndex { $0 + "/" >= key }
    }

    private func position(of name: String, in namespace: String) -> Int {
        buckets[namespace]?.names.partitioningIndex { $0 >= name } ?? 0
    }
}
