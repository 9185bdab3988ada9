package import Core
package import Journal

/// Turns incidents into plans, approvals into operations, and operations into proven or undone repairs.
///
/// It has no state of its own beyond the fold of the journal: whatever it does, it first records what it is about to do, and every
/// step of an operation is chosen by looking at the record. Killed at any point, another engine over the same journal goes on where
/// this one stopped. Nothing but ``execute(_:)`` writes to a cluster.
package actor OperationEngine {
    let journal: any JournalAppending
    private(set) var board: PlanBoard
    private(set) var sites: [String: Site]
    private var policies: [String: Policy]
    private var generator: SeededGenerator
    /// Takes secrets out of what is shown of a plan: its field changes, and what gates say. Nothing of that is in the digest.
    let redacting: @Sendable (JSON) -> JSON
    /// Why nothing may be done for an incident now (it is over, or set aside); nil when something may.
    let objection: @Sendable (_ incident: String) async -> String?
    /// Plans on which something is being decided or done at this moment: the actor gives way while it waits.
    var busy: Set<String> = []
    var executing: Set<String> = []
    /// Which started operation holds a target.
    var claims: [EntityPath: String] = [:]
    /// When the failed gates of a plan were asked again last, of the cluster's time.
    var lookedAgain: [String: Timestamp] = [:]
    /// Approved and interrupted operations, for ``run()``.
    private let work: AsyncStream<String>
    private let workContinuation: AsyncStream<String>.Continuation

    /// - Parameters:
    ///   - entries: the journal so far, oldest first.
    ///   - generator: for the ULIDs of plans; seeded from the system outside tests.
    ///   - redacting: takes secrets out of field changes, gate results and evidence before they are recorded.
    ///   - objection: why nothing may be done for an incident now; asked before every approval and every start.
    package init(
        journal: any JournalAppending, replaying entries: [RecordedEntry] = [], sites: [Site] = [], policies: [Policy] = [],
        generator: SeededGenerator, redacting: @escaping @Sendable (JSON) -> JSON = { $0 },
        objection: @escaping @Sendable (_ incident: String) async -> String? = { _ in nil }
    ) {
        self.journal = journal
        board = PlanBoard(replaying: entries)
        self.sites = Dictionary(sites.map { ($0.cluster, $0) }, uniquingKeysWith: { $1 })
        self.policies = Dictionary(policies.map { ($0.environment, $0) }, uniquingKeysWith: { $1 })
        self.generator = generator
        self.redacting = redacting
        self.objection = objection
        (work, workContinuation) = AsyncStream.makeStream(of: String.self)
    }

    /// Every plan and the pause, as of now.
    package var plans: PlanBoard { board }

    package func attach(_ site: Site) { sites[site.cluster] = site }
    package func configure(_ policy: Policy) { policies[policy.environment] = policy }
    /// What an environment allows; one that is not configured gets suggestions only.
    package func policy(_ environment: String) -> Policy { policies[environment] ?? .unconfigured(environment) }

    func site(_ cluster: String) throws -> Site {
        guard let site = sites[cluster] else {
            throw MartletError(
                .unavailable, "cluster \(cluster) is not connected",
                fix: "add it to clusters in the configuration, or check its credentials")
        }
        return site
    }

    func nextID(at time: Timestamp) -> String { ULID(time: time, using: &generator).description }

    /// Records entries and takes them in. All that this engine ever does goes through here first.
    @discardableResult
    func append(_ entries: [NewEntry]) async throws -> [RecordedEntry] {
        let recorded = try await journal.append(entries)
        for entry in recorded { board.apply(entry) }
        return recorded
    }

    /// An entry about a plan: its payload always carries incident, digest and the cluster's time.
    func entry(_ type: EntryType, _ record: PlanRecord, actor: String = "martlet", at now: Timestamp, _ payload: JSON = [:]) -> NewEntry {
        var members: JSON = ["incident": .string(record.incident), "digest": .string(record.digest), "at": .string(now.description)]
        for (key, value) in payload.object ?? [:] { members[key] = value }
        return NewEntry(
            type: type, cluster: record.plan.cluster, environment: record.plan.environment, subject: record.plan.id, actor: actor,
            payload: members)
    }

    // MARK: Pause

    /// Stops every write of every operation, and every approval, until ``unpause(actor:reason:)``. What is being verified goes on being watched.
    package func pause(actor: String, reason: String) async throws {
        guard !board.safety.isPaused else { return }
        try await append([
            NewEntry(
                type: .controlPaused, cluster: "", environment: "", subject: "pause", actor: actor, payload: ["reason": .string(reason)])
        ])
    }

    /// Ends the pause; what it held goes on.
    package func unpause(actor: String, reason: String = "") async throws {
        guard board.safety.isPaused else { return }
        try await append([
            NewEntry(
                type: .controlResumed, cluster: "", environment: "", subject: "pause", actor: actor, payload: ["reason": .string(reason)])
        ])
        // Gates that failed for the pause are asked at the next look.
        for record in board.plans where record.isOpen && record.hasFailedGate {
            lookedAgain[record.plan.id] = record.proposedAt - OperationEngine.secondLook
        }
        enqueueUnfinished()
    }

    func refuseWhenPaused() throws {
        guard let pause = board.safety.pause else { return }
        throw MartletError(
            .refused, "Martlet is paused since \(pause.since) by \(pause.actor)\(pause.reason.isEmpty ? "" : ": \(pause.reason)")",
            fix: "martlet resume")
    }

    // MARK: Running

    func enqueue(_ id: String) { workContinuation.yield(id) }

    private func enqueueUnfinished() { for record in board.running { enqueue(record.plan.id) } }

    /// Takes up what a stop left unfinished: call once after start, before ``run()`` or instead of it with `inline`.
    /// Each intended write is compared with what is found; one that is there is not repeated.
    package func resume(inline: Bool = false) async throws {
        for record in board.running where record.startedAt != nil { for target in record.targets { claims[target] = record.plan.id } }
        guard inline else { enqueueUnfinished(); return }
        for record in board.running { try await execute(record.plan.id) }
    }

    /// Carries out approved operations, each in a task of its own, until cancelled.
    /// An operation that cannot go on (its journal or cluster is out of reach) is taken up again after `retry`.
    package func run(retry: Duration = .seconds(10)) async {
        await withDiscardingTaskGroup { group in
            for await id in work {
                group.addTask { await self.carryOut(id, retry: retry) }
            }
            group.cancelAll()
        }
    }

    private func carryOut(_ id: String, retry: Duration) async {
        while !Task.isCancelled {
            do { return try await execute(id) } catch is CancellationError { return } catch {
                guard let record = board[id], let site = sites[record.plan.cluster] else { return }
                do { try await site.clock.sleep(for: retry) } catch { return }
            }
        }
    }
}
