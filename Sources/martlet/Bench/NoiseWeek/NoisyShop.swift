import Core
import Kubernetes
import Twin

/// The shop, with what else there is in a namespace that is used: a CronJob that works, one that was suspended and a Deployment that was
/// paused long ago. What happens to it is done as people and machines do it: over the API, or in its programs.
struct NoisyShop: Sendable {
    static let namespace = "shop"
    static let nodes = 5
    /// How old what is deliberate is when the noise begins.
    private static let age = Duration.seconds(8 * 86_400)
    let cluster: SimulatedCluster
    let client: KubernetesClient

    /// A cluster in which the shop works, some minutes after it was begun.
    /// - Parameter images: released later; a third of them takes long to be pulled.
    init(seed: UInt64, images: [String]) async throws {
        let slow = images.enumerated().filter { $0.offset % 3 == 0 }.map { "- {image: \"\($0.element)\", pullTime: 45s}" }
        let catalogue = try BehaviourCatalogue(yaml: "version: 1\nimages:\(slow.isEmpty ? " []" : "\n" + slow.joined(separator: "\n"))\n")
        cluster = SimulatedCluster(TwinOptions(seed: seed, nodes: Self.nodes), images: catalogue)
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        client = KubernetesClient(transport: InProcessTransport(cluster), clock: cluster.clock, limits: limits)
        try await begin()
    }

    private func begin() async throws {
        // The nodes come a week later: until then nothing happens that costs time to play.
        for n in 1...Self.nodes {
            _ = try await cluster.inject("node-not-ready", target: "Node/worker-\(n)", for: Self.age)
        }
        var old = Scenario(name: "old")
        old.namespace = Self.namespace
        old.objects = try Manifest.read(Self.deliberate, place: "noise")
        try await cluster.play(old)
        await cluster.advance(by: .seconds(60))
        _ = try await client.patch(key(.deployments, "newsletter"), .merge(["spec": ["paused": true]]))
        await cluster.advance(by: .seconds(5))
        try await patchTemplate(
            "newsletter", ["spec": ["containers": [["name": "newsletter", "image": "registry.example.com/shop/newsletter:1.5.0"]]]])
        await cluster.advance(by: Self.age)
        var shop = Scenario(name: "shop")
        shop.namespace = Self.namespace
        shop.objects = BuiltInApplication.shop.objects + (try Manifest.read(Self.jobs, place: "noise"))
        try await cluster.makeClusterServices()
        try await cluster.play(shop)
        await cluster.advance(by: .seconds(300))
    }

    func key(_ type: ResourceType, _ name: String) -> ObjectKey { ObjectKey(type: type, namespace: Self.namespace, name: name) }

    /// The pods of a program that are ready, or of all of the shop's, in the order of their names.
    func readyPods(of program: String? = nil) async throws -> [Pod] {
        try await client.list(Pod.self, in: ListScope(namespace: Self.namespace)).items.filter { pod in
            pod.isReady && !pod.isEnding && (program == nil || pod.metadata.labels["app"] == program)
        }
    }

    // MARK: Releases

    func deploy(_ program: String, _ release: Noise.Release, at now: Timestamp) async throws {
        switch release {
        case .image(let tag):
            try await change(program, ["image": .string("registry.example.com/shop/\(program):\(tag)")])
        case .setting:
            let time = now.rfc3339()
            _ = try await client.patch(key(.configMaps, "shop-settings"), .merge(["data": ["RELEASED_AT": .string(time)]]))
            try await patchTemplate(program, ["metadata": ["annotations": ["checksum/config": .string(Digest.sha256Hex(time))]]])
        case .restart:
            try await patchTemplate(
                program, ["metadata": ["annotations": ["kubectl.kubernetes.io/restartedAt": .string(now.rfc3339())]]])
        case .resources:
            try await change(program, ["resources": ["requests": ["memory": .string("\(96 + Int(now.seconds) % 64)Mi")]]])
        case .slow(let seconds):
            try await change(
                program,
                [
                    "env": [["name": "WARM_UP", "value": .string("\(seconds)")]],
                    "startupProbe": [
                        "httpGet": ["path": "/healthz", "port": "main"], "periodSeconds": 5, "failureThreshold": 60,
                    ],
                ], start: seconds)
        case .undo: try await undo(program)
        }
    }

