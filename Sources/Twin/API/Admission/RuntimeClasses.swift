import Core
import Kubernetes

/// What a pod gets from the runtime class that it names (admission plug-in RuntimeClass).
enum RuntimeClasses {
    /// The pod with overhead, selector and tolerations of its class. Throws 403 where there is no such class, or the pod says something else.
    static func complete(_ pod: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) -> JSON {
        var pod = pod
        var found: JSON?
        if let name = pod[at: "spec", "runtimeClassName"]?.string {
            found = store.get(ObjectKey(type: .runtimeClasses, namespace: "", name: name))
            guard found != nil else { throw rejected(key, "RuntimeClass \(JSON.string(name).text()) not found") }
        }
        let own = pod[at: "spec", "overhead"]?.object.flatMap { $0.isEmpty ? nil : JSON.object($0) }
        guard let fixed = found?[at: "overhead", "podFixed"], !fixed.isNull else {
            if own != nil { throw rejected(key, "Pod Overhead set without corresponding RuntimeClass defined Overhead") }
            return try scheduled(pod, found, key)
        }
        if let own, !isSame(own, fixed) { throw rejected(key, "Pod's Overhead doesn't match RuntimeClass's defined Overhead") }
        pod[at: "spec", "overhead"] = fixed
        return try scheduled(pod, found, key)
    }

    private static func scheduled(_ pod: JSON, _ found: JSON?, _ key: ObjectKey) throws(APIFailure) -> JSON {
        guard let scheduling = found?["scheduling"] else { return pod }
        var pod = pod
        var selector = pod[at: "spec", "nodeSelector"]?.stringMap ?? [:]
        for (label, value) in (scheduling["nodeSelector"]?.stringMap ?? [:]).sorted(by: { $0.key < $1.key }) {
            if let own = selector[label], own != value {
                throw APIFailure.forbidden(
                    key,
                    "conflict: runtimeClass.scheduling.nodeSelector[\(label)] = \(value); pod.spec.nodeSelector[\(label)] = \(own)")
            }
            selector[label] = value
        }
        if !selector.isEmpty { pod[at: "spec", "nodeSelector"] = JSON(selector) }
        let tolerations = pod[at: "spec", "tolerations"]?.array ?? []
        let more = (scheduling["tolerations"]?.array ?? []).filter { !tolerations.contains($0) }
        if !more.isEmpty { pod[at: "spec", "tolerations"] = .array(tolerations + more) }
        return pod
    }

    private static func isSame(_ a: JSON, _ b: JSON) -> Bool {
        guard let a = a.object, let b = b.object, a.count == b.count else { return false }
        return a.allSatisfy { key, value in b[key].map { Amounts.quantity(value) == Amounts.quantity($0) } ?? false }
    }

    private static func rejected(_ key: ObjectKey, _ why: String) -> APIFailure { APIFailure.forbidden(key, "pod rejected: \(why)") }
}
