import Core
import Diagnosis
import Kubernetes

/// Errors in the log of a workload of which nothing else is known to be wrong: one finding a container and log.
struct LogHygiene: HygieneRule {
    let name = "log-errors"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The log of a workload tells of an error, and nothing else is known to be wrong with it.",
            sees: ["logs"],
            evidence: ["the last line that tells of one"],
            contradictedBy: ["an incident about the workload"],
            next: ["read the log"],
            references: ["https://kubernetes.io/docs/concepts/cluster-administration/logging/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        var seen: Set<String> = []
        return scene.snapshot.logs.keys.sorted().compactMap { key in
            guard case .text(let bytes)? = scene.snapshot.logs[key], let p = scene.podIndex(namespace: key.namespace, name: key.pod) else {
                return nil
            }
            let path = scene.workload(ofPod: p).path
            guard !said.speaks(of: path), let clue = LogReading.clues(in: bytes).last,
                seen.insert("\(path)/\(key.container)/\(key.previous)").inserted
            else { return nil }
            return finding(
                path.container(key.container), key: key.previous ? "previous" : nil,
                "\(key.previous ? "the previous log" : "the log") of container \(key.container) tells of an error: \(clue.text.prefix(200))",
                now: scene.now)
        }
    }
}
