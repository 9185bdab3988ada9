import Core
import Remediation
import Synchronization

/// A toy platform: things with a `spec.level`, ready when the level is high enough.
final class Workshop: Sendable {
    struct Logged: Sendable {
        let annotation: String
        let level: Int
        let resourceVersion: String
    }
    private struct State {
        var things: [EntityPath: JSON] = [:]
        var version = 100
        var log: [Logged] = []
        /// The level from which a thing is ready; nil: never measured.
        var needs: [EntityPath: Int?] = [:]
        var refuse: Set<EntityPath> = []
        var loseAnswers = 0
        var conflicts = 0
        var slowness: Duration = .zero
        var measured = 0
        var interruption: (measurement: Int, body: @Sendable () -> Void)?
    }
    private let state = Mutex(State())

    func put(_ path: EntityPath, level: Int, needs: Int?) {
        state.withLock { state in
            state.version += 1
            state.things[path] = [
                "metadata": ["uid": .string("uid-\(path.name)"), "resourceVersion": .string("\(state.version)"), "annotations": [:]],
                "spec": ["level": JSON(level)],
            ]
            state.needs[path] = .some(needs)
        }
    }
    func change(_ path: EntityPath, _ body: (inout JSON) -> Void) {
        state.withLock { state in
            guard var thing = state.things[path] else { return }
            body(&thing)
            state.version += 1
            thing[at: "metadata", "resourceVersion"] = .string("\(state.version)")
            state.things[path] = thing
        }
    }
    func remove(_ path: EntityPath) { state.withLock { _ = $0.things.removeValue(forKey: path) } }
    func refuse(_ path: EntityPath) { state.withLock { _ = $0.refuse.insert(path) } }
    /// The next writes take effect, and their answers are lost.
    func loseAnswers(_ count: Int) { state.withLock { $0.loseAnswers = count } }
    func conflicts(_ count: Int) { state.withLock { $0.conflicts = count } }

    /// How long each measurement takes.
    func slow(by duration: Duration) { state.withLock { $0.slowness = duration } }
    var slowness: Duration { state.withLock { $0.slowness } }

    /// What happens just before a measurement, counted from the first.
    func whenMeasured(_ measurement: Int, _ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.interruption = (measurement, body) }
    }
    func willMeasure() {
        let body = state.withLock { state in
            state.measured += 1
            return state.interruption?.measurement == state.measured ? state.interruption?.body : nil
        }
        body?()
    }

    var log: [Logged] { state.withLock { $0.log } }
    func level(_ path: EntityPath) -> Int? { state.withLock { $0.things[path]?[at: "spec", "level"]?.int } }

    func read(_ path: EntityPath) -> ObservedTarget? {
        state.withLock { state in
            guard let thing = state.things[path] else { return nil }
            return Workshop.observed(path, thing)
        }
    }

    func write(_ write: StepWrite, on seen: ObservedTarget) throws -> ObservedTarget {
        try state.withLock { state in
            let path = write.step.target
            guard var thing = state.things[path] else { throw MartletError(.notFound, "gone") }
            if state.refuse.contains(path) { throw MartletError(.forbidden, "not allowed to write \(path.name)") }
            if state.conflicts > 0 {
                state.conflicts -= 1
                state.version += 1
                thing[at: "metadata", "resourceVersion"] = .string("\(state.version)")
                state.things[path] = thing
            }
            guard thing[at: "metadata", "resourceVersion"]?.string == seen.resourceVersion else {
                throw MartletError(.conflict, "it moved")
            }
            state.version += 1
            thing[at: "spec", "level"] = write.patch["level"]
            thing[at: "metadata", "annotations", ObservedTarget.operationAnnotation] = .string(write.annotation)
            thing[at: "metadata", "resourceVersion"] = .string("\(state.version)")
            state.things[path] = thing
            state.log.append(
                Logged(annotation: write.annotation, level: write.patch["level"]?.int ?? -1, resourceVersion: "\(state.version)"))
            if state.loseAnswers > 0 { state.loseAnswers -= 1; throw MartletError(.timeout, "no answer") }
            return Workshop.observed(path, thing)
        }
    }

    func measure(_ path: EntityPath, at now: Timestamp) throws -> VitalSigns {
        try state.withLock { state in
            guard let level = state.things[path]?[at: "spec", "level"]?.int, let needs = state.needs[path] ?? nil else {
                throw MartletError(.unavailable, "nothing measures \(path.name)")
            }
            return VitalSigns(time: now, desired: 3, ready: level >= needs ? 3 : 0, restarts: ["pod/c": 0], exposure: 100)
        }
    }

    private static func observed(_ path: EntityPath, _ thing: JSON) -> ObservedTarget {
        ObservedTarget(
            path: path, uid: thing[at: "metadata", "uid"]?.string ?? "",
            resourceVersion: thing[at: "metadata", "resourceVersion"]?.string ?? "", object: thing)
    }
}

