import Core
import Crypto
import Foundation
import Kubernetes
import Testing

@testable import Twin

/// What the API server tells of itself.
@Suite struct DocumentTests {
    private func text(_ client: APIClient, _ path: String, user: UserInfo? = .administrator) async -> (status: Int, text: String) {
        let answer = await client.cluster.handle(TwinRequest("GET", target: path, certificateUser: user))
        return (answer.status, String(decoding: answer.bytes ?? [], as: UTF8.self))
    }

    @Test func everyCheckCanBeAskedByItself() async {
        let client = APIClient()
        for path in ["/livez/ping", "/readyz/poststarthook/rbac/bootstrap-roles", "/healthz/etcd", "/readyz/shutdown"] {
            let answer = await text(client, path)
            #expect(answer.status == 200 && answer.text == "ok", "\(path)")
        }
        #expect(await text(client, "/livez/nothing").status == 404)
        #expect(await text(client, "/livez/shutdown").status == 404)
        let page = await text(client, "/livez?verbose&exclude=log").text
        #expect(page.hasPrefix("[+]ping ok\n[+]log excluded: ok\n") && page.hasSuffix("livez check passed\n"))
    }

    @Test func requestsAndObjectsAreCounted() async {
        let client = APIClient(TwinOptions(nodes: 3))
        for name in ["a", "b"] {
            await client.send("POST", "/api/v1/namespaces/default/configmaps?dryRun=All", ["metadata": ["name": .string(name)]])
        }
        await client.send("GET", "/apis/apps/v1/namespaces/default/deployments/none")
        let page = await text(client, "/metrics").text
        for line in [
            #"apiserver_request_total{code="201",component="apiserver",dry_run="All",group="",resource="configmaps",scope="namespace","#
                + #"subresource="",verb="POST",version="v1"} 2"#,
            #"apiserver_request_total{code="404",component="apiserver",dry_run="",group="apps",resource="deployments",scope="resource","#
                + #"subresource="",verb="GET",version="v1"} 1"#,
            #"apiserver_storage_objects{resource="nodes"} 3"#,
        ] {
            #expect(page.contains(line + "\n"), "\(line)")
        }
        let jane = UserInfo(name: "jane", groups: ["system:authenticated"])
        #expect(await text(client, "/metrics", user: jane).status == 403)
    }

    @Test func tokensCanBeCheckedWithTheKeysThatAreShown() async throws {
        let client = APIClient(TwinOptions(seed: 7))
        let about = await client.send("GET", "/.well-known/openid-configuration").json
        #expect(about["issuer"] == "https://kubernetes.default.svc.cluster.local")
        let keys = await client.send("GET", "/openid/v1/jwks").json
        let key = try #require(keys["keys"]?[0])
        let token = try ServiceAccountIssuer(seed: 7).token(["sub": "system:serviceaccount:default:default"])
        let parts = token.split(separator: ".").map(String.init)
        #expect(Base64.urlDecode(parts[0]).flatMap { try? JSON(parsing: $0) }?["kid"] == key["kid"])
        let point = try #require(Base64.urlDecode(key["x"]?.string ?? "")) + #require(Base64.urlDecode(key["y"]?.string ?? ""))
        let shown = try P256.Signing.PublicKey(rawRepresentation: point)
        let signature = try P256.Signing.ECDSASignature(rawRepresentation: #require(Base64.urlDecode(parts[2])))
        #expect(shown.isValidSignature(signature, for: Data("\(parts[0]).\(parts[1])".utf8)))
    }

    @Test func theOldPathsOfWatchesAreWatches() async {
        let client = APIClient()
        for path in ["/api/v1/watch/pods", "/apis/apps/v1/watch/namespaces/default/deployments", "/api/v1/watch/nodes/worker-1"] {
            let answer = await client.cluster.handle(TwinRequest("GET", target: path))
            guard case .stream = answer.body else { Issue.record("\(path) is no stream"); continue }
        }
        await client.cluster.closeStreams()
    }

    @Test func aPodIsBoundByTheCollectionToo() async {
        let client = APIClient()
        let pod: JSON = ["metadata": ["name": "p"], "spec": ["containers": [["name": "c", "image": "a:1"]]]]
        await client.send("POST", "/api/v1/namespaces/default/pods", pod)
        let binding: JSON = ["metadata": ["name": "p"], "target": ["kind": "Node", "name": "worker-1"]]
        #expect(await client.send("POST", "/api/v1/namespaces/default/bindings", binding).status == 201)
        #expect(await client.send("GET", "/api/v1/namespaces/default/pods/p").json[at: "spec", "nodeName"] == "worker-1")
        #expect(await client.send("POST", "/api/v1/namespaces/default/bindings", ["metadata": ["name": "q"]]).status == 404)
    }

    @Test func partsOfTheControlPlaneTellHowTheyAre() async throws {
        let client = APIClient(simulation: Simulation.admitted(SimulationOptions(seed: 1, catalogue: BehaviourCatalogue())))
        func healthy() async -> [String] {
            let list = await client.send("GET", "/api/v1/componentstatuses").json
            return (list["items"]?.array ?? []).filter { $0["conditions"]?[0]?["status"] == "True" }.map(\.metadataName)
        }
        #expect(await healthy() == ["controller-manager", "etcd-0", "scheduler"])
        _ = try await client.cluster.inject("scheduler-down", target: "Lease/kube-scheduler")
        #expect(await healthy() == ["controller-manager", "etcd-0"])
    }
}
