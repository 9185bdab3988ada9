package import Core
package import Journal

/// What a person does with an incident by hand.
package enum IncidentCommand: Sendable, Hashable {
    case acknowledge
    /// To somebody, or to nobody with an empty name.
    case assign(to: String)
    case suppress(until: Timestamp, reason: String)
    case unsuppress(reason: String)
    case resolve(reason: String)
    /// Hands it to a person: no plan fits, or a plan's gates stand in the way.
    case escalate(reason: String)
}

extension IncidentBoard {
    /// The entry that a command means. `now` is the cluster's time.
    /// - Throws: `MartletError`: `notFound`, `invalid` for an empty reason or an end in the past, `conflict` when the incident's
    ///   state does not allow it.
    package func entry(for command: IncidentCommand, on id: String, actor: String, at now: Timestamp) throws(MartletError) -> NewEntry {
        guard let incident = byID[id] else { throw MartletError(.notFound, "there is no incident \(id)", fix: "martlet incidents list") }
        switch command {
        case .acknowledge:
            try incident.require(incident.state != .resolved, "acknowledged")
            return incident.entry(.incidentAcknowledged, actor: actor)
        case .assign(let to):
            return incident.entry(.incidentAssigned, ["to": .string(to)], actor: actor)
        case .suppress(let until, let reason):
            try incident.require(incident.state.canBeSuppressed || incident.state == .suppressed, "suppressed")
            try IncidentBoard.require(reason: reason)
            guard until > now else {
                throw MartletError(.invalid, "\(until) is not in the future", fix: "give an end later than \(now)")
            }
            return incident.entry(
                .incidentSuppressed, ["until": .string(until.description), "reason": .string(reason)], actor: actor)
        case .unsuppress(let reason):
            try incident.require(incident.state == .suppressed, "unsuppressed")
            return incident.entry(.incidentUnsuppressed, ["reason": .string(reason)], actor: actor)
        case .resolve(let reason):
            try incident.require(incident.state != .resolved && !incident.state.isOperating, "resolved by hand")
            try IncidentBoard.require(reason: reason)
            return incident.entry(
                .incidentResolved, ["outcome": "manual", "reason": .string(reason), "at": .string(now.description)], actor: actor)
        case .escalate(let reason):
            try incident.require(incident.state.isActive && incident.state != .escalated, "escalated")
            try IncidentBoard.require(reason: reason)
            return incident.entry(.incidentEscalated, ["reason": .string(reason), "undecided": false], actor: actor)
        }
    }

    private static func require(reason: String) throws(MartletError) {
        if reason.allSatisfy(\.isWhitespace) {
            throw MartletError(.invalid, "a reason is missing", fix: "say why: it goes into the record")
        }
    }
}

extension Incident {
    fileprivate func require(_ condition: Bool, _ done: String) throws(MartletError) {
        if condition { return }
        throw MartletError(.conflict, "\(label) is \(state.rawValue) and cannot be \(done) now")
    }
}
