import Core
import Foundation
import GRDB

/// One row of `entries` with its payload, as it is stored: what verification looks at and what readers make entries of.
struct EntryRow {
    let seq: Int64
    let v: Int
    let time: String
    let type: String
    let cluster: String
    let environment: String
    let subject: String
    let actor: String
    let payloadHash: String
    let prev: String
    let hash: String
    let leaf: [UInt8]
    let payload: [UInt8]?

    /// Column by column: a schema that somebody changed is an error of SQL then.
    static let select = """
        SELECT e.seq, e.v, e.time, e.type, e.cluster, e.environment, e.subject, e.actor, e.payload_hash, e.prev, e.hash, e.leaf,
            p.json AS payload
            FROM entries e LEFT JOIN payloads p ON p.seq = e.seq
        """

    init(_ row: Row) {
        func text(_ column: String) -> String { String.fromDatabaseValue(row[column]) ?? "" }
        seq = Int64.fromDatabaseValue(row["seq"]) ?? 0
        v = Int.fromDatabaseValue(row["v"]) ?? 0
        time = text("time")
        type = text("type")
        cluster = text("cluster")
        environment = text("environment")
        subject = text("subject")
        actor = text("actor")
        payloadHash = text("payload_hash")
        prev = text("prev")
        hash = text("hash")
        leaf = Data.fromDatabaseValue(row["leaf"]).map(Array.init) ?? []
        payload = Data.fromDatabaseValue(row["payload"]).map(Array.init)
    }

    /// The members as they stand, whether they make sense or not: what is hashed.
    func canonicalBytes(seq: Int64? = nil) -> [UInt8] {
        let json: JSON = [
            "v": JSON(v), "seq": .integer(seq ?? self.seq), "time": .string(time), "type": .string(type), "cluster": .string(cluster),
            "environment": .string(environment), "subject": .string(subject), "actor": .string(actor),
            "payloadHash": .string(payloadHash), "prev": .string(prev),
        ]
        return json.canonical()
    }

    /// - Throws: `MartletError(.corrupt)` for a time or payload that cannot be read.
    func recorded(path: String) throws(MartletError) -> RecordedEntry {
        guard let time = Timestamp(time) else { throw DatabaseFailure.corrupt(path, "the time of entry \(seq) cannot be read") }
        var parsed: JSON?
        if let payload {
            do { parsed = try JSON(parsing: payload) } catch {
                throw DatabaseFailure.corrupt(path, "the payload of entry \(seq) cannot be read")
            }
        }
        let entry = Entry(
            v: v, seq: seq, time: time, type: type, cluster: cluster, environment: environment, subject: subject, actor: actor,
            payloadHash: payloadHash, prev: prev)
        return RecordedEntry(entry: entry, payload: parsed)
    }
}
