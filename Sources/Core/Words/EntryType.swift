/// The types of journal entry. The state of an incident, a plan or an approval is a fold over these and nothing else.
///
/// The subject of `incident.*` entries is the incident's ULID; of `plan.*`, `approval.*`, `step.*` and `verification.*` it is the
/// plan's ULID, and their payloads carry `"incident"`. Payload members are named behind each case. `at` is the cluster's own time
/// (RFC 3339), on which windows are counted; the entry's time is the journal's.
package enum EntryType: String, Sendable, Hashable, CaseIterable {
    /// number, cause (``Cause/json``), at, previous? (ULID of the resolved incident that it follows)
    case incidentOpened = "incident.opened"
    /// cause, at; written when what is known of the cause changed
    case incidentDiagnosed = "incident.diagnosed"
    /// cause, at; the same incident within 30 minutes of its end
    case incidentReopened = "incident.reopened"
    /// reason (why, and what is missing), undecided (bool: only because the cause could not be decided)
    case incidentEscalated = "incident.escalated"
    /// outcome (`self`, `repaired`, `rolled-back`, `manual`, `merged`), at, reason?, into? (ULID of the incident that it was merged into)
    case incidentResolved = "incident.resolved"
    case incidentAcknowledged = "incident.acknowledged"
    /// to
    case incidentAssigned = "incident.assigned"
    /// until (RFC 3339), reason
    case incidentSuppressed = "incident.suppressed"
    case incidentUnsuppressed = "incident.unsuppressed"

    /// incident, plan (``Plan/json``), gates ([``GateResult/json``]), awaiting (bool: a person or policy may approve it)
    case planProposed = "plan.proposed"
    /// incident, digest, gates: those whose answer has changed while the plan is open, awaiting (bool)
    case planChecked = "plan.checked"
    /// incident, digest, reason, state (`rejected`, `expired`, `void`, `failed-gate`)
    case planClosed = "plan.closed"
    /// incident, digest, accepted ([gate]), reason?
    case planApproved = "plan.approved"
    /// incident, digest, gates: those checked again after approval
    case operationStarted = "operation.started"
    /// incident, digest, step (index), inverse (bool), write: what is about to be sent
    case stepIntended = "step.intended"
    /// incident, digest, step, inverse, resourceVersion, found (true when a restart found it already done)
    case stepDone = "step.done"
    /// incident, digest, step, inverse, error
    case stepFailed = "step.failed"
    /// incident, digest, inverse, window (seconds), before (measured state)
    case verificationStarted = "verification.started"
    /// incident, digest, inverse, verdict, text, after
    case verificationEnded = "verification.ended"
    /// incident, digest, reason
    case rollbackStarted = "rollback.started"
    /// incident, digest, outcome, text: the operation record (human-readable), checkpoint?: the newest signed one
    case operationEnded = "operation.ended"

    /// revision (``SeenRevision/json``); the subject is the workload's path. Written when a revision turns out to work or to fail, and when
    /// what its programs were measured to need has grown.
    case revisionSeen = "revision.seen"

    /// through: the last entry whose payload retention drops, with those of all before it. Recorded before they go.
    case payloadsDropped = "journal.payloads-dropped"

    /// reason
    case controlPaused = "control.paused"
    case controlResumed = "control.resumed"
    /// name, role; never the token itself
    case tokenCreated = "token.created"
    case tokenRevoked = "token.revoked"
}
