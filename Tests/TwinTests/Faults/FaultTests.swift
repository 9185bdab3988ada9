import Core
import Documents
import Foundation
import Kubernetes
import Testing

@testable import Twin

/// Faults happen, are told with their truth, and are taken back without a trace.
@Suite struct FaultTests {
    private static let manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - {name: web, image: "registry.example.com/shop/web:1.4.2", ports: [{containerPort: 8080}], env: [{name: MODE, value: a}], envFrom: [{configMapRef: {name: settings}}]}
        """
    private static let key = ObjectKey(type: .deployments, namespace: "shop", name: "web")

    private static func cluster() async throws -> SimulatedCluster {
        let twin = SimulatedCluster(TwinOptions(), images: BehaviourCatalogue())
        let cluster = CaseCluster(twin: twin)
        try await cluster.create([["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "shop"]]], namespace: "")
        let settings: JSON = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "settings"], "data": ["CHEAP": "false"]]
        try await cluster.create([settings, try DocumentReader.json(manifest, place: "test")], namespace: "shop")
        await twin.advance(by: .seconds(30))
        return twin
    }

    private static func waiting(_ twin: SimulatedCluster) async -> Set<String> {
        Set(
            await twin.store.list(.pods, namespace: "shop").flatMap { $0["status"]?["containerStatuses"]?.array ?? [] }
                .compactMap { $0["state"]?["waiting"]?["reason"]?.string })
    }

    @Test func aFaultShowsAndEndsWhenItIsTakenBack() async throws {
        let twin = try await Self.cluster()
        let before = await twin.store.get(Self.key)?["spec"]
        let fault = try await twin.inject("image-tag-not-found", target: "shop/Deployment/web")
        #expect(fault.json["category"] == "image-tag-not-found")
        #expect(fault.json["resource"] == "Deployment/web")
        await twin.advance(by: .seconds(60))
        #expect(await Self.waiting(twin) == ["ImagePullBackOff"])
        #expect(await twin.revert(fault.id))
        await twin.advance(by: .seconds(60))
        #expect(await Self.waiting(twin) == [])
        #expect(await twin.store.get(Self.key)?["spec"] == before)
        #expect(await twin.faults.isEmpty)
        #expect(await !twin.revert(fault.id))
    }

    /// As an edit with kubectl does: who looks for what has changed finds it.
    @Test func aChangedFieldTellsWhenItWasWritten() async throws {
        let twin = try await Self.cluster()
        _ = try await twin.inject("flag-change", target: "shop/Deployment/web")
        let map = try #require(await twin.store.get(ObjectKey(type: .configMaps, namespace: "shop", name: "settings")))
        let entries = (map[at: "metadata", "managedFields"]?.array ?? []).filter { $0["manager"]?.string == "kubectl-edit" }
        #expect(entries.count == 1)
        #expect(entries.first?["operation"]?.string == "Update")
        #expect(entries.first?["time"]?.string.flatMap { Timestamp($0) } == twin.clock.now())
        #expect(entries.first?["fieldsV1"]?["f:data"]?.object?.keys.count == 1)
    }

    @Test func aFaultWithATimeEndsByItself() async throws {
        let twin = try await Self.cluster()
        let node = ObjectKey(type: .nodes, namespace: "", name: "worker-1")
        func ready() async -> String? { await twin.store.get(node)?.condition("Ready")?["status"]?.string }
        _ = try await twin.inject("node-not-ready", target: "Node/worker-1", for: .seconds(120))
        await twin.advance(by: .seconds(100))
        #expect(await ready() == "Unknown")
        await twin.advance(by: .seconds(60))
        #expect(await ready() == "True")
        #expect(await twin.faults.isEmpty)
    }

    @Test(arguments: (WorkloadFaults.all + ImageFaults.all).map(\.slug))
    func whatAFaultChangesIsPutBack(_ slug: String) async throws {
        let twin = try await Self.cluster()
        let before = await twin.store.get(Self.key)?["spec"]
        let fault = try await twin.inject(slug, target: "shop/Deployment/web")
        let old = Set(await twin.store.list(.pods, namespace: "shop").map(\.uid))
        await twin.advance(by: .seconds(60))
        #expect(await twin.store.get(Self.key)?["spec"] != before)
        if slug != "scaled-to-zero", slug != "rollout-paused" {
            // No older revision goes on serving, so the fault itself is the truth.
            let left = await twin.store.list(.pods, namespace: "shop").filter { old.contains($0.uid) }
            #expect(left.isEmpty)
        }
        #expect(await twin.revert(fault.id))
        #expect(await twin.store.get(Self.key)?["spec"] == before)
    }

    /// What stands in the way of new pods shows in the events of who makes or places them, and goes without a trace.
    @Test(arguments: AdmissionFaults.all.map(\.slug)) func whatKeepsPodsAwayIsPutBack(_ slug: String) async throws {
        let twin = try await Self.cluster()
        let fault = try await twin.inject(slug, target: "shop/Deployment/web")
        await twin.advance(by: .seconds(30))
        let reasons = await twin.store.list(.events, namespace: "shop").compactMap { $0["reason"]?.string }
        #expect(reasons.contains(slug == "taint-not-tolerated" ? "FailedScheduling" : "FailedCreate"))
        #expect(await twin.revert(fault.id))
        await twin.advance(by: .seconds(400))
        #expect(await twin.store.list(.pods, namespace: "shop").count == 2)
        #expect(await twin.store.get(Self.key)?["status"]?["readyReplicas"] == 2)
    }

    @Test func aWrongFieldIsPutBack() async throws {
        let twin = try await Self.cluster()
        let cluster = CaseCluster(twin: twin)
        let objects = """
            {apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
            ---
            apiVersion: networking.k8s.io/v1
            kind: Ingress
            metadata: {name: web}
            spec: {rules: [{http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
            ---
            apiVersion: autoscaling/v2
            kind: HorizontalPodAutoscaler
            metadata: {name: web}
            spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3}
            ---
            {apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: web}, spec: {minAvailable: 1, selector: {matchLabels: {app: web}}}}
            ---
            apiVersion: batch/v1
            kind: CronJob
            metadata: {name: web}
            spec:
              schedule: "0 * * * *"
              jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: web, image: web}]}}}}
            """
        try await cluster.create(try Manifest.read(objects, place: "test"), namespace: "shop")
        for fault in FieldFaults.all {
            let kind = try #require(fault.target.split(separator: "/").first.map(String.init))
            let target = kind == "Node" ? "Node/worker-1" : "shop/\(kind)/web"
            let resource = try #require(CaseCluster.resource(kind))
            let place = CaseCluster.target(resource, "shop", kind == "Node" ? "worker-1" : "web")
            let before = try await cluster.call("GET", place)["spec"]
            let injected = try await twin.inject(fault.slug, target: target)
            #expect(try await cluster.call("GET", place)["spec"] != before, "\(fault.slug)")
            #expect(await twin.revert(injected.id))
            #expect(try await cluster.call("GET", place)["spec"] == before, "\(fault.slug)")
            await #expect(throws: MartletError.self) { try await twin.inject(fault.slug, target: "shop/Pod/web") }
        }
    }

    @Test func pressureEndsPodsAndKeepsOthersAway() async throws {
        let twin = try await Self.cluster()
        let fault = try await twin.inject("node-memory-pressure", target: "Node/worker-1")
        await twin.advance(by: .seconds(60))
        let events = await twin.store.list(.events, namespace: "shop").filter { $0["reason"]?.string == "Evicted" }
        #expect(events.first?["message"]?.string?.hasPrefix("The node was low on resource: memory.") == true)
        let node = ObjectKey(type: .nodes, namespace: "", name: "worker-1")
        #expect(await twin.store.get(node)?.condition("MemoryPressure")?["reason"] == "KubeletHasInsufficientMemory")
        #expect(await twin.revert(fault.id))
        #expect(await twin.store.get(node)?.condition("MemoryPressure")?["status"] == "False")
    }

    @Test func whatCannotBeBrokenChangesNothing() async throws {
        let twin = try await Self.cluster()
        let version = await twin.store.resourceVersion
        for (slug, target) in [
            ("no-such-fault", "Node/worker-1"), ("node-not-ready", "Node/absent"), ("scaled-to-zero", "shop/Deployment/absent"),
            ("scaled-to-zero", "Pod/web"), ("scaled-to-zero", "web"),
        ] {
            await #expect(throws: MartletError.self) { try await twin.inject(slug, target: target) }
        }
        #expect(await twin.store.resourceVersion == version)
        #expect(await twin.faults.isEmpty)
    }

    @Test func faultsAreInjectedOverHTTP() async throws {
        let twin = try await Self.cluster()
        func call(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> (Int, JSON) {
            let answer = await twin.handle(
                TwinRequest(method, target: "/martlet/twin/v1/faults" + path, body: body.map { Array($0.text().utf8) } ?? []))
            return (answer.status, try JSON(parsing: try #require(answer.bytes)))
        }
        let (made, fault) = try await call("POST", "", ["fault": "scaled-to-zero", "target": "shop/Deployment/web", "for": 300])
        #expect(made == 201)
        #expect(fault["until"] != nil)
        #expect(try await call("GET", "").1["active"]?.array?.count == 1)
        #expect(try await call("DELETE", "/\(fault["id"]?.int ?? 0)").0 == 200)
        #expect(try await call("DELETE", "/1").0 == 404)
        #expect(try await call("POST", "", ["fault": "nonsense", "target": "Node/x"]).0 == 404)
        #expect(try await call("POST", "", ["fault": "scaled-to-zero"]).0 == 400)
    }

    @Test func slugsAreThoseOfTheCategories() throws {
        let slugs = FaultRegistry.all.map(\.slug)
        #expect(Set(slugs).count == slugs.count)
        guard let file = SharedFolder.root?.appending(path: "faults.md"), let text = try? String(contentsOf: file, encoding: .utf8) else {
            print("fault slugs: not held against the categories, no shared folder")
            return
        }
        #expect(slugs.filter { !text.contains("| `\($0)` |") } == [])
    }
}
