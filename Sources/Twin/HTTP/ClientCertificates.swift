import Core
import Synchronization

/// Who holds a client certificate, remembered so that its signature is checked once and not with each request.
final class ClientCertificates: Sendable {
    private let certificates: TwinCertificates
    private let clock: any WallClock
    private let known = Mutex<[[UInt8]: UserInfo]>([:])

    /// More are checked anew each time.
    private static let limit = 100

    /// - Parameter clock: the machine's own.
    init(_ certificates: TwinCertificates, clock: any WallClock) {
        self.certificates = certificates
        self.clock = clock
    }

    /// - Parameter der: what the client showed; nil when it showed none.
    /// - Returns: nil where none was shown, and ``UserInfo/unrecognized`` for one that is not vouched for.
    func user(_ der: [UInt8]?) -> UserInfo? {
        guard let der else { return nil }
        if let user = known.withLock({ $0[der] }) { return user }
        guard let user = certificates.user(certificate: der, now: clock.now()) else { return .unrecognized }
        known.withLock { if $0.count < ClientCertificates.limit { $0[der] = user } }
        return user
    }
}
