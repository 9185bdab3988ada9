import Core
import Kubernetes
import Testing

@testable import Twin

@Suite struct SimulationSchedulerTests {
    private func message(_ spec: String, change: (inout Bench) -> Void = { _ in }) throws -> String? {
        var bench = Bench(nodes: 3)
        change(&bench)
        try bench.apply(
            yaml: """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: shop, labels: {app: p}}
                spec: {\(spec), containers: [{name: c, image: "registry.example.com/a/b:1", resources: {requests: {cpu: 10m}}}]}
                """)
        bench.run(5)
        return bench.get(.pods, "p")?.condition("PodScheduled")?["message"]?.string
    }

    private let tail = "no new claims to deallocate, preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."

    @Test func saysWhyNothingFits() throws {
        #expect(
            try message("nodeSelector: {gpu: big}")
                == "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector. \(tail)")
        #expect(
            try message("nodeSelector: {kubernetes.io/hostname: worker-2}") { bench in
                bench.change(.nodes, "worker-2", namespace: "") {
                    $0[at: "spec", "taints"] = [["key": "dedicated", "value": "db", "effect": "NoSchedule"]]
                }
                bench.change(.nodes, "worker-3", namespace: "") { $0[at: "spec", "unschedulable"] = true }
            }
                == "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. \(tail)"
        )
        #expect(
            try message("overhead: {cpu: '64'}") == "0/3 nodes are available: 3 Insufficient cpu. \(tail)")
        #expect(
            try message("volumes: [{name: v, persistentVolumeClaim: {claimName: none}}]")
                == "0/3 nodes are available: persistentvolumeclaim \"none\" not found. not found")
    }

    @Test func triesAgainWhenSomethingChanges() throws {
        var bench = Bench(nodes: 1)
        try bench.apply(
            yaml:
                "{apiVersion: v1, kind: Pod, metadata: {name: p, namespace: shop}, spec: {nodeSelector: {disk: ssd}, containers: [{name: c, image: a/b}]}}"
        )
        bench.run(5)
        #expect(bench.get(.pods, "p")?["spec"]?["nodeName"] == nil)
        bench.change(.nodes, "worker-1", namespace: "") { $0[at: "metadata", "labels", "disk"] = "ssd" }
        bench.run(10)
        #expect(bench.get(.pods, "p")?["status"]?["phase"]?.string == "Running")
        #expect(bench.get(.pods, "p")?.condition("PodScheduled")?["status"]?.string == "True")
    }

    @Test func tolerationsAffinityAndHostPorts() throws {
        #expect(
            try message("tolerations: [{operator: Exists}]") { bench in
                for i in 1...3 {
                    bench.change(.nodes, "worker-\(i)", namespace: "") {
                        $0[at: "spec", "taints"] = [["key": "a", "effect": "NoSchedule"]]
                    }
                }
            } == nil)
        var bench = Bench(nodes: 2)
        try bench.apply(
            yaml: Bench.deployment(replicas: 3).replacing(
                "      containers:",
                with: """
                          affinity:
                            podAntiAffinity:
                              requiredDuringSchedulingIgnoredDuringExecution:
                              - {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {app: web}}}
                          containers:
                    """))
        bench.run(10)
        #expect(bench.pods().count { $0["spec"]?["nodeName"] != nil } == 2)
        #expect(
            bench.messages("FailedScheduling").first
                == "0/2 nodes are available: 2 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."
        )
    }

    @Test func aSilentNodeLosesItsPods() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(
            yaml: Bench.deployment(replicas: 1).replacing(
                "      containers:",
                with: """
                          tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 300}]
                          containers:
                    """))
        bench.run(20)
        let node = try #require(bench.pods().first?["spec"]?["nodeName"]?.string)
        bench.simulation.setKubelet(of: node, isRunning: false)
        bench.run(60)
        #expect(bench.get(.nodes, node, namespace: "")?.condition("Ready")?["status"]?.string == "Unknown")
        #expect(bench.pods().first?.condition("Ready")?["status"]?.string == "False")
        bench.run(400)
        #expect(bench.pods().contains { $0["spec"]?["nodeName"]?.string != node && $0.condition("Ready")?["status"]?.string == "True" })
    }

    @Test func aKubeletTellsThatItsNodeIsCordoned() throws {
        var bench = Bench()
        bench.change(.nodes, "worker-1", namespace: "") { $0[at: "spec", "unschedulable"] = true }
        bench.run(15)
        #expect(bench.messages("NodeNotSchedulable", "default") == ["Node worker-1 status is now: NodeNotSchedulable"])
        #expect(bench.messages("NodeSchedulable", "default").isEmpty)
        bench.change(.nodes, "worker-1", namespace: "") { $0[at: "spec", "unschedulable"] = false }
        bench.run(15)
        #expect(bench.messages("NodeSchedulable", "default") == ["Node worker-1 status is now: NodeSchedulable"])
    }

    @Test func requestsBeyondAllMeasureAreOnlyTooMuch() throws {
        var bench = Bench(nodes: 1)
        let most = "\(Int64.max)"
        for name in ["a", "b"] {
            try bench.apply(
                yaml: """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: \(name), namespace: shop}
                    spec:
                      nodeName: worker-1
                      containers:
                      - {name: c, image: "registry.example.com/a/b:1", resources: {requests: {cpu: "\(most)", memory: "\(most)"}}}
                    """)
        }
        try bench.apply(yaml: Bench.deployment())
        bench.run(5)
        #expect(
            bench.messages("FailedScheduling").first?.hasPrefix("0/1 nodes are available: 1 Insufficient cpu, 1 Insufficient memory.")
                == true)
        for name in ["a", "b"] { bench.delete(.pods, name, grace: 0) }
        bench.run(10)
        #expect(bench.pods().first?.condition("Ready")?["status"]?.string == "True")
    }
}
