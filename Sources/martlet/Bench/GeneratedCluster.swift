import Core
import Kubernetes
import KubernetesDiagnosis

/// A cluster of Deployments of one size, of which some are broken in one of six ways: what a warm cache holds, the same for the
/// same numbers.
struct GeneratedCluster {
    enum Fault: Int, CaseIterable { case missingSetting, memory, image, configMap, cpu, readiness }

    let pods: Int
    let faults: Int
    var podsPerDeployment = 10

    static let now = Timestamp("2026-11-21T12:41:30Z") ?? Timestamp(seconds: Int64(0))
    static let listed: Set<String> = [
        "pods", "deployments", "replicasets", "services", "events", "nodes", "namespaces", "configmaps", "statefulsets", "daemonsets",
        "jobs",
        "cronjobs", "persistentvolumeclaims", "ingresses",
    ]
    private var deployments: Int { max(faults, pods / podsPerDeployment) }

    /// The objects by kind, and the logs.
    func documents() -> (lists: [String: [JSON]], logs: [KubernetesSnapshot.LogKey: [UInt8]]) {
        var lists: [String: [JSON]] = [:]
        var logs: [KubernetesSnapshot.LogKey: [UInt8]] = [:]
        for index in 0..<deployments { addDeployment(index, to: &lists, &logs) }
        for index in 0..<max(2, pods / 100) { lists["Node", default: []].append(node(index)) }
        for index in 0..<10 {
            lists["Namespace", default: []].append(["metadata": ["name": "team-\(index)", "uid": .string(uid("ns", index))]])
        }
        return (lists, logs)
    }

    /// - Throws: `JSONError` when the generated documents cannot be read, which would be a mistake here.
    func snapshot() throws -> KubernetesSnapshot {
        var snapshot = KubernetesSnapshot(time: GeneratedCluster.now, cluster: "bench")
        snapshot.listed = GeneratedCluster.listed
        let (documents, logs) = documents()
        snapshot.logs = logs.mapValues { .text($0) }
        snapshot.pods = try read("Pod", documents)
        snapshot.deployments = try read("Deployment", documents)
        snapshot.replicaSets = try read("ReplicaSet", documents)
        snapshot.services = try read("Service", documents)
        snapshot.events = try read("Event", documents)
        snapshot.nodes = try read("Node", documents)
        snapshot.namespaceObjects = try read("Namespace", documents)
        for item in documents["ReplicaSet"] ?? [] {
            if let uid = item[at: "metadata", "uid"]?.string { snapshot.replicaSetJSON[uid] = item.serialized() }
        }
        return snapshot
    }

