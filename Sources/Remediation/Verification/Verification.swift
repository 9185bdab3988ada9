package import Core

/// Whether a plan helped: compares what was measured after it with what was measured before. Pure.
///
/// Readiness is judged by what held over the last third of the window, not by a test over samples: samples of one pod are not
/// independent. Restarts are compared as Poisson rates, errors as proportions (``ExactTests``), each at the 5 % level. One signal
/// that fails makes it `fail`; one that is asked for and was not measured makes it `inconclusive`. No data is never a pass.
package struct Verification: Sendable {
    /// What the plan is for.
    package enum Goal: String, Sendable, Hashable {
        /// Everything that is wanted is ready.
        case recover
        /// No worse than before: for pausing, and for what an inverse put back.
        case hold
    }

    package struct Judgement: Sendable, Hashable {
        package let verdict: Verdict
        /// One sentence of numbers: `3 of 3 ready (0 of 3 before), no restart in 60 s (6 before)`.
        package let text: String
    }

    package let goal: Goal
    /// Seconds of the cluster's time.
    package let window: Double
    package let watchesReadiness: Bool
    package let watchesRestarts: Bool
    package let watchesErrors: Bool
    /// Whether what is watched is again what it was before. Its pods may be new: how often those of a program that fails are restarted
    /// in their first minutes says nothing beside pods that wait minutes between two starts.
    package let isPutBack: Bool

    package init(
        goal: Goal, window: Double, readiness: Bool = true, restarts: Bool = true, errors: Bool = true, isPutBack: Bool = false
    ) {
        self.goal = goal
        self.window = window
        watchesReadiness = readiness
        watchesRestarts = restarts
        watchesErrors = errors
        self.isPutBack = isPutBack
    }

    /// Reads a step's `verification`.
    package init(step: JSON) {
        self.init(
            goal: step["goal"]?.string.flatMap(Goal.init) ?? .recover, window: step["window"]?.double ?? 300,
            readiness: step["ready"]?.bool ?? true, restarts: step["restarts"]?.bool ?? true, errors: step["errorRate"]?.bool ?? true)
    }

    static let significance = 0.05
    /// An error rate up to this is ordinary.
    static let ordinaryErrorRate = 0.01

    /// - Parameters:
    ///   - before: measured just before the first write; nil where it could not be.
    ///   - after: measured during the window, oldest first.
    package func judge(before: VitalSigns?, after: [VitalSigns]) -> Judgement {
        guard let first = after.first, let last = after.last, (last.time - first.time).secondCount >= window * 0.5 else {
            let seconds = after.last.flatMap { last in after.first.map { (last.time - $0.time).secondCount } } ?? 0
            return Judgement(
                verdict: .inconclusive,
                text: "measured \(Verification.seconds(seconds)) of a window of \(Verification.seconds(window)): too little to tell")
        }
        var parts: [Judgement] = []
        if watchesReadiness { parts.append(readiness(before, after)) }
        if watchesRestarts, !isPutBack || Verification.wasWhole(before) { parts.append(restarts(before, after)) }
        if watchesErrors, let errors = errorRate(before, after) { parts.append(errors) }
        let verdicts = parts.map(\.verdict)
        let verdict: Verdict =
            verdicts.contains(.fail) ? .fail : verdicts.isEmpty || verdicts.contains(.inconclusive) ? .inconclusive : .pass
        return Judgement(verdict: verdict, text: parts.map(\.text).joined(separator: "; "))
    }

    /// Whether a longer watch would not tell more: most of the window was seen, and what must hold at its end was seen to hold.
    package func isDecidable(_ after: [VitalSigns]) -> Bool {
        guard let first = after.first, let last = after.last, (last.time - first.time).secondCount >= window * 0.6 else { return false }
        return (!watchesReadiness || lastThird(after).count { $0.desired != nil && $0.ready != nil } >= 2)
            && (!watchesRestarts || after.count { $0.restarts != nil } >= 2)
    }

    /// The samples by which it is judged how things ended: of the last third of the window, or the last two where they lie further
    /// apart, since one alone shows nothing that holds.
    func closing(_ after: [VitalSigns]) -> [VitalSigns] {
        let late = lastThird(after)
        return late.count < 2 ? after.suffix(2) : late
    }

    private func lastThird(_ after: [VitalSigns]) -> [VitalSigns] {
        guard let last = after.last else { return [] }
        return after.filter { (last.time - $0.time).secondCount <= window / 3 }
    }

    /// Whether all that was wanted was ready; where that is not known, restarts are all that there is to compare.
    private static func wasWhole(_ before: VitalSigns?) -> Bool {
        guard let ready = before?.ready, let desired = before?.desired else { return true }
        return ready >= desired
    }

    static func seconds(_ value: Double) -> String { "\(Int(value.rounded())) s" }
}
