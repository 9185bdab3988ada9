import Core
import Foundation
import Kubernetes
import Testing

@testable import Twin

/// Who a client is when it shows a certificate, over a socket.
@Suite struct ClientCertificateTests {
    private func client(_ folder: URL, _ change: (inout Connection) -> Void = { _ in }) throws -> KubernetesClient {
        var connection = try Connection.resolve(
            ConnectionOptions(kubeconfig: folder.appending(path: "kubeconfig").path, context: "martlet-twin-certificate"), environment: [:])
        #expect(connection.user.token == nil)
        change(&connection)
        return try KubernetesClient(connection)
    }

    @Test func theSecondContextIsTheAdministratorByCertificate() async throws {
        try await TwinOnSocket.run { folder in
            let review: JSON = ["apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"]
            let answer = try await client(folder).transport.send(
                HTTPCall(
                    method: "POST", path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                    headers: [("Content-Type", "application/json")], body: review.serialized()))
            let user = try JSON(parsing: try await answer.body.collect(upTo: 1 << 20))[at: "status", "userInfo"]
            #expect(user?["username"] == "kubernetes-admin")
            #expect(user?["groups"]?.array?.contains("system:masters") == true)
        }
    }

    @Test func aStrangersCertificateIsNobodys() async throws {
        try await TwinOnSocket.run { folder in
            let stranger = try TwinCertificates(now: SystemClock().now()).administrator
            let strange = try client(folder) {
                $0.user.certificate = .inline(Array(stranger.certificate.utf8))
                $0.user.key = .inline(Array(stranger.key.utf8))
            }
            let error = await #expect(throws: APIError.self) { try await strange.listObjects(.pods) }
            #expect(error?.status?.code == 401, "\(String(describing: error))")
        }
    }

    @Test func validityAndPurposeCount() throws {
        let now = SystemClock().now()
        let certificates = try TwinCertificates(now: now)
        func der(_ pem: String) throws -> [UInt8] {
            let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-----") }
            return Array(try #require(Data(base64Encoded: lines.joined())))
        }
        let administrator = try der(certificates.administrator.certificate)
        #expect(certificates.user(certificate: administrator, now: now)?.name == "kubernetes-admin")
        #expect(certificates.user(certificate: administrator, now: now + .seconds(366 * 86_400)) == nil)
        #expect(certificates.user(certificate: try der(certificates.certificate), now: now) == nil, "a server's is no client's")
        #expect(certificates.user(certificate: [1, 2, 3], now: now) == nil)
    }
}
