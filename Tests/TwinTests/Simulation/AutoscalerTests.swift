import Core
import Kubernetes
import Testing

@testable import Twin

/// The autoscaler on a simulated cluster, on its own clock.
@Suite struct AutoscalerTests {
    private func bench(cpu: String, replicas: Int = 1, request: String = "10m", spec: String, parts: Set<SimulationOptions.Part>? = nil)
        throws -> Bench
    {
        var bench = Bench(nodes: 2, options: SimulationOptions(parts: parts ?? Set(SimulationOptions.Part.allCases)))
        let deployment = Bench.deployment(replicas: replicas).replacing("{cpu: 10m, memory: 16Mi}", with: "{\(request)memory: 16Mi}")
        try bench.apply(yaml: deployment, behaviour: "web: {cpu: \(cpu), listen: [8080]}")
        try bench.apply(
            yaml: """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: web, namespace: shop}
                spec:
                  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
                  metrics:
                  - {type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}}
                \(spec)
                """)
        return bench
    }

    private func condition(_ bench: Bench, _ type: String) -> String? {
        bench.get(.horizontalPodAutoscalers, "web")?.condition(type).map {
            "\($0["status"]?.string ?? "") \($0["reason"]?.string ?? ""): \($0["message"]?.string ?? "")"
        }
    }

