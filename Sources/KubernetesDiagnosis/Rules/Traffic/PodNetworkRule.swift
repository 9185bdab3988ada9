import Core
import Diagnosis

/// One service is slow, or loses requests, and neither its code nor its load nor its CPU tells why.
struct PodNetworkRule: Rule {
    let name: String
    let categories: [String]
    private let loses: Bool

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "One service is slow, or loses requests, and neither its code nor its load nor its CPU tells why.",
            sees: ["metrics", "replicasets", "configmaps"],
            evidence: [
                "latency or failed requests against before",
                "that nothing was released, configured or asked of it, and whom it calls is well",
            ],
            contradictedBy: ["any of those"],
            next: ["look at the network between its pods and their callers"],
            references: [])
    }

    static let delay = PodNetworkRule(name: "pod-network-delay", categories: ["pod-network-delay"], loses: false)
    static let loss = PodNetworkRule(name: "pod-network-loss", categories: ["pod-network-loss"], loses: true)

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let slowNodes = Set(examination.traffic?.slowNodes.map(\.node) ?? [])
        for facts in examination.traffic?.facts ?? []
        where !(facts.onlyNode.map(slowNodes.contains) ?? false) && facts.isUnexplained && facts.outside.isEmpty && !facts.complains
            && facts.signals.isSlow && facts.signals.isFailing == loses
        {
            let cpu = facts.signals.cpu
            draft.hypotheses.append(
                facts.hypothesis(
                    name, categories[0], .general, complaint: loses ? "loses requests" : "answers late",
                    fact: TrafficWords.effect(facts.signals),
                    text:
                        "of \(facts.path.name) \(TrafficWords.effect(facts.signals)), while whom it calls, its load and its CPU are as they were: the network to its pods is",
                    support: [
                        facts.felt(),
                        Support(
                            .strong,
                            Evidence(
                                .metric, source: "Pod/\(facts.path.name)",
                                text:
                                    "CPU \(TrafficWords.number(cpu?.now ?? 0)) cores, \(TrafficWords.number(cpu?.before ?? 0)) before; nothing was released or configured"
                            )),
                    ]))
        }
    }
}
