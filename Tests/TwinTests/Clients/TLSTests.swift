import Core
import Foundation
import Kubernetes
import Testing

@testable import Twin

/// What a person is told when the certificates of server and client do not fit, against a server that speaks TLS.
@Suite struct TLSTests {
    private func refusal(_ folder: URL, _ change: (inout Connection) throws -> Void) async throws -> MartletError {
        var connection = try Connection.resolve(
            ConnectionOptions(kubeconfig: folder.appending(path: "kubeconfig").path), environment: [:])
        try change(&connection)
        let client = try KubernetesClient(connection)
        let error = await #expect(throws: APIError.self) { try await client.version() }
        return try #require(error).martletError(now: SystemClock().now())
    }

    @Test func anExpiredCertificateIsCalledSo() async throws {
        try await TwinOnSocket.run(certified: SystemClock().now() - .seconds(400 * 86_400)) { folder in
            let error = try await refusal(folder) { _ in }
            #expect(error.details.first?.hasPrefix("the server's certificate expired 3") == true, "\(error)")
            #expect(error.fix?.contains("clock") == true)
        }
    }

    @Test func oneThatIsNotValidYetMeansAClockThatIsBehind() async throws {
        try await TwinOnSocket.run(certified: SystemClock().now() + .seconds(86_400)) { folder in
            let error = try await refusal(folder) { _ in }
            #expect(error.details.first?.contains("is valid from") == true && error.fix == "put this machine's clock right", "\(error)")
        }
    }

    /// The certificate holds for the address 127.0.0.1, which is where the server is; that is not what was asked for.
    @Test func aServerNameMustBeInTheCertificate() async throws {
        try await TwinOnSocket.run { folder in
            let error = try await refusal(folder) { $0.tlsServerName = "api.example.com" }
            #expect(
                error.details == [
                    "the server's certificate holds for localhost, kubernetes, kubernetes.default, 127.0.0.1, not for api.example.com"
                ], "\(error)")
            var connection = try Connection.resolve(
                ConnectionOptions(kubeconfig: folder.appending(path: "kubeconfig").path), environment: [:])
            connection.tlsServerName = "kubernetes"
            #expect(try await KubernetesClient(connection).version().gitVersion.hasPrefix("v1."))
            connection.tlsServerName = "api.example.com"
            (connection.skipsVerification, connection.authority) = (true, nil)
            #expect(try await KubernetesClient(connection).version().gitVersion.hasPrefix("v1."))
        }
    }

    @Test func anotherAuthorityIsNamed() async throws {
        try await TwinOnSocket.run { folder in
            let other = try TwinCertificates(now: SystemClock().now())
            let wrong = try await refusal(folder) { $0.authority = Array(other.authority.utf8) }
            #expect(
                wrong.details == [
                    "the server's certificate is signed by CN=martlet-twin-ca, which is not the certificate-authority of the kubeconfig"
                ])
            let none = try await refusal(folder) { $0.authority = nil }
            #expect(none.details.first?.hasSuffix("and the kubeconfig names no authority") == true, "\(none)")
            let mixed = try await refusal(folder) {
                $0.user.certificate = .inline(Array(other.certificate.utf8))
                $0.user.key = .inline(Array(try TwinCertificates(now: SystemClock().now()).key.utf8))
            }
            #expect(mixed.message.hasSuffix("do not belong together"), "\(mixed)")
            let plain = try await refusal(folder) { $0.server = $0.server.replacing("https:", with: "http:") }
            #expect(plain.code == .unavailable)
        }
    }

    // MARK: By way of a proxy that is spoken to by TLS

    /// The proxy's authority is not the twin's, and the connection trusts both.
    private func withProxy(login: String? = nil, _ body: (Connection, TLSProxy, Int) async throws -> Void) async throws {
        let certificates = try TwinCertificates(now: SystemClock().now(), name: "proxy-ca")
        try await TwinOnSocket.run { folder in
            let connection = try Connection.resolve(
                ConnectionOptions(kubeconfig: folder.appending(path: "kubeconfig").path), environment: [:])
            let port = try #require(connection.server.split(separator: ":").last.flatMap { Int($0) })
            try await TLSProxy.run(certificates, leadingTo: port, login: login) { proxy, proxyPort in
                var connection = connection
                connection.authority = (connection.authority ?? []) + Array("\n\(certificates.authority)".utf8)
                try await body(connection, proxy, proxyPort)
            }
        }
    }

    @Test func aProxyIsAskedUnderTLSToLeadToTheServer() async throws {
        try await withProxy(login: "Basic bWU6c2VjcmV0") { connection, proxy, port in
            var connection = connection
            connection.server = connection.server.replacing("127.0.0.1", with: "localhost")
            connection.proxy = "https://me:secret@localhost:\(port)"
            let client = try KubernetesClient(connection)
            #expect(try await client.version().gitVersion.hasPrefix("v1."))
            #expect(try await client.list(Node.self).items.count == 3)
            let target = try #require(connection.server.split(separator: "/").last)
            #expect(proxy.requests.allSatisfy { $0.hasPrefix("CONNECT \(target) HTTP/1.1\r\n") })
            #expect(!proxy.requests.isEmpty && !proxy.requests.joined().contains("session"), "no credential is shown to the proxy")
        }
    }

    @Test func aProxyThatIsNotTrustedIsNamed() async throws {
        try await withProxy { connection, proxy, port in
            var connection = connection
            connection.proxy = "https://127.0.0.1:\(port)"
            // Only the server's own authority.
            let pem = String(decoding: connection.authority ?? [], as: UTF8.self)
            connection.authority = Array((pem.components(separatedBy: "-----END CERTIFICATE-----")[0] + "-----END CERTIFICATE-----\n").utf8)
            let client = try KubernetesClient(connection)
            let error = await #expect(throws: APIError.self) { try await client.version() }
            let said = try #require(error).martletError(now: nil)
            #expect(said.details == ["by way of the proxy 127.0.0.1:\(port): its certificate is not trusted"])
            #expect(said.fix?.contains("proxy-url") == true)
            #expect(proxy.requests.isEmpty, "nothing is said to it")
        }
    }

    /// By way of a proxy, the address that is connected to is not the server's.
    @Test func aServersCertificateMustHoldForItsAddressAlsoBehindAProxy() async throws {
        try await withProxy { connection, _, port in
            var connection = connection
            connection.proxy = "https://127.0.0.1:\(port)"
            #expect(try await KubernetesClient(connection).version().gitVersion.hasPrefix("v1."))
            connection.server = connection.server.replacing("127.0.0.1", with: "10.0.0.4")
            let client = try KubernetesClient(connection)
            let error = await #expect(throws: APIError.self) { try await client.version() }
            let said = try #require(error).martletError(now: nil)
            #expect(said.details == ["the server's certificate does not hold for its address"], "\(said)")
        }
    }
}
