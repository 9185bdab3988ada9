import Core
import Diagnosis
import Kubernetes

/// A rule that tells what is not as it should be and hurts nobody yet. Such rules come last, so that they see what is an incident already.
protocol HygieneRule: Rule {
    func findings(_ examination: Examination, _ said: Said) -> [Finding]
}

extension HygieneRule {
    var categories: [String] { [] }

    func examine(_ examination: Examination, _ draft: inout Draft) { draft.hygiene += findings(examination, Said(draft)) }

    /// A finding of this rule; one that has no time of its own is as old as the snapshot.
    func finding(
        _ entity: EntityPath, key: String? = nil, severity: Severity = .low, _ text: String, since: Timestamp? = nil, now: Timestamp,
        evidence: [Evidence] = []
    ) -> Finding {
        Finding(
            rule: name, kind: .hygiene, severity: severity, entity: entity, key: key, text: text, firstSeen: since ?? now, lastSeen: now,
            evidence: evidence)
    }
}

/// What is said already, by the rules before.
struct Said {
    private let incidents: Set<EntityPath>
    private let hygiene: Set<EntityPath>

    init(_ draft: Draft) {
        incidents = Set(
            draft.hypotheses.map(\.resource.withoutContainer) + draft.symptoms.filter(\.isReportable).map(\.entity.withoutContainer))
        hygiene = Set(draft.hygiene.map(\.entity.withoutContainer))
    }

    /// Whether something is wrong with a thing.
    func speaks(of path: EntityPath) -> Bool { incidents.contains(path) }

    /// Whether something is not as it should be with it, or wrong.
    func mentions(_ path: EntityPath) -> Bool { incidents.contains(path) || hygiene.contains(path) }
}

extension Workload {
    /// What its pods are made of: its template, and one pod as it was admitted, to which others may have added containers and volumes.
    func podSpecs(_ scene: Scene) -> [PodSpec] {
        (template.map { [$0.spec] } ?? []) + allPods.prefix(1).map { scene.snapshot.pods[$0].spec }
    }
}
