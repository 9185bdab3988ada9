import Core
import Kubernetes

/// Making room for a pod by evicting pods of lower priority (the plugin DefaultPreemption).
struct Preemption {
    enum Outcome {
        case nominated(node: String, victims: [PodEntry])
        /// The part of the message that tells why not.
        case useless(String)
    }

    private struct Candidate {
        let node: String
        let victims: [PodEntry]
        let violations: Int
    }

    let request: SchedulingRequest
    let volumes: VolumeNeeds

    func run(_ rejected: [String: Rejection], _ world: World) -> Outcome {
        if !request.mayPreempt { return .useless(SchedulerTexts.notEligible(SchedulerTexts.neverPreempts)) }
        if let node = world.scheduling.nomination(of: request.entry.key),
            world.index.pods(onNode: node).contains(where: { $0.isDeleting && $0.priority < request.entry.priority })
        {
            return .useless(SchedulerTexts.notEligible(SchedulerTexts.victimsTerminate))
        }
        var reasons: [String: Int] = [:]
        var best: Candidate?
        var found = 0
        // In large clusters a tenth of the nodes is enough to choose from.
        let enough = max(100, world.nodes.all.count / 10)
        for node in world.nodes.all where found < enough {
            guard rejected[node.name]?.isResolvable == true else { reasons[SchedulerTexts.notHelpful, default: 0] += 1; continue }
            switch victims(on: node, world) {
            case .success(let candidate):
                found += 1
                if best.map({ isBetter(candidate, $0) }) ?? true { best = candidate }
            case .failure(let failure): for reason in failure.reasons { reasons[reason, default: 0] += 1 }
            }
        }
        if let best { return .nominated(node: best.node, victims: best.victims) }
        return .useless(SchedulerTexts.preemption(String(world.nodes.names.count), SchedulerTexts.histogram(reasons)))
    }

    private struct Futile: Error { let reasons: [String] }

    /// The fewest pods whose end lets the pod fit on a node.
    private func victims(on node: NodeEntry, _ world: World) -> Result<Candidate, Futile> {
        let lower = world.index.pods(onNode: node.name).filter { $0.priority < request.entry.priority && !$0.isFinished }
        if lower.isEmpty { return .failure(Futile(reasons: [SchedulerTexts.noVictims])) }
        var gone = Set(lower.map(\.key))
        var bare = node
        for pod in lower { bare.count(pod, sign: -1) }
        if let rejection = NodeFilter(request, volumes, world, without: gone).reject(bare) {
            return .failure(Futile(reasons: rejection.reasons))
        }
        // Spare as many as possible: those that a budget protects first, then the more important and the older ones.
        let violating = budgetViolations(lower, world)
        let order = lower.sorted {
            let (a, b) = (violating.contains($0.key), violating.contains($1.key))
            if a != b { return a }
            if $0.priority != $1.priority { return $0.priority > $1.priority }
            return $0.created == $1.created ? $0.key.name < $1.key.name : $0.created < $1.created
        }
        var victims: [PodEntry] = []
        for pod in order {
            bare.count(pod, sign: 1)
            gone.remove(pod.key)
            if NodeFilter(request, volumes, world, without: gone).reject(bare) != nil {
                bare.count(pod, sign: -1)
                gone.insert(pod.key)
                victims.append(pod)
            }
        }
        return .success(Candidate(node: node.name, victims: victims, violations: victims.count { violating.contains($0.key) }))
    }

    /// Pods whose eviction their disruption budget does not allow.
    private func budgetViolations(_ pods: [PodEntry], _ world: World) -> Set<ObjectKey> {
        guard world.store.count(.podDisruptionBudgets) > 0 else { return [] }
        var left: [String: Int] = [:]
        var result: Set<ObjectKey> = []
        for pod in pods {
            for budget in world.store.list(.podDisruptionBudgets, namespace: pod.key.namespace)
            where Selection(budget["spec"]?["selector"])?.matches(pod.labels) == true {
                let allowed = (left[budget.uid] ?? budget["status"]?["disruptionsAllowed"]?.int ?? 0) - 1
                left[budget.uid] = allowed
                if allowed < 0 { result.insert(pod.key) }
            }
        }
        return result
    }

    /// Fewer violated budgets, then less important victims, then fewer of them, then younger ones.
    private func isBetter(_ a: Candidate, _ b: Candidate) -> Bool {
        func rank(_ c: Candidate) -> [Int64] {
            let highest = c.victims.map(\.priority).max() ?? Int.min
            let since = c.victims.filter { $0.priority == highest }.map(\.created.nanoseconds).min() ?? 0
            let sum = c.victims.reduce(Int64(0)) { $0 + Int64($1.priority) + Int64(Int32.max) + 1 }
            return [Int64(c.violations), Int64(highest), sum, Int64(c.victims.count), -since]
        }
        return rank(a).lexicographicallyPrecedes(rank(b))
    }

    /// Evicts the victims and remembers for whom.
    static func carryOut(_ pod: JSON, _ node: String, _ victims: [PodEntry], _ world: inout World) {
        let name = pod["spec"]?["schedulerName"]?.string ?? "default-scheduler"
        for victim in victims {
            guard var object = world.store.get(victim.key) else { continue }
            PodConditions.set(
                [
                    "type": "DisruptionTarget", "status": "True", "reason": "PreemptionByScheduler",
                    "message": .string(SchedulerTexts.preempting(name)),
                ], on: &object, now: world.now)
            world.writeStatus(object, victim.key)
            world.recordScheduling(
                EventSubject(object), "Normal", "Preempted", SchedulerTexts.preempted(pod.uid, node), action: "Preempting")
            world.delete(victim.key)
        }
    }
}
