package import Core

/// What a check of a journal found: for people, for machines, and for scripts.
package struct JournalVerification: Sendable, Hashable {
    /// What was checked: a path.
    package var subject: String
    package var entries: Int64 = 0
    /// Payloads that retention dropped; their entries still stand.
    package var droppedPayloads: Int64 = 0
    /// Hex; the Merkle root over all entries as they are now.
    package var root = Digest.hex(MerkleHash.empty)
    /// Checkpoints of the store, and those that were kept elsewhere, whose size and root were compared.
    package var checkpoints = 0
    package var keptCheckpoints = 0
    /// Ordered by place, but for what only the end of the log tells.
    package var problems: [JournalProblem] = []
    /// Problems beyond those that are listed.
    package var furtherProblems = 0
    /// Worth knowing, and nothing wrong.
    package var notes: [String] = []

    package var isIntact: Bool { problems.isEmpty }

    /// INTERFACES section 9: 0 fine, 3 problems found.
    package var exitStatus: Int32 { isIntact ? 0 : 3 }

    package var text: String {
        var lines: [String] = []
        func count(_ n: Int64, _ one: String, _ many: String) -> String { "\(n) \(n == 1 ? one : many)" }
        if isIntact {
            lines.append("\(subject): intact")
        } else {
            let total = Int64(problems.count + furtherProblems)
            lines.append("\(subject): NOT intact, \(count(total, "problem", "problems"))")
        }
        lines.append("  entries      \(entries)" + (droppedPayloads > 0 ? " (payloads of \(droppedPayloads) dropped by retention)" : ""))
        lines.append("  Merkle root  \(root)")
        lines.append("  checkpoints  \(checkpoints)" + (keptCheckpoints > 0 ? ", and \(keptCheckpoints) kept elsewhere" : ""))
        for problem in problems {
            let place = problem.seq.map { "entry \($0): " } ?? ""
            lines.append("  \(problem.kind.rawValue.uppercased())  \(place)\(problem.text)".terminalSafe)
        }
        if furtherProblems > 0 { lines.append("  … and \(furtherProblems) more") }
        for note in notes { lines.append("  note: \(note)".terminalSafe) }
        return lines.joined(separator: "\n")
    }

    package var json: JSON {
        [
            "subject": .string(subject), "intact": .bool(isIntact), "entries": .integer(entries),
            "droppedPayloads": .integer(droppedPayloads), "root": .string(root), "checkpoints": JSON(checkpoints),
            "keptCheckpoints": JSON(keptCheckpoints), "problems": .array(problems.map(\.json)),
            "furtherProblems": JSON(furtherProblems), "notes": JSON(notes),
        ]
    }
}
