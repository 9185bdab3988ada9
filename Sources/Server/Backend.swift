package import Core
package import Incidents
package import Journal
package import Remediation

/// What API and pages need of the loop. Everything that changes something takes the actor whose name the journal will carry, and
/// returns once that is durable.
package protocol ServerBackend: Sendable {
    /// Incidents and plans as they are now.
    func boards() async -> Boards
    func status() async -> ServerStatus

    /// - Throws: `notFound`; `refused` for a void approval, a failed gate, a gate that was not accepted, a pause; `conflict`.
    func approve(plan: String, digest: String, accepted: [GateResult.Gate], reason: String?, actor: String) async throws
    func reject(plan: String, digest: String?, reason: String, actor: String) async throws
    /// Starts the operation that takes back what a plan did, without an answer of the accepted gates; returns the ULID of the plan that
    /// does so.
    func undo(plan: String, accepted: [GateResult.Gate], reason: String?, actor: String) async throws -> String

    func acknowledge(incident: String, actor: String) async throws
    func assign(incident: String, to: String, actor: String) async throws
    func suppress(incident: String, until: Timestamp, reason: String, actor: String) async throws
    func unsuppress(incident: String, actor: String) async throws
    func resolve(incident: String, reason: String, actor: String) async throws

    func pause(reason: String, actor: String) async throws
    func resume(actor: String) async throws
    /// Records that a token was made or revoked (``EntryType/tokenCreated``, ``EntryType/tokenRevoked``); never the token.
    func record(_ entry: NewEntry) async throws

    /// Recorded entries after a number, oldest first.
    func entries(after: Int64, limit: Int) async throws -> [RecordedEntry]
    /// The number of the newest entry that ``boards()`` holds; 0 for an empty journal.
    func newestEntry() async -> Int64
    /// The newest signed checkpoint as JSON, or nil before the first.
    func checkpoint() async throws -> JSON?
    /// Tells of each entry after it was recorded, from now on, for as long as the stream is read. It may skip entries when its reader
    /// is slow (only that something is new matters).
    func recordedEntries() async -> AsyncStream<RecordedEntry>
}

/// Incidents and plans at one moment.
package struct Boards: Sendable {
    /// By number, oldest first.
    package let incidents: [Incident]
    package let plans: [PlanRecord]

    package init(incidents: [Incident], plans: [PlanRecord]) {
        self.incidents = incidents.sorted { $0.number < $1.number }
        self.plans = plans
    }

    package init(incidents: IncidentBoard, plans: PlanBoard) { self.init(incidents: incidents.incidents, plans: plans.plans) }

    /// By ULID or by number (`12`, `INC-12`, `#12`).
    package func incident(_ name: String) -> Incident? {
        if let found = incidents.first(where: { $0.id == name }) { return found }
        let digits = name.hasPrefix("INC-") ? name.dropFirst(4) : name.hasPrefix("#") ? name.dropFirst() : name[...]
        return Int(digits).flatMap { number in incidents.first { $0.number == number } }
    }

    package func plan(_ id: String) -> PlanRecord? { plans.first { $0.plan.id == id } }

    /// The plans of an incident, oldest first.
    package func plans(of incident: Incident) -> [PlanRecord] { plans.filter { $0.plan.incident == incident.id } }
}

/// How Martlet itself is.
package struct ServerStatus: Sendable, Hashable {
    package struct Pause: Sendable, Hashable {
        package let actor: String
        package let reason: String
        package let since: Timestamp
        package init(actor: String, reason: String, since: Timestamp) {
            self.actor = actor
            self.reason = reason
            self.since = since
        }
    }

    /// One cluster, as far as it is seen.
    package struct Cluster: Sendable, Hashable {
        package let name: String
        package let environment: String
        /// The cache equals the server, as far as the last word of it went.
        package let isSynced: Bool
        /// What is wrong: cannot be reached, not allowed to list pods, ….
        package let error: String?
        package let objects: Int
        /// When it was last heard of, on Martlet's own clock.
        package let heardAt: Timestamp?
        /// The cluster's own time; nil: not known.
        package let now: Timestamp?
        /// What Martlet may not read, one phrase each: `pods in team-b`, `nodes`.
        package let unreadable: [String]
        /// Pods are among that, or what an open incident was concluded from: trouble, or its end, may be there and not be seen.
        package let isBlind: Bool

        package init(
            name: String, environment: String, isSynced: Bool, error: String? = nil, objects: Int = 0, heardAt: Timestamp? = nil,
            now: Timestamp? = nil, unreadable: [String] = [], isBlind: Bool = false
        ) {
            self.name = name
            self.environment = environment
            self.isSynced = isSynced
            self.error = error
            self.objects = objects
            self.heardAt = heardAt
            self.now = now
            self.unreadable = unreadable
            self.isBlind = isBlind
        }
    }

    /// A bounded queue inside Martlet.
    package struct Queue: Sendable, Hashable {
        package let name: String
        package let length: Int
        package let capacity: Int
        package init(name: String, length: Int, capacity: Int) {
            self.name = name
            self.length = length
            self.capacity = capacity
        }
    }

    package var version: String
    package var startedAt: Timestamp
    package var pause: Pause?
    package var clusters: [Cluster]
    package var queues: [Queue]
    package var journalBytes: Int64?
    /// Why it is not ready to work yet; nil when it is.
    package var notReady: String?

    package init(
        version: String, startedAt: Timestamp, pause: Pause? = nil, clusters: [Cluster] = [], queues: [Queue] = [],
        journalBytes: Int64? = nil, notReady: String? = nil
    ) {
        self.version = version
        self.startedAt = startedAt
        self.pause = pause
        self.clusters = clusters
        self.queues = queues
        self.journalBytes = journalBytes
        self.notReady = notReady
    }

    /// Now, on the clock of a cluster, on which the ages of everything in it are counted; `machine` where that is not known.
    package func now(in cluster: String, machine: Timestamp) -> Timestamp { clusters.first { $0.name == cluster }?.now ?? machine }
}
