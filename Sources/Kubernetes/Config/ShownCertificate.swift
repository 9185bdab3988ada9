import Core
import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import SwiftASN1
import X509

/// The certificate that a server shows, looked at without trusting it, to say what is wrong with it: the handshake that failed does not.
struct ShownCertificate {
    let validFrom: Timestamp
    let validUntil: Timestamp
    /// The names and addresses that it holds for.
    let names: [String]
    let issuer: String

    init?(der: [UInt8]) {
        guard let certificate = try? Certificate(derEncoded: der) else { return nil }
        validFrom = Timestamp(seconds: Int64(certificate.notValidBefore.timeIntervalSince1970))
        validUntil = Timestamp(seconds: Int64(certificate.notValidAfter.timeIntervalSince1970))
        issuer = certificate.issuer.description
        names = ((try? certificate.extensions.subjectAlternativeNames) ?? nil)?.compactMap(ShownCertificate.text) ?? []
    }

    private static func text(_ name: GeneralName) -> String? {
        switch name {
        case .dnsName(let name): name
        case .ipAddress(let address):
            address.bytes.count == 4
                ? address.bytes.map { "\($0)" }.joined(separator: ".")
                : (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: address.bytes), port: 0).ipAddress)
        default: nil
        }
    }

    /// Nil when none is shown within five seconds.
    static func read(from address: ServerAddress, serverName: String?) async -> ShownCertificate? {
        guard let context = try? NIOSSLContext(configuration: .makeClientConfiguration()) else { return nil }
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let shown = loop.makePromise(of: [UInt8]?.self)
        let look: @Sendable ([NIOSSLCertificate], EventLoopPromise<NIOSSLVerificationResult>) -> Void = { chain, verdict in
            shown.succeed(chain.first.flatMap { try? $0.toDERBytes() })
            verdict.succeed(.failed)  // seen is enough: nothing is said to a server that is not trusted
        }
        let connected = ClientBootstrap(group: loop).connectTimeout(.seconds(5)).channelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                // An address is no server name: none is sent then.
                let handler =
                    try
                    (try? NIOSSLClientHandler(
                        context: context, serverHostname: serverName ?? address.host, customVerificationCallback: look))
                    ?? NIOSSLClientHandler(context: context, serverHostname: nil, customVerificationCallback: look)
                try channel.pipeline.syncOperations.addHandler(handler)
            }
        }.connect(host: address.host, port: address.port)
        connected.whenFailure { shown.fail($0) }
        let limit = loop.scheduleTask(in: .seconds(5)) { shown.succeed(nil) }
        let bytes = (try? await shown.futureResult.get()) ?? nil
        limit.cancel()
        connected.whenSuccess { $0.close(promise: nil) }
        return bytes.flatMap(ShownCertificate.init)
    }
}

extension ShownCertificate {
    /// Why a client that knows these authorities does not trust it. `now` is this machine's time.
    func objection(host: String, hasAuthority: Bool, now: Timestamp) -> (text: String, fix: String) {
        func at(_ time: Timestamp) -> String { time.rfc3339().replacing("T", with: " ").dropLast(4) + " UTC" }
        if validUntil <= now {
            return (
                "the server's certificate expired \(APIError.roughly(now - validUntil)) ago (\(at(validUntil)))",
                "renew it on the server (kubeadm certs renew), or put this machine's clock right: it says \(at(now))"
            )
        }
        if validFrom > now {
            return (
                "the server's certificate is valid from \(at(validFrom)) on, and this machine's clock says \(at(now))",
                "put this machine's clock right"
            )
        }
        if !holds(for: host) {
            let list = names.isEmpty ? "no name at all" : names.prefix(10).joined(separator: ", ")
            return (
                "the server's certificate holds for \(list), not for \(host)",
                "use one of these as the server's address, or as tls-server-name of the cluster in the kubeconfig"
            )
        }
        let known = hasAuthority ? "which is not the certificate-authority of the kubeconfig" : "and the kubeconfig names no authority"
        return (
            "the server's certificate is signed by \(issuer), \(known)",
            "correct certificate-authority of the cluster in the kubeconfig"
        )
    }

    /// Fails, and closes the connection, when the certificate of its other side does not hold for `name`. The TLS library is content
    /// with one for the address that was connected to, which is not what `tls-server-name` asks for.
    static func require(_ name: String, of channel: any Channel) -> EventLoopFuture<Void> {
        channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
            guard let shown = try certificate.flatMap({ ShownCertificate(der: try $0.toDERBytes()) }), shown.holds(for: name) else {
                throw NIOSSLExtraError.failedToValidateHostname
            }
        }.flatMapErrorThrowing { error in
            channel.close(promise: nil)
            throw error
        }
    }

    private func holds(for host: String) -> Bool {
        let host = host.lowercased()
        return names.contains { name in
            let name = name.lowercased()
            return name == host || name.hasPrefix("*.") && host.firstIndex(of: ".").map { host[$0...] == name.dropFirst() } ?? false
        }
    }
}
