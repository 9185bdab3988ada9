import Core
import Diagnosis
import Kubernetes

/// A node that was cordoned and not taken back: nothing new is scheduled there, whether or not anybody waits for it.
struct CordonRule: Rule {
    let name = "node-cordon"
    let categories = ["node-cordoned"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A node has been cordoned for more than an hour and not taken back.",
            sees: ["nodes"],
            evidence: ["spec.unschedulable", "the time of the taint node.kubernetes.io/unschedulable, or of the last write"],
            contradictedBy: ["a drain that began lately", "seven days: then it is meant (hygiene)"],
            next: ["kubectl uncordon NODE"],
            references: ["https://kubernetes.io/docs/concepts/architecture/nodes/#manual-node-administration"])
    }

    /// A node that is emptied, worked on and taken back is back by then.
    private static let patience: Duration = .seconds(3600)

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for node in scene.snapshot.nodes where node.spec.unschedulable {
            guard let since = Self.since(node), scene.now - since > Self.patience else { continue }
            let path = scene.path("Node", "", node.metadata.name)
            let pods = scene.snapshot.pods.count { $0.spec.nodeName == node.metadata.name }
            Deliberate.add(
                Hypothesis(
                    rule: name, category: "node-cordoned", resource: path, depth: .specific, severity: .low, complaint: "is cordoned",
                    fact: "nothing is scheduled there",
                    text: "node \(path.name) has been cordoned since \(since), and \(pods) pods run there",
                    since: since,
                    support: [
                        Support(.decisive, Evidence(.spec, source: path.resource, text: "spec.unschedulable is true", time: since))
                    ], next: ["kubectl uncordon \(path.name)"]), since: since, scene, &draft)
        }
    }

    private static func since(_ node: Node) -> Timestamp? {
        node.spec.taints.first { $0.key == "node.kubernetes.io/unschedulable" }?.timeAdded
            ?? node.metadata.fieldManagers.filter { $0.subresource == nil }.compactMap(\.time).max()
    }
}
