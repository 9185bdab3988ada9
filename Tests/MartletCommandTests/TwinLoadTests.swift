import Core
import Foundation
import Kubernetes
import MartletTesting
import Testing

@Suite struct TwinLoadTests {
    private static let value = "c3dvcmRmaXNoLTQ3MTE="

    private func client(_ kubeconfig: String) throws -> KubernetesClient {
        try KubernetesClient(Connection.resolve(ConnectionOptions(kubeconfig: kubeconfig), environment: [:]))
    }

    private func advance(_ client: KubernetesClient, by seconds: Int) async throws {
        _ = try await client.transport.send(
            HTTPCall(method: "POST", path: "/martlet/twin/v1/advance", body: (["by": JSON(seconds)] as JSON).serialized()))
    }

    /// Names, places and images of what makes up the shape of a cluster.
    private func shape(_ objects: [JSON], _ kind: String) -> Set<String> {
        Set(
            objects.filter { $0["kind"]?.string == kind }.map { object in
                let containers =
                    object[at: "spec", "template", "spec", "containers"]?.array ?? object[at: "spec", "containers"]?.array ?? []
                let images = containers.map { $0["image"]?.string ?? "" }.joined(separator: ",")
                let node = object[at: "spec", "nodeName"]?.string ?? ""
                return
                    "\(object[at: "metadata", "namespace"]?.string ?? "")/\(object[at: "metadata", "name"]?.string ?? "") \(images) \(node)"
            })
    }

    private func objects(_ type: ResourceType, _ client: KubernetesClient) async throws -> [JSON] {
        try await client.listObjects(type).items.map { try $0.json() }
    }

    /// Everything that a cluster serves, as it comes over the wire.
    private func everything(_ client: KubernetesClient) async throws -> String {
        var text = ""
        for resource in try await client.discover().resources where resource.verbs.contains("list") {
            let answer = try await client.transport.send(HTTPCall(path: resource.type.path(namespace: nil)))
            text += String(decoding: try await answer.body.collect(upTo: 64 << 20), as: UTF8.self)
        }
        return text
    }

    @Test func aFolderComesUpUnderItsNamesAndWithoutValuesOfSecrets() async throws {
        guard let root = SharedData.root else { print("loading a captured cluster: not run, no shared folder"); return }
        let folder = try TemporaryFolder()
        let copy = folder.path + "/snapshot"
        try FileManager.default.copyItem(atPath: root + "/k8s-golden/healthy-stack", toPath: copy)
        let applied = #"{\"data\":{\"password\":\"\#(Self.value)\"}}"#
        _ = try folder.write(
            """
            {"kind": "SecretList", "apiVersion": "v1", "metadata": {}, "items": [{"type": "Opaque",
              "metadata": {"name": "keys", "namespace": "healthy-stack", "uid": "5ec",
                "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "\(applied)", "copy": "\(Self.value)"}},
              "data": {"password": "\(Self.value)", "user": "\(Self.value)"}}]}
            """, to: "snapshot/secrets.json")
        var expected: [JSON] = []
        for plural in ["deployments", "statefulsets", "daemonsets", "pods", "nodes"] {
            let bytes = try SharedData.bytes("\(copy)/\(plural).json")
            expected += try KubernetesObjectList(parsing: bytes).items.map { try $0.json() }
        }
        // The captured CronJob is due in half a minute: the cluster's time hardly moves, but for the steps of the test.
        let home = try KubernetesObjectList(parsing: try SharedData.bytes("\(copy)/namespaces.json")).items
        let status = try await RunningTwin.run(["load", "--from-snapshot", copy, "--speed", "0.001"]) { kubeconfig in
            let client = try client(kubeconfig)
            for (type, least): (ResourceType, Int) in [
                (.deployments, 2), (.statefulSets, 1), (.daemonSets, 1), (.pods, 10), (.nodes, 2),
            ] {
                let found = shape(try await objects(type, client), type.kind)
                #expect(found == shape(expected, type.kind))
                #expect(found.count >= least)
            }
            let answer = try await client.transport.send(HTTPCall(path: "/api/v1/namespaces/healthy-stack/secrets/keys"))
            let secret = try JSON(parsing: try await answer.body.collect(upTo: 1 << 20))
            #expect(secret["data"]?.object?.map(\.key).sorted() == ["password", "user"])
            #expect(secret[at: "data", "password"]?.string?.isEmpty == false)
            let all = try await everything(client)
            #expect(all.contains("registry.example.com/shop/frontend:3.2.0"))
            #expect(!all.contains(Self.value))
            // What ran goes on, and nothing is made anew, though the sets have revisions of their own.
            try await advance(client, by: 600)
            let pods = try await objects(.pods, client).filter { $0[at: "metadata", "name"]?.string?.hasPrefix("heartbeat") == false }
            #expect(shape(pods, "Pod") == shape(expected, "Pod").filter { !$0.hasPrefix("healthy-stack/heartbeat") })
            #expect(pods.allSatisfy { $0[at: "status", "containerStatuses"]?[0]?["restartCount"]?.int == 0 })
            let uid = try await client.clusterUID()
            #expect(!uid.isEmpty && !home.contains { $0.metadata.uid == uid })
        }
        #expect(status == 0)
    }

