import Core
import Diagnosis

/// Independent services are slow, and of each only the pods on one node: the node's network is.
struct NodeNetworkRule: Rule {
    let name: String
    let categories: [String]
    private let loses: Bool

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Independent services are slow, or lose requests, and of each only the pods on one node.",
            sees: ["metrics", "pods", "nodes"],
            evidence: ["time to answer of pods on that node and elsewhere, for two workloads or more"],
            contradictedBy: ["pods elsewhere are slow as well"],
            next: ["cordon the node and look at its network"],
            references: [])
    }

    static let delay = NodeNetworkRule(name: "node-network-delay", categories: ["node-network-delay"], loses: false)
    static let loss = NodeNetworkRule(name: "node-network-loss", categories: ["node-network-loss"], loses: true)

    func examine(_ examination: Examination, _ draft: inout Draft) {
        guard let traffic = examination.traffic else { return }
        let scene = examination.scene
        for skew in traffic.slowNodes where skew.loses == loses {
            let path = scene.path("Node", "", skew.node)
            let whollyThere = traffic.facts.filter { $0.onlyNode == skew.node && !skew.workloads.contains($0.workload) }.map(\.path)
            let workloads = skew.workloads.map { scene.workloads[$0].path } + whollyThere
            for workload in workloads { draft.graph.add(workload, .runsOn, path) }
            let names = workloads.map(\.name).prefix(3).joined(separator: ", ")
            var support = [
                Support(
                    .strong,
                    TrafficWords.evidence(
                        path,
                        "pods of \(names) on \(skew.node) answer in \(TrafficWords.seconds(skew.here)), elsewhere in \(TrafficWords.seconds(skew.elsewhere))"
                    )),
                Support(
                    .strong,
                    Evidence(
                        .metric, source: "requests/\(workloads[0].name)", text: "\(workloads.count) workloads are slow on this node only")),
            ]
            if loses {
                support.append(Support(.supporting, Evidence(.metric, source: "errors/\(skew.node)", text: "requests fail there, too")))
            }
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: categories[0], resource: path, depth: .external, severity: .high,
                    complaint: loses ? "loses packets" : "answers late", fact: "\(workloads.count) workloads are slow only there",
                    text:
                        "pods of \(names) on node \(skew.node) take \(TrafficWords.seconds(skew.here)) to answer\(loses ? " and fail requests" : ""), those on other nodes \(TrafficWords.seconds(skew.elsewhere))",
                    since: traffic.signals.window.now.lowerBound, support: support, explains: workloads,
                    next: ["kubectl cordon \(skew.node), and look at its network"]))
        }
    }
}
