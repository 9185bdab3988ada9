/// Ordered actions for one incident, computed from one state of the cluster. Approval binds to ``digest``.
package struct Plan: Sendable, Hashable {
    /// One step: a typed operation with everything that was decided about it before anything runs.
    package struct Step: Sendable, Hashable {
        /// A name of the catalogue: `rollback`, `restart`, `scale`, `set-memory-limit`, `pause-rollout`.
        package var type: String
        package var target: EntityPath
        package var parameters: JSON
        /// The exact write, `{{now}}` where it sets a time.
        package var patch: JSON
        /// The exact write that undoes it, or JSON null for an action that has none.
        package var inverse: JSON
        /// What will be watched: `{"window": seconds, "ready": bool, "restarts": bool, "errorRate": bool}`.
        package var verification: JSON

        package init(type: String, target: EntityPath, parameters: JSON, patch: JSON, inverse: JSON, verification: JSON) {
            self.type = type
            self.target = target
            self.parameters = parameters
            self.patch = patch
            self.inverse = inverse
            self.verification = verification
        }
    }

    package static let version = 1

    /// A ULID; not part of the digest.
    package var id: String
    package var cluster: String
    /// The uid of namespace `kube-system`: no runner acts on another cluster.
    package var clusterUID: String
    package var environment: String
    /// The incident's ULID.
    package var incident: String
    package var steps: [Step]
    /// Per target path: `{"uid": …, "hash": …}`, the state that the plan was computed from (INTERFACES section 1).
    package var state: JSON

    // What follows is for people and gates; it is not in the digest.
    /// `roll back checkout to revision 6`
    package var title: String
    package var risk: RiskClass
    package var blastRadius: String
    /// How it is undone, in words.
    package var undo: String
    /// The commands a person would run instead.
    package var commands: [String]
    /// What the cluster will hold differently, field by field.
    package var diff: [FieldChange]
    /// A doubt that a person has to weigh: no policy approves a plan that has one.
    package var caveat: String?

    package init(
        id: String, cluster: String, clusterUID: String, environment: String, incident: String, steps: [Step], state: JSON,
        title: String, risk: RiskClass, blastRadius: String, undo: String, commands: [String], diff: [FieldChange], caveat: String? = nil
    ) {
        self.id = id
        self.cluster = cluster
        self.clusterUID = clusterUID
        self.environment = environment
        self.incident = incident
        self.steps = steps
        self.state = state
        self.title = title
        self.risk = risk
        self.blastRadius = blastRadius
        self.undo = undo
        self.commands = commands
        self.diff = diff
        self.caveat = caveat
    }

    /// INTERFACES section 1: hex SHA-256 of the canonical JSON; no times, texts, gate results or the plan's own id.
    package var digest: String {
        let subject: JSON = [
            "version": JSON(Plan.version), "cluster": ["name": .string(cluster), "uid": .string(clusterUID)],
            "environment": .string(environment), "incident": .string(incident), "actions": .array(steps.map(\.json)), "state": state,
        ]
        return Digest.sha256Hex(subject.canonical())
    }
}

/// One preflight check of one plan, as it is shown to the approver.
package struct GateResult: Sendable, Hashable {
    /// The six gates, in the order in which they are shown.
    package enum Gate: String, Sendable, Hashable, CaseIterable {
        case dryRun = "dry-run"
        case policy
        case errorBudget = "error-budget"
        case drift
        case blastRadius = "blast-radius"
        case rehearsal
    }

    package let gate: Gate
    package let verdict: Verdict
    /// One sentence that says what was found, with numbers.
    package let text: String
    /// Further lines: the server's causes, the predicted states.
    package let details: [String]

    package init(_ gate: Gate, _ verdict: Verdict, _ text: String, details: [String] = []) {
        self.gate = gate
        self.verdict = verdict
        self.text = text
        self.details = details
    }
}

extension Plan.Step {
    package var json: JSON {
        [
            "type": .string(type), "target": .string(target.description), "parameters": parameters, "patch": patch, "inverse": inverse,
            "verification": verification,
        ]
    }

    package init?(json: JSON) {
        guard let type = json["type"]?.string, let target = json["target"]?.string.flatMap({ EntityPath($0) }) else { return nil }
        self.init(
            type: type, target: target, parameters: json["parameters"] ?? [:], patch: json["patch"] ?? .null,
            inverse: json["inverse"] ?? .null, verification: json["verification"] ?? [:])
    }
}

extension Plan {
    package var json: JSON {
        var json: JSON = [
            "id": .string(id), "digest": .string(digest), "cluster": ["name": .string(cluster), "uid": .string(clusterUID)],
            "environment": .string(environment), "incident": .string(incident), "actions": .array(steps.map(\.json)), "state": state,
            "title": .string(title), "risk": .string(risk.rawValue), "blastRadius": .string(blastRadius), "undo": .string(undo),
            "commands": JSON(commands), "diff": .array(diff.map(\.json)),
        ]
        json["caveat"] = caveat.map { .string($0) }
        return json
    }

    package init?(json: JSON) {
        guard let id = json["id"]?.string, let cluster = json[at: "cluster", "name"]?.string,
            let uid = json[at: "cluster", "uid"]?.string, let incident = json["incident"]?.string, let actions = json["actions"]?.array
        else { return nil }
        self.init(
            id: id, cluster: cluster, clusterUID: uid, environment: json["environment"]?.string ?? "", incident: incident,
            steps: actions.compactMap(Step.init(json:)), state: json["state"] ?? [:], title: json["title"]?.string ?? "",
            risk: json["risk"]?.string.flatMap(RiskClass.init) ?? .high, blastRadius: json["blastRadius"]?.string ?? "",
            undo: json["undo"]?.string ?? "", commands: (json["commands"]?.array ?? []).compactMap(\.string),
            diff: (json["diff"]?.array ?? []).compactMap(FieldChange.init(json:)), caveat: json["caveat"]?.string)
    }
}

extension GateResult {
    package var json: JSON {
        ["gate": .string(gate.rawValue), "verdict": .string(verdict.rawValue), "text": .string(text), "details": JSON(details)]
    }

    package init?(json: JSON) {
        guard let gate = json["gate"]?.string.flatMap(Gate.init), let verdict = json["verdict"]?.string.flatMap(Verdict.init) else {
            return nil
        }
        self.init(gate, verdict, json["text"]?.string ?? "", details: (json["details"]?.array ?? []).compactMap(\.string))
    }
}