    @Test func nothingThatIsLoadedIsCalled() async throws {
        let listener = try Listener()
        let folder = try TemporaryFolder()
        let template = """
            {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [{"name": "web", "image": "127.0.0.1:\(listener.port)/web:1"}]}}
            """
        for (name, item) in [
            (
                "deployments",
                """
                {"kind": "Deployment", "apiVersion": "apps/v1", "metadata": {"name": "web", "namespace": "shop", "uid": "d1"},
                 "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "web"}}, "template": \(template)}}
                """
            ),
            (
                "validatingwebhookconfigurations",
                """
                {"kind": "ValidatingWebhookConfiguration", "apiVersion": "admissionregistration.k8s.io/v1", "metadata": {"name": "w", "uid": "w1"},
                 "webhooks": [{"name": "w.example.com", "clientConfig": {"url": "https://127.0.0.1:\(listener.port)/admit"},
                   "rules": [{"operations": ["*"], "apiGroups": ["*"], "apiVersions": ["*"], "resources": ["*"]}],
                   "failurePolicy": "Fail", "sideEffects": "None", "admissionReviewVersions": ["v1"]}]}
                """
            ),
            (
                "nodes",
                """
                {"kind": "Node", "apiVersion": "v1", "metadata": {"name": "n1", "uid": "n1"}, "spec": {},
                 "status": {"allocatable": {"cpu": "4", "memory": "8Gi", "pods": "110"}, "capacity": {"cpu": "4", "memory": "8Gi", "pods": "110"},
                   "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                   "daemonEndpoints": {"kubeletEndpoint": {"Port": \(listener.port)}}, "conditions": [{"type": "Ready", "status": "True"}]}}
                """
            ),
        ] { _ = try folder.write(#"{"kind": "List", "apiVersion": "v1", "items": [\#(item)]}"#, to: name + ".json") }
        let status = try await RunningTwin.run(["load", "--from-snapshot", folder.path]) { kubeconfig in
            let client = try client(kubeconfig)
            try await client.create(
                ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "made", "namespace": "shop"]], as: .configMaps,
                namespace: "shop")
            try await advance(client, by: 120)
            // The image was "pulled", and the webhook had its say, without either being asked.
            let pods = try await client.list(Pod.self).items
            #expect(pods.count == 2 && pods.allSatisfy { $0.status.phase == "Running" })
            _ = try? await client.log(
                LogRequest(namespace: "shop", pod: try #require(pods.first).metadata.name, container: "web"))
        }
        #expect(status == 0)
        #expect(!listener.wasCalled())
        try listener.call()
        #expect(listener.wasCalled(), "a call would have been seen")
    }

    @Test func aContextComesUpWithoutItsSecrets() async throws {
        let status = try await RunningTwin.run(["--nodes", "2"]) { first in
            let source = try client(first)
            let labels: JSON = ["app": "web"]
            let container: JSON = ["name": "web", "image": "registry.example/web:3", "envFrom": [["secretRef": ["name": "keys"]]]]
            for (object, type): (JSON, ResourceType) in [
                (
                    ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "keys"], "data": ["password": .string(Self.value)]],
                    .secrets
                ),
                (
                    [
                        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
                        "spec": [
                            "replicas": 3, "selector": ["matchLabels": labels],
                            "template": ["metadata": ["labels": labels], "spec": ["containers": [container]]],
                        ],
                    ], .deployments
                ),
            ] { try await source.create(object, as: type, namespace: "default") }
            try await advance(source, by: 60)
            let notes = try TemporaryFolder()
            let said = try notes.write("", to: "said")
            let handle = try #require(FileHandle(forWritingAtPath: said))
            let loaded = try await RunningTwin.run(
                ["load", "--from-context", "martlet-twin", "--from-kubeconfig", first], standardError: handle
            ) { second in
                let copy = try client(second)
                for type: ResourceType in [.deployments, .pods, .nodes] {
                    let here = shape(try await objects(type, copy), type.kind)
                    #expect(here == shape(try await objects(type, source), type.kind))
                    #expect(!here.isEmpty)
                }
                #expect(try await !everything(copy).contains(Self.value))
                #expect(try await copy.clusterUID() != source.clusterUID())
                // Pods that are made anew start, though the Secret that they name was not read.
                try await copy.delete(ObjectKey(type: .deployments, namespace: "default", name: "web"))
                try await copy.create(
                    [
                        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "anew"], "spec": ["containers": [container]],
                    ], as: .pods, namespace: "default")
                try await advance(copy, by: 60)
                #expect(try await copy.get(Pod.self, namespace: "default", name: "anew").status.phase == "Running")
                #expect(
                    try await source.list(Pod.self).items.filter { $0.metadata.namespace == "default" }.count == 3,
                    "the source is left alone")
            }
            #expect(loaded == 0)
            #expect(try String(contentsOfFile: said, encoding: .utf8).contains("Secrets are not known"))
        }
        #expect(status == 0)
    }

    @Test func whatCannotBeReadIsSaidBeforeAnythingStarts() async throws {
        let folder = try TemporaryFolder()
        @Sendable func load(_ arguments: String...) async throws -> Program.Outcome {
            let outcome = try await Program.run(
                ["twin", "load"] + arguments, environment: ["MARTLET_HOME": folder.path + "/home"])
            #expect(outcome.output == "")
            return outcome
        }
        #expect(try await load().status == 2)
        #expect(try await load("--from-snapshot", "a", "--from-context", "b").status == 2)
        #expect(try await load("--from-snapshot", "a", "--from-kubeconfig", "b").status == 2)
        let absent = try await load("--from-snapshot", folder.path + "/absent")
        #expect(absent.status == 1 && absent.error.contains("there is no readable folder at"))
        let empty = try await load("--from-snapshot", folder.path)
        #expect(empty.status == 1 && empty.error.contains("holds no list of Kubernetes objects"))
        _ = try folder.write(#"{"kind": "ConfigMapList", "apiVersion": "v1", "items": []}"#, to: "configmaps.json")
        let idle = try await load("--from-snapshot", folder.path)
        #expect(idle.status == 1 && idle.error.contains("holds neither pods nor workloads"))
        try await FakeServer.run([:]) { _, url in
            let config = try folder.write(
                """
                {"clusters": [{"name": "c", "cluster": {"server": "\(url)"}}], "users": [{"name": "u", "user": {}}],
                 "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u"}}]}
                """, to: "kubeconfig")
            let unknown = try await load("--from-context", "nonsense", "--from-kubeconfig", config)
            #expect(unknown.status == 1 && unknown.error.contains("there is no context \"nonsense\""))
            let nothing = try await load("--from-context", "c", "--from-kubeconfig", config)
            #expect(nothing.status == 1 && nothing.error.contains("offers no pods, Deployments or other workloads"))
            let same = try await load("--from-context", "c", "--from-kubeconfig", config, "--kubeconfig", folder.path + "/./kubeconfig")
            #expect(same.status == 1 && same.error.contains("would be replaced"))
            #expect(try String(contentsOfFile: config, encoding: .utf8).contains(url))
        }
    }
}
