import Core
import Kubernetes
import Testing

@testable import Twin

/// Hooks, sidecars and commands that run inside containers.
@Suite struct ContainerLifecycleTests {
    static func pod(_ spec: String, annotation: String = "") -> String {
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: web
          namespace: shop
          annotations: {twin.martlet/behaviour: "\(annotation)"}
        spec:
        \(spec)
        """
    }

    static func container(_ lifecycle: String) -> String {
        """
          terminationGracePeriodSeconds: 10
          containers:
          - name: web
            image: registry.example.com/web:1
            \(lifecycle)
        """
    }

    private func state(_ bench: Bench, _ list: String = "containerStatuses", _ i: Int = 0) -> JSON? {
        bench.pods().first?["status"]?[list]?[i]
    }

    // MARK: postStart

    @Test func whileThePostStartHookRunsTheStatusDoesNotKnowTheProcess() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.pod(Self.container("lifecycle: {postStart: {exec: {command: [sh, -c, 'sleep 20 && echo done']}}}")))
        bench.run(15)
        #expect(bench.reasons().contains("Started"))
        #expect(state(bench)?["state"]?["waiting"]?["reason"]?.string == "ContainerCreating")
        #expect(bench.pods().first?["status"]?["phase"]?.string == "Pending")
        bench.run(10)
        #expect(state(bench)?["state"]?["running"] != nil)
        #expect(state(bench)?["ready"]?.bool == true)
    }

    @Test func aFailingPostStartHookKillsAndIsTold() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.pod(Self.container("lifecycle: {postStart: {exec: {command: [/bin/sh, -c, 'echo no; exit 3']}}}")))
        var seen: Set<String> = []
        for _ in 0..<80 {
            bench.run(1)
            if let waiting = state(bench)?["state"]?["waiting"] {
                seen.insert(waiting["reason"]?.string ?? "")
                if waiting["reason"]?.string == "PostStartHookError" {
                    let uid = bench.pods()[0].uid
                    #expect(
                        waiting["message"]?.string
                            == "Exec lifecycle hook ([/bin/sh -c echo no; exit 3]) for Container \"web\" in Pod \"web_shop(\(uid))\" failed - error: command '/bin/sh -c echo no; exit 3' exited with 3: no, message: \"no\""
                    )
                }
            }
            #expect(state(bench)?["state"]?["running"] == nil)
        }
        #expect(seen == ["ContainerCreating", "PostStartHookError", "CrashLoopBackOff"])
        #expect(bench.messages("FailedPostStartHook") == ["PostStartHook failed"])
        #expect(bench.messages("Killing") == ["FailedPostStartHook"])
        #expect((state(bench)?["restartCount"]?.int ?? 0) >= 2)
    }

    @Test func aRequestHookNeedsAnAnswerOfAnyKind() throws {
        var bench = Bench()
        let hook = "lifecycle: {postStart: {httpGet: {port: 8080, path: /up}}}"
        try bench.apply(yaml: Self.pod(Self.container(hook + "\n    ports: [{containerPort: 8080}]"), annotation: "web: {start: 5s}"))
        bench.run(10)
        #expect(bench.messages("FailedPostStartHook") == ["PostStartHook failed"])
        var other = Bench()
        let failing = "web: {listen: {ports: [8080], after: 0s}, respond: {path: /up, status: 500}}"
        try other.apply(yaml: Self.pod(Self.container(hook), annotation: failing))
        other.run(10)
        #expect(other.messages("FailedPostStartHook").isEmpty)
    }

    // MARK: preStop

    /// Seconds from the deletion until the pod is gone.
    private func end(_ bench: inout Bench) -> Int {
        bench.run(10)
        bench.delete(.pods, "web")
        for second in 1...60 {
            bench.run(1)
            if bench.pods().isEmpty { return second }
        }
        return -1
    }

    @Test func thePreStopHookComesBeforeTheSignal() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.pod(Self.container("lifecycle: {preStop: {sleep: {seconds: 6}}}")))
        #expect((7...8).contains(end(&bench)))
        #expect(bench.messages("FailedPreStopHook").isEmpty)
    }

    @Test func aHookThatOutlastsTheGracePeriodLeavesTwoSeconds() throws {
        var bench = Bench()
        try bench.apply(
            yaml: Self.pod(Self.container("lifecycle: {preStop: {exec: {command: [sleep, '60']}}}"), annotation: "web: {stop: never}"))
        #expect((12...13).contains(end(&bench)))
    }

    @Test func aFailingPreStopHookIsTold() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.pod(Self.container("lifecycle: {preStop: {exec: {command: ['false']}}}")))
        #expect((1...2).contains(end(&bench)))
        #expect(bench.messages("FailedPreStopHook") == ["PreStopHook failed"])
    }

    // MARK: Sidecars

    static func withSidecars(policy: String) -> String {
        """
          restartPolicy: \(policy)
          initContainers:
          - {name: proxy, image: registry.example.com/proxy:1, restartPolicy: Always}
          - {name: logs, image: registry.example.com/logs:1, restartPolicy: Always}
          containers:
          - {name: web, image: registry.example.com/web:1}
        """
    }

    @Test func sidecarsEndAfterTheMainContainersTheLastFirst() throws {
        var bench = Bench()
        let slow = "{web: {stop: 4s}, logs: {stop: 3s}, proxy: {stop: 1s}}"
        try bench.apply(yaml: Self.pod(Self.withSidecars(policy: "Always"), annotation: slow))
        bench.run(20)
        #expect(state(bench, "initContainerStatuses", 0)?["ready"]?.bool == true)
        #expect(bench.pods().first?.condition("Ready")?["status"]?.string == "True")
        bench.delete(.pods, "web")
        bench.run(7.8)
        #expect(!bench.pods().isEmpty)
        bench.run(1)
        #expect(bench.pods().isEmpty)
        #expect(Set(bench.messages("Killing")) == ["Stopping container web", "Stopping container logs", "Stopping container proxy"])
    }

    @Test func aPodThatIsOverEndsItsSidecars() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.pod(Self.withSidecars(policy: "Never"), annotation: "web: {exit: {code: 0, after: 20s}}"))
        bench.run(18)
        #expect(bench.pods().first?["status"]?["phase"]?.string == "Running")
        bench.run(20)
        let pod = try #require(bench.pods().first)
        #expect(pod["status"]?["phase"]?.string == "Succeeded")
        #expect(pod["status"]?["initContainerStatuses"]?[0]?["restartCount"]?.int == 0)
        #expect(Set(bench.messages("Killing")) == ["Stopping container logs", "Stopping container proxy"])
    }

    @Test func aSidecarThatIsNotReadyMakesThePodNotReady() throws {
        var bench = Bench()
        let probed = Self.withSidecars(policy: "Always").replacing(
            "logs:1, ", with: "logs:1, readinessProbe: {exec: {command: ['false']}}, ")
        try bench.apply(yaml: Self.pod(probed))
        bench.run(30)
        let ready = bench.pods().first?.condition("Ready")
        #expect(ready?["status"]?.string == "False")
        #expect(ready?["message"]?.string == "containers with unready status: [logs]")
        #expect(bench.pods().first?["status"]?["phase"]?.string == "Running")
    }

    @Test func anEphemeralContainerRunsOnceBesideTheOthers() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.pod(Self.container("ports: []"), annotation: "debugger: {exit: {code: 3, after: 5s}}"))
        bench.run(10)
        bench.change(.pods, "web") {
            $0[at: "spec", "ephemeralContainers"] = [["name": "debugger", "image": "registry.example.com/busybox:1"]]
        }
        bench.run(5)
        #expect(state(bench, "ephemeralContainerStatuses")?["state"]?["running"] != nil)
        bench.run(30)
        #expect(state(bench, "ephemeralContainerStatuses")?["state"]?["terminated"]?["exitCode"]?.int == 3)
        #expect(bench.pods().first?.condition("Ready")?["status"]?.string == "True")
        #expect(bench.pods().first?["status"]?["phase"]?.string == "Running")
    }

    @Test func aPodIsActiveNoLongerThanItMay() throws {
        var bench = Bench()
        try bench.apply(
            yaml: Self.pod(Self.container("ports: []").replacing("containers:", with: "activeDeadlineSeconds: 15\n  containers:")))
        bench.run(14)
        #expect(bench.pods().first?["status"]?["phase"]?.string == "Running")
        bench.run(5)
        let status = bench.pods().first?["status"]
        #expect(status?["phase"]?.string == "Failed")
        #expect(status?["reason"]?.string == "DeadlineExceeded")
        #expect(status?["message"]?.string == "Pod was active on the node longer than the specified deadline")
        #expect(bench.messages("DeadlineExceeded") == ["Pod was active on the node longer than the specified deadline"])
    }

    @Test func podsOfANodeThatIsGoneAreCollected() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.pod(Self.container("ports: []") + "\n  nodeName: worker-1"))
        bench.run(10)
        bench.delete(.nodes, "worker-1", namespace: "")
        bench.run(30)
        #expect(bench.pods().count == 1)
        bench.run(20)
        #expect(bench.pods().isEmpty)
    }

    // MARK: Exec probes and pulls

    @Test func aProbeWhoseCommandIsMissingCountsNeitherWay() throws {
        var bench = Bench()
        let probe = "livenessProbe: {periodSeconds: 2, exec: {command: [curl, localhost]}}"
        try bench.apply(yaml: Self.pod(Self.container(probe), annotation: "web: {commands: [/app]}"))
        bench.run(60)
        #expect(state(bench)?["restartCount"]?.int == 0)
        let text = try #require(bench.messages("Unhealthy").first)
        #expect(text.hasPrefix("Liveness probe errored and resulted in unknown state: rpc error: code = Unknown desc = failed to exec in"))
        #expect(text.hasSuffix("exec: \"curl\": executable file not found in $PATH: unknown"))
    }

    @Test(arguments: [
        ("HTTPS", "http", "Readiness probe failed: Get \"https://{}:8080/\": http: server gave HTTP response to HTTPS client"),
        ("HTTP", "https", "Readiness probe failed: HTTP probe failed with statuscode: 400"), ("HTTPS", "https", nil),
    ]) func aProbeSpeaksTheProtocolOfItsProgram(_ scheme: String, _ speech: String, _ text: String?) throws {
        var bench = Bench()
        let probe = "readinessProbe: {httpGet: {port: 8080, path: /, scheme: \(scheme)}}"
        try bench.apply(
            yaml: Self.pod(Self.container(probe), annotation: "web: {listen: {ports: [8080], protocol: \(speech)}}"))
        bench.run(20)
        let ip = bench.pods().first?["status"]?["podIP"]?.string ?? ""
        #expect(bench.messages("Unhealthy").last == text?.replacing("{}", with: ip))
    }

    @Test func theEndOfTheLogIsTheMessageWhereThatIsAsked() throws {
        var bench = Bench()
        let failing = "web: {exit: {code: 1, after: 2s, log: [first, last]}}"
        try bench.apply(yaml: Self.pod(Self.container("terminationMessagePolicy: FallbackToLogsOnError"), annotation: failing))
        bench.run(20)
        let end = state(bench)?["lastState"]?["terminated"] ?? state(bench)?["state"]?["terminated"]
        #expect(end?["message"]?.string == "first\nlast\n")
    }

    @Test func aProbeThatTakesTooLongFails() throws {
        var bench = Bench()
        try bench.apply(yaml: Self.pod(Self.container("readinessProbe: {exec: {command: [sh, -c, 'sleep 5']}}")))
        bench.run(20)
        #expect(bench.messages("Unhealthy") == ["Readiness probe failed: command timed out: \"sh -c sleep 5\" timed out after 1s"])
    }

    @Test func aSlowPullStaysInPulling() throws {
        let catalogue = try BehaviourCatalogue(
            yaml: "images: [{image: registry.example.com/web, size: 900000000, pullTime: 90s, behaviour: {}}]")
        var bench = Bench(options: SimulationOptions(catalogue: catalogue))
        try bench.apply(yaml: Self.pod(Self.container("ports: []")))
        bench.run(60)
        #expect(bench.reasons() == ["Scheduled", "Pulling"])
        #expect(state(bench)?["state"]?["waiting"]?["reason"]?.string == "ContainerCreating")
        bench.run(40)
        #expect(
            bench.messages("Pulled") == [
                "Successfully pulled image \"registry.example.com/web:1\" in 1m30s (1m30s including waiting). Image size: 900000000 bytes."
            ])
    }
}
