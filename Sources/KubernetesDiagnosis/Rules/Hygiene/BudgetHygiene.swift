import Core
import Diagnosis
import Kubernetes

/// A disruption budget that allows no eviction for another reason than its own arithmetic.
struct BudgetHygiene: HygieneRule {
    let name = "disruption-not-allowed"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A disruption budget allows no eviction while pods are not ready, or selects nothing.",
            sees: ["poddisruptionbudgets"],
            evidence: ["the condition DisruptionAllowed"],
            contradictedBy: ["an incident about the same budget"],
            next: ["see why the pods are not ready"],
            references: ["https://kubernetes.io/docs/tasks/run-application/configure-pdb/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        return scene.snapshot.disruptionBudgets.compactMap { budget in
            let path = scene.path("PodDisruptionBudget", budget.metadata.namespace, budget.metadata.name)
            guard let condition = budget.status.conditions.first(where: { $0.type == "DisruptionAllowed" && $0.status == "False" }),
                !said.speaks(of: path)
            else { return nil }
            let (healthy, wanted) = (budget.status.currentHealthy, budget.status.desiredHealthy)
            return finding(
                path,
                "PodDisruptionBudget \(path.name) allows no disruption"
                    + (wanted > 0 ? ": \(healthy) pods are healthy, \(wanted) are demanded" : condition.reason.map { ": \($0)" } ?? ""),
                since: condition.lastTransitionTime, now: scene.now)
        }
    }
}
