import Core
import Kubernetes

@testable import KubernetesDiagnosis

/// Small snapshots made of JSON, as a server would give it.
struct Sample {
    static let now = Timestamp(seconds: Int64(1_800_000_000))
    static func ago(_ seconds: Int) -> String { (now + .seconds(-seconds)).rfc3339() }

    var snapshot: KubernetesSnapshot

    init() {
        snapshot = KubernetesSnapshot(time: Sample.now, cluster: "test")
        snapshot.listed = [
            "pods", "deployments", "replicasets", "events", "nodes", "services", "endpointslices", "configmaps", "secrets", "ingresses",
            "ingressclasses",
            "serviceaccounts", "persistentvolumeclaims", "storageclasses",
        ]
    }

    mutating func add(_ kind: String, _ json: JSON, version: String? = nil) throws {
        var json = json
        json["kind"] = .string(kind)
        json["apiVersion"] = .string(version ?? (["Deployment", "ReplicaSet"].contains(kind) ? "apps/v1" : "v1"))
        try snapshot.add(try KubernetesObject(parsing: json.serialized()))
    }

    static func container(_ image: String = "r.example.com/app:1", env: [String: String] = [:], more: JSON = [:]) -> JSON {
        var container: JSON = [
            "name": "app", "image": .string(image),
            "env": .array(env.sorted { $0.key < $1.key }.map { ["name": .string($0.key), "value": .string($0.value)] }),
        ]
        for (key, value) in more.object ?? [:] { container[key] = value }
        return container
    }

    static func template(_ name: String, _ container: JSON) -> JSON {
        ["metadata": ["labels": ["app": .string(name)]], "spec": ["containers": [container]]]
    }

    /// A Deployment with one ReplicaSet for each template, the last one wanted.
    mutating func deployment(_ name: String, replicas: Int = 1, templates: [JSON], ready: [Int]) throws {
        try add(
            "Deployment",
            [
                "metadata": [
                    "name": .string(name), "namespace": "n", "uid": .string("d-\(name)"), "generation": 2,
                    "creationTimestamp": .string(Sample.ago(9000)),
                    "annotations": ["deployment.kubernetes.io/revision": .string("\(templates.count)")],
                    "managedFields": [["manager": "argocd", "operation": "Update", "time": .string(Sample.ago(120))]],
                ],
                "spec": [
                    "replicas": JSON(replicas), "selector": ["matchLabels": ["app": .string(name)]], "template": templates.last ?? [:],
                ],
                "status": ["observedGeneration": 2, "readyReplicas": JSON(ready.reduce(0, +))],
            ])
        for (i, template) in templates.enumerated() {
            try add(
                "ReplicaSet",
                [
                    "metadata": [
                        "name": .string("\(name)-rs\(i + 1)"), "namespace": "n", "uid": .string("rs-\(name)-\(i + 1)"),
                        "creationTimestamp": .string(Sample.ago(i == templates.count - 1 && i > 0 ? 119 : 9000)),
                        "annotations": ["deployment.kubernetes.io/revision": .string("\(i + 1)")],
                        "ownerReferences": [
                            [
                                "apiVersion": "apps/v1", "kind": "Deployment", "name": .string(name), "uid": .string("d-\(name)"),
                                "controller": true,
                            ]
                        ],
                    ],
                    "spec": ["replicas": JSON(ready[i]), "template": template],
                    "status": ["replicas": JSON(ready[i]), "readyReplicas": JSON(ready[i])],
                ])
        }
    }

    /// A pod of a Deployment's revision; `state` is the container's status without name.
    mutating func pod(
        _ name: String, of deployment: String, revision: Int = 1, container: JSON = Sample.container(), state: JSON, ready: Bool,
        created: Int = 100
    ) throws {
        var status = state
        status["name"] = "app"
        status["ready"] = .bool(ready)
        if status["restartCount"] == nil { status["restartCount"] = 0 }
        try add(
            "Pod",
            [
                "metadata": [
                    "name": .string(name), "namespace": "n", "uid": .string("p-\(name)"), "creationTimestamp": .string(Sample.ago(created)),
                    "labels": ["app": .string(deployment)],
                    "ownerReferences": [
                        [
                            "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": .string("\(deployment)-rs\(revision)"),
                            "uid": .string("rs-\(deployment)-\(revision)"), "controller": true,
                        ]
                    ],
                ],
                "spec": ["nodeName": "w1", "containers": [container]],
                "status": [
                    "phase": "Running", "containerStatuses": [status],
                    "conditions": [
                        ["type": "PodScheduled", "status": "True"], ["type": "Ready", "status": .string(ready ? "True" : "False")],
                    ],
                ],
            ])
    }

    static func running(_ seconds: Int) -> JSON { ["state": ["running": ["startedAt": .string(ago(seconds))]]] }
    static func ended(_ code: Int, reason: String = "Error", restarts: Int = 0, at seconds: Int = 1, lived: Int = 1) -> JSON {
        [
            "restartCount": JSON(restarts),
            "state": [
                "terminated": [
                    "exitCode": JSON(code), "reason": .string(reason), "startedAt": .string(ago(seconds + lived)),
                    "finishedAt": .string(ago(seconds)),
                ]
            ],
        ]
    }
    static func waiting(_ reason: String, _ message: String = "") -> JSON {
        ["state": ["waiting": ["reason": .string(reason), "message": .string(message)]]]
    }

    mutating func log(_ pod: String, _ text: String, previous: Bool = false) {
        snapshot.logs[.init(namespace: "n", pod: pod, container: "app", previous: previous)] = .text(Array(text.utf8))
    }

    mutating func event(_ pod: String, _ reason: String, _ message: String, count: Int = 1, seconds: Int = 5) throws {
        try add(
            "Event",
            [
                "metadata": ["name": .string("\(pod).\(reason).\(snapshot.events.count)"), "namespace": "n"],
                "involvedObject": ["kind": "Pod", "namespace": "n", "name": .string(pod), "uid": .string("p-\(pod)")],
                "reason": .string(reason), "message": .string(message),
                "type": "Warning", "count": JSON(count), "firstTimestamp": .string(Sample.ago(seconds + 30)),
                "lastTimestamp": .string(Sample.ago(seconds)),
            ])
    }
}
