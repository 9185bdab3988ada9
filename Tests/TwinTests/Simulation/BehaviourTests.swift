import Core
import Kubernetes
import Testing

@testable import Twin

@Suite struct BehaviourTests {
    @Test func readsTheWholeDocument() throws {
        let text = """
            web:
              start: 1m30s
              exit: {code: 3, after: 250ms, log: "panic: boom"}
              memory: {initial: 16Mi, growth: 1Mi/s, workingSet: 64Mi}
              cpu: 250m
              listen: {ports: [8080, 9090], after: 5s, protocol: grpc}
              respond: [{path: /healthz, status: 500, after: 15s}]
              needsEnv: [PAYMENTS_URL, {name: REGION, code: 4}]
              needsFile: {path: /etc/a.yaml, valid: yaml}
              needsPeer: "payments:8080"
              errorRate: 0.02
              latency: 40ms
              log: [hello, {text: tick, every: 10s}]
              stop: never
            """
        let behaviour = try #require(try BehaviourReader.annotation(text, place: "test")["web"])
        #expect(behaviour.start == .seconds(90))
        #expect(behaviour.exit == Behaviour.Exit(code: 3, after: .milliseconds(250), log: ["panic: boom"]))
        #expect(behaviour.memory.workingSet == 67_108_864.0)
        #expect(behaviour.cpu == 0.25)
        #expect(behaviour.listen?.ports == [8080, 9090])
        #expect(behaviour.needsEnv.map(\.name) == ["PAYMENTS_URL", "REGION"])
        #expect(behaviour.needsPeer.first?.address == "payments:8080")
        #expect(behaviour.stop == nil)
    }

    @Test(arguments: [
        "web: {starts: 1s}", "web: {exit: {code: 300}}", "web: {start: soon}", "web: 3", "web: {listen: [99999]}", "web: [", "- a",
    ])
    func refusesWhatItDoesNotKnow(_ text: String) {
        #expect(throws: MartletError.self) { try BehaviourReader.annotation(text, place: "annotation") }
    }

    @Test func memoryCrossesItsLimitWhenItGrowsThere() {
        var memory = Behaviour.Memory()
        (memory.initial, memory.growth) = (10, 2)
        #expect(memory.exceeds(20) == .seconds(5) + .milliseconds(1))
        memory.workingSet = 15
        #expect(memory.exceeds(20) == nil)
        #expect(memory.bytes(after: .seconds(100)) == 15)
    }

    @Test func catalogueFindsExactReferenceBeforeRepositoryBeforeRegistry() throws {
        let catalogue = try BehaviourCatalogue(
            yaml: """
                version: 1
                images:
                - {image: registry.example.com/shop/web, tags: ["1.4.2"], behaviour: {cpu: 1}}
                - {image: "registry.example.com/shop/web:1.5.0", pull: rate-limited}
                - {image: registry.example.com/private/, pull: denied}
                - {image: down.example.com/, pull: unreachable}
                - image: registry.example.com/library/busybox
                  runs: [{command: [sh, -c, exit 3], behaviour: {exit: {code: 3}}}]
                """)
        func pull(_ text: String) throws -> BehaviourCatalogue.Pull { try catalogue.pull(ImageReference(text)) }
        #expect(try pull("registry.example.com/shop/web:1.4.2") == .ok)
        #expect(try pull("registry.example.com/shop/web:9") == .absent)
        #expect(try pull("registry.example.com/shop/web:1.5.0") == .rateLimited)
        #expect(try pull("down.example.com/a/b") == .unreachable)
        #expect(try pull("registry.internal.invalid/x:1") == .unreachable)
        #expect(try pull("other.example.com/x:1") == .ok)
        let busybox = try ImageReference("registry.example.com/library/busybox:1.35")
        #expect(catalogue.behaviour(busybox, command: ["sh", "-c", "exit 3"], args: nil)?.exit?.code == 3)
        #expect(catalogue.behaviour(busybox, command: ["sh"], args: nil) == nil)
    }

    @Test func imageReferences() throws {
        #expect(try ImageReference("nginx").canonical == "docker.io/library/nginx:latest")
        #expect(try ImageReference("localhost:5000/a/b:1").host == "localhost:5000")
        #expect(throws: ImageReference.Invalid.notLowercase("Shop/Web")) { try ImageReference("registry.example.com/Shop/Web:1.4.2") }
        for bad in ["", "a b", "x:", "a//b", "x@sha256:1"] { #expect(throws: ImageReference.Invalid.self) { try ImageReference(bad) } }
    }

    @Test func goDurations() {
        #expect(GoDuration.text(seconds: 300) == "5m0s")
        #expect(GoDuration.text(seconds: 80) == "1m20s")
        #expect(GoDuration.text(milliseconds: 1204) == "1.204s")
    }

    /// What everybody types first needs no description.
    @Test(
        arguments: [
            ("[\"true\"]", "Succeeded", 0), ("[\"false\"]", "Failed", 1), ("[sh, -c, 'exit 3']", "Failed", 3),
            ("[/bin/sh, -c, 'echo a && sleep 2; false || echo b']", "Succeeded", 0), ("[sleep, '5']", "Succeeded", 0),
            ("[sleep, '3600']", "Running", nil), ("[sleep, 'infinity']", "Running", nil),
            ("[sh, -c, 'while true; do date; done']", "Running", nil),
            ("[my-server]", "Running", nil),
        ] as [(String, String, Int?)])
    func plainCommandsDoWhatTheySay(_ command: String, _ phase: String, _ code: Int?) throws {
        for field in ["command", "args"] {
            var bench = Bench(nodes: 1)
            try bench.apply(
                yaml: """
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: p, namespace: shop}
                    spec: {restartPolicy: Never, containers: [{name: c, image: busybox, \(field): \(command)}]}
                    """)
            bench.run(60)
            let status = bench.get(.pods, "p")?["status"]
            #expect(status?["phase"]?.string == phase)
            #expect(status?["containerStatuses"]?[0]?["state"]?["terminated"]?["exitCode"]?.int == code)
        }
    }
}
