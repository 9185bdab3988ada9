package import Core
package import Kubernetes
package import Remediation

/// How much a plan touches, and what else is going on: pods, disruption budgets, other operations, pause, cooldown and circuit breaker.
package struct BlastRadiusGate: GateCheck {
    private let reader: WorkloadReader

    package init(read: KubernetesClient) { reader = WorkloadReader(read) }

    package var gate: GateResult.Gate { .blastRadius }
    package var isCheckedAgain: Bool { true }

    package func check(_ plan: Plan, in context: GateContext) async -> GateResult {
        if context.isPaused { return GateResult(.blastRadius, .fail, "Martlet is paused") }
        let targets = Array(Set(plan.steps.map(\.target))).sorted()
        if let other = context.running.first(where: { $0.plan.cluster == plan.cluster && !Set($0.targets).isDisjoint(with: targets) }) {
            return GateResult(.blastRadius, .fail, "another operation is running on it: \(other.plan.title)", details: [other.plan.id])
        }
        var pods = 0
        var budgets: [String] = []
        do {
            for target in targets {
                guard let seen = try await reader.read(target) else {
                    return GateResult(.blastRadius, .fail, "\(target.shortDescription) is gone")
                }
                pods += BlastRadiusGate.pods(plan.steps.filter { $0.target == target }, seen)
                budgets += try await self.budgets(of: seen)
            }
        } catch let error as APIError {
            return GateResult(.blastRadius, .inconclusive, "what it touches could not be read: \(error.martletError(now: nil).message)")
        } catch {
            return GateResult(.blastRadius, .inconclusive, "what it touches could not be read: \(error)")
        }
        let what = "\(targets.count) \(targets.count == 1 ? "workload" : "workloads"), \(pods) \(pods == 1 ? "pod" : "pods")"
        if pods > context.policy.maximumPods {
            return GateResult(
                .blastRadius, .fail, "\(what): more than the \(context.policy.maximumPods) that \(context.policy.environment) allows")
        }
        let others = context.running.count { $0.plan.cluster == plan.cluster }
        let operations =
            others == 0 ? "no other operation running" : "\(others) other \(others == 1 ? "operation" : "operations") running elsewhere"
        let text = ([what, operations] + (budgets.isEmpty ? ["no disruption budget"] : budgets)).joined(separator: ", ")
        if !context.holds.isEmpty {
            return GateResult(.blastRadius, .inconclusive, "\(text); but \(context.holds[0])", details: context.holds.map(\.description))
        }
        return GateResult(.blastRadius, .pass, text)
    }

    /// Pods that are replaced, started or stopped.
    private static func pods(_ steps: [Plan.Step], _ seen: ObservedTarget) -> Int {
        let now = seen.object[at: "spec", "replicas"]?.int ?? seen.object[at: "status", "desiredNumberScheduled"]?.int ?? 1
        var touched = 0
        for step in steps {
            switch step.type {
            case "pause-rollout": continue
            case "scale": touched = max(touched, abs((step.parameters["replicas"]?.int ?? now) - now))
            default: touched = max(touched, now)
            }
        }
        return touched
    }

    private func budgets(of seen: ObservedTarget) async throws -> [String] {
        let labels = seen.object[at: "spec", "template", "metadata", "labels"]?.stringMap ?? [:]
        let budgets = try await reader.client.list(PodDisruptionBudget.self, in: ListScope(namespace: seen.path.namespace)).items
        return budgets.filter { budget in budget.spec.selector.map { $0.matches(labels) } ?? false }.map { budget in
            "budget \(budget.metadata.name) allows \(budget.status.disruptionsAllowed) "
                + (budget.status.disruptionsAllowed == 1 ? "disruption" : "disruptions")
        }
    }
}
