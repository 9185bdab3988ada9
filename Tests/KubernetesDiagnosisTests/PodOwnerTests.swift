import Core
import Kubernetes
import Testing

@testable import KubernetesDiagnosis

/// Which workload a pod is counted to.
@Suite struct PodOwnerTests {
    private func pod(_ name: String, owner: String) throws -> Pod {
        try Pod(
            parsing: Array(
                """
                {"metadata":{"name":"\(name)","namespace":"kube-system","uid":"\(name)","ownerReferences":[\(owner)]},
                 "spec":{"containers":[{"name":"a","image":"a:1"}]},"status":{"phase":"Running"}}
                """.utf8))
    }

    private func workloads(owner: String) throws -> [String] {
        var snapshot = KubernetesSnapshot(time: Timestamp(seconds: Int64(1_800_000_000)), cluster: "c")
        snapshot.pods = try ["apiserver", "etcd"].map { try pod($0, owner: owner) }
        return Scene(snapshot).workloads.map { "\($0.path.kind)/\($0.path.name) \($0.allPods.count)" }.sorted()
    }

    @Test func podsOfOneControllerAreOneWorkload() throws {
        let owner = #"{"apiVersion":"apps/v1","kind":"DaemonSet","name":"agent","uid":"1","controller":true}"#
        #expect(try workloads(owner: owner) == ["DaemonSet/agent 2"])
    }

    @Test func staticPodsOfOneNodeAreEachTheirOwn() throws {
        let node = #"{"apiVersion":"v1","kind":"Node","name":"control","uid":"1","controller":true}"#
        #expect(try workloads(owner: node) == ["Pod/apiserver 1", "Pod/etcd 1"])
    }

    @Test func anOwnerThatDoesNotControlIsNone() throws {
        let owner = #"{"apiVersion":"v1","kind":"ConfigMap","name":"x","uid":"1"}"#
        #expect(try workloads(owner: owner) == ["Pod/apiserver 1", "Pod/etcd 1"])
    }
}
