import Core
import Kubernetes
import Testing

@testable import Twin

@Suite struct LoadTests {
    /// edge → cart → store, each with two pods; the load is on edge.
    private static func shop(rate: String, cart: String = "", store: String = "", cartLimit: String = "2") -> String {
        [
            app(
                "edge", "{listen: 8080, latency: 5ms, work: 1ms, calls: [{address: \"cart:8080\", timeout: 500ms, retries: 1}]}", load: rate
            ),
            app("cart", "{listen: 8080, latency: 10ms, work: 4ms, calls: [\"store:8080\"]\(cart)}", limit: cartLimit),
            app("store", "{listen: 8080, latency: 5ms\(store)}"),
        ].joined(separator: "\n---\n")
    }

    private static func app(_ name: String, _ behaviour: String, limit: String = "2", load: String? = nil) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: \(name)}}
          template:
            metadata:
              labels: {app: \(name)}
              annotations: {twin.martlet/behaviour: '{main: \(behaviour)}'}
            spec:
              containers:
              - name: main
                image: registry.example.com/shop/\(name):1
                ports: [{containerPort: 8080}]
                readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 1}
                resources: {limits: {cpu: "\(limit)"}, requests: {cpu: 100m}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: \(name), namespace: shop\(load.map { ", annotations: {twin.martlet/load: '\($0)'}" } ?? "")}
        spec: {selector: {app: \(name)}, ports: [{port: 8080, targetPort: 8080}]}
        """
    }

    private func loads(_ bench: Bench, _ app: String) -> [ContainerLoad] {
        bench.pods().filter { $0.labels["app"] == app && !$0.isBeingDeleted }.compactMap {
            bench.simulation.world.pods[$0.uid]?.containers.first?.load
        }
    }

    private func answered(_ bench: Bench, _ app: String, _ code: Int) -> Double {
        loads(bench, app).reduce(0) { $0 + $1.answered.byCode[AnsweredRequests.codes.firstIndex(of: code) ?? 0] }
    }

    @Test func requestsFlowAlongTheCallsAndCostCPU() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.shop(rate: "100"))
        bench.run(30)
        let before = answered(bench, "store", 200)
        let failedAtStart = answered(bench, "edge", 502) + answered(bench, "edge", 504)
        bench.run(60)
        let rate = (answered(bench, "store", 200) - before) / 60
        #expect(abs(rate - 100) < 3, "\(rate)")
        for load in loads(bench, "cart") { #expect(abs(load.cpu - (50 * 0.004 + 0.002)) < 0.02, "\(load.cpu)") }
        #expect(answered(bench, "edge", 502) + answered(bench, "edge", 504) - failedAtStart < 1)
        // An answer waits for those below: latencies add up along the calls.
        let median = { (app: String) in self.loads(bench, app)[0].responseTime.median }
        #expect(median("store") < median("cart") && median("cart") < median("edge"))
        #expect(abs(median("edge") - 0.025) < 0.01, "\(median("edge"))")
    }

    @Test func tooLittleCPUQueuesThrottlesTimesOutAndFailsTheCallers() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.shop(rate: "100", cartLimit: "100m"))
        bench.run(90)
        let cart = try #require(loads(bench, "cart").first)
        #expect(cart.cpu <= 0.11, "\(cart.cpu)")
        #expect(cart.throttledPeriods / cart.periods > 0.8)
        #expect(cart.responseTime.median > 1)
        let before = (answered(bench, "edge", 504) + answered(bench, "edge", 502), answered(bench, "edge", 200))
        bench.run(30)
        let failed = answered(bench, "edge", 504) + answered(bench, "edge", 502) - before.0
        #expect(failed > answered(bench, "edge", 200) - before.1, "most requests of the caller fail")
        // The caller says so, and names whom it called.
        let pod = try #require(bench.pods().first { $0.labels["app"] == "edge" })
        let log = bench.simulation.log(namespace: "shop", pod: pod.metadataName, container: "main")
        guard case .lines(let lines) = log else { Issue.record("no log"); return }
        #expect(lines.contains { $0.text.contains("\"peer\":\"cart:8080\"") && $0.text.contains("\"level\":\"error\"") })
    }

    @Test func whatIsGoneRefusesAndComesBack() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.shop(rate: "50"))
        bench.run(30)
        bench.change(.deployments, "store") { $0[at: "spec", "replicas"] = 0 }
        bench.run(30)
        let before = answered(bench, "edge", 200)
        bench.run(30)
        #expect(answered(bench, "edge", 200) - before < 1)
        #expect(answered(bench, "cart", 502) > 100)
        bench.change(.deployments, "store") { $0[at: "spec", "replicas"] = 2 }
        bench.run(60)
        let healed = answered(bench, "edge", 200)
        bench.run(30)
        #expect(answered(bench, "edge", 200) - healed > 1400)
    }

    @Test func retriesMultiplyWhatReachesAFailingPeer() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.shop(rate: "100", cart: ", errorRate: 0.5"))
        bench.run(40)
        let arrivals = loads(bench, "cart").reduce(0) { $0 + $1.arrivals }
        #expect(abs(arrivals - 150) < 10, "half of all first attempts are made again: \(arrivals)")
        let edge = loads(bench, "edge")[0]
        #expect(abs(edge.failureShare - 0.25) < 0.03, "\(edge.failureShare)")
    }

    @Test func aDisturbanceOfOnePodIsSeenByItsCallers() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.shop(rate: "100"))
        bench.run(30)
        let calm = loads(bench, "edge")[0].responseTime.median
        let key = ObjectKey(type: .deployments, namespace: "shop", name: "store")
        bench.simulation.set(Disturbance(latency: .milliseconds(300)), on: key)
        bench.run(30)
        #expect(loads(bench, "store").allSatisfy { $0.responseTime.median > 0.3 })
        #expect(loads(bench, "edge")[0].responseTime.median > calm + 0.25)
        bench.simulation.set(nil, on: key)
        bench.run(30)
        #expect(abs(loads(bench, "edge")[0].responseTime.median - calm) < 0.005)
    }

    @Test func metricsAreCumulativeAndUsageFollowsLoad() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.shop(rate: "{rate: 100, noise: 0.1}"))
        bench.run(60)
        let pod = try #require(bench.pods().first { $0.labels["app"] == "cart" })
        func values(_ prefix: String) -> [Double] {
            bench.simulation.prometheusText(of: ("shop", pod.metadataName)).split(separator: "\n")
                .filter { $0.hasPrefix(prefix) }.compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
        }
        let first = values("http_request_duration_seconds_bucket")
        bench.run(30)
        let second = values("http_request_duration_seconds_bucket")
        #expect(first.count == 12 && first == first.sorted() && second == second.sorted())
        #expect(zip(first, second).allSatisfy { $0 <= $1 } && second != first)
        #expect(values("http_requests_total").reduce(0, +) > 3000)
        let usage = bench.simulation.podMetrics(namespace: "shop", name: pod.metadataName).first?["containers"]?[0]?["usage"]?["cpu"]
        #expect(usage?.string.map { $0.count > 8 } == true, "about 0.2 cores: \(usage?.text() ?? "")")
    }

    @Test func theDayHasItsPeak() throws {
        let shape = try LoadShape(yaml: "{rate: 100, daily: 0.5, peak: 15}", place: "test")
        let day = Timestamp(seconds: Int64(1_767_225_600))
        #expect(abs(shape.rate(at: day + .seconds(15 * 3600), seed: 1) - 150) < 1)
        #expect(abs(shape.rate(at: day + .seconds(3 * 3600), seed: 1) - 50) < 1)
        #expect(throws: MartletError.self) { try LoadShape(yaml: "{rate: 100, dayly: 1}", place: "test") }
        #expect(throws: MartletError.self) { try LoadShape(yaml: "fast", place: "test") }
    }
}
