package import Core
package import Kubernetes
import Remediation
import Twin

/// Plays a plan through on a twin of the cluster as it is now, on virtual time: is the pod admitted, scheduled, started, ready, and
/// does it stay so? Everything happens in this process; nothing is sent anywhere.
package struct TwinRehearsal: Rehearsal {
    private let client: KubernetesClient
    /// The cluster's own time.
    private let clock: any WallClock

    private let readsSecrets: Bool
    private let remembered: @Sendable () async -> [SeenProgram]
    private let failing: @Sendable () async -> Set<String>

    /// - Parameters:
    ///   - readsSecrets: whether the names and keys of Secrets may be read; where not, those that are referred to count as there.
    ///   - remembered: the programs that were seen to work, of which perhaps no pod is left.
    ///   - failing: uids of the ReplicaSets whose revisions failed when they were last seen.
    package init(
        read: KubernetesClient, clock: any WallClock, readsSecrets: Bool,
        remembered: @escaping @Sendable () async -> [SeenProgram] = { [] },
        failing: @escaping @Sendable () async -> Set<String> = { [] }
    ) {
        client = read
        self.readsSecrets = readsSecrets
        self.clock = clock
        self.remembered = remembered
        self.failing = failing
    }

    package func rehearse(_ plan: Plan) async -> GateResult {
        let namespaces = Array(Set(plan.steps.map(\.target.namespace))).sorted()
        do {
            var snapshot = try await LiveSnapshot.read(client, namespaces: namespaces, readsSecrets: readsSecrets)
            (snapshot.remembered, snapshot.failing) = (await remembered(), await failing())
            return await TwinRehearsal.rehearse(plan, on: snapshot, at: clock.now())
        } catch let error as APIError {
            return GateResult(
                .rehearsal, .inconclusive, "the cluster could not be read: \(error.martletError(now: client.clock.now()).message)")
        } catch {
            return GateResult(.rehearsal, .inconclusive, "the cluster could not be read: \(error)")
        }
    }

    /// How long pods may take to become ready, and how long they must then stay so; seconds of virtual time.
    static let patience = 600
    static let hold = 300
    /// A program that was seen to grow is watched for longer.
    static let longHold = 1800

    /// The same for objects that were read before; deterministic.
    package static func rehearse(_ plan: Plan, on snapshot: LiveSnapshot, at now: Timestamp) async -> GateResult {
        if let missing = snapshot.unknown.first(where: { LiveSnapshot.essential.contains($0.type) }) {
            return GateResult(.rehearsal, .inconclusive, "\(missing.type) could not be read: \(missing.reason)")
        }
        let needed = plan.steps.lazy.compactMap { $0.parameters["needed"]?.double }.first
        let cluster: RehearsedCluster
        // What keeps a twin from being made is no fault of the plan.
        do { cluster = try RehearsedCluster(snapshot, at: now, needed: needed) } catch {
            return GateResult(
                .rehearsal, .inconclusive, "no twin can be made of this cluster: \((error as? MartletError)?.message ?? "\(error)")")
        }
        do {
            let details = snapshot.unknown.map {
                "\($0.type) could not be read and \($0.type == .secrets ? "are taken to exist" : "count as absent")"
            }
            var before: [EntityPath: Int] = [:]
            for target in Set(plan.steps.map(\.target)) { before[target] = try await readyPods(target, cluster) }
            for (index, step) in plan.steps.enumerated() {
                guard let seen = try await cluster.runner.read(step.target) else {
                    return GateResult(.rehearsal, .fail, "\(step.target.shortDescription) is gone")
                }
                let patch = cluster.translated(step.patch.resolvingNow(cluster.cluster.clock.now()))
                let write = StepWrite(step: step, patch: patch, annotation: "rehearsal/\(index)")
                do { _ = try await cluster.runner.write(write, on: seen) } catch let error as MartletError
                    where refusals.contains(error.code)
                {
                    return GateResult(.rehearsal, .fail, "the twin refuses it: \(error.message)", details: error.details)
                }
            }
            var results: [GateResult] = []
            for target in Array(Set(plan.steps.map(\.target))).sorted() {
                let goal = plan.steps.last { $0.target == target }.map { Verification(step: $0.verification).goal } ?? .recover
                // Of a revision, the plan's doubt says whether it is known to have worked, with its limits.
                let isProven =
                    plan.caveat == nil && plan.steps.last { $0.target == target }.map { TemplateReference(json: $0.patch) != nil } ?? false
                results.append(try await predict(target, goal, before[target] ?? 0, isProven: isProven, cluster))
            }
            results += plan.steps.compactMap { knownToFail($0, snapshot) }
            let verdict: Verdict =
                results.contains { $0.verdict == .fail } ? .fail : results.contains { $0.verdict == .inconclusive } ? .inconclusive : .pass
            return GateResult(
                .rehearsal, verdict, "on the twin: " + results.map(\.text).joined(separator: "; "),
                details: results.flatMap(\.details) + details)
        } catch {
            let known = error as? MartletError
            return GateResult(
                .rehearsal, .inconclusive, "it could not be rehearsed: \(known?.message ?? "\(error)")", details: known?.details ?? [])
        }
    }

    /// Answers to a plan's write that say that the plan is wrong.
    private static let refusals: Set<MartletError.Code> = [.invalid, .refused, .forbidden, .notFound]

    /// Programs are played as they were last seen, and of a revision that failed none is left to be seen: putting it back is what a person
    /// may want, and nothing that could pass.
    private static func knownToFail(_ step: Plan.Step, _ snapshot: LiveSnapshot) -> GateResult? {
        guard let reference = TemplateReference(json: step.patch) else { return nil }
        let isKnown = snapshot.objects.contains { object in
            object["kind"] == "ReplicaSet" && snapshot.failing.contains(object[at: "metadata", "uid"]?.string ?? "")
                && reference.template(among: [object]) != nil
        }
        guard isKnown else { return nil }
        return GateResult(
            .rehearsal, .inconclusive,
            "revision \(reference.revision), which \(step.target.shortDescription) goes back to, failed when it last ran")
    }

    /// Lets virtual time pass until the workload is whole or does not become so.
    /// - Parameter isProven: whether what the plan puts in place is known to have worked before.
    private static func predict(
        _ target: EntityPath, _ goal: Verification.Goal, _ before: Int, isProven: Bool, _ cluster: RehearsedCluster
    ) async throws -> GateResult {
        let start = cluster.cluster.clock.now()
        if goal == .hold {
            await cluster.cluster.advance(by: .seconds(hold))
            let after = try await readyPods(target, cluster)
            // Fewer are right where fewer are wanted now.
            let wanted = try await cluster.reader.read(target).map { KubernetesVitals.signs(of: $0, at: start).desired ?? before } ?? before
            let before = min(before, wanted)
            return after >= before
                ? GateResult(.rehearsal, .pass, "\(after) pods stay ready")
                : GateResult(.rehearsal, .fail, "\(after) of \(before) pods stay ready")
        }
        guard let changed = try await cluster.reader.read(target) else {
            return GateResult(.rehearsal, .fail, "\(target.shortDescription) is gone")
        }
        let bases = cluster.bases(of: changed)
        while (cluster.cluster.clock.now() - start).secondCount < Double(patience) {
            let passed = (cluster.cluster.clock.now() - start).secondCount
            await cluster.cluster.advance(by: .seconds(passed < 60 ? 1 : 10))
            if try await isWhole(target, cluster) { break }
        }
        let seconds = Int((cluster.cluster.clock.now() - start).secondCount)
        guard try await isWhole(target, cluster), let whole = try await cluster.reader.read(target) else {
            return try await failure(target, bases, cluster, "within \(patience) s")
        }
        let restarts = restarts(whole, at: cluster.cluster.clock.now())
        let grows = KubernetesVitals.pods(of: whole).contains { pod in
            pod[at: "metadata", "annotations", SeenObjects.behaviourAnnotation]?.string?.contains("growth") == true
        }
        await cluster.cluster.advance(by: .seconds(grows ? longHold : hold))
        guard let later = try await cluster.reader.read(target), try await isWhole(target, cluster),
            self.restarts(later, at: cluster.cluster.clock.now()) <= restarts
        else { return try await failure(target, bases, cluster, "for \(grows ? longHold : hold) s after it was ready") }

        let signs = KubernetesVitals.signs(of: later, at: cluster.cluster.clock.now())
        let text =
            "\(signs.ready ?? 0) of \(signs.desired ?? 0) ready after \(seconds) s, \(restarts) \(restarts == 1 ? "restart" : "restarts")"
        let unseen = bases.compactMap { base in if case .neverSeen(let image) = base.basis { image } else { nil } }
        if let image = unseen.first {
            return GateResult(
                .rehearsal, .inconclusive,
                "admission, scheduling and references are right, but \(image) was never seen running, so whether it starts cannot be told",
                details: [text])
        }
        for base in bases where !isProven {
            guard case .unknownNeed(let limit) = base.basis else { continue }
            return GateResult(
                .rehearsal, .inconclusive,
                "admission, scheduling and references are right, but container \(base.container) needs more than \(SetMemoryLimit.text(Int(limit))); how much was never seen",
                details: ["with the least that it can need: \(text)"])
        }
        return GateResult(.rehearsal, .pass, text)
    }

    private static func failure(
        _ target: EntityPath, _ bases: [(container: String, basis: ObservedPrograms.Basis)], _ cluster: RehearsedCluster, _ when: String
    ) async throws -> GateResult {
        guard let seen = try await cluster.reader.read(target) else { return GateResult(.rehearsal, .fail, "\(target.resource) is gone") }
        let signs = KubernetesVitals.signs(of: seen, at: cluster.cluster.clock.now())
        let obstacles = Obstacles(of: seen).lines
        let known = bases.compactMap { base in
            if case .seenFailing(let text) = base.basis { "container \(base.container) \(text)" } else { nil }
        }
        let why = (obstacles + known).first.map { ": \($0)" } ?? ""
        return GateResult(
            .rehearsal, .fail, "\(signs.ready ?? 0) of \(signs.desired ?? 0) ready \(when)\(why)", details: obstacles + known)
    }

    /// All that is wanted is ready, and nothing old is left.
    private static func isWhole(_ target: EntityPath, _ cluster: RehearsedCluster) async throws -> Bool {
        guard let seen = try await cluster.reader.read(target) else { return false }
        let signs = KubernetesVitals.signs(of: seen, at: cluster.cluster.clock.now())
        guard let desired = signs.desired, desired > 0, signs.ready == desired else { return false }
        let pods = (seen.related["Pod"] ?? []).filter { $0[at: "metadata", "deletionTimestamp"] == nil }
        return pods.count == desired
    }

    private static func readyPods(_ target: EntityPath, _ cluster: RehearsedCluster) async throws -> Int {
        (try await cluster.reader.read(target)?.related["Pod"] ?? []).count(where: KubernetesVitals.isReady)
    }

    private static func restarts(_ seen: ObservedTarget, at now: Timestamp) -> Int {
        (KubernetesVitals.signs(of: seen, at: now).restarts ?? [:]).values.reduce(0, +)
    }
}
