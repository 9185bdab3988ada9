import Core
import Kubernetes

/// Pods that fitted nowhere, until something changes that may let them.
struct SchedulingQueue: Sendable {
    private(set) var unschedulable: Set<ObjectKey> = []
    /// How many pods with required anti-affinity there are; none spares the look at all pods.
    var guarded = 0

    mutating func park(_ key: ObjectKey) { unschedulable.insert(key) }
    mutating func remove(_ key: ObjectKey) { unschedulable.remove(key) }

    /// All of them, in order, for another try.
    mutating func release() -> [ObjectKey] {
        defer { unschedulable = [] }
        return unschedulable.sorted()
    }
}

/// The scheduler's loop: takes pods without a node, places them, says why it cannot.
enum SchedulingLoop {
    /// Pods that fit nowhere are tried again after this time even when nothing has changed.
    static let flushPeriod = Duration.seconds(300)

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let pod = world.store.get(key), let entry = world.index.pods[key] else { return world.scheduling.remove(key) }
        guard entry.node.isEmpty, entry.isActive, pod["spec"]?["schedulerName"]?.string ?? "default-scheduler" == "default-scheduler" else {
            return world.scheduling.remove(key)
        }
        if pod["spec"]?["schedulingGates"]?.array?.isEmpty == false {
            return refuse(pod, key, reason: "SchedulingGated", message: KubeletTexts.gated(), &world)
        }
        if let message = claims(pod, key, &world) {
            let text = "0/\(world.nodes.names.count) nodes are available: \(message). not found"
            return fail(pod, key, text, &world)
        }
        var siblings: [String: Int] = [:]
        if let owner = entry.owner { for other in world.index.pods(ownedBy: owner) { siblings[other.node, default: 0] += 1 } }
        let index = world.index
        let scheduler = Scheduler(
            pod: pod, entry: entry, nodes: world.nodes.all, others: { index.pods.values.filter { !$0.node.isEmpty } },
            existingAntiAffinity: world.scheduling.guarded > 0 ? guardian(entry, world) : nil, siblings: siblings)
        switch scheduler.place() {
        case .node(let node): bind(pod, key, node, &world)
        case .unschedulable(let message): fail(pod, key, message, &world)
        }
    }

    /// Whether pods that are there keep this one from a node by their own required anti-affinity.
    private static func guardian(_ entry: PodEntry, _ world: World) -> (NodeEntry) -> Bool {
        var domains: [(key: String, value: String)] = []
        for other in world.index.pods.values
        where other.hasAntiAffinity && !other.node.isEmpty && !other.isFinished && other.owner != entry.owner {
            let pod = world.store.get(other.key)
            let terms = pod?["spec"]?["affinity"]?["podAntiAffinity"]?["requiredDuringSchedulingIgnoredDuringExecution"]?.array ?? []
            for term in terms {
                let namespaces = term["namespaces"]?.array?.compactMap(\.string) ?? [other.key.namespace]
                guard namespaces.contains(entry.key.namespace), let selection = Selection(term["labelSelector"]),
                    selection.matches(entry.labels), let key = term["topologyKey"]?.string,
                    let value = world.nodes.nodes[other.node]?.labels[key]
                else { continue }
                domains.append((key, value))
            }
        }
        return { node in domains.contains { node.labels[$0.key] == $0.value } }
    }

    /// What is missing of the claims that the pod mounts; nil: nothing.
    private static func claims(_ pod: JSON, _ key: ObjectKey, _ world: inout World) -> String? {
        for volume in pod["spec"]?["volumes"]?.array ?? [] {
            guard let name = volume["persistentVolumeClaim"]?["claimName"]?.string else { continue }
            let claimKey = ObjectKey(type: .persistentVolumeClaims, namespace: key.namespace, name: name)
            guard let claim = world.store.get(claimKey) else { return SchedulerTexts.claimNotFound(name) }
            if claim["status"]?["phase"]?.string != "Bound", !waitsForConsumer(claim, world) { return SchedulerTexts.unboundClaims }
        }
        return nil
    }

    private static func waitsForConsumer(_ claim: JSON, _ world: World) -> Bool {
        guard let name = claim["spec"]?["storageClassName"]?.string,
            let storage = world.store.get(ObjectKey(type: .storageClasses, namespace: "", name: name))
        else { return false }
        return storage["volumeBindingMode"]?.string == "WaitForFirstConsumer"
    }

    private static func bind(_ pod: JSON, _ key: ObjectKey, _ node: String, _ world: inout World) {
        world.scheduling.remove(key)
        var bound = pod
        bound[at: "spec", "nodeName"] = .string(node)
        let others = (pod["status"]?["conditions"]?.array ?? []).filter { $0["type"]?.string != "PodScheduled" }
        bound[at: "status", "conditions"] = .array(
            others + [
                [
                    "type": "PodScheduled", "observedGeneration": JSON(pod.generation), "status": "True", "lastProbeTime": nil,
                    "lastTransitionTime": world.now.json,
                ]
            ])
        guard (try? world.store.update(bound, key: key, subresource: .binding, now: world.now)) != nil else { return }
        world.recordScheduling(
            EventSubject(pod), "Normal", "Scheduled", SchedulerTexts.assigned(key.namespace, key.name, node), action: "Binding")
    }

    private static func fail(_ pod: JSON, _ key: ObjectKey, _ message: String, _ world: inout World) {
        world.recordScheduling(EventSubject(pod), "Warning", "FailedScheduling", message, action: "Scheduling")
        refuse(pod, key, reason: "Unschedulable", message: message, &world)
    }

    private static func refuse(_ pod: JSON, _ key: ObjectKey, reason: String, message: String, _ world: inout World) {
        world.scheduling.park(key)
        let old = pod.condition("PodScheduled")
        guard old?["reason"]?.string != reason || old?["message"]?.string != message else { return }
        var changed = pod
        var condition: JSON = ["type": "PodScheduled"]
        if reason == "Unschedulable" { condition["observedGeneration"] = JSON(pod.generation) }
        condition["status"] = "False"
        condition["lastProbeTime"] = .null
        condition["lastTransitionTime"] = old?["status"]?.string == "False" ? old?["lastTransitionTime"] ?? world.now.json : world.now.json
        condition["reason"] = .string(reason)
        condition["message"] = .string(message)
        let others = (pod["status"]?["conditions"]?.array ?? []).filter { $0["type"]?.string != "PodScheduled" }
        changed[at: "status", "conditions"] = .array(others + [condition])
        if changed["status"]?["phase"] == nil { changed[at: "status", "phase"] = "Pending" }
        world.writeStatus(changed, key)
    }
}
