import Core

/// Assigns symptoms to hypotheses.
///
/// 1. Hypotheses that say the same are joined. 2. What waits for another entity that is itself at fault becomes part of that
/// fault. 3. Every symptom goes to the best of the hypotheses that explain it; those that win none are alternatives. 4. Symptoms
/// that nothing explains well enough are undecided.
struct Reasoning {
    let file: CaseFile
    private var hypotheses: [Hypothesis]
    private let symptoms: [Symptom]
    /// Index of the hypothesis that explains this one because it waits for it; nil for roots.
    private var parent: [Int?]
    private var byResource: [EntityPath: [Int]] = [:]
    /// Indices of hypotheses by the entities whose symptoms they explain.
    private var explainers: [EntityPath: [Int]] = [:]
    /// Hypotheses that are explained by a root, by that root.
    private var followers: [Int: [Int]] = [:]
    /// When findings of the diagnosis before this one were first seen, by fingerprint.
    private let seenBefore: [String: Timestamp]

    init(_ file: CaseFile) {
        self.file = file
        hypotheses = Reasoning.joined(file.hypotheses)
        symptoms = file.symptoms.sorted { ($0.entity, $0.name, $0.effect) < ($1.entity, $1.name, $1.effect) }
        parent = Array(repeating: nil, count: hypotheses.count)
        seenBefore = Dictionary(file.previous.map { ($0.fingerprint, $0.firstSeen) }, uniquingKeysWith: min)
    }

    mutating func run() -> [Cause] {
        for (i, h) in hypotheses.enumerated() { byResource[h.resource.withoutContainer, default: []].append(i) }
        findParents()
        for (i, h) in hypotheses.enumerated() {
            let root = root(of: i)
            if root != i { followers[root, default: []].append(i) }
            for entity in Set([h.resource.withoutContainer] + h.explains) { explainers[entity, default: []].append(root) }
        }

        // Symptoms that follow from others are looked at last: a service is without endpoints because its workload is not well.
        var won: [Int: [Symptom]] = [:]
        var contested: [Int: Set<Int>] = [:]
        var winnerOf: [EntityPath: Int] = [:]
        // Whether it is explained.
        func explain(_ symptom: Symptom) -> Bool {
            let candidates = candidates(for: symptom)
            if let best = candidates.first, hypotheses[best].confidence >= Confidence.threshold {
                won[best, default: []].append(symptom)
                contested[best, default: []].formUnion(candidates.dropFirst())
                winnerOf[symptom.entity] = winnerOf[symptom.entity] ?? best
                winnerOf[symptom.entity.withoutContainer] = winnerOf[symptom.entity.withoutContainer] ?? best
            } else if let cause = symptom.followsFrom.lazy.compactMap({ winnerOf[$0] }).first {
                won[cause, default: []].append(symptom)
                winnerOf[symptom.entity] = winnerOf[symptom.entity] ?? cause
            } else {
                return false
            }
            return true
        }
        // A caller of callers is explained once they are.
        func unexplained(_ symptoms: [Symptom]) -> [Symptom] {
            var left = symptoms
            while true {
                let still = left.filter { !explain($0) }
                if still.count == left.count { return still }
                left = still
            }
        }
        let own = symptoms.filter { $0.followsFrom.isEmpty && !explain($0) }
        var open = unexplained(symptoms.filter { !$0.followsFrom.isEmpty })
        // A strong hypothesis that nobody feels yet stands for itself: one for each resource.
        for resource in byResource.keys.sorted() {
            let here = (byResource[resource] ?? []).filter { parent[$0] == nil && hypotheses[$0].confidence >= Confidence.threshold }
            guard !here.isEmpty, !here.contains(where: { won[$0] != nil }), winnerOf[resource] == nil,
                let best = here.max(by: { precedes($1, $0) })
            else { continue }
            won[best] = []
            winnerOf[resource] = best
            contested[best, default: []].formUnion(here.filter { $0 != best })
        }
        // What follows from such a one is felt because of it.
        open = own + unexplained(open)
        let winners = Set(won.keys)
        var causes = winners.sorted().map { i in
            cause(i, symptoms: won[i] ?? [], rivals: (contested[i] ?? []).subtracting(winners).sorted())
        }
        causes += undecided(open, explained: Set(winnerOf.keys))
        return Reasoning.demoted(causes)
    }

    // MARK: Who explains whom

