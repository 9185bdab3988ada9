import Core
import Foundation
import Testing

@testable import Twin

/// Captured cases made again in a twin, and the parts that this takes.
@Suite struct ScenarioTests {
    // MARK: A sample of the captured cases; `make measure` runs them all

    static let sample = [
        "command-not-found-early", "command-not-found", "command-permission-denied", "completes-and-restarts", "config-missing-configmap",
        "config-missing-key", "config-missing-secret", "crashloop-bad-config", "crashloop-dependency", "crashloop-dns",
        "crashloop-exit1-early", "crashloop-exit1", "crashloop-missing-env", "healthy-after-restart", "healthy-web", "image-bad-tag",
        "image-invalid-name", "image-private", "image-registry-unreachable", "init-failing", "job-backoff", "multi-container-partial",
        "oomkilled-early", "oomkilled", "node-notready-early", "scheduler-down", "controller-manager-down", "image-bad-name-early",
        "pending-pvc-no-volume", "pending-taint", "pod-terminating-slow", "probe-liveness", "probe-liveness-slow-start",
        "probe-readiness", "probe-startup", "rbac-forbidden", "readonly-rootfs", "rollout-paused", "rollout-stuck", "run-as-nonroot",
        "volume-missing-configmap", "volume-mount-failing", "hpa-at-max", "hpa-no-metrics", "podsecurity-violation", "pvc-terminating",
        "quota-exceeded",
    ]

    @Test(arguments: sample) func comesOutAsCaptured(_ name: String) async throws {
        guard let golden = SimulationTextTests.folder else {
            print("not run: \(name), the captured cases are not beside the repository")
            return
        }
        let result = await ScenarioFolder.evaluate(golden.appending(path: name), images: try Self.images())
        #expect(result.differences == [])
        #expect(result.outcome == .agrees)
    }

    static func images() throws -> BehaviourCatalogue {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/golden-images.yaml")
        return try BehaviourCatalogue(yaml: String(contentsOf: file, encoding: .utf8))
    }

    // MARK: Any folder

