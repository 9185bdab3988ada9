import Core
import Kubernetes

/// Keeps the status of PodDisruptionBudgets (k8s.io/kubernetes/pkg/controller/disruption).
enum DisruptionController {
    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let budget = world.store.get(key), let selection = Selection(budget["spec"]?["selector"]) else { return }
        let pods = world.index.pods(inNamespace: key.namespace).filter { !$0.isFinished && selection.matches($0.labels) }
        if pods.isEmpty {
            world.record(
                EventSubject(budget), "Normal", "NoPods", ControllerTexts.noMatchingPods(), component: "controllermanager")
        }
        let expected = expectedCount(pods, world)
        let desired: Int
        if let least = budget["spec"]?["minAvailable"] {
            desired = RolloutBounds.resolve(least, of: expected, up: true)
        } else {
            desired = max(0, expected - RolloutBounds.resolve(budget["spec"]?["maxUnavailable"] ?? 0, of: expected, up: true))
        }
        let healthy = pods.filter { $0.isReady && !$0.isDeleting }.count
        let allowed = expected == 0 ? 0 : max(0, healthy - desired)
        let old = budget.condition("DisruptionAllowed")
        let status = allowed > 0 ? "True" : "False"
        var changed = budget
        var result = budget["status"] ?? [:]
        result["observedGeneration"] = JSON(budget.generation)
        result["disruptionsAllowed"] = JSON(allowed)
        result["currentHealthy"] = JSON(healthy)
        result["desiredHealthy"] = JSON(desired)
        result["expectedPods"] = JSON(expected)
        result["conditions"] = [
            [
                "type": "DisruptionAllowed", "status": .string(status), "observedGeneration": JSON(budget.generation),
                "lastTransitionTime": old?["status"]?.string == status ? old?["lastTransitionTime"] ?? world.now.json : world.now.json,
                "reason": allowed > 0 ? "SufficientPods" : "InsufficientPods", "message": "",
            ]
        ]
        changed["status"] = result
        world.writeStatus(changed, key)
    }

    /// The sum of what the controllers of the pods want; pods without one count themselves.
    private static func expectedCount(_ pods: [PodEntry], _ world: World) -> Int {
        var owners: Set<String> = []
        var count = 0
        for pod in pods {
            guard let owner = pod.owner, let key = world.index.uids[owner], let object = world.store.get(key) else { count += 1; continue }
            if owners.insert(owner).inserted { count += object["spec"]?["replicas"]?.int ?? 1 }
        }
        return count
    }

    /// Asks for a pass over the budgets that select a pod.
    static func note(_ pod: PodEntry, _ world: inout World) {
        guard world.store.count(.podDisruptionBudgets) > 0 else { return }
        for budget in world.store.list(.podDisruptionBudgets, namespace: pod.key.namespace) {
            if Selection(budget["spec"]?["selector"])?.matches(pod.labels) == true {
                world.enqueue(.disruption, ObjectKey(type: .podDisruptionBudgets, namespace: pod.key.namespace, name: budget.metadataName))
            }
        }
    }
}
