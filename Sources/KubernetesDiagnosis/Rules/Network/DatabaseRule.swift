import Core
import Diagnosis
import Kubernetes

/// A database turns away those who use it: it is full, takes no writes, or does not know the password of one of them.
struct DatabaseRule: Rule {
    let name = "database"
    let categories = ["db-connections-exhausted", "db-read-only", "db-credentials"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes:
                "A database turns away those who use it: it has no connection left, takes no writes, or refuses the login of one client.",
            sees: ["pods", "logs", "services"],
            evidence: [
                "the answer of the database in the log of a client, and how many clients are told the same",
                "the variable that names the database; the Secret that holds the password, and when it was written",
            ],
            contradictedBy: ["its clients have not complained for five minutes"],
            next: [
                "look at the connections of the database and the pools of its clients; at whether it is a replica; at the password in the Secret"
            ],
            references: ["https://www.postgresql.org/docs/current/errcodes-appendix.html"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        var ofDatabase: [Refusal] = []
        for complaint in examination.complaints {
            guard let category = Self.category(complaint.clue.kind) else { continue }
            // What a database notes of those whom it turns away is no complaint of its own.
            let isServer = complaint.container.ports.contains { Databases.ports.contains($0.containerPort) }
            if isServer, complaint.clue.kind == .loginRefused { continue }
            // Those who log in to a program that runs are refused in such words, too.
            if !complaint.isEnding, complaint.clue.kind == .loginRefused, complaint.clue.peers.isEmpty,
                !DatabaseText.isOfServer(LogLine(complaint.clue.text))
            {
                continue
            }
            let database = scene.database(named: complaint.clue.peers, by: complaint)
            if complaint.clue.kind == .loginRefused {
                draft.hypotheses.append(credentials(complaint, database, scene))
                draft.note(complaint, database, effect: "\(database?.name ?? "its database") refuses its password")
            } else {
                ofDatabase.append(Refusal(category: category, complaint: complaint, database: database))
            }
        }
        let groups = Dictionary(grouping: ofDatabase) {
            "\($0.category) \($0.database?.path.description ?? $0.complaint.workload.description)"
        }
        for key in groups.keys.sorted() { conclude(groups[key] ?? [], scene, &draft) }
    }

    private struct Refusal {
        let category: String
        let complaint: Complaint
        let database: NamedDatabase?
    }

    private static func category(_ kind: LogClue.Kind) -> String? {
        switch kind {
        case .databaseFull: "db-connections-exhausted"
        case .databaseReadOnly: "db-read-only"
        case .loginRefused: "db-credentials"
        default: nil
        }
    }

    /// One database, and all that it turns away for one reason.
    private func conclude(_ refusals: [Refusal], _ scene: Scene, _ draft: inout Draft) {
        guard let first = refusals.first else { return }
        let victims = Set(refusals.map(\.complaint.workload)).sorted()
        let resource = first.database?.workload ?? first.database?.path ?? first.complaint.workload
        let isFull = first.category == "db-connections-exhausted"
        var support: [Support] = []
        // Each client is a witness of its own, and what the database says of itself is another.
        for refusal in refusals.prefix(3) { support.append(Support(.strong, refusal.complaint.evidence)) }
        if victims.count > 1 {
            support.append(
                Support(
                    .strong,
                    Evidence(.log, source: "\(victims.count) workloads", text: "the logs of \(victims.count) workloads say the same")))
        }
        if let named = first.database {
            support.append(
                Support(
                    victims.count > 1 ? .supporting : .strong,
                    Evidence(.spec, source: first.complaint.workload.resource, text: "\(named.variable ?? "the line") names \(named.name)"))
            )
        }
        let what = isFull ? "has no connection left" : "takes no writes"
        let name = first.database?.name ?? "the database"
        for refusal in refusals {
            draft.note(refusal.complaint, refusal.database, effect: "\(name) \(what), it is told")
        }
        draft.hypotheses.append(
            Hypothesis(
                rule: self.name, category: first.category, resource: resource, depth: .external,
                severity: refusals.map(\.complaint.severity).max() ?? .high, complaint: what,
                fact: "\(victims.map(\.name).prefix(3).joined(separator: ", ")) \(victims.count == 1 ? "is" : "are") turned away",
                text: "\(name) \(what): \(CrashRule.stripped(first.complaint.clue.text).prefix(160))",
                since: refusals.map(\.complaint.since).min(), support: support, explains: victims,
                next: isFull
                    ? ["see who holds connections in \(name), and compare the pools of its clients with its limit"]
                    : ["see whether \(name) is a replica, or was set to read-only"]))
    }

    /// The password of one client is not the one that the database knows.
    private func credentials(_ complaint: Complaint, _ database: NamedDatabase?, _ scene: Scene) -> Hypothesis {
        let secrets = complaint.container.env.compactMap { v in v.valueFrom?.secretKeyRef.map { (v.name, $0) } }
        var support = [Support(.strong, complaint.evidence)]
        if let status = complaint.status { support.append(status) }
        var change: Change?
        let key =
            secrets.first { name, _ in LogLine(name).hasAny("pass", "secret", "token", "credential", "pwd", "dsn", "url") } ?? secrets.first
        if let (variable, reference) = key {
            support.append(
                scene.spec(complaint.workload, .supporting, "\(variable) comes from key \(reference.key) of Secret \(reference.name)"))
            let secret = scene.snapshot.secrets.first {
                $0.metadata.name == reference.name && $0.metadata.namespace == complaint.workload.namespace
            }
            if let written = secret?.metadata.lastWrite, scene.now - written < .seconds(86_400) {
                let path = scene.path("Secret", complaint.workload.namespace, reference.name)
                support.append(
                    Support(
                        .supporting, Evidence(.change, source: path.resource, text: "Secret \(reference.name) was written", time: written)))
                change = Change(
                    time: written, kind: "config", entity: path, revision: nil, author: nil, fields: [], source: "managedFields")
            }
        }
        let name = database?.name ?? "the database"
        return Hypothesis(
            rule: "database-login", category: "db-credentials", resource: complaint.workload, key: complaint.container.name,
            depth: .specific,
            severity: complaint.severity, complaint: "cannot log in to \(name)", fact: "its password is refused",
            text: "\(name) refuses the login of \(complaint.workload.name): \(CrashRule.stripped(complaint.clue.text).prefix(160))",
            since: complaint.since, support: support, change: change,
            next: key.map { ["compare key \($0.1.key) of Secret \($0.1.name) with what \(name) knows"] } ?? [],
            facts: ["container": .string(complaint.container.name)])
    }
}

/// The database that a complaint is about.
struct NamedDatabase {
    let name: String
    /// The Service, or who complains where it lies outside of the cluster.
    let path: EntityPath
    /// What runs behind the Service.
    let workload: EntityPath?
    /// The variable that names it; nil where the line of the log does.
    let variable: String?
}

extension Scene {
    /// The database that a line of a log speaks of: the one that it names, else the only one, or the first, that its program is told to use.
    func database(named peers: [Peer], by complaint: Complaint) -> NamedDatabase? {
        let namespace = complaint.workload.namespace
        func named(_ service: Service, _ variable: String?) -> NamedDatabase {
            NamedDatabase(
                name: service.metadata.name, path: path("Service", service.metadata.namespace, service.metadata.name),
                workload: workload(behind: service), variable: variable)
        }
        if let service = ServiceIndex.services(peers, namespace: namespace, self).first { return named(service, nil) }
        let called = calledPeers(of: complaint.container, in: namespace)
        let meant = called.meant(by: complaint.clue)
        let databases = meant.isEmpty ? called.filter(\.isDatabase) : meant
        if let known = databases.first(where: { $0.service != nil }), let service = known.service { return named(service, known.variable) }
        guard let outside = databases.first else { return nil }
        return NamedDatabase(name: outside.peer.host, path: complaint.workload, workload: nil, variable: outside.variable)
    }
}

extension Draft {
    /// A symptom of a program that runs and complains, and whom it calls. That of one that ends is there already.
    mutating func note(_ complaint: Complaint, _ database: NamedDatabase?, effect: String) {
        if let database, database.path != complaint.workload {
            graph.add(complaint.workload, .calls, database.path)
            if let workload = database.workload { graph.add(database.path, .selects, workload) }
        }
        noteCalls(of: complaint, effect: effect)
    }

    mutating func noteCalls(of complaint: Complaint, effect: String) {
        guard !complaint.isEnding else { return }
        symptoms.append(
            Symptom(
                "calls-failing", complaint.workload, effect: effect, severity: complaint.severity, since: complaint.since,
                evidence: [complaint.evidence], isReportable: false))
    }
}
