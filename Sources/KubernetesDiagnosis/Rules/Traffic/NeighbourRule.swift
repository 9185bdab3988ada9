import Core
import Diagnosis

/// Another workload takes the CPU of the node.
struct NeighbourRule: Rule {
    let name = "noisy-neighbour"
    let categories = ["noisy-neighbour"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Another workload takes the CPU of the node.",
            sees: ["metrics", "nodes", "pods"],
            evidence: ["who uses most of the node's CPU, against before", "latency of those beside it"],
            contradictedBy: ["the node has CPU to spare"],
            next: ["give the neighbour a CPU limit, or nodes of its own"],
            references: [])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for facts in examination.traffic?.facts ?? [] {
            guard let neighbour = facts.neighbour else { continue }
            let path = scene.workloads[neighbour.workload].path
            let node = scene.path("Node", "", neighbour.node)
            draft.graph.add(facts.path, .runsOn, node)
            draft.graph.add(path, .runsOn, node)
            AutoscalerRule.follows(from: path, scene, &draft)
            let before = neighbour.cpu.before.map { ", \(TrafficWords.number($0)) before" } ?? ""
            draft.hypotheses.append(
                facts.hypothesis(
                    name, "noisy-neighbour", .external, complaint: "takes the CPU of \(neighbour.node)",
                    fact: "\(TrafficWords.number(neighbour.cpu.now)) of \(TrafficWords.number(neighbour.cores)) cores",
                    text:
                        "\(path.name) uses \(TrafficWords.number(neighbour.cpu.now)) of the \(TrafficWords.number(neighbour.cores)) cores of node \(neighbour.node)\(before), and \(facts.path.name) beside it suffers",
                    support: [
                        facts.felt(),
                        Support(
                            .strong,
                            TrafficWords.evidence(path, "CPU \(TrafficWords.number(neighbour.cpu.now)) cores on \(neighbour.node)\(before)")
                        ),
                        scene.spec(path, .weak, "it shares node \(neighbour.node) with \(facts.path.name)"),
                    ], at: path, next: ["give \(path.name) a CPU limit, or nodes of its own"]))
        }
    }
}
