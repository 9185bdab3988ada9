import Core
import Diagnosis
import Kubernetes

/// The pod demands a user other than root and the image has root, or a user that cannot be checked.
struct RunAsNonRootRule: ContainerRule {
    let name = "run-as-non-root"
    let categories = ["run-as-non-root"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The pod demands a user other than root, and the image has root or a user that cannot be checked.",
            sees: ["pods"],
            evidence: ["CreateContainerConfigError naming runAsNonRoot"],
            contradictedBy: ["a numeric runAsUser in the specification"],
            next: ["set runAsUser to a number that the image can run as"],
            references: ["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard case .waiting(_, let message) = container.form,
            message.contains("runAsNonRoot") || message.contains("breaks non-root policy")
        else { return nil }
        let why =
            message.contains("non-numeric")
            ? "the image's user is a name, which cannot be checked"
            : message.contains("runAsUser") ? "runAsUser is 0" : "the image runs as root"
        var support = [scene.statusEvidence(container, .decisive)]
        if let event = scene.eventEvidence(container.pods, .strong, where: { $0.message.contains(message.prefix(60)) }) {
            support.append(event)
        }
        return blame(
            trouble, container, "run-as-non-root", .specific, complaint: "does not start", fact: "runAsNonRoot is set and \(why)",
            text: "container \(container.name) must not run as root (runAsNonRoot) and \(why)", support: support,
            next: ["set runAsUser to a number other than 0, or build the image with a numeric user"])
    }
}
