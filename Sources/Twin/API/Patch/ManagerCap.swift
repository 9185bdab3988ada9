import Core

/// At most ten managers of updates own fields of an object: the oldest become one (fieldmanager/capmanagers.go).
enum ManagerCap {
    private static let most = 10
    private static let bucket = "ancient-changes"

    /// The entries of `managedFields` with no more updates than may be: of each version the oldest two become the bucket, and so on.
    static func capped(_ entries: [JSON]) -> [JSON] {
        let updates = entries.filter { $0["operation"] == "Update" }
        var left = updates.count
        if left <= most { return entries }
        var all = entries
        var first: [String: JSON] = [:]
        for entry in updates.sorted(by: isOlder) where left > most {
            let version = entry["apiVersion"]?.string ?? ""
            guard let oldest = first[version] else { first[version] = entry; continue }
            func isBucket(_ other: JSON) -> Bool {
                other["manager"]?.string == bucket && other["operation"] == "Update" && other["apiVersion"] == entry["apiVersion"]
            }
            let target = all.firstIndex(where: isBucket) ?? all.firstIndex(of: oldest)
            guard let target, entry != all[target] else { continue }
            let set = FieldSet(object: all[target]["fieldsV1"] ?? [:]).union(FieldSet(object: entry["fieldsV1"] ?? [:]))
            all[target]["manager"] = .string(bucket)
            all[target]["subresource"] = nil
            all[target]["fieldsV1"] = set.fieldsV1
            all[target]["time"] = entry["time"]
            all.removeAll { $0 == entry }
            left -= 1
        }
        return all
    }

    private static func isOlder(_ a: JSON, _ b: JSON) -> Bool {
        func key(_ entry: JSON) -> [String] { ["time", "manager", "apiVersion", "subresource"].map { entry[$0]?.string ?? "" } }
        return key(a).lexicographicallyPrecedes(key(b))
    }
}
