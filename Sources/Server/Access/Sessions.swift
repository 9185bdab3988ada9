package import Core
import Synchronization

/// Browser sessions. They live in memory: after a restart a new link is needed.
package final class Sessions: Sendable {
    package struct Session: Sendable, Hashable {
        package let principal: Principal
        /// The token that every form of this session carries.
        package let formToken: String
    }

    private struct Record { let session: Session; var expires: Timestamp }

    /// A session ends when it was not used for this long, whatever the machine's clock is set to meanwhile.
    package static let lifetime = Duration.seconds(12 * 3600)
    private static let capacity = 1000

    private let records = Mutex<[String: Record]>([:])
    private let clock: any WallClock
    private let secrets: SecretGenerator

    package init(clock: any WallClock, secrets: SecretGenerator) {
        self.clock = clock
        self.secrets = secrets
    }

    /// Opens a session and returns its cookie's value; only the hash of that is kept.
    package func open(for principal: Principal) -> String {
        let id = secrets.secret()
        let now = clock.steady()
        let session = Session(principal: principal, formToken: Digest.hmacHex(Array("form".utf8), key: Array(id.utf8)))
        records.withLock { records in
            records = records.filter { $0.value.expires > now }
            if records.count >= Self.capacity, let oldest = records.min(by: { ($0.value.expires, $0.key) < ($1.value.expires, $1.key) }) {
                records[oldest.key] = nil
            }
            records[Digest.sha256Hex(id)] = Record(session: session, expires: now + Self.lifetime)
        }
        return id
    }

    /// The session of a cookie, which lives on from now.
    package func session(_ id: String) -> Session? {
        let now = clock.steady()
        let key = Digest.sha256Hex(id)
        return records.withLock { records in
            guard let record = records[key], record.expires > now else { records[key] = nil; return nil }
            records[key]?.expires = now + Self.lifetime
            return record.session
        }
    }

    package func close(_ id: String) { records.withLock { $0[Digest.sha256Hex(id)] = nil } }

    /// Ends all sessions of a name, for example when its token is revoked.
    package func close(name: String) { records.withLock { $0 = $0.filter { $0.value.session.principal.name != name } } }
}
