import Core
import Kubernetes
import Testing

@testable import Twin

@Suite struct SimulationDeploymentTests {
    private func status(_ bench: Bench) -> JSON? { bench.get(.deployments, "web")?["status"] }

    @Test func aRolloutKeepsItsBoundsAndCountsRevisions() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 4))
        bench.run(20)
        #expect(status(bench)?["availableReplicas"]?.int == 4)
        #expect(bench.get(.deployments, "web")?.condition("Progressing")?["reason"]?.string == "NewReplicaSetAvailable")
        bench.change(.deployments, "web") { $0[at: "spec", "template", "metadata", "labels", "v"] = "2" }
        var least = 4
        var most = 0
        for _ in 0..<60 {
            bench.run(0.5)
            least = min(least, status(bench)?["availableReplicas"]?.int ?? 0)
            most = max(most, bench.pods().count { !$0.isBeingDeleted })
        }
        #expect(least >= 3)
        #expect(most <= 5)
        #expect(status(bench)?["updatedReplicas"]?.int == 4)
        #expect(status(bench)?["replicas"]?.int == 4)
        #expect(bench.get(.deployments, "web")?.annotation(Revision.annotation) == "2")
        // Back to the first template: its ReplicaSet gets the next revision.
        bench.change(.deployments, "web") { $0[at: "spec", "template", "metadata", "labels", "v"] = nil }
        bench.run(30)
        #expect(bench.get(.deployments, "web")?.annotation(Revision.annotation) == "3")
        let sets = bench.store.list(.replicaSets, namespace: "shop")
        #expect(sets.count == 2)
        #expect(sets.contains { $0.annotation(Revision.history) == "1" && $0["spec"]?["replicas"]?.int == 4 })
    }

    @Test func aStuckRolloutRunsOutOfTimeAndTheOldOneServes() throws {
        let catalogue = try BehaviourCatalogue(yaml: "images: [{image: registry.example.com/shop/web, tags: ['1.4.2']}]")
        var bench = Bench(options: SimulationOptions(catalogue: catalogue))
        try bench.apply(yaml: Bench.deployment(replicas: 3, extra: "  progressDeadlineSeconds: 60"))
        bench.run(20)
        bench.change(.deployments, "web") {
            $0[at: "spec", "template", "spec", "containers"] = [["name": "web", "image": "registry.example.com/shop/web:1.6.0"]]
        }
        bench.run(120)
        let deployment = try #require(bench.get(.deployments, "web"))
        #expect(deployment.condition("Progressing")?["reason"]?.string == "ProgressDeadlineExceeded")
        #expect(deployment.condition("Available")?["status"]?.string == "True")
        #expect(deployment["status"]?["availableReplicas"]?.int == 3)
        #expect(deployment["status"]?["unavailableReplicas"]?.int == 1)
    }

    @Test func pausedDeploymentsWaitAndScale() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 2))
        bench.run(15)
        bench.change(.deployments, "web") { $0[at: "spec", "paused"] = true }
        bench.change(.deployments, "web") { $0[at: "spec", "template", "metadata", "labels", "v"] = "2" }
        bench.run(15)
        #expect(bench.store.list(.replicaSets, namespace: "shop").count == 1)
        #expect(bench.get(.deployments, "web")?.condition("Progressing")?["reason"]?.string == "DeploymentPaused")
        bench.change(.deployments, "web") { $0[at: "spec", "replicas"] = 3 }
        bench.run(15)
        #expect(bench.pods().count == 3)
        bench.change(.deployments, "web") { $0[at: "spec", "paused"] = nil }
        bench.run(30)
        #expect(bench.pods().allSatisfy { $0.labels["v"] == "2" })
    }

    @Test func recreateStopsAllBeforeItStartsAny() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 2, extra: "  strategy: {type: Recreate}"))
        bench.run(15)
        bench.change(.deployments, "web") { $0[at: "spec", "template", "metadata", "labels", "v"] = "2" }
        for _ in 0..<40 {
            bench.run(0.5)
            let versions = Set(bench.pods().map { $0.labels["v"] ?? "1" })
            #expect(versions.count <= 1)
        }
        #expect(bench.pods().count == 2)
        #expect(bench.pods().allSatisfy { $0.labels["v"] == "2" })
    }

    @Test func scaleDownTakesTheUnreadyFirst() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 2))
        bench.run(15)
        let ready = Set(bench.pods().map(\.metadataName))
        bench.change(.deployments, "web") { $0[at: "spec", "replicas"] = 3 }
        bench.change(.deployments, "web") { $0[at: "spec", "replicas"] = 2 }
        bench.run(20)
        #expect(Set(bench.pods().map(\.metadataName)) == ready)
    }

    @Test func refusalsAreTold() throws {
        var options = SimulationOptions()
        options.admit = { (object, type, store) throws(APIFailure) in
            if type == .pods, store.count(.pods) >= 2 {
                throw APIFailure(403, "Forbidden", "pods \"web-x\" is forbidden: exceeded quota: q")
            }
            return object
        }
        var bench = Bench(options: options)
        try bench.apply(yaml: Bench.deployment(replicas: 4))
        bench.run(20)
        #expect(bench.messages("FailedCreate").contains("Error creating: pods \"web-x\" is forbidden: exceeded quota: q"))
        let deployment = bench.get(.deployments, "web")
        #expect(deployment?.condition("ReplicaFailure")?["reason"]?.string == "FailedCreate")
        #expect(deployment?["status"]?["unavailableReplicas"]?.int == 2)
    }

    @Test func defaultsOfTheReplicaSetMakeNoSecondOne() throws {
        var options = SimulationOptions()
        options.admit = { (object, type, _) throws(APIFailure) in
            guard type == .replicaSets else { return object }
            var object = object
            object[at: "spec", "template", "spec", "restartPolicy"] = "Always"
            return object
        }
        var bench = Bench(options: options)
        try bench.apply(yaml: Bench.deployment(replicas: 2))
        bench.run(20)
        #expect(bench.store.list(.replicaSets, namespace: "shop").count == 1)
        #expect(status(bench)?["availableReplicas"]?.int == 2)
    }

    @Test func eventsAreForgottenAfterAnHour() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment())
        bench.run(60)
        #expect(!bench.events().isEmpty)
        bench.run(3700)
        bench.run(400)
        #expect(bench.events().isEmpty)
    }

    @Test func deletionTakesAllThatBelongsToIt() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 2))
        bench.run(15)
        bench.delete(.deployments, "web")
        bench.run(20)
        #expect(bench.pods().isEmpty)
        #expect(bench.store.list(.replicaSets, namespace: "shop").isEmpty)
    }

    @Test func servicesFollowReadiness() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 2))
        bench.create([
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web", "namespace": "shop"],
            "spec": [
                "clusterIP": "10.96.0.20", "selector": ["app": "web"], "ports": [["name": "http", "port": 80, "targetPort": "http"]],
            ],
        ])
        bench.run(15)
        #expect(bench.get(.endpoints, "web")?["subsets"]?[0]?["addresses"]?.array?.count == 2)
        let slice = bench.store.list(.endpointSlices, namespace: "shop").first
        #expect(slice?["endpoints"]?.array?.count == 2)
        #expect(slice?["ports"]?[0]?["port"]?.int == 8080)
        bench.change(.deployments, "web") { $0[at: "spec", "replicas"] = 0 }
        bench.run(15)
        #expect(bench.get(.endpoints, "web")?["subsets"] == nil)
    }

    @Test func namespacesEndEmpty() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 2))
        bench.run(10)
        #expect(bench.get(.serviceAccounts, "default") != nil)
        bench.delete(.namespaces, "shop", namespace: "")
        bench.run(60)
        #expect(bench.get(.namespaces, "shop", namespace: "") == nil)
        #expect(bench.pods().isEmpty)
    }

    @Test func otherWorkloadsRun() throws {
        var bench = Bench()
        let template = "{metadata: {labels: {app: x}}, spec: {containers: [{name: c, image: registry.example.com/a/b:1}]}}"
        try bench.apply(
            yaml: """
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: store, namespace: shop}
                spec: {replicas: 2, serviceName: store, selector: {matchLabels: {app: x}}, template: \(template)}
                ---
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: agent, namespace: shop}
                spec: {selector: {matchLabels: {app: x}}, template: \(template)}
                ---
                apiVersion: batch/v1
                kind: Job
                metadata: {name: seed, namespace: shop}
                spec:
                  backoffLimit: 1
                  template:
                    metadata: {annotations: {twin.martlet/behaviour: "c: {exit: {code: 0, after: 2s}}"}}
                    spec: {restartPolicy: Never, containers: [{name: c, image: "registry.example.com/a/b:1"}]}
                """)
        bench.run(40)
        #expect(bench.get(.statefulSets, "store")?["status"]?["readyReplicas"]?.int == 2)
        #expect(bench.get(.pods, "store-1") != nil)
        #expect(bench.get(.daemonSets, "agent")?["status"]?["numberReady"]?.int == 2)
        #expect(bench.get(.jobs, "seed")?.condition("Complete")?["status"]?.string == "True")
    }
}
