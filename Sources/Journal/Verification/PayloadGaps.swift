package import Core

/// Payloads that are not there: those that retention dropped, and those that somebody took away.
///
/// Retention drops from the beginning only, and records how far before it does (``EntryType/payloadsDropped``): what is missing beyond
/// the last such record was removed behind Martlet's back.
package struct PayloadGaps: Sendable, Hashable {
    /// The entry up to which retention recorded that it drops payloads; 0 when it never did.
    package private(set) var droppedThrough: Int64 = 0
    /// Entries without a payload, in runs.
    private var runs: [ClosedRange<Int64>] = []

    package init() {}

    /// Takes the next entry of the journal in.
    package mutating func take(_ recorded: RecordedEntry) {
        guard let payload = recorded.payload else { return miss(recorded.entry.seq) }
        if recorded.type == .payloadsDropped { record(payload, in: recorded.entry.seq) }
    }

    mutating func miss(_ seq: Int64) {
        if let last = runs.last, last.upperBound + 1 == seq {
            runs[runs.count - 1] = last.lowerBound...seq
        } else {
            runs.append(seq...seq)
        }
    }

    mutating func record(_ payload: JSON, in seq: Int64) {
        guard case .integer(let through)? = payload["through"], through < seq else { return }
        droppedThrough = max(droppedThrough, through)
    }

    /// How many retention dropped.
    package var dropped: Int64 {
        runs.reduce(0) { $0 + max(0, min($1.upperBound, droppedThrough) - $1.lowerBound + 1) }
    }

    /// Entries whose payloads are missing and that retention did not drop.
    package var removed: [ClosedRange<Int64>] {
        runs.compactMap { $0.upperBound > droppedThrough ? max($0.lowerBound, droppedThrough + 1)...$0.upperBound : nil }
    }

    /// Why what was removed cannot have been dropped.
    var contradiction: String {
        droppedThrough == 0 ? "no retention dropped any" : "retention dropped only those up to entry \(droppedThrough)"
    }

    /// What whoever goes on with this journal must know; nil when nothing was removed.
    package func warning(about path: String) -> MartletError? {
        let removed = removed
        if removed.isEmpty { return nil }
        let shown = removed.prefix(5).map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound) to \($0.upperBound)" }
        let more = removed.count > 5 ? " and \(removed.count - 5) more places" : ""
        return MartletError(
            .corrupt, "payloads were removed from \(path): those of entries \(shown.joined(separator: ", "))\(more), and \(contradiction)",
            fix:
                "what these entries said of incidents, plans and pauses is unknown now: stop Martlet, look with `martlet journal verify`, and "
                + "restore a backup that it accepts; keep this journal as evidence")
    }
}
