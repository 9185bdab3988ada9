import Core
import Diagnosis
import Kubernetes

/// The program ends because an environment variable is not set.
struct MissingSettingRule: ContainerRule {
    let name = "missing-setting"
    let categories = ["missing-env"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The program ends because an environment variable is not set.",
            sees: ["pods", "logs"],
            evidence: ["a line of the log that names the variable; a template without it"],
            contradictedBy: ["the variable is set in the template"],
            next: ["set the variable; a revision that had it is named"],
            references: ["https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard case .ending = container.form, let clue = container.clue(.missingSetting), let variable = clue.subject else { return nil }
        var support = [scene.statusEvidence(container, .supporting), Support(.decisive, container.log(clue))]
        var against: [Support] = []
        let entry = container.spec.env.first { $0.name == variable }
        if let entry {
            if let value = entry.value, !value.isEmpty {
                against.append(scene.spec(trouble.workload.path, .strong, "the template sets \(variable)"))
            } else if entry.valueFrom == nil {
                support.append(scene.spec(trouble.workload.path, .strong, "the template sets \(variable) to an empty value"))
            }
        } else if sources(container, trouble, scene).contains(variable) {
            against.append(scene.spec(trouble.workload.path, .supporting, "envFrom brings \(variable)"))
        } else {
            let from = container.spec.envFrom.isEmpty ? "and nothing else sets it" : "and no key of its envFrom has that name"
            support.append(
                scene.spec(trouble.workload.path, .strong, "the template of container \(container.name) does not set \(variable) \(from)"))
        }
        let near = NearMiss.of(variable, among: container.spec.env.map(\.name))
        return blame(
            trouble, container, "missing-env", .specific, complaint: "does not start", fact: "\(variable) is not set",
            text:
                "container \(container.name) exits with code \(container.end?.exitCode ?? 1) because the environment variable \(variable) is not set"
                + (near.map { "; \($0) is" } ?? ""),
            support: support, against: against, facts: ["variable": .string(variable)],
            next: [
                "set \(variable) for container \(container.name) of \(trouble.workload.path.resource), from a Secret if it is one, or undo what took it away"
            ])
    }

    /// Names that envFrom brings.
    private func sources(_ container: ContainerTrouble, _ trouble: Trouble, _ scene: Scene) -> Set<String> {
        var names: Set<String> = []
        for source in container.spec.envFrom {
            let prefix = source.prefix ?? ""
            if let map = source.configMapRef, let object = scene.configMap(trouble.workload.namespace, map.name) {
                names.formUnion(object.data.keys.map { prefix + $0 })
            }
            if let secret = source.secretRef,
                let object = scene.snapshot.secrets.first(where: {
                    $0.metadata.name == secret.name && $0.metadata.namespace == trouble.workload.namespace
                })
            {
                names.formUnion(object.keys.map { prefix + $0 })
            }
        }
        return names
    }
}
