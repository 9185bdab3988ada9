import Core
import Kubernetes
import Testing

@testable import Twin

/// StatefulSets, DaemonSets, and what the cluster itself does to pods and namespaces.
@Suite struct WorkloadTests {
    private func stateful(_ spec: String = "", replicas: Int = 3) -> String {
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: shop}
        spec:
          replicas: \(replicas)
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: c, image: "registry.example.com/a/db:1"}]}
        \(spec)
        """
    }

    private func image(_ bench: Bench, _ pod: String) -> String? { bench.get(.pods, pod)?["spec"]?["containers"]?[0]?["image"]?.string }

    private func setImage(_ bench: inout Bench, _ type: ResourceType, _ name: String, _ image: String) {
        bench.change(type, name) {
            $0[at: "spec", "template", "spec", "containers"] = [["name": "c", "image": .string(image)]]
        }
    }

    @Test func aStatefulSetStartsOneAfterTheOther() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(
            yaml: stateful(
                "  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}]"
            ))
        #expect(bench.pods().map(\.metadataName) == ["db-0"])
        #expect(bench.store.list(.persistentVolumeClaims, namespace: "shop").map(\.metadataName) == ["data-db-0"])
        var parallel = Bench(nodes: 2)
        try parallel.apply(yaml: stateful("  podManagementPolicy: Parallel"))
        #expect(parallel.pods().map(\.metadataName) == ["db-0", "db-1", "db-2"])
        parallel.run(30)
        #expect(parallel.get(.statefulSets, "db")?["status"]?["readyReplicas"]?.int == 3)
    }

    @Test func anUpdateGoesDownToThePartition() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(yaml: stateful("  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 1}}"))
        bench.run(60)
        let before = bench.get(.statefulSets, "db")?["status"]?["currentRevision"]?.string
        setImage(&bench, .statefulSets, "db", "registry.example.com/a/db:2")
        bench.run(200)
        #expect(image(bench, "db-0") == "registry.example.com/a/db:1")
        #expect(image(bench, "db-1") == "registry.example.com/a/db:2")
        #expect(image(bench, "db-2") == "registry.example.com/a/db:2")
        let status = bench.get(.statefulSets, "db")?["status"]
        #expect(status?["currentRevision"]?.string == before)
        #expect(status?["updateRevision"]?.string != before)
        #expect(status?["updatedReplicas"]?.int == 2)
        // What is below the partition comes back as it was.
        bench.delete(.pods, "db-0")
        bench.run(60)
        #expect(image(bench, "db-0") == "registry.example.com/a/db:1")
        #expect(bench.store.list(.controllerRevisions, namespace: "shop").count == 2)
    }

    private static let daemon = """
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: shop}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec: {containers: [{name: c, image: "registry.example.com/a/agent:1"}]}
        """

    @Test func aDaemonSetIsReplacedNodeByNode() throws {
        var bench = Bench(nodes: 3)
        try bench.apply(yaml: Self.daemon)
        bench.run(20)
        #expect(Set(bench.pods().compactMap { $0["spec"]?["nodeName"]?.string }).count == 3)
        setImage(&bench, .daemonSets, "agent", "registry.example.com/a/agent:2")
        #expect(bench.pods().count { $0.isBeingDeleted } == 1)
        bench.run(300)
        #expect(bench.pods().allSatisfy { $0["spec"]?["containers"]?[0]?["image"]?.string == "registry.example.com/a/agent:2" })
        #expect(bench.get(.daemonSets, "agent")?["status"]?["updatedNumberScheduled"]?.int == 3)
        #expect(bench.store.list(.controllerRevisions, namespace: "shop").compactMap { $0["revision"]?.int }.sorted() == [1, 2])
        // Taken back: the first template is the newest revision again.
        setImage(&bench, .daemonSets, "agent", "registry.example.com/a/agent:1")
        bench.run(300)
        #expect(bench.store.list(.controllerRevisions, namespace: "shop").compactMap { $0["revision"]?.int }.sorted() == [2, 3])
    }

    @Test func aTaintTakesPodsAwayWhenTheirToleranceEnds() throws {
        var bench = Bench(nodes: 1)
        try bench.apply(
            yaml: """
                ---
                {apiVersion: v1, kind: Pod, metadata: {name: patient, namespace: shop}, spec: {tolerations: [{key: drain, operator: Exists, tolerationSeconds: 60}], containers: [{name: c, image: a/b}]}}
                ---
                {apiVersion: v1, kind: Pod, metadata: {name: frail, namespace: shop}, spec: {containers: [{name: c, image: a/b}]}}
                ---
                {apiVersion: v1, kind: Pod, metadata: {name: stubborn, namespace: shop}, spec: {tolerations: [{operator: Exists}], containers: [{name: c, image: a/b}]}}
                """)
        bench.run(10)
        bench.change(.nodes, "worker-1", namespace: "") { $0[at: "spec", "taints"] = [["key": "drain", "effect": "NoExecute"]] }
        #expect(bench.get(.pods, "frail")?.condition("DisruptionTarget")?["reason"]?.string == "DeletionByTaintManager")
        bench.run(40)
        #expect(bench.pods().map(\.metadataName) == ["patient", "stubborn"])
        bench.run(60)
        #expect(bench.pods().filter { !$0.isBeingDeleted }.map(\.metadataName) == ["stubborn"])
        #expect(bench.messages("TaintManagerEviction").contains("Marking for deletion Pod shop/patient"))
    }

    @Test func aCordonedNodeIsTainted() throws {
        var bench = Bench(nodes: 1)
        bench.change(.nodes, "worker-1", namespace: "") { $0[at: "spec", "unschedulable"] = true }
        let taint = bench.get(.nodes, "worker-1", namespace: "")?["spec"]?["taints"]?[0]
        #expect(taint?["key"]?.string == "node.kubernetes.io/unschedulable" && taint?["effect"]?.string == "NoSchedule")
        bench.change(.nodes, "worker-1", namespace: "") { $0["spec"]?["unschedulable"] = nil }
        #expect(bench.get(.nodes, "worker-1", namespace: "")?["spec"]?["taints"] == nil)
    }

    @Test func aQuotaSaysWhatIsUsed() throws {
        var bench = Bench(nodes: 1)
        try bench.apply(
            yaml:
                "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q, namespace: shop}, spec: {hard: {pods: '5', requests.cpu: '1', count/deployments.apps: '3'}}}"
        )
        try bench.apply(yaml: Bench.deployment(replicas: 2))
        bench.run(5)
        #expect(
            bench.get(.resourceQuotas, "q")?["status"]?["used"] == ["count/deployments.apps": "1", "pods": "2", "requests.cpu": "20m"])
        bench.delete(.deployments, "web")
        bench.run(60)
        #expect(bench.get(.resourceQuotas, "q")?["status"]?["used"]?["pods"]?.string == "0")
    }

    @Test func aNamespaceThatEndsSaysWhatHoldsIt() throws {
        var bench = Bench(nodes: 1)
        try bench.apply(
            yaml: "{apiVersion: v1, kind: ConfigMap, metadata: {name: held, namespace: shop, finalizers: [billing.example.com/cleanup]}}")
        bench.delete(.namespaces, "shop", namespace: "")
        bench.run(10)
        let namespace = bench.get(.namespaces, "shop", namespace: "")
        #expect(
            namespace?.condition("NamespaceContentRemaining")?["message"]?.string
                == "Some resources are remaining: configmaps. has 1 resource instances")
        #expect(
            namespace?.condition("NamespaceFinalizersRemaining")?["message"]?.string
                == "Some content in the namespace has finalizers remaining: billing.example.com/cleanup in 1 resource instances")
        bench.change(.configMaps, "held") { $0["metadata"]?["finalizers"] = nil }
        bench.run(10)
        #expect(bench.get(.namespaces, "shop", namespace: "") == nil)
    }
}
