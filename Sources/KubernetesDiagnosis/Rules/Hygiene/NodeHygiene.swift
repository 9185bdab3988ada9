import Core
import Diagnosis
import Kubernetes

/// A node that reports, and of which something else is not known or not well: one finding a node.
struct NodeHygiene: HygieneRule {
    let name = "node-condition-unclear"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A node reports, and a condition of it is unknown or not well.",
            sees: ["nodes"],
            evidence: ["its conditions, all in one finding"],
            contradictedBy: ["an incident about the same node"],
            next: ["kubectl describe node NAME"],
            references: ["https://kubernetes.io/docs/concepts/architecture/nodes/"])
    }

    private static let bad: Set<String> = ["MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable"]

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        return scene.snapshot.nodes.compactMap { node in
            let path = scene.path("Node", "", node.metadata.name)
            let wrong = node.status.conditions.filter { NodeHygiene.bad.contains($0.type) && $0.status != "False" && !$0.status.isEmpty }
            guard !wrong.isEmpty, !said.speaks(of: path) else { return nil }
            return finding(
                path, "node \(path.name): \(wrong.map { "\($0.type) is \($0.status)" }.joined(separator: ", "))",
                since: wrong.compactMap(\.lastTransitionTime).min(), now: scene.now)
        }
    }
}
