import Core
import Diagnosis
import Kubernetes

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
            contradictedBy: ["any of those; somebody whom it calls and of whom nothing was measured; a log that tells of long pauses"],
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
            draft.hypotheses.append(
                facts.hypothesis(
                    name, categories[0], .general, complaint: loses ? "loses requests" : "answers late", fact: facts.effect,
                    text:
                        "of \(facts.path.name) \(facts.effect), while its load, its CPU and whom it calls are as they were: what is left is the network to its pods",
                    support: support(facts), against: pauses(facts, examination.scene).map { [$0] } ?? [], missing: missing(facts)))
        }
    }

    /// Nobody measured the network itself: what speaks for it is that all else was measured and is as it was. A callee whose requests are not
    /// measured may be slow although it uses no more CPU; of one of which nothing was measured, nothing is known.
    private func support(_ facts: TrafficFacts) -> [Support] {
        let felt = Support(.supporting, facts.felt().evidence)
        guard facts.unseen.isEmpty else { return [felt] }
        let cpu = facts.signals.cpu
        let before = TrafficWords.number(cpu?.before ?? 0), now = TrafficWords.number(cpu?.now ?? 0)
        let text = "CPU \(now) cores, \(before) before; nothing was released or configured, and whom it calls is as before"
        let isSure = facts.unmeasured.isEmpty
        var support = [felt, Support(isSure ? .strong : .supporting, Evidence(.metric, source: "Pod/\(facts.path.name)", text: text))]
        if !facts.sufferers.isEmpty {
            let names = facts.sufferers.map(\.name).prefix(3).joined(separator: ", ")
            support.append(
                Support(
                    isSure ? .supporting : .weak,
                    Evidence(.metric, source: "callers/\(facts.path.name)", text: "\(names) suffer as well, and call it")))
        }
        return support
    }

    /// A program that says in its log that it stands still to collect garbage.
    private func pauses(_ facts: TrafficFacts, _ scene: Scene) -> Support? {
        let workload = scene.workloads[facts.workload]
        for p in workload.pods {
            for container in workload.template?.spec.containers ?? [] {
                guard case .text(let bytes) = scene.log(of: scene.snapshot.pods[p], container.name, previous: false) else { continue }
                let told = LogReading.tail(of: bytes).filter { $0.hasAny("pause full", "full gc", "gc overhead", "mark-compact") }
                guard told.count > 1, let last = told.last else { continue }
                return Support(
                    .decisive,
                    Evidence(.log, source: "logs/\(scene.snapshot.pods[p].metadata.name).\(container.name)", text: last.text.shortened))
            }
        }
        return nil
    }

    private func missing(_ facts: TrafficFacts) -> [String] {
        guard !facts.unmeasured.isEmpty else { return [] }
        return ["how long \(facts.unmeasured.map(\.name).prefix(3).joined(separator: ", ")) takes to answer: its requests are not measured"]
    }
}
