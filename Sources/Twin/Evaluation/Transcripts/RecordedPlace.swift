import Core
import Kubernetes

/// The resource that the path of an exchange names, also one that only a definition in the transcripts makes.
struct RecordedPlace: Sendable {
    let group: String
    let version: String
    let plural: String
    let namespace: String?
    let name: String?
    let subresource: String?

    /// Subresources that answer with the whole object.
    static let wholeObject: Set<String> = ["status", "ephemeralcontainers", "resize", "finalize", "approval"]

    init?(_ exchange: Exchange) {
        var parts = exchange.request.path.split(separator: "/").map { TwinRequest.decode($0) }[...]
        switch parts.first {
        case "api" where parts.count >= 3: (group, version, parts) = ("", parts[1], parts[2...])
        case "apis" where parts.count >= 4: (group, version, parts) = (parts[1], parts[2], parts[3...])
        default: return nil
        }
        if parts.count >= 3, parts.first == "namespaces", !["status", "finalize"].contains(parts[parts.startIndex + 2]) {
            namespace = parts[parts.startIndex + 1]
            parts = parts.dropFirst(2)
        } else {
            namespace = nil
        }
        let rest = Array(parts)
        plural = rest[0]
        name = rest.count > 1 ? rest[1] : nil
        subresource = rest.count > 2 ? rest[2] : nil
    }

    private var served: APIResource? { APIResources.served[group, version, plural] }

    func kind(in body: JSON) -> String {
        served?.type.kind ?? (body["kind"]?.string ?? "").replacing("List", with: "")
    }

    func key(namespace: String, name: String, kind: String = "") -> ObjectKey {
        let type =
            served?.storage
            ?? ResourceType(group: group, version: version, plural: plural, kind: kind, isNamespaced: !namespace.isEmpty)
        return ObjectKey(type: type, namespace: type.isNamespaced ? namespace : "", name: name)
    }

    /// The key of the object that the path names; nil for a collection.
    func key(kind: String) -> ObjectKey? { name.map { key(namespace: namespace ?? "", name: $0, kind: kind) } }

    func observation(of object: JSON, isGone: Bool) -> (key: ObjectKey, version: Int64, object: JSON?)? {
        guard let name = object[at: "metadata", "name"]?.string,
            let number = object[at: "metadata", "resourceVersion"]?.string.flatMap({ Int64($0) }),
            group != "metrics.k8s.io", !["Table", "PartialObjectMetadata", "Status"].contains(object["kind"]?.string)
        else { return nil }
        let kind = object["kind"]?.string ?? served?.type.kind ?? ""
        guard served.map({ $0.type.kind == kind }) ?? true else { return nil }
        let key = key(namespace: object[at: "metadata", "namespace"]?.string ?? "", name: name, kind: kind)
        if isGone { return (key, number, nil) }
        var stored = object
        stored["kind"] = .string(kind)
        stored["apiVersion"] = .string(group.isEmpty ? version : "\(group)/\(version)")
        if let served { stored = ServedForm.stored(stored, served) }
        return (key, number, ObjectStore.assemble(stored, metadata: stored["metadata"] ?? [:], type: key.type))
    }
}
