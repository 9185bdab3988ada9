import Core
import Diagnosis
import Foundation
import Testing

@testable import KubernetesDiagnosis

/// Red herrings, missing data, hostile input: what must not mislead.
@Suite struct EvidenceTests {
    private func crashing(_ log: String?, code: Int = 1) throws -> Sample {
        var sample = Sample()
        try sample.deployment("web", templates: [Sample.template("web", Sample.container())], ready: [0])
        try sample.pod("web-a", of: "web", state: Sample.ended(code, restarts: 2), ready: false)
        if let log { sample.log("web-a", log) }
        return sample
    }

    @Test(arguments: [
        ("KeyError: 'DB_HOST'", "missing-env"), ("panic: runtime error: index out of range\ngoroutine 1", "app-crash"),
        ("Error: Cannot parse /etc/app/config.yaml: yaml: line 3: mapping values are not allowed", "bad-config"),
        ("open /data/x: read-only file system", "read-only-filesystem"), ("open /data/x: permission denied", "permission-denied"),
        ("getaddrinfo ENOTFOUND databse", "dns-name-not-found"), ("sh: foo: not found", "command-not-found"),
        ("connect ECONNREFUSED 203.0.113.9:5432", "dependency-unreachable"), ("java.lang.OutOfMemoryError: Java heap space", "oom-killed"),
    ])
    func logsAreRead(_ log: String, _ category: String) throws {
        #expect(diagnose(try crashing(log).snapshot).causes.first?.category == category)
    }

