import ArgumentParser
import Core
import Foundation
import Kubernetes
import Twin

/// A simulated cluster of 1,000 nodes on which Deployments start 10,000 pods at full speed, in a process of its own, so that its peak
/// memory is the cluster's.
struct TwinPodsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "twin-pods")

    @Option(help: .hidden) var nodes = 1000
    @Option(help: .hidden) var pods = 10_000
    @Option(help: .hidden) var podsPerDeployment = 20

    func run() async throws {
        var options = TwinOptions()
        options.nodes = nodes
        let start = ContinuousClock.now, used = Cost.processorSeconds
        let cluster = SimulatedCluster(options, images: BehaviourCatalogue())
        for number in 0..<(pods / podsPerDeployment) {
            let answer = await cluster.handle(
                TwinRequest(
                    "POST", target: "/apis/apps/v1/namespaces/default/deployments", headers: ["content-type": "application/json"],
                    body: deployment(number).serialized()))
            guard answer.status == 201 else {
                throw MartletError(.internalError, "the twin refused a Deployment with status \(answer.status)")
            }
        }
        var ready = 0
        var virtual = 0
        while ready < pods, virtual < 300 {
            virtual += 5
            await cluster.advance(by: .seconds(5))
            ready = await cluster.store.list(.pods, namespace: "default").count { pod in
                pod[at: "status", "conditions"]?.array?.contains { $0["type"] == "Ready" && $0["status"] == "True" } ?? false
            }
        }
        let wall = (ContinuousClock.now - start).secondCount
        let more: JSONObject = [
            "nodes": JSON(nodes), "pods": JSON(pods), "ready": JSON(ready), "virtualSeconds": JSON(virtual),
            "cpuTime": .number(Figure.round(Cost.processorSeconds - used)),
        ]
        Figure(name: "twin-10000-pods", value: ready < pods ? .infinity : wall, unit: "s", limit: 60, more: more).print()
        Figure(name: "twin-10000-pods-peak-memory", value: Cost.peakMemory, unit: "MB", limit: 1500, more: more).print()
    }

    private func deployment(_ number: Int) -> JSON {
        let name = "app-\(number)"
        let labels: JSON = ["app": .string(name)]
        return [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name), "namespace": "default"],
            "spec": [
                "replicas": JSON(podsPerDeployment), "selector": ["matchLabels": labels],
                "template": [
                    "metadata": ["labels": labels],
                    "spec": [
                        "containers": [
                            [
                                "name": "app", "image": "registry.example/shop/app:1.0.0", "ports": [["containerPort": 8080]],
                                "resources": ["requests": ["cpu": "50m", "memory": "64Mi"]],
                                "readinessProbe": ["httpGet": ["path": "/ready", "port": 8080]],
                            ]
                        ]
                    ],
                ],
            ],
        ]
    }
}
