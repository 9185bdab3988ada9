import Core
import Foundation
import Kubernetes
import Logging
import Testing

@testable import Twin

/// A session of the PATH's `kubectl` against a twin on a socket, its output checked.
@Suite struct KubectlSessionTests {
    struct Step: Sendable {
        var command: String
        var input: String?
        /// Each must stand in the output (of both streams).
        var expects: [String]
        var fails = false

        init(_ command: String, input: String? = nil, _ expects: String..., fails: Bool = false) {
            self.command = command
            self.input = input
            self.expects = expects
            self.fails = fails
        }
    }

    static func manifest(image: String) -> String {
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: shop}
        data: {COLOUR: blue}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: \(image)
                ports: [{name: http, containerPort: 8080}]
                envFrom: [{configMapRef: {name: settings}}]
                resources: {requests: {cpu: 10m, memory: 16Mi}}
                readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
        """
    }

    static let images = """
        images:
          - image: registry.example.com/shop/web
            tags: ["1.4.2", "1.5.0"]
            behaviour: {listen: 8080, log: [ready to serve]}
        """

    static let steps: [Step] = [
        Step("version", "Server Version: v1.36.2"),
        Step("api-resources", "deployments", "deploy", "apps/v1", "HorizontalPodAutoscaler"),
        Step("get nodes", "worker-1", "Ready", "v1.36.2"),
        Step("apply -f -", input: "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n", "namespace/shop created"),
        Step(
            "apply -f -", input: manifest(image: "registry.example.com/shop/web:1.4.2"), "configmap/settings created",
            "deployment.apps/web created"),
        Step("rollout status deployment/web -n shop --timeout=60s", "successfully rolled out"),
        Step("get deployment web -n shop", "NAME", "READY", "2/2"),
        Step("get pods -n shop -o wide", "1/1", "Running", "worker-"),
        Step("get pods -n shop -l app=web --field-selector status.phase=Running -o name", "pod/web-"),
        Step("get rs,svc,configmap,endpointslices -n shop", "replicaset.apps/web-", "service/web", "configmap/settings", "80/TCP"),
        Step("apply -f -", input: manifest(image: "registry.example.com/shop/web:1.4.2"), "deployment.apps/web unchanged"),
        Step("logs deployment/web -n shop", "ready to serve"),
        Step(
            "describe deployment web -n shop", "RollingUpdateStrategy:  25% max unavailable, 25% max surge", "2 desired",
            "ScalingReplicaSet"),
        Step("describe pods -n shop -l app=web", "Node:", "Successfully assigned", "settings    ConfigMap"),
        Step("get events -n shop", "ScalingReplicaSet", "Started"),
        Step("events -n shop --for deployment/web", "ScalingReplicaSet"),
        Step("top nodes", "worker-1", "CPU(cores)"),
        Step("top pods -n shop", "web-", "MEMORY(bytes)"),
        Step("apply -f -", input: manifest(image: "registry.example.com/shop/web:1.5.0"), "deployment.apps/web configured"),
        Step("rollout status deployment/web -n shop --timeout=60s", "successfully rolled out"),
        Step("rollout history deployment/web -n shop", "REVISION", "2"),
        Step("rollout undo deployment/web -n shop", "rolled back"),
        Step("rollout status deployment/web -n shop --timeout=60s", "successfully rolled out"),
        Step("get deployment web -n shop -o jsonpath={.spec.template.spec.containers[0].image}", "web:1.4.2"),
        Step("rollout restart deployment/web -n shop", "restarted"),
        Step("rollout status deployment/web -n shop --timeout=60s", "successfully rolled out"),
        Step("rollout pause deployment/web -n shop", "paused"),
        Step("rollout resume deployment/web -n shop", "resumed"),
        Step("scale deployment/web -n shop --replicas=3", "scaled"),
        Step("wait deployment/web -n shop --for=jsonpath={.status.readyReplicas}=3 --timeout=60s", "condition met"),
        Step(
            "patch deployment web -n shop -p {\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"env\":[{\"name\":\"B\",\"value\":\"2\"}]}]}}}}",
            "patched"),
        Step("patch deployment web -n shop --type=merge -p {\"metadata\":{\"labels\":{\"tier\":\"front\"}}}", "patched"),
        Step("patch deployment web -n shop --type=json -p [{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":1}]", "patched"),
        Step("set image deployment/web web=registry.example.com/shop/web:9.9.9 -n shop", "image updated"),
        Step(
            "wait pod -n shop -l app=web --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff --timeout=5s",
            fails: true),
        Step("rollout undo deployment/web -n shop", "rolled back"),
        Step("label deployment web -n shop team=a", "labeled"),
        Step("annotate deployment web -n shop note=x", "annotated"),
        Step("explain deployment.spec.replicas", "replicas <integer>"),
        Step(
            "get pods -n shop --as=jane", "Error from server (Forbidden): pods is forbidden: User \"jane\" cannot list resource \"pods\"",
            fails: true),
        Step("get deployment none -n shop", "Error from server (NotFound): deployments.apps \"none\" not found", fails: true),
        Step(
            "create -f - --dry-run=server",
            input: manifest(image: "registry.example.com/shop/web:1.5.0").replacing("name: web,", with: "name: web2,").replacing(
                "name: settings,", with: "name: settings2,"), "deployment.apps/web2 created (server dry run)"),
        Step(
            "apply -f -", input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: typo, namespace: shop}\ndta: {a: b}",
            "unknown field \"dta\"", fails: true),
        Step(
            "apply --server-side -f -", input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: side, namespace: shop}\ndata: {a: b}",
            "serverside-applied"),
        Step(
            "apply --server-side --field-manager=other -f -",
            input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: side, namespace: shop}\ndata: {a: c}", "conflict", fails: true),
        Step("cordon worker-2", "node/worker-2 cordoned"),
        Step("get nodes", "Ready,SchedulingDisabled"),
        Step("uncordon worker-2", "node/worker-2 uncordoned"),
        Step("delete deployment web -n shop", "\"web\" deleted"),
        Step("wait pod -n shop -l app=web --for=delete --timeout=60s"),
        Step("delete namespace shop --timeout=60s", "namespace \"shop\" deleted"),
        Step("get namespace shop", "not found", fails: true),
    ]

    @Test(.timeLimit(.minutes(3))) func session() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-kubectl-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        guard let kubectl = Kubectl(folder: folder) else {
            print("kubectl: not on the PATH: \(Self.steps.count) steps not run")
            return
        }
        let clock = SystemClock()
        let token = "kubectl-session"
        let options = TwinOptions(tokens: [token: .administrator])
        let cluster = SimulatedCluster(options, images: try BehaviourCatalogue(yaml: Self.images))
        let pacer = Pacer(cluster, real: clock, speed: 30)
        let (ready, announce) = AsyncStream.makeStream(of: TwinKubeconfig.self)
        let server = try TwinServer(
            cluster, pacer: pacer, token: token, now: clock.now(), logger: Logger(label: "twin") { _ in SwiftLogNoOpLogHandler() }
        ) { announce.yield($0) }
        let running = Task { try await server.run() }
        defer { running.cancel() }
        guard let config = await ready.first(where: { _ in true }) else { Issue.record("the server did not start"); return }
        try config.write(to: folder.appending(path: "kubeconfig").path)
        var notRun: [String] = []
        for step in Self.steps {
            let output = try await kubectl.run(step.command.split(separator: " ").map(String.init), input: step.input)
            let all = output.text + output.errors
            if all.contains("unknown command") || all.contains("unknown flag") { notRun.append(step.command); continue }
            #expect((output.status != 0) == step.fails, "kubectl \(step.command): status \(output.status): \(all)")
            for text in step.expects { #expect(all.contains(text), "kubectl \(step.command) printed: \(all)") }
        }
        print(
            "kubectl: \(Self.steps.count - notRun.count) steps run, \(notRun.count) not run\(notRun.map { "\n  not run: kubectl \($0)" }.joined())"
        )
    }
}
