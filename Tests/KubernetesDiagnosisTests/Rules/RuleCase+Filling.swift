import Core
import Kubernetes

@testable import KubernetesDiagnosis

/// What cases leave out because it follows from the rest: versions, uids, owners, the pods' templates, and the status of what is well.
struct CaseFilling {
    static let namespace = "shop"
    static func uid(_ name: String) -> String { "uid-\(name)" }

    private let now: Timestamp
    private var objects: [JSON]
    private var place: [String: Int] = [:]

    static func filled(_ objects: [JSON], _ now: Timestamp) -> [JSON] {
        var filling = CaseFilling(now: now, objects: objects)
        for index in objects.indices { filling.place[CaseCluster.name(objects[index])] = index }
        for index in objects.indices { filling.fillNames(index) }
        // Owners before what they own.
        for kind in ["CronJob", "Job", "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Pod"] {
            for index in objects.indices where filling.kind(index) == kind { filling.fillTemplate(index) }
        }
        for index in objects.indices where filling.kind(index) == "Pod" { filling.objects[index] = filling.pod(filling.objects[index]) }
        for kind in ["ReplicaSet", "Deployment", "StatefulSet", "DaemonSet"] {
            for index in objects.indices where filling.kind(index) == kind { filling.fillCounts(index) }
        }
        return filling.objects + filling.endpointSlices()
    }

    private init(now: Timestamp, objects: [JSON]) { (self.now, self.objects) = (now, objects) }

    private func kind(_ index: Int) -> String { objects[index]["kind"]?.string ?? "" }
    private func ago(_ seconds: Int) -> JSON { .string((now + .seconds(-seconds)).rfc3339()) }

    private mutating func fillNames(_ index: Int) {
        let name = CaseCluster.name(objects[index])
        let type = ResourceType.known.first { $0.kind == kind(index) }
        let version = objects[index]["apiVersion"]?.string ?? type?.apiVersion ?? "v1"
        objects[index]["apiVersion"] = .string(version)
        if type?.isNamespaced ?? true, objects[index][at: "metadata", "namespace"] == nil {
            objects[index][at: "metadata", "namespace"] = .string(CaseFilling.namespace)
        }
        if objects[index][at: "metadata", "uid"] == nil { objects[index][at: "metadata", "uid"] = .string(CaseFilling.uid(name)) }
        if objects[index][at: "metadata", "creationTimestamp"] == nil {
            objects[index][at: "metadata", "creationTimestamp"] = ago(30 * 86_400)
        }
        guard let owner = objects[index]["owner"]?.string, let at = place[owner] else { return }
        objects[index][at: "metadata", "ownerReferences"] = [
            [
                "apiVersion": objects[at]["apiVersion"] ?? "apps/v1", "kind": .string(kind(at)), "controller": true,
                "name": objects[at][at: "metadata", "name"] ?? "", "uid": .string(CaseFilling.uid(owner)),
            ]
        ]
    }

    /// Pods, ReplicaSets and Jobs are made of their owner's template.
    private mutating func fillTemplate(_ index: Int) {
        guard let owner = objects[index]["owner"]?.string, let at = place[owner],
            let template = objects[at][at: "spec", "template"] ?? objects[at][at: "spec", "jobTemplate", "spec", "template"]
        else { return }
        if kind(index) == "Pod" {
            if objects[index][at: "metadata", "labels"] == nil {
                objects[index][at: "metadata", "labels"] = template[at: "metadata", "labels"]
            }
            objects[index]["spec"] = template["spec"]?.merging(patch: objects[index]["spec"] ?? [:])
        } else if objects[index][at: "spec", "template"] == nil {
            objects[index][at: "spec", "template"] = template
        }
        if kind(index) == "ReplicaSet", objects[index][at: "metadata", "annotations"] == nil {
            objects[index][at: "metadata", "annotations"] = ["deployment.kubernetes.io/revision": "1"]
        }
    }

