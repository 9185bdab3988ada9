import Core
import Testing

@testable import Twin

/// Tokens by request: signed, with the usual claims.
@Suite struct TokenTests {
    private let path = "/api/v1/namespaces/default/serviceaccounts/default/token"

    private func claims(_ token: String) throws -> JSON {
        let parts = token.split(separator: ".").map(String.init)
        #expect(parts.count == 3)
        let bytes = try #require(Base64.urlDecode(parts.dropFirst().first ?? ""))
        return try JSON(parsing: bytes)
    }

    @Test func aTokenSaysWhoseItIsAndForHowLong() async throws {
        let client = APIClient()
        let account = await client.send("GET", "/api/v1/namespaces/default/serviceaccounts/default").json
        let answer = await client.send("POST", path, ["spec": ["expirationSeconds": 600]])
        #expect(answer.status == 201)
        let token = try #require(answer.json[at: "status", "token"]?.string)
        let claims = try claims(token)
        #expect(claims["sub"] == "system:serviceaccount:default:default")
        #expect(claims["aud"] == ["https://kubernetes.default.svc.cluster.local"])
        #expect(claims["iss"] == "https://kubernetes.default.svc.cluster.local")
        #expect((claims["exp"]?.int ?? 0) - (claims["iat"]?.int ?? 0) == 600)
        #expect(claims[at: "kubernetes.io", "serviceaccount", "uid"] == account[at: "metadata", "uid"])
        let who = await client.send(
            "POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", [:], headers: ["authorization": "Bearer \(token)"])
        #expect(who.json[at: "status", "userInfo", "username"] == "system:serviceaccount:default:default")
        #expect(
            who.json[at: "status", "userInfo", "extra", "authentication.kubernetes.io/credential-id"]?[0]
                == claims["jti"]?.string.map { .string("JTI=\($0)") })
    }

    @Test func aTokenForOthersIsNoneForTheServer() async throws {
        let client = APIClient()
        let answer = await client.send("POST", path, ["spec": ["audiences": ["vault"]]])
        #expect(answer.json[at: "spec", "audiences"] == ["vault"])
        let token = try #require(answer.json[at: "status", "token"]?.string)
        #expect(try claims(token)["aud"] == ["vault"])
        #expect(await client.send("GET", "/api/v1/namespaces", headers: ["authorization": "Bearer \(token)"]).status == 401)
    }

    @Test func lifetimesAndBindingsAreLookedAt() async {
        let client = APIClient()
        let short = await client.send("POST", path, ["spec": ["expirationSeconds": 60]])
        #expect(short.status == 422)
        #expect(
            short.json["message"]
                == "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 10 minutes"
        )
        let bound = await client.send("POST", path, ["spec": ["boundObjectRef": ["kind": "Pod", "apiVersion": "v1", "name": "p"]]])
        #expect(bound.status == 404)
        let other = await client.send("POST", path, ["metadata": ["namespace": "q"]])
        #expect(other.json["message"] == "the namespace of the provided object does not match the namespace sent on the request")
    }

    @Test func aSignatureVouchesForItsClaims() throws {
        let signer = TokenSigner()
        let token = try signer.token(["sub": "a"])
        #expect(signer.vouches(for: token))
        #expect(!TokenSigner().vouches(for: token))
        #expect(!signer.vouches(for: token.replacing(".", with: "x.", maxReplacements: 1)))
    }
}
