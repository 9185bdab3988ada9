import Core
import Kubernetes
import Testing

@testable import Twin

/// A captured case that the simulation makes again: what its programs do, what was done to it, and how long it had run.
struct GoldenScenario: Sendable, CustomTestStringConvertible {
    let name: String
    /// The annotation that all its workloads get; nil: the image file alone tells.
    var behaviour: String?
    var minutes = 14.0
    /// What the person did after applying the manifest.
    var steps: @Sendable (inout Bench) -> Void = { _ in }
    /// What was so before.
    var before: @Sendable (inout Bench) -> Void = { _ in }

    var testDescription: String { name }

    /// What the registry of the captured cluster held.
    static let images = """
        version: 1
        images:
        - image: registry.example.com/shop/web
          tags: ["1.4.2", "1.5.0"]
          behaviour: {commands: [/app/web]}
        - {image: registry.example.com/shop/wbe, pull: absent}
        - {image: registry.example.com/private/billing, pull: denied}
        - {image: registry.example.com/shop/legacy-root, behaviour: {user: root}}
        - {image: registry.example.com/shop/cache-warmer, behaviour: {memory: {initial: 2Mi, workingSet: 64Mi}}}
        - {image: "registry.example.com/shop/checkout:2.3.0", behaviour: {needsEnv: [PAYMENTS_URL]}}
        - {image: "registry.example.com/shop/checkout:2.3.1", behaviour: {needsPeer: {env: PAYMENTS_URL}}}
        - {image: registry.example.com/shop/migrate, behaviour: {needsPeer: {env: DATABASE_ADDR}}}
        - {image: registry.example.com/shop/report, behaviour: {exit: {code: 3, after: 2s}}}
        """

    static let all: [GoldenScenario] = [
        GoldenScenario(name: "command-not-found"),
        GoldenScenario(name: "command-permission-denied"),
        GoldenScenario(name: "completes-and-restarts", behaviour: "loader: {exit: {code: 0, after: 100ms}}"),
        GoldenScenario(name: "config-missing-configmap"),
        GoldenScenario(name: "config-missing-key"),
        GoldenScenario(name: "config-missing-secret"),
        GoldenScenario(
            name: "crashloop-bad-config", behaviour: "gateway: {needsFile: {path: /etc/gateway/gateway.yaml, valid: yaml, code: 78}}"),
        GoldenScenario(name: "crashloop-dependency"),
        GoldenScenario(name: "crashloop-dns"),
        GoldenScenario(name: "crashloop-exit1", behaviour: "ledger: {exit: {code: 1, after: 500ms}}"),
        GoldenScenario(name: "crashloop-missing-env"),
        GoldenScenario(name: "healthy-singleton-recreate", minutes: 2),
        GoldenScenario(name: "healthy-web", minutes: 2),
        GoldenScenario(name: "image-bad-name"),
        GoldenScenario(name: "image-bad-tag"),
        GoldenScenario(name: "image-invalid-name"),
        GoldenScenario(name: "image-private"),
        GoldenScenario(name: "image-registry-unreachable"),
        GoldenScenario(name: "init-failing"),
        GoldenScenario(name: "job-backoff", minutes: 5),
        GoldenScenario(name: "multi-container-partial", behaviour: "metrics-proxy: {exit: {code: 1, after: 100ms}}"),
        GoldenScenario(name: "oomkilled"),
        GoldenScenario(name: "pending-anti-affinity"),
        GoldenScenario(name: "pending-cpu"),
        GoldenScenario(name: "pending-memory"),
        GoldenScenario(name: "pending-node-selector"),
        GoldenScenario(name: "pending-pvc-no-volume"),
        GoldenScenario(name: "pending-pvc-storageclass"),
        GoldenScenario(name: "pending-scheduling-gate"),
        GoldenScenario(
            name: "pending-taint", minutes: 0.5,
            before: { bench in
                bench.change(.nodes, "worker-2", namespace: "") {
                    $0[at: "spec", "taints"] = [["key": "dedicated", "value": "db", "effect": "NoSchedule"]]
                }
            }),
        GoldenScenario(
            name: "probe-liveness", behaviour: "api: {respond: [{path: /healthz, status: 500, after: 15s}]}"),
        GoldenScenario(name: "probe-liveness-slow-start", behaviour: "java-api: {start: 60s, stop: never}"),
        GoldenScenario(name: "probe-readiness"),
        GoldenScenario(name: "probe-startup", behaviour: "search: {exec: {code: 1}, stop: never}"),
        GoldenScenario(name: "readonly-rootfs", behaviour: "uploader: {writes: [/data/spool]}"),
        GoldenScenario(
            name: "rollout-paused", minutes: 3,
            steps: { bench in
                bench.change(.deployments, "web", namespace: "rollout-paused") { $0[at: "spec", "paused"] = true }
                bench.setImage("registry.example.com/shop/web:1.5.0", of: "web", namespace: "rollout-paused")
            }),
        GoldenScenario(
            name: "rollout-stuck", minutes: 10,
            steps: { bench in bench.setImage("registry.example.com/shop/web:1.6.0", of: "web", namespace: "rollout-stuck") }),
        GoldenScenario(name: "run-as-nonroot"),
        GoldenScenario(name: "scaled-to-zero", minutes: 2),
        GoldenScenario(name: "service-selector-mismatch", minutes: 2),
        GoldenScenario(name: "volume-missing-configmap"),
    ]
}

extension Bench {
    mutating func setImage(_ image: String, of name: String, namespace: String) {
        change(.deployments, name, namespace: namespace) { deployment in
            var containers = deployment[at: "spec", "template", "spec", "containers"]?.array ?? []
            for i in containers.indices { containers[i]["image"] = .string(image) }
            deployment[at: "spec", "template", "spec", "containers"] = .array(containers)
        }
    }
}
