import Core
import Kubernetes

/// The scheduler: takes pods without a node, places them, says why it cannot.
enum SchedulingLoop {
    /// Pods that fit nowhere are tried again after this time even when nothing has changed.
    static let flushPeriod = Duration.seconds(300)

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let pod = world.store.get(key), let entry = world.index.pods[key] else { return world.scheduling.remove(key) }
        guard entry.node.isEmpty, entry.isActive, pod["spec"]?["schedulerName"]?.string ?? "default-scheduler" == "default-scheduler" else {
            return world.scheduling.remove(key)
        }
        if pod["spec"]?["schedulingGates"]?.array?.isEmpty == false {
            return refuse(pod, entry, reason: "SchedulingGated", message: KubeletTexts.gated(), &world)
        }
        if world.nodes.names.isEmpty { return fail(pod, entry, SchedulerTexts.noNodes(), &world) }
        let volumes: VolumeNeeds
        do { volumes = try VolumeNeeds(pod, key.namespace, world) } catch {
            return fail(pod, entry, unavailable(error.message, world) + " not found", &world)
        }
        if let known = world.scheduling.knownFailure(of: entry, version: world.nodes.version) { return fail(pod, entry, known, &world) }
        let request = SchedulingRequest(pod, entry)
        let (candidates, rejected) = look(request, volumes, &world)
        if let best = NodeScore(request, world).best(candidates) { return bind(pod, entry, candidates[best].name, volumes, &world) }
        var reasons: [String: Int] = [:]
        for rejection in rejected.values { for reason in rejection.reasons { reasons[reason, default: 0] += 1 } }
        let message = unavailable(SchedulerTexts.histogram(reasons), world)
        switch Preemption(request: request, volumes: volumes).run(rejected, world) {
        case .nominated(let node, let victims):
            Preemption.carryOut(pod, node, victims, &world)
            world.scheduling.nominate(entry, to: node)
            fail(pod, entry, message, nominated: node, &world)
        case .useless(let why):
            let whole = message + " " + SchedulerTexts.postFilter(why)
            world.scheduling.noteFailure(of: entry, whole, version: world.nodes.version)
            fail(pod, entry, whole, &world)
        }
    }

    private static func unavailable(_ reasons: String, _ world: World) -> String {
        SchedulerTexts.unavailable(String(world.nodes.names.count), reasons)
    }

    /// Nodes that fit, as many as are worth comparing; and what speaks against the others, if none does.
    private static func look(
        _ request: SchedulingRequest, _ volumes: VolumeNeeds, _ world: inout World
    ) -> (candidates: [NodeEntry], rejected: [String: Rejection]) {
        let filter = NodeFilter(request, volumes, world)
        let total = world.nodes.all.count
        let enough = enough(of: total)
        var candidates: [NodeEntry] = []
        var rejected: [String: Rejection] = [:]
        var looked = 0
        while looked < total, candidates.count < enough {
            var node = world.nodes.all[(world.scheduling.nextNode + looked) % total]
            looked += 1
            for other in world.scheduling.nominees(on: node.name, before: request.entry) { node.count(other, sign: 1) }
            if let rejection = filter.reject(node) { rejected[node.name] = rejection } else { candidates.append(node) }
        }
        world.scheduling.nextNode = (world.scheduling.nextNode + looked) % total
        return (candidates, rejected)
    }

    /// In large clusters a part of the nodes is enough (`percentageOfNodesToScore` where it is not set).
    private static func enough(of total: Int) -> Int {
        guard total > 100 else { return total }
        return max(100, total * max(5, 50 - total / 125) / 100)
    }

    private static func bind(_ pod: JSON, _ entry: PodEntry, _ node: String, _ volumes: VolumeNeeds, _ world: inout World) {
        let key = entry.key
        for claim in volumes.waiting where !VolumeBinding.bind(claim, for: node, &world) {
            // The claim's own events say what is missing.
            return world.scheduling.park(key, now: world.now)
        }
        world.scheduling.remove(key)
        var bound = pod
        bound[at: "spec", "nodeName"] = .string(node)
        PodConditions.set(["type": "PodScheduled", "status": "True"], on: &bound, now: world.now)
        bound["status"]?["nominatedNodeName"] = nil
        guard (try? world.store.update(bound, key: key, subresource: .binding, now: world.now)) != nil else { return }
        world.recordScheduling(
            EventSubject(pod), "Normal", "Scheduled", SchedulerTexts.assigned(key.namespace, key.name, node), action: "Binding")
    }

    private static func fail(_ pod: JSON, _ entry: PodEntry, _ message: String, nominated: String? = nil, _ world: inout World) {
        world.recordScheduling(EventSubject(pod), "Warning", "FailedScheduling", message, action: "Scheduling")
        refuse(pod, entry, reason: "Unschedulable", message: message, nominated: nominated, &world)
    }

    private static func refuse(
        _ pod: JSON, _ entry: PodEntry, reason: String, message: String, nominated: String? = nil, _ world: inout World
    ) {
        world.scheduling.park(entry.key, now: world.now)
        let old = pod.condition("PodScheduled")
        guard old?["reason"]?.string != reason || old?["message"]?.string != message || nominated != nil else { return }
        var changed = pod
        var condition: JSON = ["type": "PodScheduled", "status": "False", "reason": .string(reason), "message": .string(message)]
        // The API server itself writes the condition of a gated pod, without a generation.
        if reason == "SchedulingGated" { condition["observedGeneration"] = .some(.null) }
        PodConditions.set(condition, on: &changed, now: world.now)
        if let nominated { changed[at: "status", "nominatedNodeName"] = .string(nominated) }
        if changed["status"]?["phase"] == nil { changed[at: "status", "phase"] = "Pending" }
        world.writeStatus(changed, entry.key)
    }
}
