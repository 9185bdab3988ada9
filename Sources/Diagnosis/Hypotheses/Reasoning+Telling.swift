import Core

/// What is said of each cause: its evidence, what it breaks, since when, and what it may be instead.
extension Reasoning {
    func cause(_ i: Int, symptoms: [Symptom], rivals: [Int]) -> Cause {
        let h = hypotheses[i]
        let children = followers[i] ?? []
        var confidence = h.confidence
        // Equally deep and equally good explanations of the same things leave it open which one is right.
        for rival in rivals.map({ hypotheses[$0] }) where rival.depth == h.depth && rival.resource != h.resource {
            if confidence - rival.confidence < 0.05 { confidence *= 1 - rival.confidence / 2 }
        }
        var findings = [finding(h)] + children.map { finding(hypotheses[$0]) } + symptoms.map(finding)
        findings = Reasoning.unique(findings) { $0.fingerprint }
        let sufferers = Reasoning.unique(symptoms.map(\.entity.withoutContainer)) { $0 }
        let felt = Reasoning.unique(sufferers + children.map { hypotheses[$0].resource.withoutContainer }) { $0 }
            .filter { $0 != h.resource }.sorted()
        var chain = h.chain
        if chain.isEmpty { chain = [Cause.Link(resource: h.resource, effect: h.text)] }
        for child in children {
            chain.append(Cause.Link(resource: hypotheses[child].resource, effect: hypotheses[child].text))
        }
        for symptom in symptoms
        where symptom.entity.withoutContainer != h.resource && !chain.contains(where: { $0.resource == symptom.entity.withoutContainer }) {
            chain.append(Cause.Link(resource: symptom.entity.withoutContainer, effect: symptom.effect))
        }
        let blamed = Set([h.resource] + felt)
        let reach = file.graph.dependants(of: h.resource).filter { !blamed.contains($0) }
        // What only follows from another symptom began no earlier than that. Since when another object has been at fault it says itself: who
        // suffers may have had troubles before.
        let feltSince = symptoms.filter(\.followsFrom.isEmpty).map(\.since)
        let since = (h.depth == .external ? h.since : nil) ?? ([h.since] + feltSince).compactMap { $0 }.min() ?? file.time
        var evidence = Reasoning.ordered(h.support)
        for child in children { evidence += Reasoning.ordered(hypotheses[child].support).prefix(2) }
        return Cause(
            severity: max(h.severity, symptoms.map(\.severity).max() ?? h.severity), category: h.category, resource: h.resource,
            title: title(h, since: since), text: h.text, confidence: confidence, since: since, change: h.change, chain: chain,
            symptoms: felt, reach: reach, evidence: Array(Reasoning.unique(evidence) { "\($0.kind) \($0.text)" }.prefix(8)),
            against: Reasoning.ordered(h.against), ruledOut: h.ruledOut, undecided: [],
            alternatives: alternatives(rivals, winner: confidence), next: h.next, findings: findings, facts: h.facts)
    }

    private func alternatives(_ rivals: [Int], winner: Double) -> [Cause.Alternative] {
        rivals.map { hypotheses[$0] }.map {
            Cause.Alternative(category: $0.category, resource: $0.resource, confidence: min($0.confidence, 1 - winner))
        }.sorted { ($1.confidence, $0.category, $0.resource) < ($0.confidence, $1.category, $1.resource) }
    }

