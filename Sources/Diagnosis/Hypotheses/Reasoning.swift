import Core

/// Assigns symptoms to hypotheses.
///
/// 1. Hypotheses that say the same are joined. 2. What waits for another entity that is itself at fault becomes part of that
/// fault. 3. Every symptom goes to the best of the hypotheses that explain it; those that win none are alternatives. 4. Symptoms
/// that nothing explains well enough are undecided.
struct Reasoning {
    let file: CaseFile
    private(set) var hypotheses: [Hypothesis]
    private let symptoms: [Symptom]
    /// Index of the hypothesis that explains this one because it waits for it; nil for roots.
    private var parent: [Int?]
    private var byResource: [EntityPath: [Int]] = [:]
    /// Indices of hypotheses by the entities whose symptoms they explain.
    private var explainers: [EntityPath: [Int]] = [:]
    /// Hypotheses that are explained by a root, by that root.
    private(set) var followers: [Int: [Int]] = [:]
    /// When findings of the diagnosis before this one were first seen, by fingerprint.
    let seenBefore: [String: Timestamp]

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

    func candidates(for symptom: Symptom) -> [Int] {
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
