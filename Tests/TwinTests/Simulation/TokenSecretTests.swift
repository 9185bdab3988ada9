import Core
import Kubernetes
import Testing

@testable import Twin

/// Secrets that hold the token of a service account.
@Suite struct TokenSecretTests {
    @Test func aTokenIsMadeLetsInAndGoesWithItsAccount() async throws {
        let client = APIClient(simulation: Simulation.admitted(SimulationOptions()))
        let core = "/api/v1/namespaces/default"
        await client.send("POST", "\(core)/serviceaccounts", ["metadata": ["name": "robot"]])
        let secret: JSON = [
            "metadata": ["name": "key", "annotations": ["kubernetes.io/service-account.name": "robot"]],
            "type": "kubernetes.io/service-account-token",
        ]
        await client.send("POST", "\(core)/secrets", secret)
        let made = await client.send("GET", "\(core)/secrets/key").json
        let account = await client.send("GET", "\(core)/serviceaccounts/robot").json
        #expect(made.annotation("kubernetes.io/service-account.uid") == account.uid)
        #expect(made["data"]?["namespace"] == "ZGVmYXVsdA==" && made["data"]?["ca.crt"] != nil)
        let token = try #require(made["data"]?["token"]?.string.flatMap { Base64.decode($0) })
        let review = await client.send(
            "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews",
            ["apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"],
            headers: ["authorization": "Bearer \(String(decoding: token, as: UTF8.self))"], user: nil)
        #expect(review.json[at: "status", "userInfo", "username"] == "system:serviceaccount:default:robot")
        await client.send("DELETE", "\(core)/serviceaccounts/robot")
        #expect(await client.send("GET", "\(core)/secrets/key").status == 404)
    }
}
