import Core
import Kubernetes

/// What the volumes of a pod ask of its node: where bound volumes are, and where unbound claims could get one.
struct VolumeNeeds {
    /// Claims that are bound when the pod's node is known.
    private(set) var waiting: [ObjectKey] = []
    private var bound: [JSON] = []
    private var candidates: [[JSON]] = []
    private var topologies: [[JSON]] = []

    /// Nothing to check.
    init() {}

    /// Throws what keeps the pod from every node.
    init(_ pod: JSON, _ namespace: String, _ world: World) throws(Unmet) {
        for volume in pod["spec"]?["volumes"]?.array ?? [] {
            let name: String
            let isEphemeral = volume["persistentVolumeClaim"] == nil
            if let claim = volume["persistentVolumeClaim"]?["claimName"]?.string {
                name = claim
            } else if volume["ephemeral"] != nil {
                name = "\(pod.metadataName)-\(volume["name"]?.string ?? "")"
            } else {
                continue
            }
            let key = ObjectKey(type: .persistentVolumeClaims, namespace: namespace, name: name)
            if isEphemeral, world.store.get(key) == nil { throw Unmet(message: SchedulerTexts.ephemeralClaimAwaited(name)) }
            try add(key, world)
        }
    }

    struct Unmet: Error { let message: String }

    private mutating func add(_ key: ObjectKey, _ world: World) throws(Unmet) {
        guard let claim = world.store.get(key) else { throw Unmet(message: SchedulerTexts.claimNotFound(key.name)) }
        if claim.isBeingDeleted { throw Unmet(message: SchedulerTexts.claimDeleted(key.name)) }
        if claim["status"]?["phase"]?.string == "Bound" {
            let volume = ObjectKey(type: .persistentVolumes, namespace: "", name: claim["spec"]?["volumeName"]?.string ?? "")
            if let volume = world.store.get(volume) { bound.append(volume) }
            return
        }
        guard let storage = VolumeBinding.storageClass(of: claim, world), VolumeBinding.waitsForConsumer(storage) else {
            throw Unmet(message: SchedulerTexts.unboundClaims)
        }
        waiting.append(key)
        if VolumeBinding.isProvisioned(storage) {
            if let topologies = storage["allowedTopologies"]?.array, !topologies.isEmpty { self.topologies.append(topologies) }
        } else {
            candidates.append(VolumeBinding.fitting(claim, storage.metadataName, world))
        }
    }

    func reject(_ node: NodeEntry) -> Rejection? {
        if bound.contains(where: { !Self.reaches($0, node) }) { return Rejection(SchedulerTexts.volumeAffinity, isResolvable: false) }
        if bound.contains(where: { !Self.isInZone($0, node) }) { return Rejection(SchedulerTexts.volumeZone, isResolvable: false) }
        let isServed =
            candidates.allSatisfy { $0.contains { Self.reaches($0, node) } }
            && topologies.allSatisfy { $0.contains { Self.allows($0, node) } }
        return isServed ? nil : Rejection(SchedulerTexts.noVolumeToBind, isResolvable: false)
    }

    /// Whether a volume can be used from a node (`nodeAffinity.required` of the volume).
    static func reaches(_ volume: JSON, _ node: NodeEntry) -> Bool {
        guard let terms = volume["spec"]?["nodeAffinity"]?["required"]?["nodeSelectorTerms"]?.array else { return true }
        return terms.contains { NodeTerm($0).holds(node) }
    }

    private static let zoneLabels = ["topology.kubernetes.io/zone", "topology.kubernetes.io/region"]

    /// Volumes of several zones list them with `__` between.
    private static func isInZone(_ volume: JSON, _ node: NodeEntry) -> Bool {
        zoneLabels.allSatisfy { label in
            guard let zones = volume.labels[label]?.split(separator: "__").map(String.init), let own = node.labels[label] else {
                return true
            }
            return zones.contains(own)
        }
    }

    private static func allows(_ topology: JSON, _ node: NodeEntry) -> Bool {
        (topology["matchLabelExpressions"]?.array ?? []).allSatisfy { expression in
            guard let own = node.labels[expression["key"]?.string ?? ""] else { return false }
            return expression["values"]?.array?.contains { $0.string == own } ?? false
        }
    }
}
