import Core
import Kubernetes
import Testing

@testable import Twin

@Suite struct APITests {
    let client = APIClient()
    let maps = "/api/v1/namespaces/default/configmaps"
    let deployments = "/apis/apps/v1/namespaces/default/deployments"

    func map(_ name: String, _ data: JSON = ["a": "1"], labels: JSON = [:]) -> JSON {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "labels": labels], "data": data]
    }

    @Test func createReadUpdateDelete() async {
        let made = await client.send("POST", maps, map("w1"))
        #expect(made.status == 201)
        #expect(made.json[at: "metadata", "uid"]?.string?.count == 36)
        #expect(await client.send("POST", maps, map("w1")).json["message"] == "configmaps \"w1\" already exists")
        var changed = made.json
        changed["data"] = ["a": "2"]
        let updated = await client.send("PUT", "\(maps)/w1", changed)
        #expect(updated.status == 200)
        #expect(updated.json[at: "metadata", "resourceVersion"] != made.json[at: "metadata", "resourceVersion"])
        let stale = await client.send("PUT", "\(maps)/w1", made.json)
        #expect(stale.status == 409 && stale.json["reason"] == "Conflict")
        let same = await client.send("PUT", "\(maps)/w1", updated.json)
        #expect(same.json[at: "metadata", "resourceVersion"] == updated.json[at: "metadata", "resourceVersion"])
        let gone = await client.send("DELETE", "\(maps)/w1")
        #expect(gone.json["status"] == "Success" && gone.json[at: "details", "kind"] == "configmaps")
        #expect(await client.send("GET", "\(maps)/w1").json["message"] == "configmaps \"w1\" not found")
    }

    @Test func dryRunStoresNothing() async {
        let dry = await client.send("POST", "\(maps)?dryRun=All", map("w1"))
        #expect(dry.status == 201 && dry.json[at: "metadata", "uid"] != nil && dry.json[at: "metadata", "resourceVersion"] == nil)
        #expect(await client.send("GET", "\(maps)/w1").status == 404)
    }

    @Test func refusalsTellTheNameThatWasMadeUp() async {
        func pod(_ account: String) -> JSON {
            [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["generateName": "job-"],
                "spec": ["serviceAccountName": .string(account), "containers": [["name": "c", "image": "a/b"]]],
            ]
        }
        let pods = "/api/v1/namespaces/default/pods"
        await client.send(
            "POST", "/api/v1/namespaces/default/resourcequotas",
            ["apiVersion": "v1", "kind": "ResourceQuota", "metadata": ["name": "q"], "spec": ["hard": ["pods": "0"]]])
        var refusals: Set<String> = []
        for _ in 0..<2 {
            let refused = await client.send("POST", pods, pod("default"))
            let message = refused.json["message"]?.string ?? ""
            #expect(refused.status == 403)
            #expect(message.wholeMatch(of: /pods "job-[a-z0-9]{5}" is forbidden: exceeded quota: q, .*/) != nil, "\(message)")
            refusals.insert(message)
        }
        #expect(refusals.count == 2)
        // The account is looked up while the pod is still being completed.
        #expect(
            await client.send("POST", pods, pod("none")).json["message"]?.string?.hasPrefix(
                "pods \"job-\" is forbidden: error looking up service account") == true)
        await client.send("DELETE", "/api/v1/namespaces/default/resourcequotas/q")
        let made = await client.send("POST", pods, pod("default"))
        #expect(made.json[at: "metadata", "name"]?.string?.wholeMatch(of: /job-[a-z0-9]{5}/) != nil)
        #expect(made.json[at: "metadata", "generateName"] == "job-")
    }

    @Test func pagesOfOneListingAreConsistent() async {
        for i in 0..<5 { await client.send("POST", maps, map("m\(i)", labels: ["demo": "list"])) }
        let first = await client.send("GET", "\(maps)?limit=2")
        let token = first.json[at: "metadata", "continue"]?.string ?? ""
        #expect(first.json["items"]?.array?.count == 2)
        #expect(first.json[at: "items"]?[0]?["kind"] == nil)
        await client.send("DELETE", "\(maps)/m3")
        let second = await client.send("GET", "\(maps)?limit=9&continue=\(token)")
        #expect(second.json[at: "metadata", "resourceVersion"] == first.json[at: "metadata", "resourceVersion"])
        #expect(second.json["items"]?.array?.compactMap { $0[at: "metadata", "name"]?.string } == ["m1", "m2", "m3", "m4"])
        await client.cluster.compact()
        let late = await client.send("GET", "\(maps)?limit=2&continue=\(token)")
        #expect(late.status == 410 && late.json[at: "metadata", "continue"]?.string != nil)
    }

    /// Keys are compared as a whole: `a-b/…` comes before `a/…`. Ordered by namespace first, the second page would lose what is in `a-b`.
    @Test func pagesOverAllNamespacesMissNothing() async {
        for namespace in ["a", "a-b"] {
            await client.send(
                "POST", "/api/v1/namespaces", ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)]])
            for i in 0..<3 {
                await client.send("POST", "/api/v1/namespaces/\(namespace)/configmaps", map("m\(i)", labels: ["demo": "pages"]))
            }
        }
        var seen: [String] = [], token = ""
        repeat {
            let page = await client.send("GET", "/api/v1/configmaps?labelSelector=demo%3Dpages&limit=2&continue=\(token)")
            seen += (page.json["items"]?.array ?? []).map {
                "\($0[at: "metadata", "namespace"]?.string ?? "")/\($0[at: "metadata", "name"]?.string ?? "")"
            }
            token = page.json[at: "metadata", "continue"]?.string ?? ""
        } while !token.isEmpty && seen.count < 20
        #expect(seen == ["a-b/m0", "a-b/m1", "a-b/m2", "a/m0", "a/m1", "a/m2"])
    }

    @Test func defaultsGenerationAndStatus() async {
        let made = await client.send("POST", deployments, APIClient.deployment("web"))
        #expect(made.json[at: "spec", "strategy", "rollingUpdate", "maxSurge"] == "25%")
        #expect(made.json[at: "spec", "template", "spec", "terminationGracePeriodSeconds"] == 30)
        #expect(made.json[at: "metadata", "generation"] == 1)
        let labelled = await client.send(
            "PATCH", "\(deployments)/web", ["metadata": ["labels": ["x": "y"]]], type: "application/merge-patch+json")
        #expect(labelled.json[at: "metadata", "generation"] == 1)
        let scaled = await client.send("PATCH", "\(deployments)/web", ["spec": ["replicas": 4]], type: "application/merge-patch+json")
        #expect(scaled.json[at: "metadata", "generation"] == 2)
        let status = await client.send(
            "PATCH", "\(deployments)/web/status", ["status": ["replicas": 4], "spec": ["replicas": 9]], type: "application/merge-patch+json"
        )
        #expect(status.json[at: "status", "replicas"] == 4 && status.json[at: "spec", "replicas"] == 4)
        let scale = await client.send("GET", "\(deployments)/web/scale")
        #expect(scale.json[at: "spec", "replicas"] == 4 && scale.json[at: "status", "selector"] == "app=web")
    }

    @Test func strategicMergeKnowsTheKeys() async {
        await client.send("POST", deployments, APIClient.deployment("web"))
        let patch: JSON = [
            "spec": [
                "template": [
                    "spec": ["containers": [["name": "web", "env": [["name": "A", "$patch": "delete"], ["name": "B", "value": "2"]]]]]
                ]
            ]
        ]
        let done = await client.send("PATCH", "\(deployments)/web", patch, type: "application/strategic-merge-patch+json")
        let containers = done.json[at: "spec", "template", "spec", "containers"]?.array ?? []
        #expect(containers.count == 1)
        #expect(containers[0]["env"] == [["name": "B", "value": "2"]])
        #expect(containers[0]["image"] == "registry.example.com/shop/web:1.4.2")
    }

    @Test func applyKeepsOwners() async {
        let type = "application/apply-patch+yaml"
        let made = await client.send("PATCH", "\(deployments)/applied?fieldManager=team-a", APIClient.deployment("applied"), type: type)
        #expect(made.status == 201)
        let other: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "applied"],
            "spec": [
                "replicas": 5, "template": ["spec": ["containers": [["name": "web", "image": "registry.example.com/shop/web:1.5.0"]]]],
            ],
        ]
        let refused = await client.send("PATCH", "\(deployments)/applied?fieldManager=team-b", other, type: type)
        #expect(refused.status == 409)
        #expect(
            refused.json["message"]
                == "Apply failed with 2 conflicts: conflicts with \"team-a\":\n- .spec.replicas\n- .spec.template.spec.containers[name=\"web\"].image"
        )
        let forced = await client.send("PATCH", "\(deployments)/applied?fieldManager=team-b&force=true", other, type: type)
        #expect(forced.status == 200 && forced.json[at: "spec", "replicas"] == 5)
        // Giving the field up sets its default, not the value of the one who had it before.
        var less = other
        less[at: "spec", "replicas"] = nil
        let given = await client.send("PATCH", "\(deployments)/applied?fieldManager=team-b", less, type: type)
        #expect(given.json[at: "spec", "replicas"] == 1)
    }

    /// Frames that nobody waited for come in one piece.
    private func lines(_ stream: FrameStream) async -> [JSON] {
        var bytes: [UInt8] = []
        for await piece in stream { bytes += piece }
        return bytes.split(separator: 0x0A).map { (try? JSON(parsing: Array($0))) ?? .null }
    }

    /// Who reads too slowly is told to begin anew, and loses nothing of what was sent before.
    @Test func aReaderThatFallsBehindIsCutOff() async {
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        let (stream, sender) = FrameStream.make(limit: 3) { end.finish() }
        #expect(["a", "b", "c"].allSatisfy { sender.send(Array($0.utf8)) })
        #expect(!sender.send(Array("d".utf8)))
        sender.finish()
        var pieces: [String] = []
        for await piece in stream { pieces.append(String(decoding: piece, as: UTF8.self)) }
        #expect(pieces == ["abc"])
        for await _ in ended {}
    }

    @Test func watchTellsChangesAndLeavingTheSelection() async {
        let version = await client.send("GET", maps).json[at: "metadata", "resourceVersion"]?.string ?? ""
        let answer = await client.cluster.handle(
            TwinRequest("GET", target: "\(maps)?watch=true&resourceVersion=\(version)&labelSelector=track%3Dyes&timeoutSeconds=5"))
        guard case .stream(let frames) = answer.body else { Issue.record("no stream"); return }
        await client.send("POST", maps, map("w", labels: ["track": "yes"]))
        await client.send("PATCH", "\(maps)/w", ["data": ["a": "2"]], type: "application/merge-patch+json")
        await client.send("PATCH", "\(maps)/w", ["metadata": ["labels": ["track": "no"]]], type: "application/merge-patch+json")
        await client.cluster.advance(by: .seconds(6))
        var seen: [String] = []
        for line in await lines(frames) { seen.append(line["type"]?.string ?? "") }
        #expect(seen == ["ADDED", "MODIFIED", "DELETED"])
    }

    /// A change is encoded once for all who watch; each must still see it as its own selection and form have it.
    @Test func watchesThatShareAChangeEachSeeItTheirWay() async {
        await client.send("POST", maps, map("w", labels: ["track": "yes"]))
        let version = await client.send("GET", maps).json[at: "metadata", "resourceVersion"]?.string ?? ""
        let metadataOnly = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
        var streams: [FrameStream] = []
        for (selector, accept) in [
            ("", "application/json"), ("track%3Dyes", "application/json"), ("track%3Dno", "application/json"), ("", metadataOnly),
            ("", "application/json"),
        ] {
            let target = "\(maps)?watch=true&resourceVersion=\(version)&labelSelector=\(selector)&timeoutSeconds=5"
            let answer = await client.cluster.handle(TwinRequest("GET", target: target, headers: ["accept": accept]))
            guard case .stream(let frames) = answer.body else { Issue.record("no stream"); return }
            streams.append(frames)
        }
        await client.send(
            "PATCH", "\(maps)/w", ["metadata": ["labels": ["track": "no"]], "data": ["a": "2"]], type: "application/merge-patch+json")
        await client.cluster.advance(by: .seconds(6))
        var seen: [[String]] = []
        for stream in streams {
            var lines: [String] = []
            for event in await self.lines(stream) {
                let object = event["object"]
                lines.append(
                    [event["type"], object?["kind"], object?[at: "metadata", "labels", "track"], object?[at: "data", "a"]]
                        .map { $0?.string ?? "-" }.joined(separator: " "))
            }
            seen.append(lines)
        }
        #expect(
            seen == [
                ["MODIFIED ConfigMap no 2"], ["DELETED ConfigMap yes 1"], ["ADDED ConfigMap no 2"], ["MODIFIED PartialObjectMetadata no -"],
                ["MODIFIED ConfigMap no 2"],
            ])
    }

    /// A long list is sent in pieces that are encoded on the way; together they are the list.
    @Test func aLongListIsWhole() async throws {
        for index in 0..<250 { await client.send("POST", maps, map("m-\(index)")) }
        let answer = await client.cluster.handle(TwinRequest("GET", target: maps))
        guard case .list(let list) = answer.body else { Issue.record("no list in pieces"); return }
        #expect(Array(list.pieces).count == 3)
        let json = try JSON(parsing: list.bytes)
        #expect(json["kind"] == "ConfigMapList" && json["apiVersion"] == "v1")
        #expect(json[at: "metadata", "resourceVersion"]?.string?.isEmpty == false)
        let names = json["items"]?.array?.compactMap { $0[at: "metadata", "name"]?.string } ?? []
        #expect(Set(names).isSuperset(of: (0..<250).map { "m-\($0)" }) && names.count == Set(names).count)
        #expect(json["items"]?[0]?["kind"] == nil)
        let first = await client.send("GET", "\(maps)?limit=100").json
        #expect(first["items"]?.array == json["items"]?.array.map { Array($0.prefix(100)) })
    }

    @Test func anOldVersionIsGone() async {
        await client.send("POST", maps, map("w"))
        await client.cluster.compact()
        let answer = await client.cluster.handle(TwinRequest("GET", target: "\(maps)?watch=true&resourceVersion=2"))
        guard case .stream(let frames) = answer.body else { Issue.record("no stream"); return }
        let lines = await self.lines(frames)
        #expect(lines.count == 1 && lines[0]["type"] == "ERROR" && lines[0][at: "object", "code"] == 410)
    }

    @Test func rolesDecide() async {
        let jane = UserInfo(name: "jane", groups: ["viewers", "system:authenticated"])
        let refused = await client.send("GET", "/api/v1/namespaces/default/secrets", user: jane)
        #expect(
            refused.json["message"]
                == "secrets is forbidden: User \"jane\" cannot list resource \"secrets\" in API group \"\" in the namespace \"default\"")
        await client.send(
            "POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            [
                "metadata": ["name": "viewers"], "subjects": [["kind": "Group", "name": "viewers"]],
                "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"],
            ])
        #expect(await client.send("GET", "/api/v1/namespaces/default/pods", user: jane).status == 200)
        #expect(await client.send("GET", "/api/v1/namespaces/default/secrets", user: jane).status == 403)
        #expect(await client.send("GET", maps, headers: ["authorization": "Bearer nobody"]).status == 401)
    }

    @Test func evictionAsksTheBudget() async {
        await client.send(
            "POST", "/api/v1/namespaces/default/pods",
            [
                "metadata": ["name": "p", "labels": ["app": "p"]],
                "spec": ["nodeName": "worker-1", "containers": [["name": "c", "image": "a:1"]]],
            ])
        await client.send(
            "PATCH", "/api/v1/namespaces/default/pods/p/status",
            ["status": ["phase": "Running", "conditions": [["type": "Ready", "status": "True"]]]], type: "application/merge-patch+json")
        await client.send(
            "POST", "/apis/policy/v1/namespaces/default/poddisruptionbudgets",
            ["metadata": ["name": "guarded"], "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "p"]]]])
        await client.send(
            "PATCH", "/apis/policy/v1/namespaces/default/poddisruptionbudgets/guarded/status",
            ["status": ["currentHealthy": 1, "desiredHealthy": 1, "disruptionsAllowed": 0, "expectedPods": 1]],
            type: "application/merge-patch+json")
        let answer = await client.send("POST", "/api/v1/namespaces/default/pods/p/eviction", ["metadata": ["name": "p"]])
        #expect(answer.status == 429)
        #expect(
            answer.json[at: "details", "causes"]?[0]?["message"] == "The disruption budget guarded needs 1 healthy pods and has 1 currently"
        )
    }

    @Test func writesAreLogged() async {
        var object = APIClient.deployment("web")
        object[at: "metadata", "annotations", "martlet/operation"] = "abc/1"
        await client.send("POST", deployments, object)
        let log = await client.cluster.requestLog
        #expect(log.count == 1 && log[0].operation == "abc/1" && log[0].status == 201)
    }
}
