import Core
import Diagnosis
import Kubernetes

/// A disruption budget that lets no pod be evicted although all are healthy: drains will hang.
struct BudgetRule: Rule {
    let name = "disruption-budget"
    let categories = ["pdb-blocking"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A disruption budget lets no pod be evicted although all are healthy, so drains hang.",
            sees: ["poddisruptionbudgets"],
            evidence: ["disruptionsAllowed 0 with all pods healthy; what the budget demands"],
            contradictedBy: ["pods that are not healthy: the budget does its work"],
            next: ["demand less, or run more pods"],
            references: ["https://kubernetes.io/docs/tasks/run-application/configure-pdb/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for budget in scene.snapshot.disruptionBudgets {
            let status = budget.status
            guard status.disruptionsAllowed == 0, status.expectedPods > 0, status.currentHealthy >= status.expectedPods,
                status.desiredHealthy >= status.expectedPods,
                status.observedGeneration >= budget.metadata.generation
            else { continue }
            let path = scene.path("PodDisruptionBudget", budget.metadata.namespace, budget.metadata.name)
            let rule =
                budget.spec.minAvailable.map { "minAvailable \($0)" } ?? budget.spec.maxUnavailable.map { "maxUnavailable \($0)" } ?? ""
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "pdb-blocking", resource: path, depth: .specific, severity: .low, complaint: "allows no eviction",
                    fact: "\(rule) of \(status.expectedPods) pods",
                    text:
                        "PodDisruptionBudget \(path.name) allows no disruption (\(rule) of \(status.expectedPods) healthy pods), so every drain and eviction is refused",
                    since: status.conditions.first { $0.type == "DisruptionAllowed" }?.lastTransitionTime
                        ?? budget.metadata.creationTimestamp,
                    support: [
                        Support(
                            .strong,
                            Evidence(
                                .status, source: path.resource,
                                text:
                                    "disruptionsAllowed 0, \(status.currentHealthy) healthy of \(status.expectedPods), \(status.desiredHealthy) demanded"
                            )),
                        scene.spec(path, .strong, rule),
                    ]))
        }
    }
}
