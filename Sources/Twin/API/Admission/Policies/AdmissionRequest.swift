import Core
import Kubernetes

/// A write as those see it who judge it (`AdmissionRequest` of admission/v1).
struct AdmissionRequest: Sendable {
    /// `CREATE`, `UPDATE` or `DELETE`.
    var operation: String
    var resource: APIResource
    /// Empty for the object itself.
    var subresource = ""
    var namespace: String
    var name: String
    var user: UserInfo
    var isDryRun = false
    /// In the form in which it is stored; nil for a deletion.
    var object: JSON?
    /// What is there now; nil for a creation.
    var oldObject: JSON?
    /// All that is served, for other versions of the resource and for parameters.
    var resources: APIResources

    var key: ObjectKey { ObjectKey(type: resource.type, namespace: namespace, name: name) }

    /// The same write in the terms of another version of the resource.
    func document(as other: APIResource) -> JSON {
        func kind(_ type: ResourceType) -> JSON {
            ["group": .string(type.group), "version": .string(type.version), "kind": .string(type.kind)]
        }
        func place(_ type: ResourceType) -> JSON {
            ["group": .string(type.group), "version": .string(type.version), "resource": .string(type.plural)]
        }
        var user: JSON = ["username": .string(self.user.name), "groups": JSON(self.user.groups)]
        if let uid = self.user.uid { user["uid"] = .string(uid) }
        let options = ["CREATE": "CreateOptions", "UPDATE": "UpdateOptions"][operation] ?? "DeleteOptions"
        var document: JSON = [
            "uid": "", "kind": kind(other.type), "resource": place(other.type), "requestKind": kind(resource.type),
            "requestResource": place(resource.type), "name": .string(name), "operation": .string(operation), "userInfo": user,
            "dryRun": .bool(isDryRun), "options": ["kind": .string(options), "apiVersion": "meta.k8s.io/v1"],
        ]
        if !namespace.isEmpty { document["namespace"] = .string(namespace) }
        if !subresource.isEmpty {
            document["subResource"] = .string(subresource)
            document["requestSubResource"] = .string(subresource)
        }
        return document
    }
}

extension AdmissionRequest {
    /// A creation by a controller of the simulation, named by what owns the object.
    init(created object: JSON, type: ResourceType, by owner: String?) {
        let controllers = ["DaemonSet": "daemon-set-controller", "ReplicationController": "replication-controller"]
        let name = owner.map { controllers[$0] ?? $0.lowercased() + "-controller" } ?? "generic-garbage-collector"
        let resource =
            APIResources.served[type.group, type.version, type.plural]
            ?? APIResource(type: type, storage: type, singular: "", shortNames: [], categories: [], verbs: [], subresources: [])
        self.init(
            operation: "CREATE", resource: resource, namespace: object[at: "metadata", "namespace"]?.string ?? "",
            name: object[at: "metadata", "name"]?.string ?? "",
            user: UserInfo(
                name: "system:serviceaccount:kube-system:\(name)",
                groups: ["system:serviceaccounts", "system:serviceaccounts:kube-system", "system:authenticated"]),
            object: object, resources: .served)
    }
}
