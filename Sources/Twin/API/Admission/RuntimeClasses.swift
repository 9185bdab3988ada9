import Core
import Kubernetes

/// RuntimeClass admission (plugin/pkg/admission/runtimeclass): a pod gets the overhead and the nodes of its class, and has none without.
enum RuntimeClasses {
    private static let type = ResourceType(
        group: "node.k8s.io", version: "v1", plural: "runtimeclasses", kind: "RuntimeClass", isNamespaced: false)

    static func admit(_ pod: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) -> JSON {
        let overhead = pod[at: "spec", "overhead"]?.object ?? [:]
        guard let name = pod[at: "spec", "runtimeClassName"]?.string else {
            if overhead.isEmpty { return pod }
            throw APIFailure.forbidden(key, "pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead")
        }
        guard let found = store.get(ObjectKey(type: type, namespace: "", name: name)) else {
            throw APIFailure.forbidden(key, "pod rejected: RuntimeClass \(JSON.string(name).text()) not found")
        }
        var pod = pod
        let fixed = found[at: "overhead", "podFixed"]?.object ?? [:]
        if !overhead.isEmpty, !isSame(overhead, fixed) {
            let what =
                fixed.isEmpty
                ? "Pod Overhead set without corresponding RuntimeClass defined Overhead"
                : "Pod's Overhead doesn't match RuntimeClass's defined Overhead"
            throw APIFailure.forbidden(key, "pod rejected: \(what)")
        }
        if !fixed.isEmpty { pod[at: "spec", "overhead"] = .object(fixed) }
        for (label, value) in found[at: "scheduling", "nodeSelector"]?.object ?? [:] {
            if let own = pod[at: "spec", "nodeSelector", label], own != value {
                throw APIFailure.forbidden(
                    key,
                    "conflict: runtimeClass.scheduling.nodeSelector[\(label)] = \(value.string ?? ""); "
                        + "pod.spec.nodeSelector[\(label)] = \(own.string ?? "")")
            }
            pod[at: "spec", "nodeSelector", label] = value
        }
        let added = (found[at: "scheduling", "tolerations"]?.array ?? []).filter {
            pod[at: "spec", "tolerations"]?.array?.contains($0) != true
        }
        if !added.isEmpty { pod[at: "spec", "tolerations"] = .array((pod[at: "spec", "tolerations"]?.array ?? []) + added) }
        return pod
    }

    private static func isSame(_ a: JSONObject, _ b: JSONObject) -> Bool {
        a.count == b.count && a.allSatisfy { Amounts.quantity($0.value) == Amounts.quantity(b[$0.key]) }
    }
}
