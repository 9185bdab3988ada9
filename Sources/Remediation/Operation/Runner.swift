package import Core

/// One write that was announced in the journal and is about to be sent, or was perhaps sent before a restart.
package struct StepWrite: Sendable, Hashable {
    /// The step whose patch or inverse this is.
    package let step: Plan.Step
    /// The exact write: times filled in; a revision reference stays one until it is sent.
    package let patch: JSON
    /// `<digest>/<step>`, or `<digest>/<step>/inverse`: the value of the annotation `martlet/operation`.
    package let annotation: String

    package init(step: Plan.Step, patch: JSON, annotation: String) {
        self.step = step
        self.patch = patch
        self.annotation = annotation
    }
}

/// Carries writes out. It decides nothing: the engine announces a write in the journal, then hands it over, once.
package protocol Runner: Sendable {
    /// The thing as it is now, freshly read; nil when it does not exist.
    /// - Throws: ``MartletError`` when it cannot be read.
    func read(_ target: EntityPath) async throws -> ObservedTarget?

    /// Sends one write with the annotation and, as preconditions, uid and version of `seen`; returns the thing as the write left it.
    /// - Throws: ``MartletError``: `.conflict` when the thing moved since it was seen, `.unavailable`, `.timeout` and `.tooMany`
    ///   when it may work later, anything else when it never will.
    func write(_ write: StepWrite, on seen: ObservedTarget) async throws -> ObservedTarget

    /// The identity of the cluster that this runner reaches: no plan for another is carried out.
    func clusterUID() async throws -> String
}

/// How well a workload does, at one moment.
package protocol Vitals: Sendable {
    /// - Throws: ``MartletError`` when it cannot be measured.
    func measure(_ target: EntityPath) async throws -> VitalSigns
}

/// Plays a plan through on a model of the cluster and says what would come of it.
package protocol Rehearsal: Sendable {
    func rehearse(_ plan: Plan) async -> GateResult
}