    @Test func scalesUpToItsMaximumAndSaysSo() throws {
        var bench = try bench(cpu: "35m", request: "cpu: 10m, ", spec: "  minReplicas: 1\n  maxReplicas: 2")
        bench.run(15)
        #expect(
            bench.messages("FailedComputeMetricsReplicas") == [
                "invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: unable to get metrics for resource cpu: no metrics returned from resource metrics API"
            ])
        bench.run(15)
        #expect(bench.get(.deployments, "web")?["spec"]?["replicas"]?.int == 2)
        #expect(
            bench.messages("SuccessfulRescale") == ["New size: 2; reason: cpu resource utilization (percentage of request) above target"])
        #expect(
            condition(bench, "ScalingLimited") == "True TooManyReplicas: the desired replica count is more than the maximum replica count")
        let status = bench.get(.horizontalPodAutoscalers, "web")?["status"]
        let current = status?["currentMetrics"]?[0]?["resource"]?["current"]
        // Measured, and therefore not quite what the program uses.
        #expect((34...36).contains(Amount.milli(current?["averageValue"])))
        #expect((340...360).contains(current?["averageUtilization"]?.int ?? 0))
        #expect(status?["desiredReplicas"]?.int == 2)
        #expect(status?["lastScaleTime"]?.string == bench.now.rfc3339())
    }

    @Test func holdsAHighCountForFiveMinutesBeforeItScalesDown() throws {
        var bench = try bench(cpu: "500u", replicas: 4, request: "cpu: 10m, ", spec: "  minReplicas: 1\n  maxReplicas: 8")
        bench.run(60)
        #expect(bench.get(.deployments, "web")?["spec"]?["replicas"]?.int == 4)
        #expect(condition(bench, "AbleToScale")?.hasPrefix("True ScaleDownStabilized") == true)
        bench.run(300)
        #expect(bench.get(.deployments, "web")?["spec"]?["replicas"]?.int == 1)
        #expect(bench.messages("SuccessfulRescale") == ["New size: 1; reason: All metrics below target"])
    }

    @Test func measuresOfASteadyProgramVaryAndTheHighestRecommendationHolds() throws {
        var bench = try bench(cpu: "40m", request: "cpu: 10m, ", spec: "  minReplicas: 1\n  maxReplicas: 2")
        bench.run(60)
        var measures: Set<Int128> = []
        var reasons: Set<String> = []
        for _ in 0..<20 {
            bench.run(15)
            for pod in bench.simulation.podMetrics(namespace: "shop", name: nil) {
                let nano = Quantity(pod["containers"]?[0]?["usage"]?["cpu"]?.string ?? "")?.nano ?? 0
                #expect((38_800_000...41_200_000).contains(nano))
                measures.insert(nano)
            }
            reasons.insert(bench.get(.horizontalPodAutoscalers, "web")?.condition("AbleToScale")?["reason"]?.string ?? "")
        }
        #expect(measures.count > 20)
        #expect(reasons.contains("ScaleDownStabilized"))
        #expect(bench.get(.deployments, "web")?["spec"]?["replicas"]?.int == 2)
    }

    @Test func aBehaviourSetsThePace() throws {
        let behavior = """
              minReplicas: 1
              maxReplicas: 8
              behavior: {scaleDown: {stabilizationWindowSeconds: 0, policies: [{type: Pods, value: 1, periodSeconds: 60}]}}
            """
        var bench = try bench(cpu: "1m", replicas: 4, request: "cpu: 10m, ", spec: behavior)
        bench.run(31)
        #expect(bench.get(.deployments, "web")?["spec"]?["replicas"]?.int == 3)
        #expect(condition(bench, "ScalingLimited")?.hasPrefix("True ScaleDownLimit") == true)
        bench.run(45)
        #expect(bench.get(.deployments, "web")?["spec"]?["replicas"]?.int == 3)
        bench.run(30)
        #expect(bench.get(.deployments, "web")?["spec"]?["replicas"]?.int == 2)
    }

    @Test func saysWhatIsMissing() throws {
        var unrequested = try bench(cpu: "1m", request: "", spec: "  maxReplicas: 4")
        unrequested.run(60)
        let pod = unrequested.pods().first?.metadataName ?? ""
        #expect(
            condition(unrequested, "ScalingActive")
                == "False FailedGetResourceMetric: the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container web of Pod \(pod)"
        )
        var parts = Set(SimulationOptions.Part.allCases)
        parts.remove(.resourceMetrics)
        var unmeasured = try bench(cpu: "1m", spec: "  maxReplicas: 4", parts: parts)
        unmeasured.run(60)
        #expect(
            condition(unmeasured, "ScalingActive")
                == "False FailedGetResourceMetric: the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)"
        )
        unmeasured.delete(.deployments, "web")
        unmeasured.run(15)
        #expect(condition(unmeasured, "AbleToScale")?.hasPrefix("False FailedGetScale") == true)
    }

    @Test func anAPIWithoutEndpointsIsUnavailable() throws {
        var bench = try bench(cpu: "1m", spec: "  maxReplicas: 4")
        bench.create([
            "apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": ["name": "v1beta1.metrics.k8s.io"],
            "spec": ["group": "metrics.k8s.io", "version": "v1beta1", "service": ["namespace": "kube-system", "name": "metrics-server"]],
        ])
        bench.run(60)
        #expect(
            bench.messages("FailedGetResourceMetric") == [
                "failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)"
            ])
    }

    @Test func twoOnTheSamePodsDoNothing() throws {
        var bench = try bench(cpu: "35m", request: "cpu: 10m, ", spec: "  maxReplicas: 4")
        try bench.apply(
            yaml: """
                apiVersion: autoscaling/v2
                kind: HorizontalPodAutoscaler
                metadata: {name: other, namespace: shop}
                spec: {maxReplicas: 9, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
                """)
        bench.run(60)
        #expect(
            condition(bench, "ScalingActive")
                == "False AmbiguousSelector: pods by selector app=web are controlled by multiple HPAs: [shop/other shop/web]")
        #expect(bench.get(.deployments, "web")?["spec"]?["replicas"]?.int == 1)
    }

    /// What the autoscaler has written is its own, and so is what controllers and kubelets have.
    @Test func anApplyMeetsTheAutoscaler() throws {
        var bench = try bench(cpu: "35m", request: "cpu: 10m, ", spec: "  minReplicas: 1\n  maxReplicas: 2")
        bench.run(30)
        let live = try #require(bench.get(.deployments, "web"))
        let entry = live[at: "metadata", "managedFields"]?.array?.first { $0["subresource"] == "scale" }
        #expect(entry?["manager"] == "kube-controller-manager" && entry?["operation"] == "Update")
        #expect(entry?["fieldsV1"] == ["f:spec": ["f:replicas": [:]]])
        let apply = ServerSideApply(schema: Schemas.builtIn["Deployment"], apiVersion: "apps/v1", now: bench.now)
        let document: JSON = ["apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"], "spec": ["replicas": 1]]
        #expect {
            _ = try apply.apply(document, to: live, manager: "kubectl", force: false)
        } throws: { error in
            (error as? APIFailure)?.message
                == "Apply failed with 1 conflict: conflict with \"kube-controller-manager\" with subresource \"scale\" using apps/v1: .spec.replicas"
        }
        // Who made a pod, and who reports on it.
        let pod = try #require(bench.store.list(.pods, namespace: "shop").first { $0[at: "status", "phase"] == "Running" })
        let known = Ownership.completed(pod, type: .pods)[at: "metadata", "managedFields"]?.array ?? []
        #expect(known.map { $0["manager"] } == ["kube-controller-manager", "kubelet"])
        #expect(known.last?["subresource"] == "status" && known.last?[at: "fieldsV1", "f:status", "f:phase"] != nil)
        #expect(known.first?[at: "fieldsV1", "f:spec", "f:containers"] != nil)
        #expect(known.first?[at: "fieldsV1", "f:spec", "f:tolerations"] == nil)
    }
}
