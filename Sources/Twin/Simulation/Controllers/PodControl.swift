import Core
import Kubernetes

/// What ReplicaSets, Jobs, DaemonSets and StatefulSets share: making a pod from a template, and the text of a refusal.
enum PodControl {
    /// The pod of a template, owned by `owner`.
    static func pod(from template: JSON, owner: JSON, name: String? = nil, labels extra: [String: String] = [:]) -> JSON {
        var metadata: JSON = [:]
        if let name { metadata["name"] = .string(name) } else { metadata["generateName"] = .string(owner.metadataName + "-") }
        metadata["namespace"] = .string(owner.metadataNamespace)
        var labels = template["metadata"]?["labels"]?.object ?? [:]
        for (key, value) in extra.sorted(by: { $0.key < $1.key }) { labels[key] = .string(value) }
        if !labels.isEmpty { metadata["labels"] = .object(labels) }
        if let annotations = template["metadata"]?["annotations"] { metadata["annotations"] = annotations }
        if let finalizers = template["metadata"]?["finalizers"] { metadata["finalizers"] = finalizers }
        metadata["ownerReferences"] = [owner.controllerReference()]
        return [
            "apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"] ?? [:],
            "status": ["phase": "Pending", "qosClass": .string(QualityOfService.of(template["spec"] ?? [:]).rawValue)],
        ]
    }
}

/// The quality-of-service class of a pod (k8s.io/kubernetes/pkg/apis/core/helper/qos).
enum QualityOfService: String {
    case guaranteed = "Guaranteed"
    case burstable = "Burstable"
    case bestEffort = "BestEffort"

    static func of(_ spec: JSON) -> QualityOfService {
        var any = false
        var guaranteed = true
        for container in (spec["containers"]?.array ?? []) + (spec["initContainers"]?.array ?? []) {
            let requests = ResourceAmounts(container["resources"]?["requests"])
            let limits = ResourceAmounts(container["resources"]?["limits"])
            if requests.cpu > 0 || requests.memory > 0 || limits.cpu > 0 || limits.memory > 0 { any = true }
            if limits.cpu == 0 || limits.memory == 0 { guaranteed = false }
            if requests.cpu > 0 && requests.cpu != limits.cpu || requests.memory > 0 && requests.memory != limits.memory {
                guaranteed = false
            }
        }
        return any ? (guaranteed ? .guaranteed : .burstable) : .bestEffort
    }
}
