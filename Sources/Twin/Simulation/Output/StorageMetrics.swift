import Core
import Kubernetes

/// How full volumes and the disks of nodes are, with the names of the kubelet and of node_exporter.
enum StorageMetrics {
    private typealias Sample = ExpositionText.Sample
    /// The share of a node's disk that system and images take.
    private static let system = 0.12

    static func write(_ world: World, _ store: ObjectStore, to page: inout ExpositionText) {
        volumes(world, store, &page)
        disks(world, store, &page)
    }

    private static func volumes(_ world: World, _ store: ObjectStore, _ page: inout ExpositionText) {
        var size: [Sample] = []
        var used: [Sample] = []
        var free: [Sample] = []
        for claim in store.list(.persistentVolumeClaims, namespace: nil) where claim["status"]?["phase"]?.string == "Bound" {
            let name = claim.metadataName
            let workers = world.index.pods(inNamespace: claim.metadataNamespace).compactMap { world.pods[$0.uid] }
            let users = workers.filter { worker in
                (worker.spec["volumes"]?.array ?? []).contains { $0["persistentVolumeClaim"]?["claimName"]?.string == name }
            }
            guard let node = users.first?.node else { continue }
            let written = users.reduce(0.0) { $0 + self.written($1, to: name, world.now) }
            let capacity = ClaimVolume.size(claim)
            let taken = ClaimVolume.used(written, of: capacity).rounded()
            let labels: [(name: String, value: String)] = [
                ("namespace", claim.metadataNamespace), ("persistentvolumeclaim", name), ("node", node),
            ]
            size.append(Sample(labels: labels, value: capacity))
            used.append(Sample(labels: labels, value: taken))
            free.append(Sample(labels: labels, value: capacity - taken))
        }
        page.add("kubelet_volume_stats_capacity_bytes", .gauge, "Size of a volume.", size)
        page.add("kubelet_volume_stats_used_bytes", .gauge, "Bytes in use of a volume.", used)
        page.add("kubelet_volume_stats_available_bytes", .gauge, "Bytes left of a volume.", free)
    }

    /// What the containers of a pod have written to a claim; nil stands for their own disk.
    private static func written(_ worker: PodWorker, to claim: String?, _ now: Timestamp) -> Double {
        worker.containers.reduce(0.0) { sum, container in
            guard let storage = container.behaviour.storage, let since = container.changedSince else { return sum }
            let home = storage.path.flatMap { ClaimVolume.claim(holding: $0, of: container.spec, in: worker.spec) }
            return home == claim ? sum + storage.amount.bytes(after: now - since) : sum
        }
    }

    private static func disks(_ world: World, _ store: ObjectStore, _ page: inout ExpositionText) {
        var size: [Sample] = []
        var free: [Sample] = []
        for node in store.list(.nodes, namespace: nil) {
            let name = node.metadataName
            let total = Double(Amount.whole(node["status"]?["capacity"]?["ephemeral-storage"]))
            guard total > 0 else { continue }
            let written = world.index.pods(onNode: name).compactMap { world.pods[$0.uid] }.reduce(0.0) {
                $0 + self.written($1, to: nil, world.now)
            }
            // Beyond the kubelet's threshold of a tenth.
            let left = world.hasTrouble(.diskPressure, name) ? total * 0.06 : total * (1 - system)
            let labels: [(name: String, value: String)] = [
                ("node", name), ("device", "/dev/vda1"), ("fstype", "ext4"), ("mountpoint", "/"),
            ]
            size.append(Sample(labels: labels, value: total))
            free.append(Sample(labels: labels, value: max(0, left - written).rounded()))
        }
        page.add("node_filesystem_size_bytes", .gauge, "Size of a node's disk.", size)
        page.add("node_filesystem_avail_bytes", .gauge, "Bytes left of a node's disk.", free)
    }
}
