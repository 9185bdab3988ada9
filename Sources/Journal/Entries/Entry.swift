package import Core

/// One entry of the journal (INTERFACES section 6). Its canonical JSON is what the next entry's ``prev`` hashes, and the input of
/// its leaf in the Merkle tree.
package struct Entry: Sendable, Hashable {
    package static let version = 1
    /// What stands in ``prev`` of the first entry.
    package static let noPrevious = String(repeating: "0", count: 64)

    package var v: Int
    /// 1, 2, 3, … without a gap.
    package var seq: Int64
    /// Whole milliseconds; never before the previous entry's.
    package var time: Timestamp
    /// An ``EntryType``; a string since a newer Martlet may have written others.
    package var type: String
    package var cluster: String
    package var environment: String
    package var subject: String
    package var actor: String
    /// Hex SHA-256 of the payload's canonical JSON.
    package var payloadHash: String
    /// Hex SHA-256 of the previous entry's canonical JSON.
    package var prev: String

    package init(
        v: Int = Entry.version, seq: Int64, time: Timestamp, type: String, cluster: String, environment: String, subject: String,
        actor: String, payloadHash: String, prev: String
    ) {
        self.v = v
        self.seq = seq
        self.time = time
        self.type = type
        self.cluster = cluster
        self.environment = environment
        self.subject = subject
        self.actor = actor
        self.payloadHash = payloadHash
        self.prev = prev
    }

    /// The type, or nil when a newer Martlet wrote one that this one does not know.
    package var knownType: EntryType? { EntryType(rawValue: type) }

    package var json: JSON {
        [
            "v": JSON(v), "seq": .integer(seq), "time": .string(time.description), "type": .string(type), "cluster": .string(cluster),
            "environment": .string(environment), "subject": .string(subject), "actor": .string(actor),
            "payloadHash": .string(payloadHash), "prev": .string(prev),
        ]
    }

    /// The bytes that are hashed: RFC 8785.
    package var canonicalBytes: [UInt8] { json.canonical() }
    /// Hex SHA-256 of ``canonicalBytes``: the next entry's ``prev``.
    package var hash: String { Digest.sha256Hex(canonicalBytes) }

    /// Reads an exported entry; nil when a member is missing or of the wrong type.
    package init?(json: JSON) {
        guard let v = json["v"]?.int, case .integer(let seq)? = json["seq"], let time = json["time"]?.string.flatMap({ Timestamp($0) }),
            let type = json["type"]?.string, let cluster = json["cluster"]?.string, let environment = json["environment"]?.string,
            let subject = json["subject"]?.string, let actor = json["actor"]?.string, let payloadHash = json["payloadHash"]?.string,
            let prev = json["prev"]?.string
        else { return nil }
        self.init(
            v: v, seq: seq, time: time, type: type, cluster: cluster, environment: environment, subject: subject, actor: actor,
            payloadHash: payloadHash, prev: prev)
    }
}
