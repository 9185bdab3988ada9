package import Core
import Foundation
import GRDB

/// The pack that `martlet journal export` writes: JSON Lines that anyone can verify without Martlet's database.
///
/// First `{"journal": {"v", "keys"}}`, then an entry a line as `{"entry", "hash", "payload"}` (payload null when dropped), then the
/// signed checkpoints as `{"checkpoint"}`, the last of which covers everything before it.
package enum JournalExport {
    /// Writes the pack, some kilobytes at a time, to `write`.
    /// - Returns: how many entries it holds.
    @discardableResult
    package static func write(_ reader: JournalReader, to write: ([UInt8]) throws -> Void) throws -> Int64 {
        do {
            return try reader.database.read { db in
                var buffer: [UInt8] = []
                func line(_ json: JSON) throws {
                    buffer += json.serialized()
                    buffer.append(0x0A)
                    if buffer.count > 1 << 16 {
                        try write(buffer)
                        buffer.removeAll(keepingCapacity: true)
                    }
                }
                let keys = try Row.fetchAll(db, sql: "SELECT id, public_key, since FROM keys ORDER BY since, id").map { row -> JSON in
                    let id: String? = row["id"], publicKey: String? = row["public_key"], since: Int64? = row["since"]
                    return ["id": JSON(id), "publicKey": JSON(publicKey), "since": .integer(since ?? 0)]
                }
                try line(["journal": ["v": JSON(Entry.version), "keys": .array(keys)]])
                var count: Int64 = 0
                let rows = try Row.fetchCursor(db, sql: EntryRow.select + " ORDER BY e.seq")
                while let row = try rows.next() {
                    let row = EntryRow(row)
                    let recorded = try row.recorded(path: reader.directory.database)
                    try line(["entry": recorded.entry.json, "hash": .string(row.hash), "payload": recorded.payload ?? .null])
                    count += 1
                }
                let head = try JournalHead.read(db)?.checkpoint
                for checkpoint in try CheckpointLog(reader.directory).read().checkpoints where checkpoint.size < head?.size ?? 0 {
                    try line(["checkpoint": checkpoint.json])
                }
                if let head { try line(["checkpoint": head.json]) }
                if !buffer.isEmpty { try write(buffer) }
                return count
            }
        } catch {
            throw DatabaseFailure.error(error, doing: "read", path: reader.directory.database)
        }
    }

    /// Checks an exported pack by itself, and against checkpoints that were kept elsewhere.
    /// - Throws: `MartletError`: `notFound` without the file, `invalid` for one that is no pack.
    package static func verify(pack path: String, kept: [Checkpoint] = []) throws(MartletError) -> JournalVerification {
        let data: Data
        do { data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped) } catch {
            throw MartletError(.notFound, "cannot read the pack \(path): \(SystemFailure.text(errno))")
        }
        return try verify(lines: data.split(separator: 0x0A), name: path, kept: kept)
    }

    private static func verify(lines: [Data], name: String, kept: [Checkpoint]) throws(MartletError) -> JournalVerification {
        func parse(_ number: Int) -> JSON? { try? JSON(parsing: Array(lines[number])) }
        guard !lines.isEmpty, let header = parse(0)?["journal"], let version = header["v"]?.int else {
            throw MartletError(.invalid, "\(name) is no exported journal: its first line names none")
        }
        guard version <= Entry.version else {
            throw MartletError(.invalid, "\(name) was exported by a newer Martlet (format \(version))", fix: "verify it with that version")
        }
        var statements = kept.map { (checkpoint: $0, name: "kept checkpoint") }
        var end = lines.count
        while end > 1, let json = parse(end - 1)?["checkpoint"], let checkpoint = Checkpoint(json: json) {
            statements.append((checkpoint, "checkpoint"))
            end -= 1
        }
        let own = statements.count - kept.count
        var verifier = ChainVerifier(subject: name, checkpoints: statements)
        for number in 1..<max(1, end) {
            guard let line = parse(number), let json = line["entry"], let entry = Entry(json: json), let hash = line["hash"]?.string else {
                verifier.report(.changed, nil, "line \(number + 1) is neither an entry nor a checkpoint")
                continue
            }
            // JSON null is what stands for a dropped payload, and the payload of an entry that had none.
            let payload = line["payload"] ?? .null
            let bytes = payload.canonical()
            let isDropped = payload.isNull && Digest.sha256Hex(bytes) != entry.payloadHash
            verifier.take(
                ChainVerifier.Item(
                    seq: entry.seq, type: entry.type, prev: entry.prev, payloadHash: entry.payloadHash, storedHash: hash,
                    payload: isDropped ? nil : bytes,
                    bytes: { seq in
                        // What stands there is hashed, not what was made of it: no member may be added or written otherwise.
                        var moved = json
                        moved["seq"] = .integer(seq)
                        return moved.canonical()
                    }))
        }
        if own == 0 { verifier.report(.signature, nil, "the pack ends without a signed checkpoint: its end cannot be proven") }
        var result = verifier.finish()
        let signed = statements.dropFirst(kept.count).map(\.checkpoint.size).max() ?? 0
        if own > 0, signed < result.entries {
            result.problems.append(
                JournalProblem(
                    .inserted, seq: signed + 1,
                    "the pack was signed at \(signed) entries and holds \(result.entries): what follows is not proven"))
        }
        result.checkpoints = own
        result.keptCheckpoints = kept.count
        return result
    }
}
