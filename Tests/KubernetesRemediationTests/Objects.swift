import Core
import Remediation

/// Objects as an API server gives them, cut to what is needed.
enum Objects {
    static let path = EntityPath(cluster: "c", namespace: "shop", kind: "Deployment", name: "checkout")

    static func template(image: String = "shop/checkout:1", env: [String: String] = ["URL": "http://x"], limit: String = "64Mi") -> JSON {
        [
            "metadata": ["labels": ["app": "checkout"]],
            "spec": [
                "containers": [
                    [
                        "name": "checkout", "image": .string(image),
                        "env": .array(env.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "value": .string($0.value)] }),
                        "ports": [["containerPort": 8080]], "resources": ["limits": ["memory": .string(limit)]],
                    ]
                ]
            ],
        ]
    }

    static func deployment(_ template: JSON, revision: Int, replicas: Int = 3, more: (inout JSON) -> Void = { _ in }) -> JSON {
        var object: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": [
                "name": "checkout", "namespace": "shop", "uid": "uid-d", "resourceVersion": "41", "generation": 3,
                "annotations": ["deployment.kubernetes.io/revision": .string("\(revision)")],
            ],
            "spec": ["replicas": JSON(replicas), "selector": ["matchLabels": ["app": "checkout"]], "template": template],
            "status": ["observedGeneration": 3],
        ]
        more(&object)
        return object
    }

    static func replicaSet(_ template: JSON, revision: Int, ready: Int = 0) -> JSON {
        var template = template
        template[at: "metadata", "labels", "pod-template-hash"] = .string("hash\(revision)")
        return [
            "metadata": [
                "name": .string("checkout-\(revision)"), "uid": .string("uid-rs\(revision)"),
                "annotations": ["deployment.kubernetes.io/revision": .string("\(revision)")],
            ],
            "spec": ["template": template], "status": ["readyReplicas": JSON(ready)],
        ]
    }

    static func observed(_ object: JSON, sets: [JSON] = [], pods: [JSON] = []) -> ObservedTarget {
        ObservedTarget(
            path: path, uid: object[at: "metadata", "uid"]?.string ?? "",
            resourceVersion: object[at: "metadata", "resourceVersion"]?.string ?? "", object: object,
            related: ["ReplicaSet": sets, "Pod": pods])
    }

    static func cause(_ category: String, facts: JSON = [:]) -> Cause {
        Cause(
            severity: .high, category: category, resource: path, title: "t", text: "c", confidence: 0.9,
            evidence: [Evidence(.status, source: "Pod/x", text: "exit code 1")], facts: facts)
    }
}
