import Core
import Kubernetes

/// What keeps new pods of a workload from being made, or from a node, although nothing is wrong with the workload. Its pods are replaced,
/// so that it shows.
enum AdmissionFaults {
    static let all: [Fault] = [
        fault("quota-exceeded", "its namespace gets a quota of no pods") { (key, scene) throws(MartletError) in
            try scene.make(
                [
                    "metadata": ["name": "fault"], "spec": ["hard": ["pods": "0"]],
                    "status": ["hard": ["pods": "0"], "used": ["pods": "0"]],
                ],
                .resourceQuotas, in: key.namespace)
            scene.blamed = "ResourceQuota/fault"
        },
        fault("limitrange-violation", "its namespace gets a limit of 1m CPU for each pod") { (key, scene) throws(MartletError) in
            try scene.make(
                ["metadata": ["name": "fault"], "spec": ["limits": [["type": "Pod", "max": ["cpu": "1m"]]]]], .limitRanges,
                in: key.namespace)
        },
        fault("pod-security-violation", "its namespace enforces the level restricted") { (key, scene) throws(MartletError) in
            let namespace = ObjectKey(type: .namespaces, namespace: "", name: key.namespace)
            try scene.set(["metadata", "labels", "pod-security.kubernetes.io/enforce"], to: "restricted", of: namespace)
        },
        fault("admission-webhook-failing", "a webhook that must answer for its pods has no service") { (key, scene) throws(MartletError) in
            let rule: JSON = ["operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["pods"]]
            let webhook: JSON = [
                "name": "pods.fault.example.com", "rules": [rule], "failurePolicy": "Fail", "sideEffects": "None",
                "admissionReviewVersions": ["v1"],
                "clientConfig": ["service": ["namespace": .string(key.namespace), "name": "absent-webhook", "path": "/validate"]],
                "namespaceSelector": ["matchLabels": ["kubernetes.io/metadata.name": .string(key.namespace)]],
            ]
            try scene.make(["metadata": ["name": "fault"], "webhooks": [webhook]], .validatingWebhookConfigurations, in: "")
            scene.blamed = "ValidatingWebhookConfiguration/fault"
        },
        fault("taint-not-tolerated", "every node gets a taint that it does not tolerate") { (_, scene) throws(MartletError) in
            for node in scene.store.list(.nodes, namespace: nil) {
                let taints = node["spec"]?["taints"]?.array ?? []
                let taint: JSON = ["key": "example.com/maintenance", "value": "true", "effect": "NoSchedule"]
                try scene.set(
                    ["spec", "taints"], to: .array(taints + [taint]),
                    of: ObjectKey(type: .nodes, namespace: "", name: node.metadataName))
            }
        },
    ]

    private static func fault(
        _ slug: String, _ about: String, _ obstruct: @escaping @Sendable (ObjectKey, inout FaultScene) throws(MartletError) -> Void
    ) -> Fault {
        Fault(slug, about, on: WorkloadFaults.form) { (target, scene) throws(MartletError) in
            let key = try WorkloadFaults.key(target)
            try obstruct(key, &scene)
            try scene.replacePods(of: key)
        }
    }
}
