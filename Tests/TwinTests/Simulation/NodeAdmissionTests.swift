import Core
import Kubernetes
import Testing

@testable import Twin

/// Pods for which nobody chose the node that they are given to.
@Suite struct NodeAdmissionTests {
    private func outcome(_ spec: String, behind first: String? = nil) throws -> (status: JSON, events: [String]) {
        var bench = Bench(nodes: 1)
        for (name, spec) in [("first", first), ("p", spec)] {
            guard let spec else { continue }
            try bench.apply(
                yaml: """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: \(name), namespace: shop}
                    spec: {nodeName: worker-1, \(spec)}
                    """)
            bench.run(20)
        }
        let events = bench.store.list(.events, namespace: "shop").filter { $0["involvedObject"]?["name"] == "p" }
        return (bench.get(.pods, "p")?["status"] ?? [:], events.compactMap { $0["message"]?.string })
    }

    private func container(_ more: String = "") -> String { "containers: [{name: c, image: 'registry.example.com/a/b:1'\(more)}]" }

    @Test func whatFitsComes() throws {
        #expect(try outcome(container(", resources: {requests: {cpu: 100m}}")).status["phase"] == "Running")
    }

    @Test func whatDoesNotFitHasFailed() throws {
        let big = try outcome(container(", resources: {requests: {cpu: '500'}}"), behind: container(", resources: {requests: {cpu: 100m}}"))
        let message = "Node didn't have enough resource: cpu, requested: 500000, used: 100, capacity: 1800"
        #expect(big.status["phase"] == "Failed" && big.status["reason"] == "OutOfcpu")
        #expect(big.status["message"]?.string == "Pod was rejected: \(message)")
        #expect(big.status["containerStatuses"] == nil)
        #expect(big.events.contains(message))
    }

    @Test func selectorsAndPortsCountToo() throws {
        let elsewhere = try outcome("nodeSelector: {gpu: big}, " + container())
        #expect(elsewhere.status["reason"] == "NodeAffinity")
        #expect(
            elsewhere.status["message"]
                == "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector")
        let port = container(", ports: [{containerPort: 80, hostPort: 80}]")
        #expect(try outcome(port).status["phase"] == "Running")
        let second = try outcome(port, behind: port)
        #expect(second.status["reason"] == "NodePorts")
        #expect(
            second.events.contains("Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports"))
    }
}