    func undecided(_ open: [Symptom], explained: Set<EntityPath>) -> [Cause] {
        var groups: [EntityPath: [Symptom]] = [:]
        let reportable = open.filter(\.isReportable)
        let suffering = Set(reportable.map(\.entity.withoutContainer)).union(explained)
        for symptom in reportable where !symptom.followsFrom.contains(where: suffering.contains) {
            groups[symptom.entity.withoutContainer, default: []].append(symptom)
        }
        return groups.keys.sorted().compactMap { entity in
            guard let symptoms = groups[entity], let first = symptoms.max(by: { $0.severity < $1.severity }) else { return nil }
            let candidates = Reasoning.unique(symptoms.flatMap { self.candidates(for: $0) }) { $0 }.map { hypotheses[$0] }
            var missing = Reasoning.unique(symptoms.flatMap(\.missing) + candidates.flatMap(\.missing)) { $0 }
            let evidence = symptoms.flatMap(\.evidence) + candidates.flatMap { Reasoning.ordered($0.support) }
            if missing.isEmpty {
                missing = [
                    evidence.isEmpty
                        ? "nothing that was read names a reason" : "what was read, and is quoted, is no reason that a rule knows"
                ]
            }
            let findings = Reasoning.unique(symptoms.map(finding) + candidates.map(finding)) { $0.fingerprint }
            return Cause(
                severity: first.severity, category: Cause.undecidedCategory, resource: entity,
                title: Reasoning.cut("\(entity.name): \(first.effect), for a reason not yet known"), text: first.effect,
                confidence: candidates.map(\.confidence).max() ?? 0, since: symptoms.map(\.since).min(),
                symptoms: [], reach: file.graph.dependants(of: entity),
                evidence: Array(Reasoning.unique(evidence) { "\($0.kind) \($0.text)" }.prefix(8)), undecided: missing,
                alternatives: candidates.map {
                    Cause.Alternative(category: $0.category, resource: $0.resource, confidence: $0.confidence)
                }, next: Reasoning.unique(candidates.flatMap(\.next)) { $0 }, findings: findings,
                facts: candidates.first?.facts ?? [:])
        }
    }

    /// What turned out too unsure to be given as an answer is undecided.
    static func demoted(_ causes: [Cause]) -> [Cause] {
        causes.map { cause in
            guard !cause.isUndecided, cause.confidence < Confidence.threshold else { return cause }
            var open = cause
            open.category = Cause.undecidedCategory
            open.alternatives.insert(
                Cause.Alternative(category: cause.category, resource: cause.resource, confidence: cause.confidence), at: 0)
            open.undecided = ["several explanations fit equally well: " + open.alternatives.map(\.category).joined(separator: ", ")]
            return open
        }
    }

    private func title(_ h: Hypothesis, since: Timestamp) -> String {
        let subject = "\(h.resource.name) \(h.complaint): \(h.fact)"
        // A revision that ran well for long has been at fault since something else.
        guard let revision = h.change?.revision, h.change?.kind == "rollout",
            h.change?.time.map({ since - $0 < Reasoning.showing }) ?? true
        else { return Reasoning.cut(subject) }
        let tail = " since revision \(revision)"
        return subject.count + tail.count < 90 ? subject + tail : Reasoning.cut(subject)
    }

    /// So long after a rollout its fault has shown.
    private static let showing: Duration = .seconds(3600)

    /// Under 90 characters.
    private static func cut(_ text: String) -> String { text.count < 90 ? text : text.prefix(88) + "…" }

    private func finding(_ h: Hypothesis) -> Finding {
        dated(
            Finding(
                rule: h.rule, severity: h.severity, entity: h.resource.withoutContainer, key: h.key, text: h.text,
                firstSeen: h.since ?? file.time, lastSeen: file.time, evidence: Reasoning.ordered(h.support)))
    }

    private func finding(_ symptom: Symptom) -> Finding {
        dated(
            Finding(
                rule: symptom.name, severity: symptom.severity, entity: symptom.entity.withoutContainer, key: symptom.entity.container,
                text: symptom.effect, firstSeen: symptom.since, lastSeen: file.time, evidence: symptom.evidence))
    }

    private func dated(_ finding: Finding) -> Finding {
        guard let earlier = seenBefore[finding.fingerprint] else { return finding }
        var finding = finding
        finding.firstSeen = min(finding.firstSeen, earlier)
        return finding
    }
}
