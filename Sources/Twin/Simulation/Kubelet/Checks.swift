import Core
import Kubernetes

/// Whether the runtime can start what a container asks for.
enum Executable {
    /// The runtime's words when it cannot; nil: it can.
    static func problem(_ container: ContainerWorker, _ mounted: Volumes.Mounted) -> String? {
        let command = container.spec["command"]?.array?.first?.string
        let program = command ?? container.spec["args"]?.array?.first?.string ?? "/entrypoint"
        switch container.behaviour.startError {
        case .notFound?: return missing(program)
        case .permissionDenied?: return KubeletTexts.commandPermission(program)
        case .format?, nil: break
        }
        guard let command else { return nil }
        if let mode = mounted.modes[command] { return mode & 0o111 == 0 ? KubeletTexts.commandPermission(command) : nil }
        if let known = container.behaviour.commands, !known.contains(command) { return missing(command) }
        return nil
    }

    private static func missing(_ program: String) -> String {
        program.contains("/") ? KubeletTexts.commandNotFound(program, program) : KubeletTexts.commandNotInPath(program)
    }
}

/// runAsNonRoot against the user of the image (kubelet/kuberuntime/security_context.go).
enum UserCheck {
    static func verify(_ worker: PodWorker, _ i: Int) throws(Environment.Missing) {
        let container = worker.containers[i]
        let own = container.spec["securityContext"]
        let shared = worker.spec["securityContext"]
        guard (own?["runAsNonRoot"] ?? shared?["runAsNonRoot"])?.bool == true else { return }
        let texts = (worker.key.name, worker.key.namespace, worker.uid, container.name)
        if let user = (own?["runAsUser"] ?? shared?["runAsUser"])?.int {
            if user == 0 {
                throw Environment.Missing(
                    message: "container's runAsUser breaks non-root policy (pod: \"\(worker.longName)\", container: \(container.name))")
            }
            return
        }
        // An image of which nothing is known is taken to run as a user of its own.
        guard let user = container.behaviour.user else { return }
        if user == "0" || user == "root" { throw Environment.Missing(message: KubeletTexts.runAsRoot(texts.0, texts.1, texts.2, texts.3)) }
        if Int(user) == nil { throw Environment.Missing(message: KubeletTexts.runAsNamed(user, texts.0, texts.1, texts.2, texts.3)) }
    }
}
