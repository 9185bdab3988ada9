import Core
import Kubernetes
import Testing

@testable import Twin

@Suite struct SimulationKubeletTests {
    @Test func anUnknownImageServesItsFirstPort() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(replicas: 2))
        bench.run(10)
        #expect(bench.pods().count == 2)
        #expect(bench.pods().allSatisfy { $0.condition("Ready")?["status"]?.string == "True" })
        #expect(
            bench.reasons().isSuperset(of: [
                "Scheduled", "Pulling", "Pulled", "Created", "Started", "SuccessfulCreate", "ScalingReplicaSet",
            ]))
        #expect(Set(bench.pods().compactMap { $0["spec"]?["nodeName"]?.string }).count == 2)
    }

    @Test func crashesBackOffFromTenSecondsToFiveMinutes() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(), behaviour: "web: {exit: {code: 1, after: 100ms}}")
        var starts: [Int] = []
        for _ in 0..<2400 {
            bench.run(1)
            starts.append(bench.container()?["restartCount"]?.int ?? 0)
        }
        func first(_ count: Int) -> Int { starts.firstIndex { $0 >= count } ?? -1 }
        let gaps = (1...8).map { first($0 + 1) - first($0) }
        for (gap, expected) in zip(gaps, [10, 20, 40, 80, 160, 300, 300, 300]) { #expect(abs(gap - expected) <= 4) }
        #expect(bench.container()?["lastState"]?["terminated"]?["exitCode"]?.int == 1)
        #expect(bench.messages("BackOff").first?.hasPrefix("Back-off restarting failed container web in pod web-") == true)
    }

    @Test func aMissingVariableIsNamedInTheLog() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(), behaviour: "web: {needsEnv: [PAYMENTS_URL]}")
        bench.run(30)
        let pod = try #require(bench.pods().first)
        guard case .lines(let lines) = bench.simulation.log(namespace: "shop", pod: pod.metadataName, container: "web") else {
            Issue.record("refused")
            return
        }
        #expect(lines.last?.text == "FATAL config: required environment variable PAYMENTS_URL is not set")
        #expect(bench.container()?["state"]?["waiting"]?["reason"]?.string == "CrashLoopBackOff")
    }

    @Test func growthBeyondTheLimitIsKilled() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(), behaviour: "web: {memory: {initial: 16Mi, growth: 4Mi}}")
        bench.run(10)
        #expect(bench.container()?["state"]?["running"] != nil)
        bench.run(7)
        let ends = [bench.container()?["state"]?["terminated"], bench.container()?["lastState"]?["terminated"]].compactMap { $0 }
        #expect(ends.first?["reason"]?.string == "OOMKilled")
        #expect(ends.first?["exitCode"]?.int == 137)
    }

    @Test func aMissingConfigMapIsFoundOnceItIsThere() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment().replacing("ports:", with: "envFrom: [{configMapRef: {name: settings}}]\n        ports:"))
        bench.run(20)
        #expect(bench.container()?["state"]?["waiting"]?["message"]?.string == "configmap \"settings\" not found")
        bench.create(["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "settings", "namespace": "shop"], "data": ["A": "b"]])
        bench.run(20)
        #expect(bench.container()?["state"]?["running"] != nil)
    }

    @Test func aPeerThatIsNotReadyRefuses() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment("payments", replicas: 0))
        try bench.apply(
            yaml: """
                apiVersion: v1
                kind: Service
                metadata: {name: payments, namespace: shop}
                spec: {clusterIP: 10.96.1.2, selector: {app: payments}, ports: [{port: 8080, targetPort: http}]}
                """)
        try bench.apply(yaml: Bench.deployment(), behaviour: "web: {needsPeer: 'payments:8080'}")
        bench.run(30)
        let pod = try #require(bench.pods().first)
        guard case .lines(let lines) = bench.simulation.log(namespace: "shop", pod: pod.metadataName, container: "web") else { return }
        #expect(lines.contains { $0.text.contains("dial tcp 10.96.1.2:8080: connect: connection refused") })
        bench.change(.deployments, "payments") { $0[at: "spec", "replicas"] = 1 }
        bench.run(400)
        #expect(bench.pods().allSatisfy { $0.condition("Ready")?["status"]?.string == "True" })
    }

    @Test func aFailingLivenessProbeRestarts() throws {
        var bench = Bench()
        let yaml = Bench.deployment().replacing(
            "ports:", with: "livenessProbe: {httpGet: {path: /healthz, port: http}, periodSeconds: 5, failureThreshold: 2}\n        ports:")
        try bench.apply(yaml: yaml, behaviour: "web: {respond: [{path: /healthz, status: 500, after: 15s}]}")
        bench.run(60)
        #expect(bench.messages("Unhealthy") == ["Liveness probe failed: HTTP probe failed with statuscode: 500"])
        #expect(bench.messages("Killing") == ["Container web failed liveness probe, will be restarted"])
        #expect((bench.container()?["restartCount"]?.int ?? 0) >= 1)
    }

    @Test func deletionIsGraceful() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment(), behaviour: "web: {stop: 5s}")
        bench.run(10)
        let name = try #require(bench.pods().first?.metadataName)
        bench.delete(.pods, name)
        bench.run(3)
        #expect(bench.get(.pods, name)?.isBeingDeleted == true)
        bench.run(5)
        #expect(bench.get(.pods, name) == nil)
        #expect(bench.pods().count == 1)
    }

    @Test func metricsTellWhatRuns() throws {
        var bench = Bench()
        try bench.apply(
            yaml: Bench.deployment(), behaviour: "web: {cpu: 250m, memory: 32Mi, requests: 10, errorRate: 0.5, latency: 20ms}")
        bench.run(110)
        let pod = try #require(bench.pods().first?.metadataName)
        let usage = bench.simulation.podMetrics(namespace: "shop").first?["containers"]?[0]?["usage"]
        let cores = Quantity(usage?["cpu"]?.string ?? "")?.double ?? 0
        #expect((0.242...0.258).contains(cores))
        #expect(usage?["memory"]?.string == "32768Ki")
        let text = bench.simulation.prometheusText(of: ("shop", pod))
        #expect(text.contains("http_requests_total{namespace=\"shop\",pod=\"\(pod)\""))
        #expect(text.contains("le=\"+Inf\""))
        #expect(bench.simulation.nodeMetrics().count == 2)
    }

    @Test func sameSeedSameRun() throws {
        func run() throws -> [JSON] {
            var bench = Bench(options: SimulationOptions(seed: 7))
            try bench.apply(yaml: Bench.deployment(replicas: 3), behaviour: "web: {exit: {code: 1, after: 3s}}")
            bench.run(200)
            return bench.pods() + bench.events()
        }
        #expect(try run() == run())
    }

    @Test func aReadinessGateIsOpenedFromOutside() throws {
        var bench = Bench()
        try bench.apply(yaml: Bench.deployment().replacing("containers:", with: "readinessGates: [{conditionType: lb}]\n      containers:"))
        bench.run(20)
        let name = try #require(bench.pods().first).metadataName
        func ready() -> JSON? { bench.pods().first?.condition("Ready") }
        #expect(ready()?["message"]?.string == "corresponding condition of pod readiness gate \"lb\" does not exist.")
        for (status, message) in [("False", "the status of pod readiness gate \"lb\" is not \"True\", but False"), ("True", nil)] {
            var pod = try #require(bench.get(.pods, name))
            let others = (pod["status"]?["conditions"]?.array ?? []).filter { $0["type"] != "lb" }
            pod[at: "status", "conditions"] = .array(others + [["type": "lb", "status": .string(status)]])
            let key = ObjectKey(type: .pods, namespace: "shop", name: name)
            _ = try bench.store.update(pod, key: key, subresource: .status, now: bench.now)
            bench.settle()
            #expect(ready()?["message"]?.string == message)
            #expect(ready()?["status"]?.string == (message == nil ? "True" : "False"))
        }
    }

    @Test func aHostPathOfTheWrongTypeIsNotMounted() throws {
        for (type, path, kind) in [("File", "/etc/app.conf", "file"), ("Socket", "/var/run/docker.sock", "socket file")] {
            var bench = Bench()
            let volume = "volumes: [{name: v, hostPath: {path: \(path), type: \(type)}}]\n      containers:"
            try bench.apply(yaml: Bench.deployment().replacing("containers:", with: volume))
            bench.run(10)
            #expect(
                bench.messages("FailedMount")
                    == ["MountVolume.SetUp failed for volume \"v\" : hostPath type check failed: \(path) is not a \(kind)"])
        }
    }
}
