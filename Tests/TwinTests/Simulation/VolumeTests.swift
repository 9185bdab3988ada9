import Core
import Kubernetes
import Testing

@testable import Twin

/// Claims that get no volume, and claims that pods bring along.
@Suite struct VolumeTests {
    private static let storage = """
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: csi}
        provisioner: example.com/csi
        ---
        apiVersion: storage.k8s.io/v1
        kind: StorageClass
        metadata: {name: disk}
        provisioner: kubernetes.io/host-path
        """

    private static func claim(_ name: String, _ more: String) -> String {
        "---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: \(name), namespace: shop}, "
            + "spec: {\(more), accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"
    }

    @Test func nobodyAnswersForAProvisionerThatIsNotThere() throws {
        var bench = Bench(nodes: 1)
        try bench.apply(yaml: Self.storage + "\n" + Self.claim("data", "storageClassName: csi"))
        bench.run(60)
        let claim = bench.get(.persistentVolumeClaims, "data")
        #expect(claim?["status"]?["phase"]?.string != "Bound")
        #expect(claim?.annotation("volume.kubernetes.io/storage-provisioner") == "example.com/csi")
        #expect(bench.messages("ExternalProvisioning").first?.contains("by the external provisioner 'example.com/csi' or manually") == true)
        let drivers = ResourceType(group: "storage.k8s.io", version: "v1", plural: "csidrivers", kind: "CSIDriver", isNamespaced: false)
        _ = try bench.store.create(["metadata": ["name": "example.com/csi"]], type: drivers, now: bench.now)
        bench.run(60)
        #expect(bench.get(.persistentVolumeClaims, "data")?["status"]?["phase"]?.string == "Bound")
    }

    @Test(arguments: [
        ("storage: 500Mi", "storageClassName: ''", "ReadWriteOnce", "requested PV is too small"),
        ("storage: 2Gi", "storageClassName: fast", "ReadWriteOnce", "storageClassName does not match"),
        ("storage: 2Gi", "storageClassName: ''", "ReadOnlyMany", "incompatible accessMode"),
    ])
    func aVolumeThatIsNamedMustDo(_ size: String, _ storage: String, _ mode: String, _ why: String) throws {
        var bench = Bench(nodes: 1)
        try bench.apply(
            yaml: """
                ---
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: one}
                spec: {capacity: {\(size)}, accessModes: [\(mode)], \(storage), hostPath: {path: /a}}
                \(Self.claim("data", "volumeName: one, storageClassName: ''"))
                """)
        bench.run(5)
        #expect(bench.get(.persistentVolumeClaims, "data")?["status"]?["phase"]?.string != "Bound")
        #expect(bench.messages("VolumeMismatch").first == "Cannot bind to requested volume \"one\": \(why)")
    }

    @Test func aPodBringsItsClaimAlong() throws {
        var bench = Bench(nodes: 1)
        try bench.apply(
            yaml: Self.storage + """

                ---
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: shop}
                spec:
                  containers: [{name: c, image: "registry.example.com/a/b:1"}]
                  volumes:
                  - name: v
                    ephemeral:
                      volumeClaimTemplate:
                        metadata: {labels: {kind: scratch}}
                        spec: {storageClassName: disk, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """)
        bench.run(30)
        let claim = bench.get(.persistentVolumeClaims, "p-v")
        #expect(claim?["status"]?["phase"]?.string == "Bound" && claim?.labels == ["kind": "scratch"])
        #expect(claim?.controller?["name"]?.string == "p")
        #expect(bench.get(.pods, "p")?["status"]?["phase"]?.string == "Running")
        bench.delete(.pods, "p")
        bench.run(60)
        #expect(bench.get(.persistentVolumeClaims, "p-v") == nil)
    }
}
