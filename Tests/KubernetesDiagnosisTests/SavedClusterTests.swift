import Core
import Diagnosis
import Foundation
import Kubernetes
import MartletTesting
import Testing

@testable import KubernetesDiagnosis

/// What is written of a cluster, and what is not.
@Suite struct SavedClusterTests {
    private static let key: [UInt8] = Array("k".utf8)

    /// A Deployment that crashes for want of a setting, and has a password.
    private func saved() throws -> SavedCluster {
        var saved = SavedCluster(time: Sample.now, cluster: "test")
        saved.listed = ["pods", "deployments", "replicasets", "events", "nodes", "rollouts.argoproj.io"]
        func add(_ file: String, _ version: String, _ kind: String, _ json: JSON) throws {
            var json = json
            json["apiVersion"] = .string(version)
            json["kind"] = .string(kind)
            saved.lists[file, default: []].append(try KubernetesObject(parsing: json.serialized()))
        }
        try add(
            "pods", "v1", "Pod",
            [
                "metadata": ["name": "payments-1", "namespace": "shop", "uid": "p", "creationTimestamp": .string(Sample.ago(900))],
                "spec": ["nodeName": "w1", "containers": [Sample.container(env: ["DB_PASSWORD": "hunter2", "MODE": "live"])]],
                "status": [
                    "phase": "Running",
                    "containerStatuses": [
                        [
                            "name": "app", "restartCount": 5,
                            "state": ["waiting": ["reason": "CrashLoopBackOff", "message": "back-off pod payments-1_shop"]],
                            "lastState": ["terminated": ["exitCode": 1, "finishedAt": .string(Sample.ago(60))]],
                        ]
                    ], "conditions": [["type": "PodScheduled", "status": "True"], ["type": "Ready", "status": "False"]],
                ],
            ])
        try add("rollouts.argoproj.io", "argoproj.io/v1alpha1", "Rollout", ["metadata": ["name": "web", "namespace": "shop"]])
        saved.logs[.init(namespace: "shop", pod: "payments-1", container: "app", previous: true)] = .text(
            Array("FATAL payments-1: postgres://app:hunter2@db/x: QUEUE_URL is not set\n".utf8))
        saved.logs[.init(namespace: "shop", pod: "payments-1", container: "app", previous: false)] = .refused(
            status: 403, message: "pods is forbidden")
        return saved
    }

    private func write(_ saved: SavedCluster, masks: Bool = false) throws -> (folder: TemporaryDirectory, text: String) {
        let folder = try TemporaryDirectory()
        try FileManager.default.createDirectory(atPath: "\(folder.path)/logs", withIntermediateDirectories: true)
        var text = ""
        for (path, bytes) in saved.files(key: SavedClusterTests.key, masks: masks) {
            try Data(bytes).write(to: URL(fileURLWithPath: "\(folder.path)/\(path)"))
            text += path + "\n" + String(decoding: bytes, as: UTF8.self)
        }
        return (folder, text)
    }

    @Test func whatWasWrittenIsReadAgain() throws {
        let written = try write(saved())
        let snapshot = try withExtendedLifetime(written.folder) { try SnapshotFolder.read(written.folder.path) }
        #expect(snapshot.notes.isEmpty && snapshot.time == Sample.now && snapshot.cluster == "test")
        #expect(snapshot.knows("nodes") && snapshot.knows("rollouts.argoproj.io") && !snapshot.knows("services"))
        #expect(snapshot.untyped.map(\.kind) == ["Rollout"] && snapshot.logs.count == 2)
        let cause = try #require(diagnose(snapshot).causes.first)
        #expect(cause.category == "missing-env" && cause.resource.resource == "Pod/payments-1", "\(cause.category)")
    }

    @Test func secretsAreNotWrittenAndTheRestIsTheSameEachTime() throws {
        let (_, text) = try write(saved())
        #expect(!text.contains("hunter2") && text.contains("<redacted:") && text.contains("\"live\""))
        #expect(try write(saved()).text == text)
    }

    @Test func namesAreMaskedAndStillLeadWhereTheyLed() throws {
        let (folder, text) = try write(saved(), masks: true)
        for name in ["payments", "shop", "\"w1\""] { #expect(!text.contains(name), "\(name) in \(text)") }
        let snapshot = try withExtendedLifetime(folder) { try SnapshotFolder.read(folder.path) }
        let report = diagnose(snapshot)
        #expect(report.causes.first?.category == "missing-env")
        #expect(!report.json().text().contains("payments-1"))
    }

    @Test(
        arguments: [
            ("payments", "PAY"), ("payments.shop.svc", "PAY.SHOP.svc"), ("pod payments-7d9f-x2l, payments", "pod PAY-7d9f-x2l, PAY"),
            ("repayments mypayments payments2 a.b.c (.*)", "repayments mypayments payments2 a.b.c (.*)"), ("payments.", "PAY."),
            ("kube-system/default", "kube-system/default"),
        ])
    func wholeNamesAreReplacedAndNothingElse(_ text: String, _ expected: String) throws {
        let object = try KubernetesObject(
            parsing: (["kind": "Service", "apiVersion": "v1", "metadata": ["name": "payments", "namespace": "shop"]] as JSON).serialized())
        let mask = IdentifierMask([object], key: SavedClusterTests.key)
        let expected = expected.replacing("PAY", with: mask.text("payments")).replacing("SHOP", with: mask.text("shop"))
        #expect(mask.text(text) == expected)
        #expect(mask.text("payments") != mask.text("shop"))
    }
}
