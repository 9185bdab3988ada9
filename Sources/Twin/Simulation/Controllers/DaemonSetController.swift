import Core
import Kubernetes

/// Keeps one pod of a DaemonSet on each node that takes it; the scheduler binds them by node affinity, as in the real cluster.
enum DaemonSetController {
    static let component = "daemonset-controller"

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let set = world.store.get(key), !set.isBeingDeleted else { return }
        let template = set["spec"]?["template"] ?? [:]
        let hash = PodTemplateHash.of(template, collisions: 0)
        let pods = world.index.pods(ownedBy: set.uid)
        var byNode: [String: [PodEntry]] = [:]
        for pod in pods { byNode[target(pod, world), default: []].append(pod) }
        let eligible = world.nodes.all.filter { fits(template, $0) }
        let names = Set(eligible.map(\.name))
        for node in eligible {
            let own = (byNode[node.name] ?? []).filter { !$0.isDeleting }
            if let over = own.first(where: \.isFinished) {
                world.delete(over.key)
            } else if own.isEmpty {
                create(set, template, hash, node.name, &world)
            }
        }
        for (node, list) in byNode.sorted(by: { $0.key < $1.key }) where !names.contains(node) {
            for pod in list where !pod.isDeleting { remove(set, pod, &world) }
        }
        replaceOld(set, hash, eligible, byNode, &world)
        writeStatus(set, key, hash, eligible.count, pods.filter { names.contains(target($0, world)) }, &world)
    }

    /// The node that the pod is for: where it is, or what its affinity names.
    private static func target(_ pod: PodEntry, _ world: World) -> String {
        if !pod.node.isEmpty { return pod.node }
        let affinity = world.store.get(pod.key)?["spec"]?["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]
        return affinity?["nodeSelectorTerms"]?[0]?["matchFields"]?[0]?["values"]?[0]?.string ?? ""
    }

    private static func fits(_ template: JSON, _ node: NodeEntry) -> Bool {
        guard Selection(labels: template["spec"]?["nodeSelector"]?.stringMap ?? [:]).matches(node.labels) else { return false }
        let tolerations = (template["spec"]?["tolerations"]?.array ?? []).map(Toleration.init)
        return node.taints.allSatisfy { taint in
            taint.key.hasPrefix("node.kubernetes.io/") || !taint.isHard || tolerations.contains { $0.tolerates(taint) }
        }
    }

    /// One pod at a time gives way to one of the new template.
    private static func replaceOld(_ set: JSON, _ hash: String, _ nodes: [NodeEntry], _ byNode: [String: [PodEntry]], _ world: inout World)
    {
        guard set["spec"]?["updateStrategy"]?["type"]?.string != "OnDelete" else { return }
        let limit = max(
            1, RolloutBounds.resolve(set["spec"]?["updateStrategy"]?["rollingUpdate"]?["maxUnavailable"] ?? 1, of: nodes.count, up: true))
        let all = nodes.flatMap { byNode[$0.name] ?? [] }
        var unavailable = nodes.count - all.filter { $0.isReady && !$0.isDeleting }.count
        for pod in all where pod.labels["controller-revision-hash"] != hash && !pod.isDeleting {
            if pod.isReady {
                guard unavailable < limit else { continue }
                unavailable += 1
            }
            remove(set, pod, &world)
        }
    }

    private static func create(_ set: JSON, _ template: JSON, _ hash: String, _ node: String, _ world: inout World) {
        var pod = PodControl.pod(from: template, owner: set, labels: ["controller-revision-hash": hash, "pod-template-generation": "1"])
        pod[at: "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"] = [
            "nodeSelectorTerms": [["matchFields": [["key": "metadata.name", "operator": "In", "values": [.string(node)]]]]]
        ]
        let always = ["not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure", "unschedulable"].map { name -> JSON in
            [
                "key": .string("node.kubernetes.io/" + name), "operator": "Exists",
                "effect": name == "not-ready" || name == "unreachable" ? "NoExecute" : "NoSchedule",
            ]
        }
        pod[at: "spec", "tolerations"] = .array((template["spec"]?["tolerations"]?.array ?? []) + always)
        do {
            let created = try world.create(pod, type: .pods)
            world.record(
                EventSubject(set), "Normal", "SuccessfulCreate", ControllerTexts.createdPod(created.metadataName), component: component)
        } catch {
            world.record(EventSubject(set), "Warning", "FailedCreate", ControllerTexts.failedCreate(error.message), component: component)
        }
    }

    private static func remove(_ set: JSON, _ pod: PodEntry, _ world: inout World) {
        world.delete(pod.key)
        world.record(EventSubject(set), "Normal", "SuccessfulDelete", ControllerTexts.deletedPod(pod.key.name), component: component)
    }

    private static func writeStatus(_ set: JSON, _ key: ObjectKey, _ hash: String, _ desired: Int, _ pods: [PodEntry], _ world: inout World)
    {
        let live = pods.filter { !$0.isDeleting && !$0.isFinished }
        let ready = live.filter(\.isReady).count
        var status: JSON = [
            "currentNumberScheduled": JSON(live.count), "numberMisscheduled": 0, "desiredNumberScheduled": JSON(desired),
            "numberReady": JSON(ready), "observedGeneration": JSON(set.generation),
        ]
        status.setCount("updatedNumberScheduled", live.filter { $0.labels["controller-revision-hash"] == hash }.count)
        status.setCount("numberAvailable", ready)
        status.setCount("numberUnavailable", max(0, desired - ready))
        guard status != set["status"] else { return }
        var changed = set
        changed["status"] = status
        world.writeStatus(changed, key)
    }
}
