import Core
import Diagnosis
import Kubernetes

/// The runtime cannot start the command, or the shell cannot find it.
struct StartErrorRule: ContainerRule {
    let name = "start-error"
    let categories = ["command-not-found", "permission-denied", "exec-format-error"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The command does not exist in the image, may not be executed, or is made for another machine.",
            sees: ["pods", "logs"],
            evidence: ["StartError, exit code 126, 127 or 128 and the message of the runtime"],
            contradictedBy: ["an earlier run with this command and image"],
            next: ["compare command and args with what is in the image"],
            references: ["https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        var message = ""
        if case .waiting(let reason, let text) = container.form,
            reason == "RunContainerError" || reason == "StartError" || reason == "CreateContainerError"
        {
            message = text
        }
        if message.isEmpty, let end = container.end,
            end.reason == "StartError" || end.reason == "ContainerCannotRun" || end.exitCode == 128 || end.exitCode == 126
                || end.exitCode == 127
        {
            message = end.message ?? ""
        }
        let line = LogLine(message)
        // Profiles are files of the node, not of the image.
        if line.hasAny("seccomp", "apparmor", "selinux") { return nil }
        var support = [scene.statusEvidence(container, .decisive)]
        if let event = scene.eventEvidence(
            container.pods, .strong, where: { $0.reason == "Failed" && !message.isEmpty && $0.message.contains(message.prefix(80)) })
        {
            support.append(event)
        }
        let command = line.word(after: "exec: ") ?? container.spec.command.first ?? container.spec.args.first ?? "the command"
        if !container.spec.command.isEmpty {
            support.append(scene.spec(trouble.workload.path, .weak, "command \(container.spec.command.joined(separator: " "))"))
        }
        func found(_ category: String, _ fact: String, _ text: String, _ support: [Support]) -> Hypothesis {
            blame(
                trouble, container, category, .specific, complaint: "does not start", fact: fact, text: text, support: support,
                facts: ["command": .string(command)])
        }
        if line.has("exec format error") {
            return found(
                "exec-format-error", "\(command) is for another architecture",
                "\(command) in the image of container \(container.name) is built for another architecture or lacks an interpreter line",
                support)
        }
        if line.has("permission denied") {
            let file = LogReading.path(in: line) ?? command
            return found(
                "permission-denied", "\(file) is not executable",
                "container \(container.name) cannot run \(file): permission denied (the file is not executable for its user)", support)
        }
        if line.hasAny("no such file or directory", "executable file not found", "not found in $path") {
            return found(
                "command-not-found", "\(command) does not exist in the image",
                "the command \(command) does not exist in the image \(container.spec.image ?? "") of container \(container.name)", support)
        }
        // The shell's own codes: 127 not found, 126 not executable. The log says what.
        guard let end = container.end, message.isEmpty else { return nil }
        if end.exitCode == 127 || container.clues.last?.kind == .commandNotFound && end.exitCode != 0 {
            var support = [scene.statusEvidence(container, end.exitCode == 127 ? .strong : .supporting)]
            let clue = container.clue(.commandNotFound, .missingFile)
            if let clue { support.append(Support(.strong, container.log(clue))) }
            let what = clue?.subject ?? command
            return found(
                "command-not-found", "\(what) does not exist in the image",
                "the command \(what) does not exist in the image of container \(container.name)", support)
        }
        if end.exitCode == 126 {
            var support = [scene.statusEvidence(container, .strong)]
            if let clue = container.clue(.permissionDenied) { support.append(Support(.strong, container.log(clue))) }
            return found(
                "permission-denied", "\(command) is not executable",
                "container \(container.name) cannot run \(command): it is not executable", support)
        }
        if let clue = container.clue(.execFormat) {
            return found(
                "exec-format-error", "wrong architecture", "a program in container \(container.name) is built for another architecture",
                [scene.statusEvidence(container, .supporting), Support(.decisive, container.log(clue))])
        }
        return nil
    }
}
