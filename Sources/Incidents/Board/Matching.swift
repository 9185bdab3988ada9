import Core

/// Which cause of a diagnosis speaks of which incident (INTERFACES section 1): they share a finding, or have the same cause
/// fingerprint. A cause goes to one incident and an incident takes one cause. What an incident that nothing could explain yet had seen
/// gives way to other findings once the cause can be read: it takes the cause of its resource (`docs/adr/0011`).
struct Matching {
    /// By index of the cause: the incident that it updates.
    private(set) var incidentOf: [Int: String] = [:]
    /// Causes that speak of the same findings as one that was taken: one problem is one incident.
    private(set) var absorbed: Set<Int> = []
    /// Younger incidents that turned out to be part of an older one: younger → older.
    private(set) var merges: [(younger: String, older: String)] = []

    private struct Candidate {
        let cause: Int
        let incident: Incident
        let sameCause: Bool
        let current: Int
        let known: Int
    }

    /// - Parameter incidents: those that are not resolved, by number.
    init(_ causes: [Cause], _ incidents: [Incident]) {
        let candidates = causes.enumerated().flatMap { index, cause in
            incidents.compactMap { Matching.candidate(index, cause, $0) }
        }.sorted(by: Matching.isBetter)
        var taken: Set<String> = []
        for candidate in candidates where incidentOf[candidate.cause] == nil && !taken.contains(candidate.incident.id) {
            incidentOf[candidate.cause] = candidate.incident.id
            taken.insert(candidate.incident.id)
        }
        for incident in incidents where incident.cause.isUndecided && !incident.state.isOperating && !taken.contains(incident.id) {
            let isOfIt = { (index: Int) in causes[index].resource.withoutContainer == incident.cause.resource.withoutContainer }
            guard !candidates.contains(where: { $0.incident.id == incident.id }),
                let index = causes.indices.first(where: { incidentOf[$0] == nil && !causes[$0].isUndecided && isOfIt($0) })
            else { continue }
            incidentOf[index] = incident.id
            taken.insert(incident.id)
        }
        for candidate in candidates where !taken.contains(candidate.incident.id) && (candidate.sameCause || candidate.current > 0) {
            guard let older = incidentOf[candidate.cause], !candidate.incident.state.isOperating else { continue }
            taken.insert(candidate.incident.id)
            merges.append((candidate.incident.id, older))
        }
        keepOldest(incidents)
        let spoken = Set(incidentOf.keys.flatMap { causes[$0].findings.map(\.fingerprint) })
        absorb(causes, spoken: spoken)
    }

    private static func candidate(_ index: Int, _ cause: Cause, _ incident: Incident) -> Candidate? {
        let fingerprints = Set(cause.findings.map(\.fingerprint))
        let sameCause = cause.fingerprint == incident.cause.fingerprint
        let known = incident.knownFindings.intersection(fingerprints).count
        guard sameCause || known > 0 else { return nil }
        let current = incident.cause.findings.count { fingerprints.contains($0.fingerprint) }
        return Candidate(cause: index, incident: incident, sameCause: sameCause, current: current, known: known)
    }

    private static func isBetter(_ a: Candidate, _ b: Candidate) -> Bool {
        if a.sameCause != b.sameCause { return a.sameCause }
        if (a.current, a.known) != (b.current, b.known) { return (a.current, a.known) > (b.current, b.known) }
        return (a.incident.number, a.cause) < (b.incident.number, b.cause)
    }

    /// Where several incidents turn out to be one, the oldest stays, whichever fitted best; one at work stays in any case.
    private mutating func keepOldest(_ incidents: [Incident]) {
        let byID = Dictionary(uniqueKeysWithValues: incidents.map { ($0.id, $0) })
        for (cause, id) in incidentOf.sorted(by: { $0.key < $1.key }) {
            let family = [id] + merges.filter { $0.older == id }.map(\.younger)
            guard family.count > 1, byID[id]?.state.isOperating != true,
                let oldest = family.min(by: { (byID[$0]?.number ?? .max) < (byID[$1]?.number ?? .max) }), oldest != id
            else { continue }
            incidentOf[cause] = oldest
            merges.removeAll { family.contains($0.younger) }
            merges += family.filter { $0 != oldest }.map { ($0, oldest) }
        }
    }

    private mutating func absorb(_ causes: [Cause], spoken: Set<String>) {
        var spoken = spoken
        for (index, cause) in causes.enumerated() where incidentOf[index] == nil {
            let fingerprints = cause.findings.map(\.fingerprint)
            if fingerprints.contains(where: spoken.contains) { absorbed.insert(index) } else { spoken.formUnion(fingerprints) }
        }
    }
}
