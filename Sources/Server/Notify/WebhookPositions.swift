import Core
import Foundation
import Logging

/// Up to which entry of the journal each webhook has been told, or was given up: `webhooks.json` in the store, so that what a stop or a
/// kill left untold is told by the next process. It holds the webhooks of the configuration and no others.
struct WebhookPositions {
    private static let version = 1

    private let path: String
    /// Names of the targets that tell nothing of their addresses, which may hold secrets. The same address twice is two targets.
    private let names: [String]
    private var seqs: [Int64]
    private var saved: [Int64]

    /// - Parameter newest: the journal's newest entry: where a target begins that is new, or whose position cannot be known.
    init(home: String, targets: [NotificationSettings], newest: Int64, logger: Logger) {
        path = home + "/webhooks.json"
        var repeats: [String: Int] = [:]
        names = targets.map { target in
            let name = Digest.sha256Hex(Array(target.url.utf8))
            repeats[name, default: 0] += 1
            return "\(name)-\(repeats[name, default: 1])"
        }
        seqs = names.map { _ in newest }
        saved = names.map { _ in -1 }
        do {
            guard let bytes = try PrivateFile.read(path)?.bytes else { return }
            let known = try Self.positions(bytes)
            for (index, name) in names.enumerated() {
                guard let seq = known[name] else { continue }
                guard (0...newest).contains(seq) else { throw Unreadable(reason: "it belongs to another journal") }
                (seqs[index], saved[index]) = (seq, seq)
            }
            // Should one come back that is not configured now, it is new.
            if !Set(known.keys).isSubset(of: names) { saved = names.map { _ in -1 } }
        } catch {
            seqs = names.map { _ in newest }
            saved = names.map { _ in -1 }
            logger.warning(
                "\(path) cannot be used: webhooks are told only what happens from now on",
                metadata: ["reason": "\((error as? Unreadable)?.reason ?? "\(error)")"])
        }
    }

    /// Without webhooks there is nothing to know: one that is configured later is new.
    static func forget(home: String) { unlink(home + "/webhooks.json") }

    private struct Unreadable: Error { let reason: String }

    private static func positions(_ bytes: [UInt8]) throws -> [String: Int64] {
        guard let json = try? JSON(parsing: bytes), let version = json["version"]?.int, let targets = json["targets"]?.object else {
            throw Unreadable(reason: "it is damaged")
        }
        guard version <= Self.version else { throw Unreadable(reason: "a newer Martlet wrote it (format \(version))") }
        var positions: [String: Int64] = [:]
        for (name, seq) in targets {
            guard case .integer(let seq) = seq else { throw Unreadable(reason: "it is damaged") }
            positions[name] = seq
        }
        return positions
    }

    subscript(index: Int) -> Int64 { seqs[index] }

    /// The entry behind which something may be untold.
    var lowest: Int64? { seqs.min() }
    /// By how many entries the file is behind.
    var lag: Int64 { zip(seqs, saved).map { $0 - $1 }.max() ?? 0 }

    /// Never goes back: a target begins where it stood.
    mutating func advance(_ index: Int, to seq: Int64) { seqs[index] = max(seqs[index], seq) }

    /// Writes the file, durably, where it is behind.
    mutating func save() throws(MartletError) {
        guard lag > 0 else { return }
        var targets: JSON = [:]
        for (name, seq) in zip(names, seqs) { targets[name] = .integer(seq) }
        try PrivateFile.write((["version": JSON(Self.version), "targets": targets] as JSON).serialized(pretty: true), to: path)
        saved = seqs
    }
}
