import Core
import Diagnosis
import Kubernetes

/// The program itself fails. The most general answer: given when nothing names a reason outside the program.
struct CrashRule: ContainerRule {
    let name = "program-crash"
    let categories = ["app-crash", "init-container-failing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The program itself fails: nothing names a reason outside of it.",
            sees: ["pods", "logs"],
            evidence: ["the exit code; a stack trace or error in the log"],
            contradictedBy: ["any more specific rule that holds"],
            next: ["read the log that is quoted", "return to the revision before, where one worked"],
            references: ["https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/"])
    }

    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard case .ending = container.form, let end = container.end, end.exitCode != 0, end.reason != "OOMKilled",
            end.reason != "StartError"
        else { return nil }
        if trouble.workload.kind == "Job" || trouble.workload.kind == "CronJob" { return nil }
        // A container that was killed from outside did not fail by itself.
        let probe = scene.kill(of: container, by: "", .strong)
        let clue = container.clue(.panic) ?? container.clue(.failure, .missingFile, .diskFull, .addressInUse)
        // Where the log names a reason outside the program, a line that says "failed" is its echo and tells nothing more.
        let named = Self.reason(of: container, trouble, scene)
        // SIGILL, SIGABRT, SIGFPE, SIGBUS and SIGSEGV come from what a program itself does.
        let isOwnSignal = [132, 134, 135, 136, 139].contains(end.exitCode) && named == nil
        var support = [scene.statusEvidence(container, isOwnSignal ? .decisive : clue == nil || named != nil ? .supporting : .strong)]
        var against: [Support] = probe.map { [$0] } ?? []
        if let named {
            let text = "the log names a reason outside of the program: \(named.text.prefix(200))"
            against.append(Support(.strong, Evidence(.log, source: container.logName, text: text)))
        }
        if container.clue(.panic) == nil, let elsewhere = Self.runsElsewhere(container, trouble, scene) { against.append(elsewhere) }
        var missing: [String] = []
        var fact = "exit code \(end.exitCode)"
        if let clue {
            support.append(Support(named == nil ? .strong : .weak, container.log(clue)))
            fact = String(Self.stripped(clue.text).prefix(60))
        } else if let message = end.message, !message.isEmpty {
            support.append(Support(.strong, Evidence(.log, source: "termination message", text: String(message.suffix(300)))))
            fact = String(message.prefix(60))
        } else if isOwnSignal {
            fact = "signal \(end.exitCode - 128)"
        } else {
            if named == nil { missing.append(container.logMissing ?? "why it ends: its log names no error") }
            if let last = named?.text ?? container.lastLine {
                support.append(Support(.weak, Evidence(.log, source: container.logName, text: String(last.prefix(300)))))
            }
            if end.exitCode == 137 || end.exitCode == 143 {
                against.append(
                    Support(
                        .supporting,
                        Evidence(
                            .status, source: scene.podName(container.pods[0]),
                            text: "it was killed by signal \(end.exitCode - 128), which points outside the program")))
            }
        }
        let category = container.isInit ? "init-container-failing" : "app-crash"
        return blame(
            trouble, container, category, container.isInit ? .general : .surface,
            complaint: container.isInit ? "does not start" : "crashes", fact: fact,
            text: "\(container.isInit ? "init container" : "container") \(container.name) exits with code \(end.exitCode)"
                + (clue.map { ": \(Self.stripped($0.text).prefix(200))" } ?? ""),
            support: support, against: against, missing: missing, facts: ["exitCode": JSON(end.exitCode)],
            next: [
                "kubectl -n \(trouble.workload.namespace) logs \(scene.podName(container.pods[0]).lowercased()) -c \(container.name) --previous"
            ])
    }

    /// What the log says of things outside of the program. A port that is taken is one where a neighbour in the pod can have it.
    static func reason(of container: ContainerTrouble, _ trouble: Trouble, _ scene: Scene) -> LogClue? {
        let named = container.clue(
            .connectionRefused, .connectionTimedOut, .nameNotFound, .nameServiceDown, .missingSetting, .badConfiguration, .readOnly,
            .permissionDenied, .outOfMemory, .databaseFull, .databaseReadOnly, .loginRefused, .certificateExpired, .execFormat,
            .commandNotFound)
        if let named { return named }
        let denied = container.clue(.accessForbidden)
        if let denied, AccessDenial(denied.text)?.namespace == trouble.workload.namespace { return denied }
        return scene.snapshot.pods[container.pods[0]].spec.containers.count > 1 ? container.clue(.addressInUse) : nil
    }

    /// Of a DaemonSet most pods run, each on its node, with the same program and the same template: what differs is the node.
    private static func runsElsewhere(_ container: ContainerTrouble, _ trouble: Trouble, _ scene: Scene) -> Support? {
        func revision(_ p: Int) -> String? { scene.snapshot.pods[p].metadata.labels["controller-revision-hash"] }
        guard trouble.workload.kind == "DaemonSet", trouble.ready > container.pods.count,
            trouble.workload.pods.contains(where: { scene.health[$0].isReady && revision($0) == revision(container.pods[0]) })
        else { return nil }
        let node = scene.snapshot.pods[container.pods[0]].spec.nodeName ?? "its node"
        return Support(
            .strong,
            Evidence(
                .status, source: trouble.workload.path.resource,
                text: "\(trouble.ready) pods of it run on other nodes: what fails on \(node) may be the node's fault"))
    }

    /// The line without the time and level in front.
    static func stripped(_ line: String) -> String {
        if line.hasPrefix("{"), let json = try? JSON(parsing: line) {
            let message = json["msg"]?.string ?? json["message"]?.string ?? ""
            let error = json["error"]?.string ?? json["err"]?.string ?? ""
            if !message.isEmpty || !error.isEmpty { return [message, error].filter { !$0.isEmpty }.joined(separator: ": ") }
        }
        var rest = line[...]
        while let word = rest.split(separator: " ", maxSplits: 1).first {
            let isTime =
                word.contains(":") && word.allSatisfy { $0.isNumber || ":.-TZ+,[]".contains($0) }
                || (word.contains("/") || word.contains("-")) && word.allSatisfy { $0.isNumber || "/-T:.Z".contains($0) }
            let isLevel = ["INFO", "ERROR", "FATAL", "WARN", "CRITICAL", "[error]", "[fatal]", "error:", "ERROR:", "FATAL:"].contains(
                String(word))
            guard (isTime || isLevel), rest.count > word.count else { break }
            rest = rest.dropFirst(word.count).drop { $0 == " " }
        }
        return String(rest)
    }
}
