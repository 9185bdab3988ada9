import Core
import Diagnosis
import Kubernetes

/// The postStart hook fails, so the kubelet kills the container that it belongs to.
struct PostStartHookRule: ContainerRule {
    let name = "post-start-hook"
    let categories = ["poststart-hook-failing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The postStart hook fails, so the container is killed.",
            sees: ["pods", "events"],
            evidence: ["the event FailedPostStartHook, or the state PostStartHookError", "the hook in the template"],
            contradictedBy: ["the container fails without its hook"],
            next: ["run the hook's command by hand in the container"],
            references: ["https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard let hook = container.spec.lifecycle?.postStart else { return nil }
        let event = scene.eventEvidence(container.pods, .decisive) { $0.reason == "FailedPostStartHook" }
        var isSaid = event != nil
        if case .waiting("PostStartHookError", _) = container.form { isSaid = true }
        guard isSaid else { return nil }
        let what = Self.words(hook)
        var support = [
            scene.statusEvidence(container, event == nil ? .decisive : .strong),
            scene.spec(trouble.workload.path, .strong, "postStart hook of container \(container.name): \(what)"),
        ]
        if let event { support.append(event) }
        return blame(
            trouble, container, "poststart-hook-failing", .specific, complaint: "does not stay up",
            fact: "its postStart hook fails (\(what))",
            text: "the postStart hook of container \(container.name) (\(what)) fails, so the kubelet kills the container after each start",
            support: support,
            next: ["kubectl -n \(trouble.workload.namespace) describe pod \(scene.snapshot.pods[container.pods[0]].metadata.name)"])
    }

    private static func words(_ hook: LifecycleHandler) -> String {
        if let exec = hook.exec { return "command \(exec.command.joined(separator: " ").prefix(80))" }
        if let http = hook.httpGet { return "GET \(http.path ?? "/") on port \(http.port?.description ?? "?")" }
        return "of another kind"
    }
}
