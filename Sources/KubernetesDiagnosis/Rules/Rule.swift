import Core
import Diagnosis
import Kubernetes

/// One rule: what it looks at, what it concludes, on what evidence. A new rule is a file in this folder and a line in ``Rules``.
protocol Rule: Sendable {
    /// Kebab-case, stable for ever: part of the fingerprint of its findings.
    var name: String { get }
    /// Slugs of `docs/categories.md` that it may conclude.
    var categories: [String] { get }
    /// What people read of it.
    var documentation: RuleDocumentation { get }
    func examine(_ case: Examination, _ draft: inout Draft)
}

/// What rules look at.
struct Examination: Sendable {
    let scene: Scene
    let troubles: [Trouble]
    /// What programs say of others in their logs.
    let complaints: [Complaint]
    /// Requests that are slow or fail, as measured; nil where nothing was measured lately.
    let traffic: TrafficCase?

    init(of scene: Scene) {
        self.scene = scene
        troubles = scene.troubles()
        complaints = scene.complaints(troubles)
        traffic = TrafficCase(scene, complaints)
    }

    var snapshot: KubernetesSnapshot { scene.snapshot }
    var now: Timestamp { scene.now }

    func trouble(of path: EntityPath) -> Trouble? { troubles.first { $0.workload.path == path } }
}

/// What rules put down.
struct Draft: Sendable {
    var symptoms: [Symptom] = []
    var hypotheses: [Hypothesis] = []
    var hygiene: [Finding] = []
    var graph = EntityGraph()
}

/// A rule that looks at one container in trouble.
protocol ContainerRule: Rule {
    func hypothesis(_ container: ContainerTrouble, of trouble: Trouble, _ scene: Scene) -> Hypothesis?
}

extension ContainerRule {
    func examine(_ examination: Examination, _ draft: inout Draft) {
        for trouble in examination.troubles {
            for container in trouble.containers {
                if let hypothesis = hypothesis(container, of: trouble, examination.scene) { draft.hypotheses.append(hypothesis) }
            }
        }
    }
}

extension Rule {
    /// A hypothesis about a container of a workload, with what is common to all of them filled in.
    func blame(
        _ trouble: Trouble, _ container: ContainerTrouble, _ category: String, _ depth: Hypothesis.Depth, complaint: String, fact: String,
        text: String, support: [Support], against: [Support] = [], missing: [String] = [], facts: [String: JSON] = [:], next: [String] = []
    ) -> Hypothesis {
        var all: JSON = ["container": .string(container.name)]
        for key in facts.keys.sorted() { all[key] = facts[key] }
        return Hypothesis(
            rule: name, category: category, resource: trouble.workload.path, key: container.name, depth: depth, severity: trouble.severity,
            complaint: complaint, fact: fact, text: text, since: container.since, support: support, against: against, missing: missing,
            next: next, facts: all)
    }
}

extension Scene {
    /// `Pod/name` of the first pod in trouble.
    func podName(_ p: Int) -> String { "Pod/\(snapshot.pods[p].metadata.name)" }

    /// What the status of a container in trouble says, in one line.
    func statusEvidence(_ container: ContainerTrouble, _ weight: Support.Weight) -> Support {
        var parts: [String] = []
        if case .waiting(let reason, let message) = container.form {
            parts.append(message.isEmpty ? reason : "\(reason): \(message.shortened)")
        }
        if let end = container.end {
            var text =
                end.reason.map { $0 == "Error" ? "exit code \(end.exitCode)" : "\($0), exit code \(end.exitCode)" }
                ?? "exit code \(end.exitCode)"
            if let message = end.message, !message.isEmpty, parts.isEmpty { text += ": \(message.prefix(300))" }
            parts.append(text)
        }
        if container.restarts > 0 { parts.append("\(container.restarts) restart\(container.restarts == 1 ? "" : "s")") }
        if case .notReady = container.form { parts.append("running, not ready") }
        if container.pods.count > 1 { parts.append("\(container.pods.count) pods") }
        return Support(
            weight,
            Evidence(.status, source: podName(container.pods[0]), text: parts.joined(separator: ", "), time: container.end?.finishedAt))
    }

    /// The newest event about the pods of a container for which `matches` holds, as evidence.
    func eventEvidence(_ pods: [Int], _ weight: Support.Weight, where matches: (Event) -> Bool) -> Support? {
        event(about: pods, where: matches).map { Support(weight, evidence($0)) }
    }

    /// The newest event about the first of the pods that has one for which `matches` holds.
    func event(about pods: [Int], where matches: (Event) -> Bool) -> Event? {
        for p in pods.prefix(5) {
            if let event = events(aboutPod: p).last(where: matches) { return event }
        }
        return nil
    }

    func evidence(_ event: Event) -> Evidence {
        let times = event.count > 1 ? " (\(event.count) times)" : ""
        return Evidence(
            .event, source: "\(event.regarding.kind)/\(event.regarding.name)",
            text: "\(event.reason): \(event.message.shortened)\(times)",
            time: event.lastSeen)
    }

    func spec(_ path: EntityPath, _ weight: Support.Weight, _ text: String) -> Support {
        Support(weight, Evidence(.spec, source: path.resource, text: text))
    }
}

extension String {
    /// At most 300 characters: components name the object first and why last, so that it is the middle that is left out.
    var shortened: String {
        guard utf8.count > 300, count > 300 else { return self }
        return "\(prefix(120)) … \(suffix(177))"
    }
}
