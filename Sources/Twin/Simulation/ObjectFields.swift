import Core
import Kubernetes

/// Fields that every object of the API has, and that controllers ask for all the time.
extension JSON {
    var metadataName: String { self["metadata"]?["name"]?.string ?? "" }
    var metadataNamespace: String { self["metadata"]?["namespace"]?.string ?? "" }
    var uid: String { self["metadata"]?["uid"]?.string ?? "" }
    var labels: [String: String] { self["metadata"]?["labels"]?.stringMap ?? [:] }
    var generation: Int { self["metadata"]?["generation"]?.int ?? 1 }
    var isBeingDeleted: Bool { self["metadata"]?["deletionTimestamp"] != nil }
    var created: Timestamp { self["metadata"]?["creationTimestamp"]?.string.flatMap { Timestamp($0) } ?? Timestamp(nanoseconds: 0) }

    func annotation(_ name: String) -> String? { self["metadata"]?["annotations"]?[name]?.string }

    /// The owner reference with `controller: true`.
    var controller: JSON? { self["metadata"]?["ownerReferences"]?.array?.first { $0["controller"]?.bool == true } }

    /// `activeDeadlineSeconds` of a specification; what lies beyond a century does not come.
    var activeDeadline: Duration? { self["activeDeadlineSeconds"]?.int.map { .seconds(min($0, 3_155_760_000)) } }

    var apiVersion: String { self["apiVersion"]?.string ?? "v1" }
    var kind: String { self["kind"]?.string ?? "" }

    /// A reference to this object as its controller.
    func controllerReference() -> JSON {
        [
            "apiVersion": .string(apiVersion), "kind": .string(kind), "name": .string(metadataName), "uid": .string(uid),
            "controller": true,
            "blockOwnerDeletion": true,
        ]
    }

    /// The first condition of a type in `status.conditions`.
    func condition(_ type: String) -> JSON? { self["status"]?["conditions"]?.array?.first { $0["type"]?.string == type } }

    /// Sets a string, or removes the key.
    mutating func set(_ key: String, _ value: String?) { self[key] = value.map { .string($0) } }

    /// Sets a count; zero removes it, as Go's `omitempty` does.
    mutating func setCount(_ key: String, _ value: Int) {
        // Not `? nil :`, which would be JSON's own null.
        if value == 0 { self[key] = Optional.none } else { self[key] = JSON(value) }
    }

    /// The array, or nothing where it is empty.
    static func unlessEmpty(_ list: [JSON]) -> JSON? {
        if list.isEmpty { return Optional.none }
        return JSON.array(list)
    }
}

extension Timestamp {
    /// As `metav1.Time` prints it.
    var json: JSON { .string(rfc3339()) }
    var microJSON: JSON { .string(rfc3339(decimals: 6)) }
}
