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
}
