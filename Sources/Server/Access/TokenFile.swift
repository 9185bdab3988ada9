package import Core
import Dispatch
import Foundation
import Synchronization

/// The named tokens of the API. `tokens.json` in Martlet's home holds their hashes (SHA-256 of 256 random bits needs no salt and no
/// stretching); `token` beside it, mode 0600, holds the one that this machine's commands use.
package final class TokenFile: Sendable {
    package struct Entry: Sendable, Hashable {
        package let principal: Principal
        package let createdAt: Timestamp
        package let createdBy: String
        let hash: String
    }

    /// The name of the token that stands in the file `token`.
    package static let localName = "local"

    private let directory: String
    private let clock: any WallClock
    private let secrets: SecretGenerator
    private let entries: Mutex<[Entry]>
    private let localHash: String
    /// Writes one after the other, off the cooperative pool.
    private let queue = DispatchQueue(label: "martlet.tokens")

    /// Reads the tokens; makes `token` when it is not there.
    /// - Throws: `io` when files cannot be read or written, `corrupt` when one of them is not what Martlet wrote, `forbidden` when
    ///   others can read `token`.
    package init(directory: String, clock: any WallClock, secrets: SecretGenerator = .system) throws(MartletError) {
        self.directory = directory
        self.clock = clock
        self.secrets = secrets
        localHash = Digest.sha256Hex(try Self.localToken(directory, secrets))
        entries = Mutex(try Self.read(directory + "/tokens.json"))
    }

    /// Who presents this token; nil when nobody may.
    package func principal(presenting token: String) -> Principal? {
        let hash = Digest.sha256Hex(token)
        if Digest.constantTimeEquals(hash, localHash) { return Principal(name: Self.localName, role: .administrator) }
        return entries.withLock { $0.first { Digest.constantTimeEquals($0.hash, hash) }?.principal }
    }

    package var all: [Entry] { entries.withLock { $0 }.sorted { $0.principal.name < $1.principal.name } }

    /// Makes a token and returns its text, which is kept nowhere.
    /// - Throws: `conflict` when the name is taken, `invalid` when it is no name.
    package func create(name: String, grant: Principal.Grant, by actor: String) async throws(MartletError) -> String {
        try Self.check(name)
        let secret = secrets.secret(prefix: "martlet_")
        let entry = Entry(
            principal: Principal(name: name, grant: grant), createdAt: clock.now(), createdBy: actor, hash: Digest.sha256Hex(secret))
        let isTaken = entries.withLock { entries in
            if entries.contains(where: { $0.principal.name == name }) { return true }
            entries.append(entry)
            return false
        }
        guard !isTaken else {
            throw MartletError(.conflict, "there is a token called \"\(name)\"", fix: "choose another name, or revoke it")
        }
        do { try await save() } catch {
            entries.withLock { $0.removeAll { $0.principal.name == name } }
            throw error
        }
        return secret
    }

    /// - Throws: `notFound`; `io` when it cannot be recorded: the token then still holds, and can be revoked again.
    package func revoke(name: String) async throws(MartletError) {
        let removed = entries.withLock { entries in
            entries.firstIndex { $0.principal.name == name }.map { entries.remove(at: $0) }
        }
        guard let removed else { throw MartletError(.notFound, "there is no token called \"\(name.prefix(100))\"") }
        do { try await save() } catch {
            entries.withLock { $0.append(removed) }
            throw MartletError(error.code, "\(error.message); the token \"\(name)\" still holds", details: error.details, fix: error.fix)
        }
    }

    /// Names stand in journal entries and on pages: letters, digits, `-`, `_`, `.`, `@`, up to 64; none of Martlet's own.
    package static func check(_ name: String) throws(MartletError) {
        let allowed = name.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "@"): true
            default: false
            }
        }
        guard allowed, (1...64).contains(name.utf8.count), name != localName, name != "martlet" else {
            throw MartletError(
                .invalid, "a token cannot be called so", details: ["letters, digits and - _ . @, at most 64; not \"local\" or \"martlet\""])
        }
    }

    // MARK: Files

    private func save() async throws(MartletError) {
        let result: Result<Void, MartletError> = await withCheckedContinuation { continuation in
            queue.async { [self] in
                // The newest state, not the caller's: writes that overtake each other then cannot lose one.
                let json: JSON = ["version": 1, "tokens": .array(all.map(\.json))]
                continuation.resume(
                    returning: Result { () throws(MartletError) in
                        try PrivateFile.write(json.serialized(pretty: true), to: directory + "/tokens.json")
                    })
            }
        }
        try result.get()
    }

    /// Whatever is there and not wholly understood is refused: the next change of a token would write over it.
    private static func read(_ path: String) throws(MartletError) -> [Entry] {
        func corrupt(_ why: String) -> MartletError {
            MartletError(
                .corrupt, "\(path) is not what Martlet wrote: \(why)",
                fix: "restore it from a backup, or move it aside and create the tokens again; it was not touched")
        }
        guard let bytes = try PrivateFile.read(path)?.bytes else { return [] }
        guard let json = try? JSON(parsing: bytes), let tokens = json["tokens"]?.array else { throw corrupt("it is no list of tokens") }
        guard json["version"]?.int == 1 else { throw corrupt("its version is not 1") }
        var entries: [Entry] = []
        for (index, token) in tokens.enumerated() {
            guard let entry = Entry(json: token) else { throw corrupt("entry \(index + 1) of \(tokens.count) is no token") }
            guard !entries.contains(where: { $0.principal.name == entry.principal.name }) else {
                throw corrupt("\(entry.principal.name.prefix(64)) is there twice")
            }
            entries.append(entry)
        }
        return entries
    }

    private static func localToken(_ directory: String, _ secrets: SecretGenerator) throws(MartletError) -> String {
        let path = directory + "/token"
        if let content = try PrivateFile.read(path), !content.bytes.isEmpty {
            guard !content.isOpenToOthers else { throw MartletError(.forbidden, "others can read \(path)", fix: "chmod 600 \(path)") }
            let text = String(decoding: content.bytes, as: UTF8.self).filter { !$0.isWhitespace }
            guard text.utf8.count >= 20 else {
                throw MartletError(
                    .corrupt, "\(path) holds no token: it has fewer than 20 characters", fix: "remove it, and a new one is made")
            }
            return text
        }
        let secret = secrets.secret(prefix: "martlet_")
        try PrivateFile.write(Array((secret + "\n").utf8), to: path)
        return secret
    }
}

extension TokenFile.Entry {
    fileprivate var json: JSON {
        var json: JSON = ["name": .string(principal.name)]
        switch principal.grant {
        case .role(let role): json["role"] = .string(role.rawValue)
        case .ingest(let source): json["ingest"] = .string(source)
        }
        json["createdAt"] = .string(createdAt.description)
        json["createdBy"] = .string(createdBy)
        json["sha256"] = .string(hash)
        return json
    }

    fileprivate init?(json: JSON) {
        guard let name = json["name"]?.string, let hash = json["sha256"]?.string, hash.utf8.count == 64 else { return nil }
        let grant: Principal.Grant
        if let role = json["role"]?.string.flatMap(Role.init) {
            grant = .role(role)
        } else if let source = json["ingest"]?.string {
            grant = .ingest(source: source)
        } else {
            return nil
        }
        self.init(
            principal: Principal(name: name, grant: grant),
            createdAt: json["createdAt"]?.string.flatMap { Timestamp($0) } ?? Timestamp(seconds: Int64(0)),
            createdBy: json["createdBy"]?.string ?? "", hash: hash)
    }
}
