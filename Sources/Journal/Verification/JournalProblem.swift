package import Core

/// One thing that is wrong with a journal, and where.
package struct JournalProblem: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The members of an entry are not those that were hashed.
        case changed
        /// Entries are gone, or payloads that retention did not drop.
        case removed
        /// An entry stands where another belongs.
        case inserted, reordered
        /// An entry was replaced together with its own hashes.
        case replaced
        /// A payload is not the one whose hash the entry holds, or belongs to no entry.
        case payload
        /// The end of the log is missing: it was signed when it was longer.
        case cut
        /// The log is consistent, but not the one that was signed.
        case rewritten
        /// The database file itself is not sound.
        case damaged
        /// A signature, key or line of a checkpoint that cannot be believed.
        case signature
    }

    package let kind: Kind
    /// The entry, where it is about one.
    package let seq: Int64?
    package let text: String

    package init(_ kind: Kind, seq: Int64? = nil, _ text: String) {
        self.kind = kind
        self.seq = seq
        self.text = text
    }

    package var json: JSON {
        ["kind": .string(kind.rawValue), "seq": seq.map { .integer($0) } ?? .null, "text": .string(text)]
    }
}
