package import Core

/// Findings that belong together, with a life cycle: the fold of the journal's entries about one ULID. All times are the cluster's.
package struct Incident: Sendable, Hashable, Identifiable {
    /// A state and when it began.
    package struct Passage: Sendable, Hashable {
        package let state: IncidentState
        package let at: Timestamp
        package init(_ state: IncidentState, at: Timestamp) {
            self.state = state
            self.at = at
        }
    }

    /// A ULID.
    package let id: String
    /// A short number for people, counted per store.
    package let number: Int
    package let cluster: String
    package let environment: String
    package internal(set) var state: IncidentState
    /// The newest diagnosis.
    package internal(set) var cause: Cause
    package let openedAt: Timestamp
    /// When what the newest entry about it says came to be.
    package internal(set) var changedAt: Timestamp
    package internal(set) var resolvedAt: Timestamp?
    /// `self`, `repaired`, `rolled-back`, `manual`, `merged`.
    package internal(set) var outcome: String?
    /// How often it came back within half an hour of its end.
    package internal(set) var reopened: Int
    package internal(set) var acknowledgedBy: String?
    package internal(set) var assignee: String?
    package internal(set) var suppressedUntil: Timestamp?
    package internal(set) var suppressionReason: String?
    /// Why a person has to decide, and what is missing.
    package internal(set) var escalationReason: String?
    /// ULIDs of its plans, newest last.
    package internal(set) var plans: [String]
    package internal(set) var timeline: [TimelineItem]
    /// The ULID of the resolved incident that this one follows.
    package let previous: String?
    /// The ULID of the incident that this one turned out to be part of.
    package internal(set) var mergedInto: String?
    /// Every state it has been in, oldest first.
    package internal(set) var states: [Passage]

    // What decisions need beside that.
    /// Fingerprints of all findings that any of its diagnoses had.
    var knownFindings: Set<String>
    /// When it was opened or last reopened.
    var openedLast: Timestamp
    /// Plans that may be approved, newest last.
    package internal(set) var awaitingPlans: [String]
    var approvalWaits = ApprovalWaits()
    /// Plans that take an earlier operation back: when one succeeds, nothing is repaired.
    var undoingPlans: Set<String>
    /// Steps of the running operation that took effect.
    var stepsInEffect: Int
    /// Whether it was escalated only because the cause was undecided.
    var escalatedAsUndecided: Bool
    /// What has to be written next because of what was written last (``IncidentBoard/followUps(after:)``).
    var due: FollowUp?

    /// `INC-12`, as people call it.
    package var label: String { "INC-\(number)" }
    package var severity: Severity { cause.severity }

    /// Whether it is with this entry that it began to wait for an approval.
    package func beganToWait(with seq: Int64) -> Bool { approvalWaits.beginnings.contains(seq) }

    init(
        id: String, number: Int, cluster: String, environment: String, cause: Cause, openedAt: Timestamp, previous: String?
    ) {
        self.id = id
        self.number = number
        self.cluster = cluster
        self.environment = environment
        state = .open
        self.cause = cause
        self.openedAt = openedAt
        changedAt = openedAt
        reopened = 0
        plans = []
        awaitingPlans = []
        undoingPlans = []
        timeline = []
        self.previous = previous
        states = [Passage(.open, at: openedAt)]
        knownFindings = Set(cause.findings.map(\.fingerprint))
        openedLast = openedAt
        stepsInEffect = 0
        escalatedAsUndecided = false
    }
}