/// What one process sees of the workshop; it can be killed before and after each call.
struct Hands: Runner, Vitals {
    let workshop: Workshop
    let clock: SteppingClock
    let kill: KillSwitch

    func clusterUID() async throws -> String { try kill.point("uid"); return "uid-of-cluster" }
    func read(_ target: EntityPath) async throws -> ObservedTarget? { try kill.point("read"); return workshop.read(target) }
    func write(_ write: StepWrite, on seen: ObservedTarget) async throws -> ObservedTarget {
        try kill.point("before write")
        let after = try workshop.write(write, on: seen)
        try kill.point("after write")
        return after
    }
    func measure(_ target: EntityPath) async throws -> VitalSigns {
        try kill.point("measure")
        clock.advance(workshop.slowness)
        workshop.willMeasure()
        return try workshop.measure(target, at: clock.now())
    }
}

/// Sets the level of a thing to what the cause says is needed.
struct Raise: Action {
    var type: String { "raise" }
    var fit = 0.9
    var risk = RiskClass.low

    func propose(for cause: Cause, on target: ObservedTarget) -> Proposal? {
        guard let level = cause.facts["level"]?.int, let now = target.object[at: "spec", "level"]?.int else { return nil }
        return Proposal(
            step: Plan.Step(
                type: type, target: target.path, parameters: ["level": JSON(level)], patch: ["level": JSON(level)],
                inverse: ["level": JSON(now)], verification: ["ready": true, "restarts": true, "errorRate": true]),
            title: "raise \(target.path.name) to \(level)", risk: risk, blastRadius: "1 thing", undo: "set it to \(now)", commands: [],
            diff: [FieldChange(path: "spec.level", from: JSON(now), to: JSON(level))], fit: fit)
    }
    func parts(of patch: JSON) -> [[String]] { [["spec", "level"]] }
}

/// A gate whose answer is given.
/// A gate that fails until somebody has done away with what it found.
final class MendedGate: GateCheck {
    let gate = GateResult.Gate.drift
    private let state = Mutex((isMended: false, asked: 0))

    var isCheckedAgain: Bool { true }
    var asked: Int { state.withLock { $0.asked } }
    func mend() { state.withLock { $0.isMended = true } }

    func check(_ plan: Plan, in context: GateContext) async -> GateResult {
        let isMended = state.withLock { state in
            state.asked += 1
            return state.isMended
        }
        return GateResult(.drift, isMended ? .pass : .fail, isMended ? "nobody owns it" : "Argo CD owns it")
    }
}

struct FixedGate: GateCheck {
    let gate: GateResult.Gate
    let verdict: Verdict
    var isCheckedAgain = false
    func check(_ plan: Plan, in context: GateContext) async -> GateResult { GateResult(gate, verdict, "as the test says") }
}

/// A gate of a server that is out of reach the first times that it is asked.
final class LateGate: GateCheck {
    let gate: GateResult.Gate
    private let left: Mutex<Int>

    init(gate: GateResult.Gate, inconclusive times: Int) {
        self.gate = gate
        left = Mutex(times)
    }

    var isCheckedAgain: Bool { true }

    func check(_ plan: Plan, in context: GateContext) async -> GateResult {
        let isOut = left.withLock { left in
            left -= 1
            return left >= 0
        }
        return GateResult(gate, isOut ? .inconclusive : .pass, isOut ? "the connection was closed" : "it is there again")
    }
}
