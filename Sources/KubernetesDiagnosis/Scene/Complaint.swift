import Core
import Diagnosis
import Kubernetes

/// What a program says of others in its log, in a run that failed or while it serves.
struct Complaint: Sendable {
    let workload: EntityPath
    let container: Container
    /// Index of the pod.
    let pod: Int
    let clue: LogClue
    /// As evidence names the log.
    let source: String
    let since: Timestamp
    let severity: Severity
    /// What the status of a container that fails says; nil for one that runs and is ready.
    let status: Support?

    var isEnding: Bool { status != nil }
    var evidence: Evidence { Evidence(.log, source: source, text: String(clue.text.prefix(300))) }

    /// How long ago a program that runs may have complained: what is older may be over.
    static let freshness: Duration = .seconds(300)
}

extension Scene {
    /// Complaints of the containers in trouble first, then those of programs that run; each in the order of pods and containers.
    func complaints(_ troubles: [Trouble]) -> [Complaint] {
        var found: [Complaint] = []
        var failing: Set<String> = []
        for trouble in troubles {
            for container in trouble.containers {
                for p in container.pods { failing.insert("\(p)/\(container.name)") }
                guard container.form == .ending || container.form == .notReady else { continue }
                for clue in container.clues {
                    found.append(
                        Complaint(
                            workload: trouble.workload.path, container: container.spec, pod: container.pods[0], clue: clue,
                            source: container.logName, since: container.since, severity: trouble.severity,
                            status: statusEvidence(container, .supporting)))
                }
            }
        }
        for key in snapshot.logs.keys.sorted() where !key.previous {
            guard case .text(let bytes) = snapshot.logs[key], let p = podIndex(namespace: key.namespace, name: key.pod),
                !failing.contains("\(p)/\(key.container)"), health[p].isFine, !health[p].hasSucceeded,
                let container = snapshot.pods[p].spec.containers.first(where: { $0.name == key.container })
            else { continue }
            for clue in LogReading.clues(in: bytes, since: now - Complaint.freshness) {
                found.append(
                    Complaint(
                        workload: workload(ofPod: p).path, container: container, pod: p, clue: clue,
                        source: "logs/\(key.pod).\(key.container)", since: clue.first ?? clue.time ?? now, severity: .high, status: nil))
            }
        }
        return found
    }
}