    private static func folder(pods: String, images: String?, steps: String? = nil, listed: [String] = ["pods"]) throws -> URL {
        let parent = FileManager.default.temporaryDirectory.appending(path: "martlet-case-\(UUID().uuidString)")
        let folder = parent.appending(path: "one")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let namespace = #"{"items":[{"metadata":{"name":"shop","creationTimestamp":"2026-11-21T12:00:00Z"},"status":{"phase":"Active"}}]}"#
        let files = [
            "expected.json": #"{"category":"healthy","namespace":"shop","resource":"Deployment/web"}"#,
            "meta.json": #"{"time":"2026-11-21T12:02:00Z","listed":\#(listed)}"#, "namespaces.json": namespace, "pods.json": pods,
            "nodes.json":
                #"{"items":[{"metadata":{"name":"n1"},"spec":{},"status":{"allocatable":{"cpu":"2","memory":"4Gi","pods":"20"}}}]}"#,
            "manifest.yaml": """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              containers: [{name: web, image: registry.example.com/web:1, command: [serve]}]
            """,
        ]
        for (name, text) in files { try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8) }
        try images?.write(to: parent.appending(path: "images.yaml"), atomically: true, encoding: .utf8)
        try steps?.write(to: folder.appending(path: "steps.txt"), atomically: true, encoding: .utf8)
        return folder
    }

    private static let running = """
        {"items":[{"metadata":{"name":"web"},"status":{"phase":"Running","conditions":[
        {"type":"PodReadyToStartContainers","status":"True"},{"type":"Initialized","status":"True"},{"type":"Ready","status":"True"},
        {"type":"ContainersReady","status":"True"},{"type":"PodScheduled","status":"True"}],
        "containerStatuses":[{"name":"web","ready":true,"state":{"running":{}}}]}}]}
        """
    private static let described = """
        images:
        - {image: registry.example.com/web, runs: [{command: [serve], behaviour: {listen: 80}}]}
        """

    @Test func aCaseWithItsOwnProgramsAgrees() async throws {
        let result = await ScenarioFolder.evaluate(try Self.folder(pods: Self.running, images: Self.described))
        #expect(result.outcome == .agrees, "\(result.differences)")
    }

    @Test func whatDiffersIsSaidOfBothSides() async throws {
        let result = await ScenarioFolder.evaluate(
            try Self.folder(pods: Self.running.replacingOccurrences(of: "\"Running\"", with: "\"Failed\""), images: Self.described))
        #expect(result.outcome == .differs)
        #expect(result.differences.map(\.place) == ["Pod web: Failed", "Pod web: Running"])
        #expect(result.differences.map(\.expected) == [1, nil])
    }

    @Test func aProgramThatNobodyDescribesIsOutsideTheShare() async throws {
        let other = Self.described.replacingOccurrences(of: "[serve]", with: "[other]")
        let result = await ScenarioFolder.evaluate(try Self.folder(pods: Self.running, images: other))
        #expect(result.outcome == .undescribed)
        #expect(result.notes.first == #"undescribed: registry.example.com/web:1 ["serve"]"#)
    }

    @Test func aStepThatIsNotUnderstoodIsNamed() async throws {
        let result = await ScenarioFolder.evaluate(
            try Self.folder(pods: Self.running, images: Self.described, steps: "sleep 2\nrm -rf /\n"))
        #expect(result.outcome == .differs)
        #expect(result.differences.first?.found?.string?.contains("steps.txt, line 2: rm is not a step") == true)
    }

    @Test func stepsChangeTheCluster() async throws {
        let folder = try Self.folder(
            pods: #"{"items":[]}"#, images: Self.described,
            steps: "kubectl -n shop wait --for=condition=Ready pod/web --timeout=60s\nkubectl -n shop delete pod web --wait=false\n")
        let result = await ScenarioFolder.evaluate(folder)
        #expect(result.outcome == .agrees, "\(result.differences)")
    }

    @Test(arguments: [
        (["pods"], "2026-11-21T12:00:30Z", false), (["pods"], "2026-11-21T12:01:30Z", true),
        (["pods", "podmetrics"], "2026-11-21T12:00:30Z", true), (["pods", "apiservices"], "2026-11-21T12:01:30Z", false),
    ]) func aClusterThatMeasuredNothingHasNoMetricsAPI(_ listed: [String], _ started: String, _ serves: Bool) throws {
        let pods = Self.running.replacingOccurrences(of: #""running":{}"#, with: #""running":{"startedAt":"\#(started)"}"#)
        let recorded = try RecordedCase(try Self.folder(pods: pods, images: nil, listed: listed))
        #expect(recorded.servesResourceMetrics == serves)
    }

    // MARK: Parts

    @Test(arguments: [
        ("Created pod: web-7bc85d7499-5gv4z", "Created pod: web-#-#"), ("Created job sync-29921079", "Created job sync-#"),
        ("assigned a/web-0 to worker-2", "assigned a/web-0 to {node}"),
        ("in 1.962s (383ms including waiting)", "in {time} ({time} including waiting)"),
        ("pod=x-7bb4d6c566-sbjwj_a(428450fd-5e93-4d71-ba91-cac12cca09bc)", "pod=x-#-#_a({uid})"),
        ("Get \"http://10.244.1.38:8080/readyz\"", "Get \"http://{ip}:8080/readyz\""),
        ("metrics-proxy of node-proxy", "metrics-proxy of node-proxy"),
        ("volume pvc-d5c2cacb-99ae-4e14-943a-fa34950f3a2b.", "volume pvc-{uid}."),
        ("0/2 nodes are available: 1 node(s)", "0/2 nodes are available: 1 node(s)"),
    ]) func aTemplateLeavesOutWhatTwoRunsNeverShare(_ text: String, _ template: String) {
        #expect(TextTemplate(nodes: ["worker-2"]).of(text) == template)
    }

    @Test func kubectlCommandsAreTakenApart() throws {
        let steps = try ScenarioStep.read(
            "# made bad\nkubectl -n shop patch deploy web --type=merge -p '{\"spec\": {}}'\nsleep 1m\nkill_container shop web\n",
            place: "steps.txt")
        guard case .kubectl(let patch) = steps.first else {
            Issue.record("no command")
            return
        }
        #expect(patch.verb == "patch")
        #expect(patch.arguments == ["deploy", "web"])
        #expect(patch.options == ["namespace": "shop", "type": "merge", "patch": "{\"spec\": {}}"])
        #expect(Array(steps.dropFirst()) == [.sleep(.seconds(60)), .killContainer(namespace: "shop", container: "web")])
        #expect(throws: MartletError.self) { try ScenarioStep.read("kubectl exec web -- rm", place: "steps.txt") }
        #expect(throws: MartletError.self) { try ScenarioStep.read("kubectl get 'pods", place: "steps.txt") }
    }

    @Test func aVariantOfABehaviourIsDecidedByItsEnvironment() throws {
        let catalogue = try BehaviourCatalogue(
            yaml: """
                images:
                - image: registry.example.com/web
                  behaviour:
                    when:
                    - {env: HANG, then: {respond: {path: /healthz, status: 500, after: "${HANG}s"}}}
                    - {env: HANG, is: "0", then: {respond: []}}
                    - {noFile: /etc/app.yaml, then: {exit: {code: 3}}}
                """)
        let behaviour = try #require(catalogue.behaviour(try ImageReference("registry.example.com/web:1"), command: nil, args: nil))
        let files: [String: String?] = ["/etc/app.yaml": "a: b"]
        #expect(behaviour.resolved(["HANG": "15"], files).responses.map(\.after) == [.seconds(15)])
        #expect(behaviour.resolved(["HANG": "0"], files).responses.isEmpty)
        #expect(behaviour.resolved([:], files).exit == nil)
        #expect(behaviour.resolved([:], [:]).exit?.code == 3)
        #expect(throws: MartletError.self) {
            try BehaviourCatalogue(yaml: "images: [{image: a, behaviour: {when: {env: A, then: {colour: red}}}}]")
        }
    }
}
