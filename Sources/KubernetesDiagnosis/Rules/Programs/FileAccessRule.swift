import Core
import Diagnosis
import Kubernetes

/// The program writes where it may not: a read-only file system, or a path that its user may not touch.
struct FileAccessRule: ContainerRule {
    let name = "file-access"
    let categories = ["read-only-filesystem", "permission-denied"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The program writes where it may not: the file system is read-only, or the path belongs to somebody else.",
            sees: ["pods", "logs"],
            evidence: ["a line of the log that says so and names the path; readOnlyRootFilesystem or a readOnly mount"],
            contradictedBy: ["a writable volume at that path"],
            next: ["mount a writable volume there, or set fsGroup"],
            references: ["https://kubernetes.io/docs/tasks/configure-pod-container/security-context/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard case .ending = container.form, let end = container.end, end.exitCode != 0,
            let clue = container.clue(.readOnly, .permissionDenied)
        else { return nil }
        var support = [scene.statusEvidence(container, .supporting)]
        let path = clue.subject
        let place = path ?? "a file"
        if clue.kind == .readOnly {
            support.append(Support(.decisive, container.log(clue)))
            if container.spec.securityContext?.readOnlyRootFilesystem == true {
                support.append(scene.spec(trouble.workload.path, .strong, "readOnlyRootFilesystem is true for container \(container.name)"))
            } else if let path, let mount = container.spec.volumeMounts.first(where: { $0.readOnly && path.hasPrefix($0.mountPath) }) {
                support.append(scene.spec(trouble.workload.path, .strong, "the volume at \(mount.mountPath) is mounted read-only"))
            }
            return blame(
                trouble, container, "read-only-filesystem", .specific, complaint: "does not start",
                fact: "\(place) is on a read-only file system",
                text: "container \(container.name) exits with code \(end.exitCode) because it writes to \(place), which is read-only",
                support: support,
                next: ["mount an emptyDir where it writes, or let it write elsewhere"])
        }
        support.append(Support(.strong, container.log(clue)))
        if let user = container.spec.securityContext?.runAsUser ?? scene.snapshot.pods[container.pods[0]].spec.securityContext?.runAsUser {
            support.append(scene.spec(trouble.workload.path, .supporting, "it runs as user \(user)"))
        }
        return blame(
            trouble, container, "permission-denied", .specific, complaint: "does not start", fact: "no permission for \(place)",
            text: "container \(container.name) exits with code \(end.exitCode) because it may not use \(place): permission denied",
            support: support)
    }
}
