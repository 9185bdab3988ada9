package import Core
import Diagnosis
import Incidents
import Journal
package import Kubernetes
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
    private let podMetrics: @Sendable () async -> [PodMetrics]
    /// When the pods were measured last, of the cluster's time, and whether a revision has come since of which nothing was measured.
    private var measuredAt: Timestamp?
    private var hasUnmeasured = true
    private var measured: [PodMetrics] = []
    private var previous: [Finding] = []
    private var diagnosis = StandingDiagnosis()
    private var absences = AbsenceTracker()
    private var pending = PendingTracker()
    private var generator: SeededGenerator
    private var planning = PlanningQueue()
    /// Why the last attempt to make plans for an incident failed, as it was logged.
    private var planningTrouble: [String: String] = [:]
    /// What an incident that is not over was concluded from may no longer be read, so that its end cannot be told.
    package private(set) var hasLostSight = false
    /// Why the last round failed; nil when it did not.
    package private(set) var trouble: String?

    /// - Parameters:
    ///   - clusterUID: the uid of namespace `kube-system`, asked for when plans are made.
    ///   - podMetrics: what the pods are measured to use now; empty where nothing measures them.
    package init(
        cluster: String, environment: String, feed: any SnapshotFeed, ledger: Ledger, engine: OperationEngine,
        redactor: Redactor, generator: SeededGenerator, machine: any WallClock, logger: Logger,
        clusterUID: @escaping @Sendable () async throws -> String, podMetrics: @escaping @Sendable () async -> [PodMetrics] = { [] }
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
        self.podMetrics = podMetrics
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
            group.addTask { await self.planAsAsked() }
            group.addTask { repeat { await self.measure() } while (try? await self.feed.clock.sleep(for: ClusterLoop.soon)) != nil }
            group.addTask {
                do { try await self.feed.run() } catch { await self.note("watching ended: \(error)") }
            }
        }
    }

    private nonisolated let (planningRequests, requestPlanning) = AsyncStream.makeStream(of: String.self)

    /// Asks for plans whenever a look has found that some are wanted, until cancelled.
    func planAsAsked() async { for await id in planningRequests { await plan(id) } }

    private func note(_ text: String) {
        if !Task.isCancelled { trouble = redactor.text(text) }
    }

    /// Looks once and brings the incidents up to date. What fails is logged and tried again at the next round.
    package func round() async {
        do {
            var snapshot = try await feed.snapshot()
            snapshot.seenRevisions = await ledger.revisions.revisions
            let report = diagnosis.diagnose(snapshot, previous: previous, hygiene: false)
            previous = report.causes.flatMap(\.findings)
            try await observe(report, on: snapshot)
            let open = await ledger.incidents.incidents.filter { $0.cluster == cluster && $0.state != .resolved }
            hasLostSight = open.contains { !snapshot.sees($0.cause) }
            for id in try await engine.review(cluster: cluster) { planning.retry(id) }
            try await remember(snapshot, report)
            trouble = nil
        } catch is CancellationError {
        } catch {
            let said = redactor.text((error as? MartletError)?.message ?? "\(error)")
            let text = await ledger.trouble == nil ? said : "what is found cannot be recorded: \(said)"
            // That the first lists take their time is no news.
            let isStarting = (error as? MartletError)?.code == .busy
            if trouble != text, !isStarting { logger.warning("cluster \(cluster): \(text)") }
            trouble = text
        }
    }

    private func observe(_ report: DiagnosisReport, on snapshot: KubernetesSnapshot) async throws {
        let (cluster, environment, now) = (cluster, environment, snapshot.time)
        let (absences, pending, generator) = (absences, pending, generator)
        // As the journal will hold them: what is compared with the board must be what was written.
        let causes = report.causes.compactMap { cause in
            var recorded = Cause(json: redactor.json(cause.json))
            recorded?.patience = cause.patience
            return recorded
        }
        let (_, after) = try await ledger.decide { incidents, _ in
            var (absences, pending, generator) = (absences, pending, generator)
            let entries = incidents.observe(
                causes, cluster: cluster, environment: environment, at: now,
                canTell: { snapshot.notes.isEmpty && snapshot.sees($0.cause) }, absences: &absences, pending: &pending, using: &generator)
            return (entries + incidents.pendingFollowUps(cluster: cluster, at: now), (absences, pending, generator))
        }
        (self.absences, self.pending, self.generator) = after
        let incidents = await ledger.incidents.incidents.filter { $0.cluster == cluster }
        let plans = await ledger.plans
        for id in planning.due(incidents, plans: plans, at: now, version: snapshot.specificationVersion) { requestPlanning.yield(id) }
    }

    /// How often pods are measured, of the cluster's time: while of some nothing is known, and else.
    private static let (soon, later) = (Duration.seconds(30), Duration.seconds(300))

    /// Asks what the pods use, where that is due, for the next look: what is slow to answer holds none up.
    func measure() async {
        let now = feed.clock.now()
        let pause = hasUnmeasured ? ClusterLoop.soon : ClusterLoop.later
        if let measuredAt, now >= measuredAt, now - measuredAt < pause { return }
        measuredAt = now
        hasUnmeasured = false
        measured = await podMetrics()
    }

    /// Records what this look tells of revisions: which worked, which failed, what their programs need.
    private func remember(_ snapshot: KubernetesSnapshot, _ report: DiagnosisReport) async throws {
        var snapshot = snapshot
        (snapshot.podMetrics, measured) = (measured, [])
        let sightings = snapshot.sightings(causes: report.causes)
        let seen = await ledger.revisions.admitted(sightings, in: cluster, living: snapshot.deploymentPaths)
        if seen.isEmpty { return }
        hasUnmeasured =
            hasUnmeasured || seen.map(\.revision).contains { $0.state == .healthy && $0.programs.contains { $0.workingSet == nil } }
        _ = try await ledger.append(
            seen.map { revision, instead in
                var payload: JSON = ["revision": revision.json, "at": .string(snapshot.time.description)]
                payload["instead"] = instead.map { .string($0) }
                return NewEntry(
                    type: .revisionSeen, cluster: cluster, environment: environment, subject: revision.workload.description,
                    actor: "martlet", payload: payload)
            })
    }

    /// Asks for plans for one incident, and hands it to a person when none fits.
    package func plan(_ id: String) async {
        guard let incident = await ledger.incidents[id], incident.state.wantsPlans else { return }
        do {
            let reference = IncidentReference(
                id: incident.id, number: incident.number, cluster: cluster, clusterUID: try await clusterUID(), environment: environment,
                cause: incident.cause, isEscalated: incident.state == .escalated)
            let records = try await engine.propose(for: reference)
            planningTrouble[id] = nil
            if records.contains(where: { !$0.state.isFinal && $0.gates.failed.isEmpty }) { planning.succeeded(id) }
            guard await engine.policy(environment).allowsActing, !records.contains(where: { !$0.state.isFinal && $0.state != .proposed })
            else { return }
            let now = feed.clock.now()
            let board = await engine.plans
            // What is being done or watched may yet help, and nothing is planned meanwhile.
            if board.plans(of: id).contains(where: \.state.isRunning) { return }
            // Freeze and pause end, and the plan then waits for approval: no reason to give the incident to a person.
            var passing: Set<GateResult.Gate> = []
            if await engine.policy(environment).freeze(at: now) != nil { passing.insert(.policy) }
            if board.safety.isPaused { passing.insert(.blastRadius) }
            if records.contains(where: { passing.isSuperset(of: $0.gates.failed.map(\.gate)) && $0.hasFailedGate }) { return }
            guard planning.isHopeless(id, at: now) else { return }
            let failed = records.first?.gates.failed.first
            let reason =
                failed.map { "\(records[0].plan.title) is prepared, but \($0.gate.rawValue) failed: \($0.text)" }
                ?? board.safety.unwanted(for: id).map { "no other plan fits this cause: \($0)" } ?? "no plan fits this cause"
            try await escalate(id, reason, at: now)
        } catch is CancellationError {
        } catch {
            await planningFailed(incident, error)
        }
    }

    private func escalate(_ id: String, _ reason: String, at now: Timestamp) async throws {
        try await ledger.decide { board, _ in
            guard board[id]?.state == .diagnosed else { return ([], ()) }
            return ([try board.entry(for: .escalate(reason: reason), on: id, actor: "martlet", at: now)], ())
        }
    }

    /// A cluster out of reach is asked again until it answers. What it answers will not change by itself: a person is told.
    private func planningFailed(_ incident: Incident, _ error: any Error) async {
        let known = error as? MartletError
        let text = redactor.text(known.map { $0.message + ($0.fix.map { " (\($0))" } ?? "") } ?? "\(error)")
        if planningTrouble.updateValue(text, forKey: incident.id) != text {
            logger.warning("cluster \(cluster): no plan for incident \(incident.number): \(text)")
        }
        let now = feed.clock.now()
        let hasLasted = planning.hasFailed(incident.id, at: now)
        guard hasLasted, let known, !ClusterLoop.passing.contains(known.code) else { return }
        do { try await escalate(incident.id, "no plan can be made: \(text)", at: now) } catch {
            logger.warning("cluster \(cluster): incident \(incident.number) could not be handed to a person: \(error)")
        }
    }

    /// Errors after which the same may work by itself.
    private static let passing: Set<MartletError.Code> = [.conflict, .unavailable, .timeout, .tooMany, .busy, .io]
}