    @Test func aChangeIsToldWithoutTheSecretsInIt() {
        let fields = [
            FieldChange(path: "spec.template.spec.containers[app].env[API_TOKEN]", from: "hunter2", to: "hunter3"),
            FieldChange(path: "spec.template.spec.containers[app].args", from: nil, to: ["--password=hunter4", "--mode=fast"]),
            FieldChange(path: "spec.template.spec.containers[app].env[MODE]", from: "slow", to: "fast"),
        ]
        #expect(
            Relevance.describe(fields)
                == "containers[app].env[API_TOKEN], containers[app].args, containers[app].env[MODE]")
    }

    @Test func withoutALogItIsUndecidedAndSaysSo() throws {
        var sample = try crashing(nil)
        sample.snapshot.logs[.init(namespace: "n", pod: "web-a", container: "app", previous: true)] = .refused(status: 403, message: "no")
        let cause = try #require(diagnose(sample.snapshot).causes.first)
        #expect(cause.isUndecided && cause.resource.resource == "Deployment/web")
        #expect(cause.undecided.contains { $0.contains("not allowed to read the logs") })
        #expect(cause.confidence < 0.5)
    }

    @Test func oldEventsOfReplacedPodsDoNotCount() throws {
        var sample = Sample()
        try sample.deployment("web", templates: [Sample.template("web", Sample.container())], ready: [1])
        try sample.pod("web-b", of: "web", state: Sample.running(400), ready: true)
        try sample.event("web-a", "BackOff", "Back-off restarting failed container app in pod web-a", count: 20, seconds: 500)
        try sample.event("web-a", "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 500", count: 40, seconds: 500)
        #expect(diagnose(sample.snapshot).causes.isEmpty)
    }

    @Test func aPodThatHasRecoveredIsFine() throws {
        var sample = Sample()
        try sample.deployment("web", templates: [Sample.template("web", Sample.container())], ready: [1])
        try sample.pod(
            "web-a", of: "web",
            state: [
                "restartCount": 5, "state": ["running": ["startedAt": .string(Sample.ago(300))]],
                "lastState": [
                    "terminated": ["exitCode": 1, "startedAt": .string(Sample.ago(340)), "finishedAt": .string(Sample.ago(330))]
                ],
            ], ready: true)
        sample.log("web-a", "ERROR something once failed\n")
        #expect(diagnose(sample.snapshot).causes.isEmpty)
    }

    @Test func aSingleEndAfterALongLifeIsNothingYet() throws {
        var sample = Sample()
        try sample.deployment("web", templates: [Sample.template("web", Sample.container())], ready: [0])
        try sample.pod("web-a", of: "web", state: Sample.ended(137, at: 2, lived: 5000), ready: false, created: 6000)
        #expect(diagnose(sample.snapshot).causes.isEmpty)
    }

    @Test func wordsAloneDoNotBlameAnotherWorkload() throws {
        var sample = try crashing("FATAL dial tcp 10.0.0.9:80: connect: connection refused to http://db:80/")
        try sample.add(
            "Service",
            [
                "metadata": ["name": "db", "namespace": "n"],
                "spec": ["clusterIP": "10.0.0.9", "selector": ["app": "db"], "ports": [["port": 80]]],
            ])
        try sample.deployment("db", templates: [Sample.template("db", Sample.container())], ready: [1])
        try sample.pod("db-a", of: "db", state: Sample.running(4000), ready: true)
        try sample.add(
            "EndpointSlice",
            [
                "metadata": ["name": "db-x", "namespace": "n", "labels": ["kubernetes.io/service-name": "db"]],
                "endpoints": [["addresses": ["10.1.0.1"], "conditions": ["ready": true]]],
            ])
        for cause in diagnose(sample.snapshot).causes { #expect(cause.resource.resource != "Deployment/db") }
    }

    @Test(arguments: Golden.cases)
    func theOrderOfListsDoesNotMatter(_ golden: GoldenCase) throws {
        let snapshot = try SnapshotFolder.read(golden.folder)
        let first = diagnose(snapshot).json().text()
        var generator = SeededGenerator(seed: 11)
        var shuffled = snapshot
        shuffled.pods.shuffle(using: &generator)
        shuffled.events.shuffle(using: &generator)
        shuffled.replicaSets.shuffle(using: &generator)
        shuffled.nodes.shuffle(using: &generator)
        shuffled.services.shuffle(using: &generator)
        #expect(diagnose(shuffled).json().text() == first)
    }

    @Test(arguments: Golden.cases)
    func brokenFilesCostThemselvesOnly(_ golden: GoldenCase) throws {
        var generator = SeededGenerator(seed: 5)
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-broken-\(golden.name)-\(getpid())")
        try? FileManager.default.removeItem(at: copy)
        try FileManager.default.copyItem(atPath: golden.folder, toPath: copy.path)
        defer { try? FileManager.default.removeItem(at: copy) }
        for name in try FileManager.default.contentsOfDirectory(atPath: copy.path).sorted() where name.hasSuffix(".json") {
            let file = copy.appendingPathComponent(name)
            var bytes = Array(try Data(contentsOf: file))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes = Array(bytes.prefix(bytes.count / 2))
            case 1:
                for _ in 0..<20 { bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator) }
            case 2:
                bytes = Array(
                    String(decoding: bytes, as: UTF8.self).replacingOccurrences(of: "\"name\": \"", with: "\"name\": 7, \"x\": \"").utf8)
            default: continue
            }
            try Data(bytes).write(to: file)
        }
        if let snapshot = try? SnapshotFolder.read(copy.path) { _ = diagnose(snapshot).json() }
    }

    @Test func aTruncatedListIsNotedAndTheRestIsRead() throws {
        let golden = try #require(Golden.cases.first { $0.name == "config-missing-configmap" })
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-truncated-\(getpid())")
        try? FileManager.default.removeItem(at: copy)
        try FileManager.default.copyItem(atPath: golden.folder, toPath: copy.path)
        defer { try? FileManager.default.removeItem(at: copy) }
        try Data("{\"kind\":\"EventList\",\"items\":[{".utf8).write(to: copy.appendingPathComponent("events.json"))
        try FileManager.default.createSymbolicLink(
            atPath: copy.appendingPathComponent("services.json").path, withDestinationPath: "/etc/passwd")
        let report = diagnose(try SnapshotFolder.read(copy.path))
        #expect(report.causes.first?.category == "configmap-missing")
        #expect(report.undetermined.contains { $0.hasPrefix("events.json was left out") })
        #expect(report.undetermined.contains { $0.hasPrefix("services.json was left out") && $0.contains("link") })
    }

    @Test func longLinesAndInvalidTextAreSurvived() throws {
        var sample = try crashing(nil)
        var bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        bytes += [0x0A, 0xFF, 0xFE, 0xC0, 0x0A] + Array("FATAL config: required environment variable A_B is not set\n".utf8)
        sample.snapshot.logs[.init(namespace: "n", pod: "web-a", container: "app", previous: false)] = .text(bytes)
        #expect(diagnose(sample.snapshot).causes.first?.category == "missing-env")
    }

    @Test func secretsAreNotInTheOutput() throws {
        let report = diagnose(try crashing("FATAL cannot connect: postgres://app:hunter2@db/x password=swordfish").snapshot)
        let text = report.json().text() + DiagnosisTable(style: TerminalStyle()).render(report)
        #expect(!text.contains("hunter2") && !text.contains("swordfish"))
        #expect(text.contains("<redacted:1>"))
    }

    @Test func theTableFitsItsWidth() throws {
        for golden in Golden.cases.prefix(40) {
            let report = diagnose(try SnapshotFolder.read(golden.folder))
            for line in DiagnosisTable(style: TerminalStyle(width: 90)).render(report).split(separator: "\n") { #expect(line.count <= 90) }
            for cause in report.causes { #expect(cause.title.count < 90) }
        }
    }

    @Test(arguments: [
        ("0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are available.", 1),
        (
            "0/5 nodes are available: 1 node(s) had untolerated taint {a: b}, 2 Insufficient memory, 2 node(s) didn't match Pod's node affinity/selector. preemption: x",
            3
        ),
        ("0/3 nodes are available: 3 node(s) had untolerated taint {node.kubernetes.io/x: }, {a: b}.", 2), ("nonsense", 0),
        ("0/ nodes are available: ", 1),
    ])
    func schedulerMessages(_ text: String, _ reasons: Int) { #expect((SchedulerMessage(text)?.reasons.count ?? 0) == reasons) }

    @Test(
        arguments: [
            ("nginx", "docker.io", "library/nginx", nil), ("r.example.com:5000/a/b:1", "r.example.com:5000", "a/b", "1"),
            ("localhost/x@sha256:abc", "localhost", "x", nil), ("me/app:latest", "docker.io", "me/app", "latest"),
        ] as [(String, String, String, String?)])
    func imageReferences(_ text: String, _ registry: String, _ repository: String, _ tag: String?) {
        let reference = ImageReference(text)
        #expect(reference?.registry == registry && reference?.repository == repository && reference?.tag == tag)
    }

    @Test(
        arguments: [("paymets", ["payments", "orders"], "payments"), ("web-svc", ["web", "db"], "web"), ("abc", ["xyz"], nil)]
            as [(String, [String], String?)])
    func nearMisses(_ name: String, _ names: [String], _ near: String?) { #expect(NearMiss.of(name, among: names) == near) }

    @Test(arguments: [
        ("0 0 30 2 *", true), ("0 0 31 4,6 *", true), ("*/5 * * * *", false), ("0 0 29 2 *", false), ("0 0 30 2 1", false), ("junk", false),
    ])
    func schedules(_ text: String, _ never: Bool) { #expect(CronSchedule.neverComes(text) == never) }
}
