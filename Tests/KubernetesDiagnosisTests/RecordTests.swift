import Core
import Diagnosis
import Foundation
import Kubernetes
import MartletTesting
import Testing

@testable import KubernetesDiagnosis

/// What a snapshot folder holds besides lists of objects.
@Suite struct RecordTests {
    private func read(_ files: [String: String]) throws -> KubernetesSnapshot {
        let folder = try TemporaryDirectory()
        var files = files
        if files["meta.json"] == nil { files["meta.json"] = #"{"version":1,"time":"2027-01-15T08:00:00Z","cluster":"test"}"# }
        if files["pods.json"] == nil { files["pods.json"] = #"{"kind":"PodList","apiVersion":"v1","items":[]}"# }
        for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: "\(folder.path)/\(name)")) }
        return try withExtendedLifetime(folder) { try SnapshotFolder.read(folder.path) }
    }

    @Test func seriesAreFoundByNameAndLabels() throws {
        let snapshot = try read([
            "metrics.jsonl": """
            {"labels":{"__name__":"up","pod":"b"},"samples":[[20,1],[10,0.5]]}
            {"labels":{"pod":"a","__name__":"up"},"samples":[[10.5,"2"],[11,"NaN"],[12]]}

            {"labels":{"__name__":"down"},"samples":[[1,1]]}
            {"labels":{"__name__":"up","pod":"b"},"samples":[[30,3],[20,9]]}
            """
        ])
        #expect(snapshot.notes.isEmpty)
        #expect(snapshot.metrics.named("up").map(\.labels) == [["pod": "a"], ["pod": "b"]])
        #expect(snapshot.metrics.named("nothing").isEmpty)
        let b = try #require(snapshot.metrics.named("up", ["pod": "b"]).first)
        #expect(b.samples.map(\.time.seconds) == [10, 20, 30] && b.samples.map(\.value) == [0.5, 9, 3])
        #expect(b.samples(from: Timestamp(seconds: Int64(11)), through: Timestamp(seconds: Int64(30))).map(\.value) == [9, 3])
        #expect(b.samples(from: Timestamp(seconds: Int64(31)), through: Timestamp(seconds: Int64(3))).isEmpty)
        #expect(snapshot.metrics.named("up", ["pod": "a"]).first?.last?.value == 2)
    }

    @Test func aBrokenLineCostsItself() throws {
        let snapshot = try read([
            "metrics.jsonl": "{\"labels\":{\"__name__\":\"up\"},\"samples\":[[1,1]]}\n{\"labels\":\n{\"labels\":{},\"samples\":[[1,1]]}\n",
            "changes.jsonl": "7\n{\"entity\":\"k8s/test/n/Deployment/web\",\"kind\":\"flag\"}",
        ])
        #expect(snapshot.metrics.series.count == 1)
        #expect(snapshot.changes.map(\.kind) == ["flag"])
        #expect(snapshot.notes.count == 2)
        #expect(snapshot.notes.contains { $0.hasPrefix("2 of 3 lines of metrics.jsonl were left out: line 2: ") })
        #expect(snapshot.notes.contains("1 of 2 lines of changes.jsonl were left out: line 1: entity is no entity path"))
    }

    @Test func callsAlertsAndChangesAreRead() throws {
        let snapshot = try read([
            "calls.json": #"[{"from":"k8s/test/n/Deployment/web","to":"k8s/test/n/Service/db","port":5432},{"from":"web","to":"db"}]"#,
            "alerts.json": """
            [{"labels":{"alertname":"HighLatency","service":"web"},"annotations":{"summary":"slow"},"startsAt":"2027-01-15T07:50:00Z",
              "endsAt":"0001-01-01T00:00:00Z","status":{"state":"suppressed"}},
             {"labels":{"alertname":"Old"},"startsAt":"2027-01-15T07:00:00Z","endsAt":"2027-01-15T07:10:00Z"}]
            """,
            "changes.jsonl":
                #"{"time":"2027-01-15T07:49:00Z","kind":"config","entity":"k8s/test/n/ConfigMap/flags","revision":4,"author":"ann","fields":[{"path":"data.cache","from":"on","to":"off"}],"source":"git"}"#,
            "entities.jsonl": #"{"path":"host/dc1/_/Disk/sda","labels":{"rack":"7"},"state":{"full":0.98}}"#,
            "relations.jsonl": #"{"from":"host/dc1/_/Host/a","to":"host/dc1/_/Disk/sda","kind":"mounts"}"#,
        ])
        #expect(snapshot.calls.map(\.to.resource) == ["Service/db"] && snapshot.calls.first?.port == 5432)
        #expect(snapshot.notes == ["1 of 2 calls in calls.json were left out: from or to is no entity path"])
        #expect(snapshot.alerts.map { $0.isFiring(at: snapshot.time) } == [true, false])
        #expect(snapshot.alerts.first?.name == "HighLatency" && snapshot.alerts.first?.state == "suppressed")
        let change = try #require(snapshot.changes.first)
        #expect(change.revision == "4" && change.author == "ann" && change.fields.first?.to == "off")
        #expect(snapshot.entities.first?.state["full"] == 0.98 && snapshot.relations.first?.kind == "mounts")
    }

    @Test func valuesOfSecretsAreNotKeptFromChanges() throws {
        let snapshot = try read([
            "changes.jsonl":
                #"{"entity":"k8s/test/n/Secret/db","kind":"config","fields":[{"path":"data.x","from":"hunter2","to":"swordfish"}]}"#
        ])
        #expect(snapshot.changes.first?.fields.map(\.path) == ["data.x"])
        #expect(!"\(snapshot.changes)".contains("hunter2") && !"\(snapshot.changes)".contains("swordfish"))
    }

    @Test func everyKindIsKept() throws {
        let snapshot = try read([
            "rollouts.argoproj.io.json": """
            {"kind":"RolloutList","apiVersion":"argoproj.io/v1alpha1","items":[{"metadata":{"name":"web","namespace":"n"},
             "status":{"conditions":[{"type":"Healthy","status":"False","reason":"Broken"}]}}]}
            """,
            "jobs.batch.volcano.sh.json":
                #"{"kind":"JobList","apiVersion":"batch.volcano.sh/v1alpha1","items":[{"metadata":{"name":"train","namespace":"n"}}]}"#,
            "volumeattachments.json":
                #"{"kind":"VolumeAttachmentList","apiVersion":"storage.k8s.io/v1","items":[{"metadata":{"name":"va"}}]}"#,
            "nodemetrics.json":
                #"{"kind":"NodeMetricsList","apiVersion":"metrics.k8s.io/v1beta1","items":[{"metadata":{"name":"w1"},"usage":{"cpu":"2"}}]}"#,
            "priorityclasses.json":
                #"{"kind":"PriorityClassList","apiVersion":"scheduling.k8s.io/v1","items":[{"metadata":{"name":"high"},"value":9}]}"#,
        ])
        #expect(snapshot.jobs.isEmpty)
        #expect(
            snapshot.untyped.map { $0.path(in: "test").kind }.sorted() == [
                "Job.batch.volcano.sh", "Rollout.argoproj.io", "VolumeAttachment",
            ])
        #expect(snapshot.untyped.first { $0.kind == "Rollout" }?.condition("Healthy")?.reason == "Broken")
        #expect(snapshot.nodeMetrics.first?.usage["cpu"] == Quantity("2") && snapshot.priorityClasses.first?.value == 9)
        #expect(snapshot.knows("nodemetrics") && snapshot.knows("rollouts.argoproj.io") && !snapshot.knows("nodes"))
    }

    @Test func measurementsOfPodsAreNoPods() throws {
        let snapshot = try read([
            "pods.json":
                #"{"kind":"PodMetricsList","apiVersion":"metrics.k8s.io/v1beta1","items":[{"metadata":{"name":"a","namespace":"n"}}]}"#
        ])
        #expect(snapshot.knows("podmetrics") && !snapshot.knows("pods"))
    }

    /// `kubectl get pods -o json` writes a `List`, which does not say what it is of.
    @Test(arguments: [
        #"{"kind":"List","apiVersion":"v1","items":[{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a","namespace":"n"}}]}"#,
        #"{"kind":"List","apiVersion":"v1","items":[]}"#,
    ])
    func aListOfKubectlIsOfWhatIsInItOrOfItsName(_ text: String) throws {
        #expect(try read(["pods.json": text]).knows("pods"))
    }
}
