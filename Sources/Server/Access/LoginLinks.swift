package import Core
import Synchronization

/// Secrets of login links: each opens one session, once, within ten minutes (INTERFACES section 5).
package final class LoginLinks: Sendable {
    private struct Link { let principal: Principal; let expires: Timestamp }

    package static let lifetime = Duration.seconds(600)
    private static let capacity = 100

    private let links = Mutex<[String: Link]>([:])
    private let clock: any WallClock
    private let secrets: SecretGenerator

    package init(clock: any WallClock, secrets: SecretGenerator) {
        self.clock = clock
        self.secrets = secrets
    }

    /// The secret of a new link for somebody. The oldest link ends when there are too many.
    package func issue(for principal: Principal) -> String {
        let secret = secrets.secret()
        let now = clock.steady()
        links.withLock { links in
            links = links.filter { $0.value.expires > now }
            if links.count >= Self.capacity, let oldest = links.min(by: { ($0.value.expires, $0.key) < ($1.value.expires, $1.key) }) {
                links[oldest.key] = nil
            }
            links[Digest.sha256Hex(secret)] = Link(principal: principal, expires: now + Self.lifetime)
        }
        return secret
    }

    /// Ends the unused links of a name, for example when its token is revoked.
    package func revoke(name: String) { links.withLock { $0 = $0.filter { $0.value.principal.name != name } } }

    /// Whom the link is for, when it is known, fresh and unused; it is used up by that.
    package func redeem(_ secret: String) -> Principal? {
        let now = clock.steady()
        guard let link = links.withLock({ $0.removeValue(forKey: Digest.sha256Hex(secret)) }), link.expires > now else { return nil }
        return link.principal
    }
}