    /// Hypotheses of one category about one resource are one, with the evidence of all.
    private static func joined(_ all: [Hypothesis]) -> [Hypothesis] {
        var result: [Hypothesis] = []
        var index: [String: Int] = [:]
        let sorted = all.sorted {
            ($0.resource, $0.category, $0.rule, $0.key ?? "", $0.text) < ($1.resource, $1.category, $1.rule, $1.key ?? "", $1.text)
        }
        for h in sorted {
            let identity = "\(h.resource) \(h.category)"
            guard let at = index[identity] else {
                index[identity] = result.count
                result.append(h)
                continue
            }
            if result[at].confidence < h.confidence {
                var better = h
                better.support += result[at].support
                better.explains += result[at].explains
                better.dependsOn += result[at].dependsOn
                if result[at].key != h.key { better.key = min(h.key ?? "", result[at].key ?? "") }
                result[at] = better
            } else {
                result[at].support += h.support
                result[at].explains += h.explains
                result[at].dependsOn += h.dependsOn
            }
            if let since = h.since { result[at].since = min(since, result[at].since ?? since) }
            result[at].severity = max(result[at].severity, h.severity)
        }
        return result
    }

    private mutating func findParents() {
        var outside: [EntityPath: [Int]] = [:]
        for (j, h) in hypotheses.enumerated() where h.depth == .external {
            for entity in h.explains { outside[entity, default: []].append(j) }
        }
        for i in hypotheses.indices where !hypotheses[i].dependsOn.isEmpty {
            let own = hypotheses[i].resource.withoutContainer
            var entities: [EntityPath] = []
            for target in hypotheses[i].dependsOn { entities += [target] + file.graph.targets(of: target, .selects) }
            entities.removeAll { $0 == own }
            // Whom it waits for is at fault, or suffers from somebody who is.
            adopt(i, among: entities.flatMap { byResource[$0] ?? [] })
            if parent[i] == nil {
                adopt(i, among: entities.flatMap { outside[$0] ?? [] }.filter { hypotheses[$0].resource.withoutContainer != own })
            }
        }
        // What is only said in general terms of an entity is part of the fault of another object that explains it.
        for i in hypotheses.indices where parent[i] == nil && hypotheses[i].depth <= .general {
            let own = hypotheses[i].resource.withoutContainer
            adopt(i, among: (outside[own] ?? []).filter { hypotheses[$0].resource.withoutContainer != own })
        }
    }

    /// Makes a hypothesis part of the best of those that may be given as an answer.
    private mutating func adopt(_ i: Int, among rivals: [Int]) {
        let sure = rivals.filter { hypotheses[$0].confidence >= Confidence.threshold }
        guard let best = sure.max(by: { precedes($1, $0) }) else { return }
        parent[i] = best
        // A cycle has no bottom: the link that would close it is left out.
        var seen: Set<Int> = [i]
        var at: Int? = best
        while let k = at {
            if !seen.insert(k).inserted { parent[i] = nil; break }
            at = parent[k]
        }
    }

    private func root(of i: Int) -> Int {
        var at = i
        while let up = parent[at] { at = up }
        return at
    }

    private func candidates(for symptom: Symptom) -> [Int] {
        let entity = symptom.entity.withoutContainer
        var seen: Set<Int> = []
        let all = (explainers[symptom.entity] ?? []) + (explainers[entity] ?? [])
        return all.filter { i in
            guard seen.insert(i).inserted else { return false }
            // A fault of one container does not explain its neighbour's.
            let h = hypotheses[i]
            if let container = symptom.entity.container, h.resource == entity, let key = h.key, let own = h.facts["container"]?.string,
                key == own, own != container
            {
                return false
            }
            return true
        }.sorted { precedes($0, $1) }
    }

    private func score(_ h: Hypothesis) -> Double {
        (h.confidence * 100).rounded() / 100 + 0.08 * Double(h.depth.rawValue) + (h.change == nil ? 0 : 0.02) + 0.01 * Double(h.kinds)
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        let x = hypotheses[a], y = hypotheses[b]
        let strong = (x.confidence >= Confidence.threshold, y.confidence >= Confidence.threshold)
        if strong.0 != strong.1 { return strong.0 }
        let (s, t) = (score(x), score(y))
        if s != t { return s > t }
        return a < b
    }

    // MARK: What is said

    private func cause(_ i: Int, symptoms: [Symptom], rivals: [Int]) -> Cause {
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

    private func undecided(_ open: [Symptom], explained: Set<EntityPath>) -> [Cause] {
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
    private static func demoted(_ causes: [Cause]) -> [Cause] {
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

    // MARK: Order

    /// The most decisive first; equal ones as they came to be.
    static func ordered(_ support: [Support]) -> [Evidence] {
        support.sorted {
            ($1.weight.rawValue, $0.evidence.kind.rawValue, $0.evidence.source, $0.evidence.text)
                < ($0.weight.rawValue, $1.evidence.kind.rawValue, $1.evidence.source, $1.evidence.text)
        }.map(\.evidence)
    }

    static func unique<T, Key: Hashable>(_ values: [T], by key: (T) -> Key) -> [T] {
        var seen: Set<Key> = []
        return values.filter { seen.insert(key($0)).inserted }
    }
}
