import Core
import Journal

extension OperationEngine {
    private static let maximumAttempts = 20

    /// Does one step, or its inverse: read, compare, announce, write. After a restart, or a write whose answer was lost, the
    /// annotation on the thing tells whether it was done.
    /// - Returns: false when the pause holds it.
    func perform(_ index: Int, inverse: Bool, _ record: PlanRecord, _ site: Site) async throws -> Bool {
        let plan = record.plan
        let step = plan.steps[index]
        let patch = inverse ? step.inverse : step.patch
        let annotation = "\(record.digest)/\(index)\(inverse ? "/inverse" : "")"
        let parts = site.catalogue.parts(of: plan.steps, target: step.target)
        let name = step.target.shortDescription
        var intended = record.step(index, inverse: inverse)
        var attempt = 0

        func fail(_ reason: String, uncertain: Bool = false) async throws -> Bool {
            var payload: JSON = ["step": JSON(index), "inverse": .bool(inverse), "error": .string(reason)]
            if uncertain { payload["uncertain"] = true }
            try await append([entry(.stepFailed, record, at: site.clock.now(), payload)])
            return true
        }
        func done(_ target: ObservedTarget, found: Bool) async throws -> Bool {
            try await append([
                entry(
                    .stepDone, record, at: site.clock.now(),
                    [
                        "step": JSON(index), "inverse": .bool(inverse), "resourceVersion": .string(target.resourceVersion),
                        "found": .bool(found), "left": .string(StateHash.hash(target.object, parts: parts)),
                    ])
            ])
            return true
        }

        if patch.isNull { return try await fail("\(step.type) of \(name) has no inverse") }
        while true {
            if board.safety.isPaused { return false }
            let seen: ObservedTarget?
            do { seen = try await site.runner.read(step.target) } catch let error where !(error is CancellationError) {
                guard OperationEngine.mayPass(error) else {
                    return try await fail("\(name) cannot be read: \(OperationEngine.words(error))", uncertain: intended != nil)
                }
                attempt += 1
                try await backOff(attempt, site)
                continue
            }
            guard let seen else { return try await fail("\(name) is gone") }
            guard seen.uid == plan.state[step.target.description]?["uid"]?.string else {
                return try await fail("\(name) was made anew since the plan was made")
            }
            let hash = StateHash.hash(seen.object, parts: parts)
            if let write = intended?.write, seen.operation == annotation,
                !(write["previous"]?.string == annotation && write["before"]?.string == hash)
            {
                return try await done(seen, found: true)
            }
            guard hash == expectedHash(step.target, record) else {
                return try await fail("\(name) was changed by somebody else since, and is left as it is")
            }
            if attempt >= OperationEngine.maximumAttempts { return try await fail("\(name) could not be written in \(attempt) attempts") }
            if intended == nil {
                let now = site.clock.now()
                let write: JSON = [
                    "target": .string(step.target.description), "patch": patch.resolvingNow(now), "annotation": .string(annotation),
                    "uid": .string(seen.uid), "resourceVersion": .string(seen.resourceVersion), "before": .string(hash),
                    "previous": JSON(seen.operation),
                ]
                try await append([
                    entry(.stepIntended, record, at: now, ["step": JSON(index), "inverse": .bool(inverse), "write": write])
                ])
                intended = board[plan.id]?.step(index, inverse: inverse)
            }
            // The pause may have come while the write was being announced; what is announced and not there is done after it.
            if board.safety.isPaused { return false }
            let left: ObservedTarget
            do {
                let write = StepWrite(step: step, patch: intended?.write["patch"] ?? patch, annotation: annotation)
                left = try await site.runner.write(write, on: seen)
            } catch let error where !(error is CancellationError) {
                guard OperationEngine.mayPass(error) else { return try await fail(OperationEngine.words(error)) }
                attempt += 1
                try await backOff(attempt, site)
                continue
            }
            return try await done(left, found: false)
        }
    }

    /// The hash that a target must have now: what the last write of this operation left, or what the plan was computed from.
    private func expectedHash(_ target: EntityPath, _ record: PlanRecord) -> String? {
        let last = record.steps.last { $0.state == .done && record.plan.steps[$0.index].target == target }
        return last?.left ?? record.plan.state[target.description]?["hash"]?.string
    }

    /// Whether it may work later: the thing moved, or the server is out of reach. Everything else is an answer.
    private static func mayPass(_ error: any Error) -> Bool {
        guard let error = error as? MartletError else { return true }
        return [.conflict, .unavailable, .timeout, .tooMany, .busy, .io].contains(error.code)
    }

    private static func words(_ error: any Error) -> String { (error as? MartletError)?.message ?? "\(error)" }

    /// 0.2 s, doubling to 30 s, of the cluster's time.
    func backOff(_ attempt: Int, _ site: Site) async throws {
        try await site.clock.sleep(for: .milliseconds(min(30_000, 100 << min(attempt, 10))))
    }
}