    /// A list in the order of namespace and name, as a server and a cache give it.
    private func read<Item: KubernetesResource>(_ kind: String, _ documents: [String: [JSON]]) throws -> [Item] {
        func place(_ item: JSON) -> ObjectPlace {
            ObjectPlace(namespace: item[at: "metadata", "namespace"]?.string ?? "", name: item[at: "metadata", "name"]?.string ?? "")
        }
        let items = (documents[kind] ?? []).map { (place($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
        let list: JSON = ["kind": "\(kind)List", "items": .array(items)]
        return try ObjectList<Item>(parsing: list.serialized()).items
    }

    /// The first `faults` Deployments are broken, one way after the other.
    private func fault(_ index: Int) -> Fault? { index < faults ? Fault(rawValue: index % Fault.allCases.count) : nil }

    private func uid(_ kind: String, _ index: Int) -> String {
        let hex = Digest.sha256Hex("\(kind) \(index)")
        return
            "\(hex.prefix(8))-\(hex.dropFirst(8).prefix(4))-4\(hex.dropFirst(13).prefix(3))-a\(hex.dropFirst(17).prefix(3))-\(hex.dropFirst(20).prefix(12))"
    }

    private func metadata(_ name: String, _ index: Int, _ kind: String, owner: (kind: String, name: String, uid: String)? = nil) -> JSON {
        var json: JSON = [
            "name": .string(name), "namespace": "team-\(index % 10)", "uid": .string(uid(kind + name, index)),
            "creationTimestamp": "2026-11-21T11:00:00Z", "labels": ["app": "app-\(index)", "pod-template-hash": "7d9f8b6c5"],
        ]
        if let owner {
            json["ownerReferences"] = [
                [
                    "apiVersion": "apps/v1", "kind": .string(owner.kind), "name": .string(owner.name), "uid": .string(owner.uid),
                    "controller": true,
                ]
            ]
        }
        return json
    }

    private func template(_ index: Int) -> JSON {
        let fault = fault(index)
        var container: JSON = [
            "name": "app", "image": .string("registry.example/app-\(index):1.\(index % 9).0"), "ports": [["containerPort": 8080]],
            "env": [["name": "LOG_LEVEL", "value": "info"]],
            "resources": ["requests": ["cpu": .string(fault == .cpu ? "64" : "50m"), "memory": "128Mi"], "limits": ["memory": "256Mi"]],
            "readinessProbe": ["httpGet": ["path": "/ready", "port": .integer(fault == .readiness ? 8081 : 8080)], "periodSeconds": 5],
        ]
        if fault == .configMap { container["envFrom"] = [["configMapRef": ["name": "app-\(index)-setings"]]] }
        return [
            "metadata": ["labels": ["app": "app-\(index)", "pod-template-hash": "7d9f8b6c5"]],
            "spec": ["containers": [container], "restartPolicy": "Always", "serviceAccountName": "default"],
        ]
    }

    private func addDeployment(
        _ index: Int, to documents: inout [String: [JSON]], _ logs: inout [KubernetesSnapshot.LogKey: [UInt8]]
    ) {
        let name = "app-\(index)", replicas = podsPerDeployment, fault = fault(index), template = template(index)
        let ready = fault == nil ? replicas : 0
        let selector: JSON = ["matchLabels": ["app": .string(name)]]
        var deployment = metadata(name, index, "Deployment")
        deployment["annotations"] = ["deployment.kubernetes.io/revision": "1"]
        deployment["generation"] = 1
        let conditions: JSON = [
            ["type": "Available", "status": fault == nil ? "True" : "False", "lastTransitionTime": "2026-11-21T12:00:00Z"],
            ["type": "Progressing", "status": "True", "reason": "ReplicaSetUpdated", "lastTransitionTime": "2026-11-21T12:00:00Z"],
        ]
        documents["Deployment", default: []].append([
            "metadata": deployment, "spec": ["replicas": JSON(replicas), "selector": selector, "template": template],
            "status": [
                "observedGeneration": 1, "replicas": JSON(replicas), "updatedReplicas": JSON(replicas), "readyReplicas": JSON(ready),
                "availableReplicas": JSON(ready), "unavailableReplicas": JSON(replicas - ready), "conditions": conditions,
            ],
        ])
        let setName = "\(name)-7d9f8b6c5"
        var set = metadata(setName, index, "ReplicaSet", owner: ("Deployment", name, deployment["uid"]?.string ?? ""))
        set["annotations"] = ["deployment.kubernetes.io/revision": "1"]
        documents["ReplicaSet", default: []].append([
            "metadata": set, "spec": ["replicas": JSON(replicas), "selector": selector, "template": template],
            "status": ["replicas": JSON(replicas), "readyReplicas": JSON(ready)],
        ])
        documents["Service", default: []].append([
            "metadata": metadata(name, index, "Service"),
            "spec": [
                "selector": ["app": .string(name)], "ports": [["port": 80, "targetPort": 8080, "protocol": "TCP"]], "type": "ClusterIP",
            ],
        ])
        for number in 0..<replicas {
            let pod = index * replicas + number
            let podName = "\(setName)-\(String(100_000 + pod, radix: 36))"
            documents["Pod", default: []].append([
                "metadata": metadata(podName, index, "Pod", owner: ("ReplicaSet", setName, set["uid"]?.string ?? "")),
                "spec": podSpec(template, pod, fault), "status": podStatus(index, pod, fault),
            ])
            guard let fault else { continue }
            if let text = GeneratedCluster.eventText(fault, index) {
                documents["Event", default: []].append(event(podName, index, pod, text.reason, text.message))
            }
            if fault == .missingSetting {
                let text = "app 1.0 starting\nFATAL config: required environment variable PAYMENTS_URL is not set\n"
                let key = KubernetesSnapshot.LogKey(namespace: "team-\(index % 10)", pod: podName, container: "app", previous: true)
                logs[key] = Array(text.utf8)
            }
        }
    }

    private func podSpec(_ template: JSON, _ pod: Int, _ fault: Fault?) -> JSON {
        var spec = template["spec"] ?? [:]
        if fault != .cpu { spec["nodeName"] = "worker-\(pod % max(2, pods / 100))" }
        return spec
    }

    private func podStatus(_ index: Int, _ pod: Int, _ fault: Fault?) -> JSON {
        func condition(_ type: String, _ isTrue: Bool, _ reason: String? = nil, _ message: String? = nil) -> JSON {
            var json: JSON = ["type": .string(type), "status": isTrue ? "True" : "False", "lastTransitionTime": "2026-11-21T12:00:00Z"]
            json["reason"] = reason.map { .string($0) }
            json["message"] = message.map { .string($0) }
            return json
        }
        if fault == .cpu {
            let text = GeneratedCluster.eventText(.cpu, index)?.message
            return ["phase": "Pending", "conditions": [condition("PodScheduled", false, "Unschedulable", text)], "qosClass": "Burstable"]
        }
        let image = "registry.example/app-\(index):1.\(index % 9).0"
        var status: JSON = ["name": "app", "image": .string(image), "imageID": "", "ready": .bool(fault == nil), "restartCount": 0]
        func terminated(_ code: Int, _ reason: String) -> JSON {
            [
                "terminated": [
                    "exitCode": JSON(code), "reason": .string(reason), "startedAt": "2026-11-21T12:38:00Z",
                    "finishedAt": "2026-11-21T12:38:05Z",
                ]
            ]
        }
        func waiting(_ reason: String, _ message: String) -> JSON { ["waiting": ["reason": .string(reason), "message": .string(message)]] }
        let running: JSON = ["running": ["startedAt": "2026-11-21T12:00:05Z"]]
        switch fault {
        case nil, .readiness, .cpu: status["state"] = running
        case .missingSetting:
            status["state"] = waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container=app")
            status["lastState"] = terminated(1, "Error")
            status["restartCount"] = 7
        case .memory:
            status["state"] = waiting("CrashLoopBackOff", "back-off 5m0s restarting failed container=app")
            status["lastState"] = terminated(137, "OOMKilled")
            status["restartCount"] = 6
        case .image: status["state"] = waiting("ImagePullBackOff", GeneratedCluster.eventText(.image, index)?.message ?? "")
        case .configMap: status["state"] = waiting("CreateContainerConfigError", "configmap \"app-\(index)-setings\" not found")
        }
        let ready = fault == nil
        return [
            "phase": .string(fault == .image || fault == .configMap ? "Pending" : "Running"),
            "conditions": [
                condition("PodScheduled", true), condition("Initialized", true),
                condition("Ready", ready, ready ? nil : "ContainersNotReady", ready ? nil : "containers with unready status: [app]"),
                condition("ContainersReady", ready),
            ], "startTime": "2026-11-21T12:00:00Z", "podIP": "10.\(pod >> 16 & 255).\(pod >> 8 & 255).\(pod & 255)",
            "containerStatuses": [status], "qosClass": "Burstable",
        ]
    }

    private static func eventText(_ fault: Fault, _ index: Int) -> (reason: String, message: String)? {
        switch fault {
        case .missingSetting, .memory: ("BackOff", "Back-off restarting failed container app")
        case .image:
            (
                "Failed",
                "Failed to pull image \"registry.example/app-\(index):1.\(index % 9).0\": rpc error: code = NotFound desc = failed to pull and unpack image: not found"
            )
        case .configMap: ("Failed", "Error: configmap \"app-\(index)-setings\" not found")
        case .cpu:
            (
                "FailedScheduling",
                "0/100 nodes are available: 100 Insufficient cpu. preemption: 0/100 nodes are available: 100 No preemption victims found for incoming pod."
            )
        case .readiness:
            ("Unhealthy", "Readiness probe failed: Get \"http://10.0.0.1:8081/ready\": dial tcp 10.0.0.1:8081: connect: connection refused")
        }
    }

    private func event(_ podName: String, _ index: Int, _ pod: Int, _ reason: String, _ message: String) -> JSON {
        [
            "metadata": metadata("\(podName).\(reason.lowercased())", index, "Event"),
            "involvedObject": [
                "kind": "Pod", "apiVersion": "v1", "name": .string(podName), "namespace": "team-\(index % 10)",
                "uid": .string(uid("Pod" + podName, index)),
                "fieldPath": "spec.containers{app}",
            ], "reason": .string(reason), "message": .string(message), "type": "Warning", "count": 12,
            "firstTimestamp": "2026-11-21T12:00:10Z", "lastTimestamp": "2026-11-21T12:41:00Z", "source": ["component": "kubelet"],
        ]
    }

    private func node(_ index: Int) -> JSON {
        [
            "metadata": [
                "name": "worker-\(index)", "uid": .string(uid("node", index)), "labels": ["kubernetes.io/hostname": "worker-\(index)"],
            ],
            "spec": [:],
            "status": [
                "capacity": ["cpu": "16", "memory": "64Gi", "pods": "250"], "allocatable": ["cpu": "15", "memory": "60Gi", "pods": "250"],
                "conditions": [
                    [
                        "type": "Ready", "status": "True", "reason": "KubeletReady", "lastHeartbeatTime": "2026-11-21T12:41:00Z",
                        "lastTransitionTime": "2026-11-20T12:00:00Z",
                    ]
                ],
            ],
        ]
    }
}
