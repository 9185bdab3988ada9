import Core
import Kubernetes

/// Keeps one pod of a DaemonSet on each node that takes it; the scheduler binds them by node affinity, as in the real cluster.
enum DaemonSetController {
    static let component = "daemonset-controller"

    /// One pass over one DaemonSet.
    private struct Pass {
        let set: JSON
        let key: ObjectKey
        let revisions: ControllerRevisions
        let hash: String
        let nodes: [NodeEntry]
        var byNode: [String: [PodEntry]] = [:]
        let minReady: Duration
        let surge: Int
        let unavailable: Int

        func isNew(_ pod: PodEntry) -> Bool { pod.labels["controller-revision-hash"] == hash }
        func isAvailable(_ pod: PodEntry, _ now: Timestamp) -> Bool {
            pod.isReady && !pod.isDeleting && pod.readySince + minReady <= now
        }
    }

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let set = world.store.get(key), !set.isBeingDeleted else { return }
        guard let pass = pass(set, key, &world) else { return world.enqueue(.daemonSet, key, after: .seconds(10)) }
        manage(pass, &world)
        if set["spec"]?["updateStrategy"]?["type"]?.string != "OnDelete" { roll(pass, &world) }
        writeStatus(pass, &world)
        let hashes = Set(pass.byNode.values.joined().compactMap { $0.labels["controller-revision-hash"] })
        pass.revisions.prune(
            limit: set["spec"]?["revisionHistoryLimit"]?.int ?? 10, inUse: Set(hashes.map { "\(key.name)-\($0)" }), &world)
    }

    private static func pass(_ set: JSON, _ key: ObjectKey, _ world: inout World) -> Pass? {
        guard let revisions = try? ControllerRevisions(of: set, hashLabel: "controller-revision-hash", &world) else { return nil }
        let template = set["spec"]?["template"] ?? [:]
        let nodes = world.nodes.all.filter { fits(template, $0) }
        let rolling = set["spec"]?["updateStrategy"]?["rollingUpdate"]
        let surge = RolloutBounds.resolve(rolling?["maxSurge"] ?? 0, of: nodes.count, up: true)
        var pass = Pass(
            set: set, key: key, revisions: revisions, hash: String(revisions.current.name.dropFirst(key.name.count + 1)), nodes: nodes,
            minReady: .seconds(set["spec"]?["minReadySeconds"]?.int ?? 0), surge: surge,
            unavailable: max(
                surge > 0 ? 0 : 1, RolloutBounds.resolve(rolling?["maxUnavailable"] ?? (surge > 0 ? 0 : 1), of: nodes.count, up: true)))
        for pod in world.index.pods(ownedBy: set.uid) { pass.byNode[target(pod, world), default: []].append(pod) }
        return pass
    }

    /// The node that the pod is for: where it is, or what its affinity names.
    private static func target(_ pod: PodEntry, _ world: World) -> String {
        if !pod.node.isEmpty { return pod.node }
        let affinity = world.store.get(pod.key)?["spec"]?["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]
        return affinity?["nodeSelectorTerms"]?[0]?["matchFields"]?[0]?["values"]?[0]?.string ?? ""
    }

    /// Taints that every daemon tolerates, whatever its template says.
    private static let tolerated = [
        "not-ready:NoExecute", "unreachable:NoExecute", "disk-pressure:NoSchedule", "memory-pressure:NoSchedule",
        "pid-pressure:NoSchedule", "unschedulable:NoSchedule",
    ].map { text -> JSON in
        let parts = text.split(separator: ":").map(String.init)
        return ["key": .string("node.kubernetes.io/" + parts[0]), "operator": "Exists", "effect": .string(parts[1])]
    }

    private static func tolerations(_ template: JSON) -> [JSON] {
        let own = template["spec"]?["tolerations"]?.array ?? []
        let network: JSON = ["key": "node.kubernetes.io/network-unavailable", "operator": "Exists", "effect": "NoSchedule"]
        let all = template["spec"]?["hostNetwork"]?.bool == true ? tolerated + [network] : tolerated
        return own + all.filter { !own.contains($0) }
    }

    private static func fits(_ template: JSON, _ node: NodeEntry) -> Bool {
        guard Selection(labels: template["spec"]?["nodeSelector"]?.stringMap ?? [:]).matches(node.labels) else { return false }
        let required = template["spec"]?["affinity"]?["nodeAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]
        if let terms = required?["nodeSelectorTerms"]?.array, !terms.contains(where: { NodeTerm($0).holds(node) }) { return false }
        let tolerations = tolerations(template).map(Toleration.init)
        return node.taints.allSatisfy { taint in !taint.isHard || tolerations.contains { $0.tolerates(taint) } }
    }

    /// Where a pod is missing one is made, where there is one too many it goes.
    private static func manage(_ pass: Pass, _ world: inout World) {
        for node in pass.nodes {
            let own = (pass.byNode[node.name] ?? []).filter { !$0.isDeleting }
            if let over = own.first(where: \.isFinished) {
                tell(pass, over, node.name, &world)
                remove(pass, over, &world)
            } else if own.isEmpty, pass.byNode[node.name]?.contains(where: \.isDeleting) != true {
                create(pass, node.name, &world)
            } else if own.count > 1 {
                // A new one that is available takes over; of two alike the older stays.
                let ordered = own.sorted { ($0.created, $0.key.name) < ($1.created, $1.key.name) }
                let hasSuccessor = own.contains { pass.isNew($0) && pass.isAvailable($0, world.now) }
                let surplus = hasSuccessor ? ordered.filter { !pass.isNew($0) } : Array(ordered.filter(pass.isNew).dropFirst())
                for pod in surplus { remove(pass, pod, &world) }
            }
        }
        let names = Set(pass.nodes.map(\.name))
        for (node, list) in pass.byNode.sorted(by: { $0.key < $1.key }) where !names.contains(node) {
            for pod in list where !pod.isDeleting { remove(pass, pod, &world) }
        }
    }

    private static func tell(_ pass: Pass, _ over: PodEntry, _ node: String, _ world: inout World) {
        let hasFailed = over.phase == "Failed"
        let text = hasFailed ? ControllerTexts.daemonFailed : ControllerTexts.daemonSucceeded
        world.record(
            EventSubject(pass.set), hasFailed ? "Warning" : "Normal", hasFailed ? "FailedDaemonPod" : "SucceededDaemonPod",
            text(over.key.namespace, over.key.name, node), component: component)
    }

    /// Pods give way to ones of the new template: first gone, then new, or with a surge the other way round.
    private static func roll(_ pass: Pass, _ world: inout World) {
        let all = pass.nodes.flatMap { pass.byNode[$0.name] ?? [] }
        var unavailable = pass.nodes.count { node in !(pass.byNode[node.name] ?? []).contains { pass.isAvailable($0, world.now) } }
        var surging = pass.nodes.count { (pass.byNode[$0.name] ?? []).count { !$0.isDeleting } > 1 }
        for pod in all where !pass.isNew(pod) && !pod.isDeleting && !pod.isFinished {
            let siblings = (pass.byNode[target(pod, world)] ?? []).filter { !$0.isDeleting }
            guard siblings.count == 1 else { continue }
            if !pass.isAvailable(pod, world.now) {
                remove(pass, pod, &world)
            } else if pass.surge > 0 {
                guard surging < pass.surge else { continue }
                surging += 1
                create(pass, target(pod, world), &world)
            } else if unavailable < pass.unavailable {
                unavailable += 1
                remove(pass, pod, &world)
            }
        }
    }

    private static func create(_ pass: Pass, _ node: String, _ world: inout World) {
        let set = pass.set
        let template = set["spec"]?["template"] ?? [:]
        var pod = PodControl.pod(
            from: template, owner: set,
            labels: ["controller-revision-hash": pass.hash, "pod-template-generation": String(set.generation)])
        // The pod is for this node only, whatever else its affinity asks.
        let name: JSON = ["key": "metadata.name", "operator": "In", "values": [.string(node)]]
        let path = "requiredDuringSchedulingIgnoredDuringExecution"
        let terms = pod["spec"]?["affinity"]?["nodeAffinity"]?[path]?["nodeSelectorTerms"]?.array ?? [[:]]
        pod[at: "spec", "affinity", "nodeAffinity", path] = [
            "nodeSelectorTerms": .array(
                terms.map { term in
                    var term = term
                    term["matchFields"] = [name]
                    return term
                })
        ]
        pod[at: "spec", "tolerations"] = .array(tolerations(template))
        do {
            let created = try world.create(pod, type: .pods)
            world.record(
                EventSubject(set), "Normal", "SuccessfulCreate", ControllerTexts.createdPod(created.metadataName), component: component)
        } catch {
            world.record(EventSubject(set), "Warning", "FailedCreate", ControllerTexts.failedCreate(error.message), component: component)
            world.enqueue(.daemonSet, pass.key, after: .seconds(10))
        }
    }

    private static func remove(_ pass: Pass, _ pod: PodEntry, _ world: inout World) {
        world.delete(pod.key)
        world.record(
            EventSubject(pass.set), "Normal", "SuccessfulDelete", ControllerTexts.deletedPod(pod.key.name), component: component)
    }

    private static func writeStatus(_ pass: Pass, _ world: inout World) {
        let names = Set(pass.nodes.map(\.name))
        // One pod a node counts: the oldest that is well.
        let pods = pass.nodes.compactMap { node in
            (pass.byNode[node.name] ?? []).filter { !$0.isDeleting && !$0.isFinished }.min {
                ($0.isReady ? 0 : 1, $0.created) < ($1.isReady ? 0 : 1, $1.created)
            }
        }
        let available = pods.filter { pass.isAvailable($0, world.now) }
        for pod in pods where pod.isReady && !pass.isAvailable(pod, world.now) {
            world.queue.put(.work(Work(controller: .daemonSet, key: pass.key)), at: pod.readySince + pass.minReady)
        }
        var status: JSON = [
            "currentNumberScheduled": JSON(pods.count), "numberMisscheduled": JSON(pass.byNode.keys.count { !names.contains($0) }),
            "desiredNumberScheduled": JSON(pass.nodes.count), "numberReady": JSON(pods.count(where: \.isReady)),
            "observedGeneration": JSON(pass.set.generation),
        ]
        status.setCount("updatedNumberScheduled", pods.count(where: pass.isNew))
        status.setCount("numberAvailable", available.count)
        status.setCount("numberUnavailable", max(0, pass.nodes.count - available.count))
        guard status != pass.set["status"] else { return }
        var changed = pass.set
        changed["status"] = status
        world.writeStatus(changed, pass.key)
    }
}
