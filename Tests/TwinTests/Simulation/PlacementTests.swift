import Core
import Kubernetes
import Testing

@testable import Twin

/// Where pods go, and what is said of those that go nowhere.
@Suite struct PlacementTests {
    private func pod(_ name: String, _ spec: String, cpu: String = "10m", labels: String = "{app: p}") -> String {
        """
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: \(name), namespace: shop, labels: \(labels)}
        spec:
          containers: [{name: c, image: "registry.example.com/a/b:1", resources: {requests: {cpu: \(cpu)}}}]
        \(spec)
        """
    }

    private func node(of name: String, _ bench: Bench) -> String? { bench.get(.pods, name)?["spec"]?["nodeName"]?.string }
    private func message(_ name: String, _ bench: Bench) -> String? {
        bench.get(.pods, name)?.condition("PodScheduled")?["message"]?.string
    }

    @Test func aPodOfHigherPriorityTakesThePlaceOfALowerOne() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(yaml: pod("low-1", "  priority: 10", cpu: "1500m") + "\n" + pod("low-2", "  priority: 20", cpu: "1500m"))
        bench.run(10)
        let place = node(of: "low-1", bench) ?? ""
        try bench.apply(yaml: pod("high", "  priority: 1000", cpu: "1"))
        #expect(bench.get(.pods, "high")?["status"]?["nominatedNodeName"]?.string == place)
        #expect(message("high", bench) == "0/2 nodes are available: 2 Insufficient cpu.")
        #expect(bench.get(.pods, "low-1")?.condition("DisruptionTarget")?["reason"]?.string == "PreemptionByScheduler")
        let uid = bench.get(.pods, "high")?.uid ?? ""
        #expect(bench.messages("Preempted") == ["Preempted by pod \(uid) on node \(place)"])
        bench.run(60)
        #expect(bench.get(.pods, "low-1") == nil)
        #expect(node(of: "high", bench) == place)
        #expect(bench.get(.pods, "high")?["status"]?["nominatedNodeName"] == nil)
        #expect(node(of: "low-2", bench) != nil)
    }

    @Test func theMessageTellsWhyPreemptionIsOfNoUse() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(yaml: pod("low", "  priority: 10", cpu: "1500m") + "\n" + pod("low-2", "  priority: 10", cpu: "1500m"))
        bench.run(5)
        try bench.apply(
            yaml: pod("equal", "  priority: 10", cpu: "1") + "\n" + pod("never", "  priority: 99\n  preemptionPolicy: Never", cpu: "1")
                + "\n" + pod("huge", "  priority: 99", cpu: "64"))
        bench.run(5)
        #expect(
            message("equal", bench)
                == "0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."
        )
        #expect(
            message("never", bench)
                == "0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to preemptionPolicy=Never."
        )
        #expect(
            message("huge", bench)
                == "0/2 nodes are available: 2 Insufficient cpu. no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling."
        )
    }

    @Test func spreadsOverZonesNoFurtherThanAllowed() throws {
        var bench = Bench(nodes: 3)
        let spread = """
              topologySpreadConstraints:
              - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {app: p}}}
            """
        // The zone lab-b has one node, which takes no more pods after the first.
        var full = try #require(bench.get(.nodes, "worker-2", namespace: ""))
        full[at: "status", "allocatable", "pods"] = "1"
        _ = try bench.store.update(
            full, key: ObjectKey(type: .nodes, namespace: "", name: "worker-2"), subresource: .status, now: bench.now)
        try bench.apply(yaml: (1...4).map { pod("p\($0)", spread) }.joined(separator: "\n"))
        bench.run(10)
        let zones = (1...4).compactMap { node(of: "p\($0)", bench) }.map { $0 == "worker-2" ? "b" : "a" }
        #expect(zones.sorted() == ["a", "a", "b"])
        let unplaced = (1...4).first { node(of: "p\($0)", bench) == nil } ?? 0
        #expect(
            message("p\(unplaced)", bench)
                == "0/3 nodes are available: 1 Too many pods, 2 node(s) didn't match pod topology spread constraints. no new claims to deallocate, preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod."
        )
    }

    @Test func podAffinityAndPreferencesAreFollowed() throws {
        var bench = Bench(nodes: 3)
        try bench.apply(yaml: pod("db", "  nodeSelector: {kubernetes.io/hostname: worker-2}", labels: "{app: db}"))
        func affinity(_ kind: String, app: String, _ key: String = "kubernetes.io/hostname") -> String {
            """
              affinity:
                \(kind):
                  requiredDuringSchedulingIgnoredDuringExecution:
                  - {topologyKey: \(key), labelSelector: {matchLabels: {app: \(app)}}}
            """
        }
        try bench.apply(
            yaml: [
                pod("near", affinity("podAffinity", app: "db")), pod("lost", affinity("podAffinity", app: "nobody")),
                pod("first", affinity("podAffinity", app: "p")),
                pod("guard", affinity("podAntiAffinity", app: "web"), labels: "{app: guard}"),
            ].joined(separator: "\n"))
        bench.run(5)
        #expect(node(of: "near", bench) == "worker-2")
        #expect(node(of: "first", bench) != nil)
        #expect(message("lost", bench)?.hasPrefix("0/3 nodes are available: 3 node(s) didn't match pod affinity rules.") == true)
        let guarded = try #require(node(of: "guard", bench))
        try bench.apply(yaml: pod("web", "  nodeSelector: {kubernetes.io/hostname: \(guarded)}", labels: "{app: web}"))
        bench.run(5)
        #expect(
            message("web", bench)?.hasPrefix(
                "0/3 nodes are available: 1 node(s) didn't satisfy existing pods anti-affinity rules, 2 node(s) didn't match Pod's node affinity/selector."
            ) == true)
        let preferred = """
              affinity:
                nodeAffinity:
                  preferredDuringSchedulingIgnoredDuringExecution:
                  - {weight: 100, preference: {matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-3]}]}}
            """
        try bench.apply(yaml: pod("liking", preferred, labels: "{app: liking}"))
        bench.run(5)
        #expect(node(of: "liking", bench) == "worker-3")
    }

    @Test func aClaimThatWaitsForItsPodIsBoundWhereThePodGoes() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(
            yaml: """
                ---
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: late}
                provisioner: kubernetes.io/host-path
                volumeBindingMode: WaitForFirstConsumer
                ---
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: local}
                provisioner: kubernetes.io/no-provisioner
                volumeBindingMode: WaitForFirstConsumer
                ---
                apiVersion: v1
                kind: PersistentVolume
                metadata: {name: disk}
                spec:
                  capacity: {storage: 1Gi}
                  accessModes: [ReadWriteOnce]
                  storageClassName: local
                  nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [worker-2]}]}]}}
                """)
        func claim(_ name: String, _ storage: String) -> String {
            "---\n{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: \(name), namespace: shop}, spec: {storageClassName: \(storage), accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}"
        }
        func mount(_ name: String) -> String { "  volumes: [{name: v, persistentVolumeClaim: {claimName: \(name)}}]" }
        try bench.apply(yaml: [claim("late", "late"), claim("a", "local"), claim("b", "local")].joined(separator: "\n"))
        bench.run(5)
        #expect(bench.get(.persistentVolumeClaims, "late")?["status"]?["phase"]?.string != "Bound")
        #expect(bench.messages("WaitForFirstConsumer").first == "waiting for first consumer to be created before binding")
        try bench.apply(yaml: [pod("p1", mount("late")), pod("p2", mount("a"))].joined(separator: "\n"))
        bench.run(5)
        #expect(bench.get(.persistentVolumeClaims, "late")?["status"]?["phase"]?.string == "Bound")
        #expect(node(of: "p1", bench) != nil)
        #expect(node(of: "p2", bench) == "worker-2")
        try bench.apply(yaml: pod("p3", mount("b")))
        bench.run(5)
        #expect(
            message("p3", bench)?.hasPrefix("0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind.") == true)
        // A claim in use stays until its pod is gone; then its volume goes, too.
        bench.delete(.persistentVolumeClaims, "late")
        #expect(bench.get(.persistentVolumeClaims, "late")?.isBeingDeleted == true)
        bench.delete(.pods, "p1")
        bench.run(60)
        #expect(bench.get(.persistentVolumeClaims, "late") == nil)
        #expect(bench.store.list(.persistentVolumes, namespace: nil).map(\.metadataName) == ["disk"])
    }

    @Test func aPodThatComesWithItsClaimIsLookedAtBeforeTheVolumeIsMade() throws {
        var bench = Bench(nodes: 2)
        try bench.apply(
            yaml: """
                apiVersion: storage.k8s.io/v1
                kind: StorageClass
                metadata: {name: disk}
                provisioner: kubernetes.io/host-path
                volumeBindingMode: Immediate
                ---
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: data, namespace: shop}
                spec: {storageClassName: disk, accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """)
        try bench.apply(yaml: pod("p", "  volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]"))
        #expect(message("p", bench) == "0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found")
        #expect(bench.get(.persistentVolumeClaims, "data")?["status"]?["phase"]?.string != "Bound")
        bench.run(0.1)
        #expect(bench.get(.persistentVolumeClaims, "data")?["status"]?["phase"]?.string == "Bound")
        #expect(bench.messages("ProvisioningSucceeded").count == 1)
        bench.run(5)
        #expect(node(of: "p", bench) != nil)
    }

    @Test func otherSchedulersArePassedOver() throws {
        var bench = Bench(nodes: 1)
        try bench.apply(yaml: pod("p", "  schedulerName: mine"))
        bench.run(30)
        #expect(bench.get(.pods, "p")?["status"]?["conditions"] == nil)
        #expect(bench.events().isEmpty)
    }
}
