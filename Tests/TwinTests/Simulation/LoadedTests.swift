import Core
import Kubernetes
import Testing

@testable import Twin

/// A simulation that starts in the middle of a cluster's life.
@Suite struct SimulationLoadedTests {
    /// A copy of a cluster's objects under a new simulation, which knows nothing of the first.
    private func loaded(_ bench: Bench, _ options: SimulationOptions = SimulationOptions(seed: 9)) -> Bench {
        var copy = bench
        copy.store.compact()
        copy.simulation = Simulation(options: options)
        copy.settle()
        return copy
    }

    @Test func whatRunsGoesOnAndNothingIsMadeAgain() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 3))
        bench.run(60)
        var copy = loaded(bench)
        let before = Set(bench.pods().map(\.uid))
        copy.run(300)
        #expect(Set(copy.pods().map(\.uid)) == before)
        #expect(copy.pods().allSatisfy { $0["status"]?["containerStatuses"]?[0]?["restartCount"]?.int == 0 })
        #expect(copy.store.list(.replicaSets, namespace: "shop").count == 1)
        copy.change(.deployments, "web") { $0[at: "spec", "replicas"] = 5 }
        copy.run(30)
        #expect(copy.get(.deployments, "web")?["status"]?["availableReplicas"]?.int == 5)
    }

    @Test func whatCrashedCrashesAgainAndARollbackHeals() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 2))
        bench.run(30)
        let good = bench.get(.deployments, "web")?["spec"]?["template"]
        bench.change(.deployments, "web") {
            $0[at: "spec", "template", "metadata", "annotations", PodWorker.behaviourAnnotation] = "web: {exit: {code: 3, after: 1s}}"
        }
        bench.run(200)
        var copy = loaded(bench)
        copy.run(120)
        #expect(copy.pods().contains { $0["status"]?["containerStatuses"]?[0]?["lastState"]?["terminated"]?["exitCode"]?.int == 3 })
        copy.change(.deployments, "web") { $0[at: "spec", "template"] = good }
        copy.run(60)
        let status = copy.get(.deployments, "web")?["status"]
        #expect(status?["availableReplicas"]?.int == 2)
        #expect(status?["updatedReplicas"]?.int == 2)
        #expect(status?["unavailableReplicas"] == nil)
    }

    @Test func memoryGoesOnGrowing() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(), behaviour: "web: {memory: {initial: 16Mi, growth: 1Mi}}")
        bench.run(20)
        var copy = loaded(bench)
        copy.run(45)
        let container = copy.container()
        #expect((container?["lastState"]?["terminated"] ?? container?["state"]?["terminated"])?["reason"]?.string == "OOMKilled")
    }

    @Test func absentSecretsArePresumedOnlyWhenTold() throws {
        let yaml = Bench.deployment().replacing("ports:", with: "envFrom: [{secretRef: {name: keys}}]\n        ports:")
        for assumes in [true, false] {
            var bench = Bench(options: SimulationOptions(assumeSecretsExist: assumes))
            try bench.apply(yaml: yaml)
            bench.run(20)
            #expect((bench.container()?["state"]?["running"] != nil) == assumes)
        }
    }
}
