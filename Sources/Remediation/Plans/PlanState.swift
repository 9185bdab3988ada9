/// Where a plan is in its life, as its journal entries say.
///
/// `proposed` is shown only; `awaiting` may be approved; `done` ended with an outcome that leaves its effect in place,
/// `failed` with one that does not (``OperationOutcome``).
package enum PlanState: String, Sendable, Hashable, CaseIterable {
    case proposed, awaiting, approved, acting, verifying
    case rollingBack = "rolling-back"
    case done, rejected, expired, void, failed

    /// Whether nothing more happens to it.
    package var isFinal: Bool {
        switch self {
        case .done, .rejected, .expired, .void, .failed: true
        case .proposed, .awaiting, .approved, .acting, .verifying, .rollingBack: false
        }
    }

    /// Whether it came to an operation, and that is over.
    package var hasRun: Bool { self == .done || self == .failed }

    /// Whether writes may be under way, so that no other operation may touch the same things.
    package var isRunning: Bool {
        switch self {
        case .approved, .acting, .verifying, .rollingBack: true
        case .proposed, .awaiting, .done, .rejected, .expired, .void, .failed: false
        }
    }
}

/// How an operation ended: the `outcome` of `operation.ended`.
package enum OperationOutcome: String, Sendable, Hashable, CaseIterable {
    /// Verified: it helped.
    case repaired
    /// Verification failed, or a later step did; the inverse ran.
    case rolledBack = "rolled-back"
    /// What came of it could not be told: a person decides.
    case inconclusive
    /// Nothing took effect, or what did could not be taken back.
    case failed
    /// An operation that took back an earlier one.
    case undone

    package var state: PlanState {
        switch self {
        case .repaired, .undone, .inconclusive: .done
        case .rolledBack, .failed: .failed
        }
    }
}