    /// A pod runs and is ready, but for the containers whose `state` is given; it has an `address` where one is given.
    private func pod(_ pod: JSON) -> JSON {
        guard pod["status"] == nil else { return pod }
        var pod = pod
        let created = pod[at: "metadata", "creationTimestamp"] ?? .null
        func statuses(_ list: String, ended: Bool) -> [JSON] {
            (pod[at: "spec", list]?.array ?? []).map { container in
                let name = container["name"]?.string ?? ""
                let times: JSON = ["startedAt": created, "finishedAt": created, "exitCode": 0, "reason": "Completed"]
                let well: JSON = ended ? ["terminated": times] : ["running": ["startedAt": created]]
                guard var given = pod[at: "state", name] else {
                    return ["name": .string(name), "ready": true, "restartCount": 0, "state": well]
                }
                given["name"] = .string(name)
                if given["state"] == nil { given["state"] = well }
                if given["ready"] == nil { given["ready"] = .bool(given[at: "state", "running"] != nil) }
                if given["restartCount"] == nil { given["restartCount"] = 0 }
                return given
            }
        }
        let (first, own) = (statuses("initContainers", ended: true), statuses("containers", ended: false))
        let isReady = own.allSatisfy { $0["ready"]?.bool == true }
        func condition(_ type: String, _ holds: Bool) -> JSON {
            ["type": .string(type), "status": holds ? "True" : "False", "lastTransitionTime": created]
        }
        let isStarted = own.contains { $0[at: "state", "waiting"] == nil || $0["lastState"] != nil }
        pod["status"] = [
            "phase": isStarted ? "Running" : "Pending", "startTime": created, "initContainerStatuses": .array(first),
            "containerStatuses": .array(own),
            "conditions": [condition("PodScheduled", true), condition("ContainersReady", isReady), condition("Ready", isReady)],
        ]
        if let address = pod["address"] { pod["status"]?["podIP"] = address }
        return pod
    }

    private func isReady(_ pod: JSON) -> Bool {
        (pod[at: "status", "conditions"]?.array ?? []).contains { $0["type"]?.string == "Ready" && $0["status"]?.string == "True" }
    }

    /// How many of what a controller owns there are, and are ready.
    private mutating func fillCounts(_ index: Int) {
        let name = CaseCluster.name(objects[index])
        let counted = kind(index) == "Deployment" ? "ReplicaSet" : "Pod"
        let owned = objects.filter { $0["owner"]?.string == name && $0["kind"]?.string == counted }
        func sum(_ key: String) -> Int {
            kind(index) == "Deployment"
                ? owned.reduce(0) { $0 + ($1[at: "status", key]?.int ?? 0) }
                : key == "replicas" ? owned.count : owned.count(where: isReady)
        }
        let (made, ready) = (sum("replicas"), sum("readyReplicas"))
        if objects[index][at: "spec", "replicas"] == nil, kind(index) != "DaemonSet" { objects[index][at: "spec", "replicas"] = JSON(made) }
        if objects[index][at: "metadata", "generation"] == nil { objects[index][at: "metadata", "generation"] = 1 }
        let conditions: [JSON] = [
            ["type": "Available", "status": ready > 0 || made == 0 ? "True" : "False"],
            ["type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"],
        ]
        var status: JSON = [
            "observedGeneration": objects[index][at: "metadata", "generation"] ?? 1, "replicas": JSON(made), "updatedReplicas": JSON(made),
            "readyReplicas": JSON(ready), "availableReplicas": JSON(ready), "desiredNumberScheduled": JSON(made),
            "numberReady": JSON(ready),
            "currentNumberScheduled": JSON(made), "numberAvailable": JSON(ready), "updatedNumberScheduled": JSON(made),
        ]
        if kind(index) == "Deployment" { status["conditions"] = .array(conditions) }
        objects[index]["status"] = status.merging(patch: objects[index]["status"] ?? [:])
    }

    /// Of Services that have none, by the pods that they select.
    private func endpointSlices() -> [JSON] {
        objects.compactMap { service in
            guard service["kind"]?.string == "Service", let selector = service[at: "spec", "selector"]?.stringMap, !selector.isEmpty,
                let name = service[at: "metadata", "name"], let namespace = service[at: "metadata", "namespace"],
                !objects.contains(where: { $0[at: "metadata", "labels", "kubernetes.io/service-name"] == name })
            else { return nil }
            let pods = objects.filter { pod in
                let labels = pod[at: "metadata", "labels"]?.stringMap ?? [:]
                return pod["kind"]?.string == "Pod" && pod[at: "metadata", "namespace"] == namespace
                    && selector.allSatisfy { labels[$0.key] == $0.value }
            }
            return [
                "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                "metadata": ["name": name, "namespace": namespace, "labels": ["kubernetes.io/service-name": name]],
                "endpoints": .array(pods.map { ["addresses": ["10.0.0.1"], "conditions": ["ready": .bool(isReady($0))]] }),
            ]
        }
    }
}
