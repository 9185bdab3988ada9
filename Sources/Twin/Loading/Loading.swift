import Core
import Kubernetes

/// Objects of another cluster put into a store.
enum Loading {
    /// What a Secret holds under each of its keys, in base64: values are never taken over, wherever they come from.
    static let secretValue = Base64.encode(Array("martlet-twin".utf8))

    /// Copies the objects. Uids stay, since owners are named by them; only `kube-system` gets one of its own.
    /// - Returns: those that could not be taken, as `namespace/Kind/name: why`.
    static func load(_ objects: [JSON], into store: inout ObjectStore, now: Timestamp) -> [String] {
        var rejected: [String] = []
        let resources = APIResources.served.adding(definitions: objects.filter { $0["kind"] == "CustomResourceDefinition" })
        for object in objects {
            let kind = object["kind"]?.string ?? ""
            let place = "\(object[at: "metadata", "namespace"]?.string ?? "")/\(kind)/\(object[at: "metadata", "name"]?.string ?? "")"
            guard let resource = resources.resource(kind: kind, apiVersion: object["apiVersion"]?.string ?? "") else {
                rejected.append("\(place): a kind that the twin does not serve")
                continue
            }
            var copy = ServedForm.stored(object, resource)
            let isHome = resource.storage == .namespaces && object[at: "metadata", "name"] == "kube-system"
            if isHome { copy[at: "metadata", "uid"] = nil }
            if resource.storage == .secrets { copy = Secret.withoutValues(copy, value: secretValue) }
            do {
                try store.restore(copy, type: resource.storage, now: now)
            } catch {
                rejected.append("\(place): \(error.message)")
            }
        }
        return rejected
    }
}
