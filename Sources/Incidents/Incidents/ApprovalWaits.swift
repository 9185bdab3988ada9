import Core

/// When an incident began to wait for somebody's approval. One wait lasts until somebody decides; that its plans are replaced by others
/// on the way, or that several may be approved, makes no other wait of it.
struct ApprovalWaits: Sendable, Hashable {
    /// So long without a plan that may be approved ends a wait, too: who was told of it has nothing to come back to.
    static let gap = Duration.seconds(600)

    private enum Now: Hashable { case none, waiting, interrupted(Timestamp) }
    private var now = Now.none
    /// The numbers of the entries with which a wait began.
    private(set) var beginnings: [Int64] = []

    /// Takes in whether a plan may be approved after an entry.
    mutating func follow(_ mayApprove: Bool, after seq: Int64, at time: Timestamp) {
        switch (now, mayApprove) {
        case (.none, true): begin(seq)
        case (.interrupted(let since), true):
            if time - since >= Self.gap { begin(seq) } else { now = .waiting }
        case (.waiting, false): now = .interrupted(time)
        case (.waiting, true), (.none, false), (.interrupted, false): break
        }
    }

    /// Somebody decided, or there is nothing to decide any more.
    mutating func end() { now = .none }

    private mutating func begin(_ seq: Int64) {
        now = .waiting
        beginnings.append(seq)
    }
}
