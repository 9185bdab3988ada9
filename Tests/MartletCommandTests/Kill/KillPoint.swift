/// Where a process is killed, counted from its start.
///
/// A process that is killed before the append that follows a write has had the answer to that write and has recorded nothing of it:
/// that is how "after the write" is covered.
enum KillPoint: Sendable, Hashable, CustomStringConvertible {
    /// Of an append to the journal or to a file beside it.
    enum Append: String, Sendable, CaseIterable { case before, torn, written, after }

    /// Of a write to the cluster; dry runs change nothing and are not counted.
    enum Write: String, Sendable, CaseIterable {
        /// It has arrived and is lost.
        case lost
        /// It has been applied and is not answered.
        case applied
        /// It has arrived, and is applied only when the next process sends the same.
        case late
    }

    case append(Int, Append)
    case write(Int, Write)

    /// What is the same for all numbers: `append before`.
    var kind: String {
        switch self {
        case .append(_, let moment): "append \(moment.rawValue)"
        case .write(_, let moment): "write \(moment.rawValue)"
        }
    }

    var description: String {
        switch self {
        case .append(let number, let moment): "append \(number) \(moment.rawValue)"
        case .write(let number, let moment): "write \(number) \(moment.rawValue)"
        }
    }
}
