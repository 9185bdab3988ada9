import Core
import Diagnosis
import Foundation
import MartletTesting
import Testing

@testable import KubernetesDiagnosis

/// What systemd says of a node that is not ready.
@Suite struct UnitTests {
    private func diagnosed(_ units: String?, ready: String = "Unknown") throws -> (category: String?, evidence: [String], notes: [String]) {
        let folder = try TemporaryDirectory()
        func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)")) }
        try write("meta.json", #"{"version":1,"time":"2027-01-15T08:00:00Z","cluster":"test","listed":["nodes","pods"]}"#)
        try write(
            "nodes.json",
            #"{"kind":"NodeList","apiVersion":"v1","items":[{"metadata":{"name":"w1","uid":"n1"},"status":{"conditions":[{"type":"Ready","status":"\#(ready)","reason":"NodeStatusUnknown","message":"Kubelet stopped posting node status.","lastTransitionTime":"2027-01-15T07:50:00Z"}]}}]}"#
        )
        if let units { try write("units.json", units) }
        let snapshot = try withExtendedLifetime(folder) { try SnapshotFolder.read(folder.path) }
        let cause = diagnose(snapshot).causes.first
        return (cause?.category, (cause?.evidence ?? []).filter { $0.kind == .unit }.map { "\($0.source): \($0.text)" }, snapshot.notes)
    }

    private func unit(_ name: String, _ state: String, node: String = "w1") -> String {
        #"{"node":"\#(node)","unit":"\#(name)","activeState":"\#(state)","subState":"dead"}"#
    }

    @Test func withoutUnitsItIsNotKnownWhatIsDown() throws {
        #expect(try diagnosed(nil).category == "node-not-ready")
        #expect(try diagnosed("[\(unit("kubelet.service", "active"))]").category == "node-not-ready")
        #expect(try diagnosed("[\(unit("kubelet.service", "inactive", node: "w2"))]").category == "node-not-ready")
    }

    @Test func aUnitThatIsDownNamesTheFault() throws {
        let kubelet = try diagnosed("[\(unit("kubelet.service", "inactive"))]")
        #expect(kubelet.category == "node-kubelet-down")
        #expect(kubelet.evidence == ["Node/w1 kubelet.service: inactive (dead)"])
        #expect(try diagnosed("[\(unit("containerd", "failed"))]").category == "node-runtime-down")
    }

    @Test func theRuntimeIsBeneathTheKubelet() throws {
        let both = "[\(unit("kubelet.service", "failed")),\(unit("crio.service", "failed"))]"
        #expect(try diagnosed(both).category == "node-runtime-down")
    }

    @Test func aNodeThatIsReadyIsFine() throws {
        #expect(try diagnosed("[\(unit("kubelet.service", "inactive"))]", ready: "True").category == nil)
    }

    @Test func whatCannotBeReadIsSaid() throws {
        #expect(try diagnosed("{").notes == ["units.json was left out: it is not a JSON list"])
        let part = try diagnosed("[{},\(unit("kubelet", "failed"))]")
        #expect(part.category == "node-kubelet-down")
        #expect(part.notes == ["1 of 2 units in units.json were left out: node, unit or activeState is missing"])
    }
}
