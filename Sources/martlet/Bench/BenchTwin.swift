import Core
import Foundation
import Kubernetes

/// `martlet twin` as a process, and a client of it.
struct BenchTwin {
    let program: RunningProgram
    let kubeconfig: String
    let client: KubernetesClient

    init(nodes: Int, speed: String, folder: BenchFolder) throws {
        kubeconfig = folder.path + "/kubeconfig"
        program = try RunningProgram(martlet: ["twin", "--nodes", "\(nodes)", "--speed", speed, "--kubeconfig", kubeconfig])
        _ = try program.line(beginning: "export KUBECONFIG=")
        client = try KubernetesClient(Connection.resolve(ConnectionOptions(kubeconfig: kubeconfig), environment: [:]))
    }

    /// Makes Deployments of equal size and returns once all of their pods are ready.
    func start(deployments: Int, replicas: Int) async throws {
        for index in 0..<deployments {
            let name = "load-\(index)"
            _ = try await client.apply(
                BenchTwin.deployment(name, replicas: replicas), at: ObjectKey(type: .deployments, namespace: "default", name: name),
                manager: "bench")
        }
        let patience = ContinuousClock.now + .seconds(300)
        while ContinuousClock.now < patience {
            let items = try await client.list(Deployment.self, in: ListScope(namespace: "default")).items
            if items.count == deployments, items.allSatisfy({ $0.status.readyReplicas == replicas }) { return }
            try await SystemClock().sleep(for: .milliseconds(100))
        }
        throw MartletError(.timeout, "\(deployments * replicas) pods did not become ready within 300 s")
    }

    /// From now on `speed` seconds of the cluster pass in one of ours.
    func set(speed: Double) async throws {
        let body: JSON = ["speed": .number(speed)]
        let answer = try await client.transport.send(
            HTTPCall(
                method: "POST", path: "/martlet/twin/v1/speed", headers: [("Content-Type", "application/json")], body: body.serialized()))
        guard answer.status == 200 else { throw MartletError(.internalError, "the twin does not take a speed: \(answer.status)") }
    }

    private static func deployment(_ name: String, replicas: Int) -> JSON {
        let labels: JSON = ["app": .string(name)]
        let container: JSON = [
            "name": "main", "image": .string("registry.example/load/\(name):1.0.0"), "ports": [["containerPort": 8080]],
            "env": [["name": "LOG_LEVEL", "value": "info"]],
            "resources": ["requests": ["cpu": "50m", "memory": "64Mi"], "limits": ["memory": "128Mi"]],
            "readinessProbe": ["httpGet": ["path": "/ready", "port": 8080], "periodSeconds": 5],
        ]
        return [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name), "namespace": "default", "labels": labels],
            "spec": [
                "replicas": JSON(replicas), "selector": ["matchLabels": labels],
                "template": ["metadata": ["labels": labels], "spec": ["containers": [container]]],
            ],
        ]
    }
}
