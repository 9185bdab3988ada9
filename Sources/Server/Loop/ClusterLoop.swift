package import Core
import Diagnosis
import Incidents
import Journal
import KubernetesDiagnosis
package import Logging
package import Remediation

/// The loop of one cluster: whenever something has changed, look, diagnose, bring the incidents up to date, and ask for plans.
package actor ClusterLoop {
    package nonisolated let cluster: String
    package nonisolated let environment: String
    package nonisolated let feed: any SnapshotFeed
    private let ledger: Ledger
    private let engine: OperationEngine
    private var redactor: Redactor
    private let logger: Logger
    /// This machine's time, for the pause between two rounds.
    private let machine: any WallClock
    private let clusterUID: @Sendable () async throws -> String
    private var previous: [Finding] = []
    private var absences = AbsenceTracker()
    private var generator: SeededGenerator
    private var planning = PlanningQueue()
    /// Why the last round failed; nil when it did not.
    package private(set) var trouble: String?

    /// - Parameter clusterUID: the uid of namespace `kube-system`, asked for when plans are made.
    package init(
        cluster: String, environment: String, feed: any SnapshotFeed, ledger: Ledger, engine: OperationEngine,
        redactor: Redactor, generator: SeededGenerator, machine: any WallClock, logger: Logger,
        clusterUID: @escaping @Sendable () async throws -> String
    ) {
        self.cluster = cluster
        self.environment = environment
        self.feed = feed
        self.ledger = ledger
        self.engine = engine
        self.redactor = redactor
        self.generator = generator
        self.machine = machine
        self.logger = logger
        self.clusterUID = clusterUID
    }

    /// Runs until cancelled: on every change, and each `tick` of the cluster's time for what is due by time alone.
    package func run(tick: Duration = .seconds(5)) async {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            group.addTask { for await _ in await self.feed.changes() { wake.yield() } }
            group.addTask {
                while (try? await self.feed.clock.sleep(for: tick)) != nil { wake.yield() }
            }
            group.addTask {
                for await _ in wakes {
                    await self.round()
                    // What happens together is looked at together.
                    if (try? await self.machine.sleep(for: .milliseconds(50))) == nil { return }
                }
            }
            group.addTask { for await id in self.planningRequests { await self.plan(id) } }
            group.addTask {
                do { try await self.feed.run() } catch { await self.note("watching ended: \(error)") }
            }
        }
    }

    private nonisolated let (planningRequests, requestPlanning) = AsyncStream.makeStream(of: String.self)

    private func note(_ text: String) {
        if !Task.isCancelled { trouble = redactor.text(text) }
    }

    /// Looks once and brings the incidents up to date. What fails is logged and tried again at the next round.
    package func round() async {
        do {
            let snapshot = try await feed.snapshot()
            let report = diagnose(snapshot, previous: previous)
            previous = report.causes.flatMap(\.findings)
            // Who may not see pods cannot tell that their trouble is over.
            try await observe(report, isComplete: snapshot.notes.isEmpty && snapshot.knows("pods"), at: snapshot.time)
            for id in try await engine.review(cluster: cluster) { planning.retry(id) }
            trouble = nil
        } catch is CancellationError {
        } catch {
            let text = redactor.text((error as? MartletError)?.message ?? "\(error)")
            // That the first lists take their time is no news.
            let isStarting = (error as? MartletError)?.code == .busy
            if trouble != text, !isStarting { logger.warning("cluster \(cluster): \(text)") }
            trouble = text
        }
    }

    private func observe(_ report: DiagnosisReport, isComplete: Bool, at now: Timestamp) async throws {
        let (cluster, environment, absences, generator) = (cluster, environment, absences, generator)
        // As the journal will hold them: what is compared with the board must be what was written.
        let causes = report.causes.compactMap { Cause(json: redactor.json($0.json)) }
        let (_, after) = try await ledger.decide { incidents, _ in
            var absences = absences
            var generator = generator
            let entries = incidents.observe(
                causes, cluster: cluster, environment: environment, at: now, isComplete: isComplete, absences: &absences,
                using: &generator)
            return (entries + incidents.pendingFollowUps(cluster: cluster, at: now), (absences, generator))
        }
        (self.absences, self.generator) = after
        let incidents = await ledger.incidents.incidents.filter { $0.cluster == cluster }
        let plans = await ledger.plans
        for id in planning.due(incidents, plans: plans, at: now) { requestPlanning.yield(id) }
    }

    /// Asks for plans for one incident, and hands it to a person when none fits.
    package func plan(_ id: String) async {
        guard let incident = await ledger.incidents[id], incident.state == .diagnosed || incident.state == .awaitingApproval else { return }
        do {
            let reference = IncidentReference(
                id: incident.id, number: incident.number, cluster: cluster, clusterUID: try await clusterUID(), environment: environment,
                cause: incident.cause)
            let records = try await engine.propose(for: reference)
            guard await engine.policy(environment).allowsActing, !records.contains(where: { !$0.state.isFinal && $0.state != .proposed })
            else { return }
            let now = feed.clock.now()
            // A freeze ends by itself, and the plan then waits for approval: no reason to give the incident to a person.
            if await engine.policy(environment).freeze(at: now) != nil,
                records.contains(where: { $0.gates.failed.map(\.gate) == [.policy] })
            {
                return
            }
            guard planning.isHopeless(id, at: now) else { return }
            let failed = records.first?.gates.failed.first
            let reason =
                failed.map { "\(records[0].plan.title) is prepared, but \($0.gate.rawValue) failed: \($0.text)" }
                ?? "no plan fits this cause"
            try await ledger.decide { board, _ in
                guard board[id]?.state == .diagnosed else { return ([], ()) }
                return ([try board.entry(for: .escalate(reason: reason), on: id, actor: "martlet", at: now)], ())
            }
        } catch is CancellationError {
        } catch {
            logger.warning("cluster \(cluster): no plan for incident \(incident.number): \(error)")
            planning.retry(id)
        }
    }
}
