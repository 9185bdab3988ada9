import Core
import Diagnosis
import Foundation
import Kubernetes
import MartletTesting
import Testing

@testable import KubernetesDiagnosis

/// Snapshots as they should not be: what can be known is diagnosed, and what could not is said.
@Suite struct BadInputTests {
    private func crashing() throws -> Sample {
        var sample = Sample()
        try sample.deployment("web", templates: [Sample.template("web", Sample.container())], ready: [0])
        try sample.pod("web-a", of: "web", state: Sample.ended(1, restarts: 5), ready: false)
        sample.log("web-a", "FATAL config: required environment variable A_B is not set\n")
        return sample
    }

    @Test func aHundredThousandEventsOfOnePodChangeNothing() throws {
        var sample = try crashing()
        let expected = diagnose(sample.snapshot).causes.map(\.fingerprint)
        for i in 0..<100_000 {
            var event = Event()
            event.metadata.name = "e\(i)"
            event.metadata.namespace = "n"
            (event.regarding.kind, event.regarding.namespace, event.regarding.name) = ("Pod", "n", "web-a")
            (event.reason, event.message) = ("BackOff", "Back-off restarting failed container app in pod web-a")
            event.lastSeen = Sample.now + .seconds(-i % 3600)
            sample.snapshot.events.append(event)
        }
        let report = diagnose(sample.snapshot)
        #expect(report.causes.map(\.fingerprint) == expected && report.causes.first?.category == "missing-env")
        #expect((report.causes.first?.evidence.count ?? 0) < 20)
    }

    /// A pod of a ReplicaSet that is not there, on a node that is not there, whose status speaks of a container that it has not.
    @Test func listsThatContradictEachOtherAreReadAsFarAsTheyGo() throws {
        var sample = try crashing()
        sample.snapshot.replicaSets = []
        sample.snapshot.pods[0].spec.nodeName = "gone"
        var stray = ContainerStatus()
        stray.name = "nobody"
        sample.snapshot.pods[0].status.containerStatuses.append(stray)
        #expect(diagnose(sample.snapshot).causes.first?.category == "missing-env")
    }

    /// Lists that were taken at different moments: times that lie ahead of now.
    @Test func timesAheadOfNowAreNoAges() throws {
        var sample = try crashing()
        sample.snapshot.time = Sample.now + .seconds(-86_400)
        let report = diagnose(sample.snapshot)
        #expect(report.causes.first?.category == "missing-env")
        #expect(!DiagnosisTable(style: TerminalStyle()).render(report).contains("since"))
    }

    /// The API has 32 bits for these: what a damaged file says beyond is clamped, and sums do not overflow.
    @Test(arguments: ["9223372036854775807", "-9223372036854775808"]) func numbersBeyondAllMeasureAreClamped(_ number: String) throws {
        let json =
            "{\"initialDelaySeconds\":\(number),\"periodSeconds\":\(number),\"failureThreshold\":\(number),\"exec\":{\"command\":[\"true\"]}}"
        var probe = Probe()
        try JSONReader.read(Array(json.utf8)) { (reader) throws(JSONError) in try probe.read(from: &reader) }
        #expect(abs(probe.initialDelaySeconds) <= Int(Int32.max) + 1)
        #expect(abs(probe.periodSeconds) <= Int(Int32.max) + 1 && abs(probe.failureThreshold) <= Int(Int32.max) + 1)
        var sample = try crashing()
        sample.snapshot.pods[0].spec.containers[0].livenessProbe = probe
        #expect(diagnose(sample.snapshot).causes.first?.category == "missing-env")
    }

    /// Behind the name of a source file stands a line, not a port.
    @Test func linesOfStackTracesAreNoPeers() {
        #expect(Peer.all(in: "at org.postgresql.core.v3.ConnectionFactoryImpl.open(ConnectionFactoryImpl.java:342)").isEmpty)
        #expect(Peer.all(in: "/app/cache.php:88 client.py:640 redis.go:31").isEmpty)
        #expect(Peer.all(in: "dial tcp db.example.com:5432").map(\.host) == ["db.example.com"])
    }

    @Test func anotherVersionAndUnknownKindsAreReadAsFarAsTheyGo() throws {
        let folder = try TemporaryDirectory()
        func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)")) }
        try write(
            "meta.json", #"{"version":9,"time":"2027-01-15T08:00:00Z","cluster":"c","listed":["pods","flux.example.com"],"later":{}}"#)
        try write(
            "pods.json",
            #"{"kind":"PodList","apiVersion":"v7","items":[{"metadata":{"name":"a","namespace":"n"},"spec":{"containers":[{"name":"c","novel":[1]}]},"status":{"phase":"Running","containerStatuses":[{"name":"c","restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1}}}],"newField":true}},7,null]}"#
        )
        try write(
            "deployments.json",
            #"{"kind":"DeploymentList","apiVersion":"extensions/v1beta1","items":[{"metadata":{"name":"d","namespace":"n"},"spec":{"replicas":0}}]}"#
        )
        try write(
            "flux.example.com.json",
            #"{"kind":"FluxList","apiVersion":"example.com/v1","items":[{"metadata":{"name":"f"},"status":"fine"}]}"#)
        try write("notes.json", #"["not a list of objects"]"#)
        try write("README.json", "{")
        let snapshot = try withExtendedLifetime(folder) { try SnapshotFolder.read(folder.path) }
        let report = diagnose(snapshot)
        #expect(report.causes.map(\.resource.resource) == ["Pod/a"])
        #expect(snapshot.deployments.count == 1 && snapshot.untyped.map(\.kind) == ["Flux"])
        #expect(report.undetermined.contains("meta.json says version 9; version 1 is understood"))
        #expect(report.undetermined.contains { $0.hasPrefix("events were not read") })
    }

    @Test func invalidTextInRecordsCostsALine() throws {
        let folder = try TemporaryDirectory()
        func write(_ name: String, _ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)")) }
        try write("pods.json", Array(#"{"kind":"PodList","apiVersion":"v1","items":[]}"#.utf8))
        let good = Array(#"{"labels":{"__name__":"up"},"samples":[[1,2]]}"#.utf8)
        try write("metrics.jsonl", good + [0x0A, 0x22, 0xFF, 0xFE, 0x0A] + [UInt8](repeating: 0x5B, count: 1 << 20) + [0x0A] + good)
        let snapshot = try withExtendedLifetime(folder) { try SnapshotFolder.read(folder.path) }
        #expect(snapshot.metrics.series.count == 1)
        #expect(snapshot.notes.contains { $0.hasPrefix("2 of 4 lines of metrics.jsonl were left out: line 2: ") })
    }
}