    private func change(_ program: String, _ container: JSON, start: Int? = nil) async throws {
        var container = container
        container["name"] = .string(program)
        var template: JSON = ["spec": ["containers": [container]]]
        if let start, let behaviour = try await behaviour(of: program) {
            let slower = behaviour.replacing(#/start: [0-9]+s/#, with: "start: \(start)s")
            template["metadata"] = ["annotations": ["twin.martlet/behaviour": .string(slower)]]
        }
        try await patchTemplate(program, template)
    }

    private func behaviour(of program: String) async throws -> String? {
        try await client.list(Deployment.self, in: ListScope(namespace: Self.namespace)).items.first { $0.metadata.name == program }?
            .spec.template.metadata.annotations["twin.martlet/behaviour"]
    }

    private func patchTemplate(_ program: String, _ template: JSON) async throws {
        _ = try await client.patch(key(.deployments, program), .strategic(["spec": ["template": template]]))
    }

    /// As `kubectl rollout undo` does.
    private func undo(_ program: String) async throws {
        let sets = try await client.listObjects(.replicaSets, in: ListScope(namespace: Self.namespace)).items.filter {
            $0.metadata.ownerReferences.contains { $0.name == program }
        }.sorted { Self.revision($0) < Self.revision($1) }
        guard let before = sets.dropLast().last, var template = try JSON(parsing: before.raw)[at: "spec", "template"] else { return }
        template[at: "metadata", "labels", "pod-template-hash"] = nil
        _ = try await client.patch(
            key(.deployments, program), .json([["op": "replace", "path": "/spec/template", "value": template]]))
    }

    private static func revision(_ set: KubernetesObject) -> Int {
        set.metadata.annotations["deployment.kubernetes.io/revision"].flatMap { Int($0) } ?? 0
    }

    // MARK: Nodes

    func setSchedulable(_ node: String, _ isSchedulable: Bool) async throws {
        _ = try await client.patch(
            ObjectKey(type: .nodes, namespace: "", name: node), .merge(["spec": ["unschedulable": isSchedulable ? .null : true]]))
    }

    /// Asks all pods of a node to go; whether none is left. A pod that a disruption budget keeps is asked again by the next call.
    func evictPods(of node: String) async throws -> Bool {
        let pods = try await client.list(Pod.self).items.filter { pod in
            pod.spec.nodeName == node && pod.status.phase != "Succeeded" && pod.status.phase != "Failed"
                && pod.metadata.ownerReferences.contains { $0.controller && $0.kind != "DaemonSet" && $0.kind != "Node" }
        }
        for pod in pods where !pod.isEnding {
            do { try await client.evict(pod: pod.metadata.name, namespace: pod.metadata.namespace) } catch let error as APIError
                where error.status?.code == 429 || error.isNotFound
            {}
        }
        return pods.isEmpty
    }

    // MARK: Traffic

    func put(load rate: JSON) async throws {
        _ = try await client.patch(
            key(.services, "frontend"), .merge(["metadata": ["annotations": ["twin.martlet/load": rate]]]))
    }

    static let usualLoad: JSON = "{rate: 200, daily: 0.3, noise: 0.05}"
}

extension NoisyShop {
    private static let deliberate = """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: yearly-audit}
        spec:
          schedule: "0 3 * * *"
          suspend: true
          jobTemplate:
            spec:
              template: {spec: {restartPolicy: Never, containers: [{name: audit, image: "registry.example.com/shop/audit:1.0.0"}]}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: newsletter, labels: {app: newsletter}}
        spec:
          replicas: 1
          selector: {matchLabels: {app: newsletter}}
          template:
            metadata: {labels: {app: newsletter}}
            spec:
              containers:
              - name: newsletter
                image: registry.example.com/shop/newsletter:1.4.2
                ports: [{containerPort: 8080}]
                resources: {requests: {cpu: 20m, memory: 32Mi}, limits: {memory: 64Mi}}
        """

    /// The name of the CronJob that works.
    static let cronJob = "stock-report"

    private static let jobs = """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: \(cronJob)}
        spec:
          schedule: "*/15 * * * *"
          jobTemplate:
            spec:
              backoffLimit: 0
              template:
                metadata:
                  labels: {job: \(cronJob)}
                  annotations: {twin.martlet/behaviour: "report: {exit: {code: 0, after: 40s, log: [\\"report written\\"]}}"}
                spec:
                  restartPolicy: Never
                  containers:
                  - {name: report, image: "registry.example.com/shop/report:1.0.3", resources: {requests: {cpu: 50m, memory: 32Mi}}}
        """
}
