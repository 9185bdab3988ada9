import Core
import Kubernetes

/// What happens to volumes and claims besides binding: phases, reclaiming, and that none goes while it is in use.
enum VolumeLifecycle {
    private static let claimFinalizer = "kubernetes.io/pvc-protection"
    private static let volumeFinalizers: Set<String> = ["kubernetes.io/pv-protection", "kubernetes.io/pv-controller"]

    /// Names of the claims that a pod mounts.
    static func claims(of pod: JSON) -> [String] {
        (pod["spec"]?["volumes"]?.array ?? []).compactMap { volume in
            if let name = volume["persistentVolumeClaim"]?["claimName"]?.string { return name }
            return volume["ephemeral"] == nil ? nil : "\(pod.metadataName)-\(volume["name"]?.string ?? "")"
        }
    }

    /// A claim that is being deleted stays as long as a pod has it.
    static func protect(_ key: ObjectKey, _ world: inout World) {
        guard var claim = world.store.get(key) else { return }
        var finalizers = claim["metadata"]?["finalizers"]?.array ?? []
        let isProtected = finalizers.contains(.string(claimFinalizer))
        if claim.isBeingDeleted {
            let isUsed = world.index.pods(inNamespace: key.namespace).contains { pod in
                !pod.isFinished && world.store.get(pod.key).map { claims(of: $0).contains(key.name) } == true
            }
            guard isProtected, !isUsed else { return }
            finalizers.removeAll { $0.string == claimFinalizer }
        } else {
            guard !isProtected else { return }
            finalizers.append(.string(claimFinalizer))
        }
        claim[at: "metadata", "finalizers"] = JSON.unlessEmpty(finalizers)
        world.write(claim, key)
    }

    static func reconcileVolume(_ key: ObjectKey, _ world: inout World) {
        guard let volume = world.store.get(key) else { return }
        let reference = volume["spec"]?["claimRef"]
        let claimKey = ObjectKey(
            type: .persistentVolumeClaims, namespace: reference?["namespace"]?.string ?? "", name: reference?["name"]?.string ?? "")
        let claim = reference == nil ? nil : world.store.get(claimKey)
        let phase = volume["status"]?["phase"]?.string
        if let uid = reference?["uid"]?.string, claim?.uid != uid {
            if phase != "Released" { setPhase("Released", of: key, &world) }
            if volume["spec"]?["persistentVolumeReclaimPolicy"]?.string == "Delete", !volume.isBeingDeleted { world.delete(key) }
        } else if claim?["spec"]?["volumeName"]?.string != key.name, phase ?? "Pending" == "Pending" {
            setPhase("Available", of: key, &world)
        }
        releaseFinalizers(key, isBound: claim != nil && claim?["status"]?["phase"]?.string == "Bound", &world)
    }

    /// A volume that is being deleted goes once no claim has it.
    private static func releaseFinalizers(_ key: ObjectKey, isBound: Bool, _ world: inout World) {
        guard var volume = world.store.get(key), volume.isBeingDeleted, !isBound else { return }
        let left = (volume["metadata"]?["finalizers"]?.array ?? []).filter { !volumeFinalizers.contains($0.string ?? "") }
        volume[at: "metadata", "finalizers"] = JSON.unlessEmpty(left)
        world.write(volume, key)
    }

    static func setPhase(_ phase: String, of key: ObjectKey, _ world: inout World) {
        guard var volume = world.store.get(key), volume["status"]?["phase"]?.string != phase else { return }
        volume["status"] = ["phase": .string(phase), "lastPhaseTransitionTime": world.now.json]
        world.writeStatus(volume, key)
    }

    /// Where a new volume can be used: in the zone of the node that it is made for, if the class is bound to zones.
    static func topology(_ storage: JSON, node: String?, _ world: World) -> JSON? {
        guard let node, storage["allowedTopologies"]?.array?.isEmpty == false, let zone = world.nodes[node]?.labels[NodeScore.zone] else {
            return nil
        }
        return [
            "required": [
                "nodeSelectorTerms": [
                    ["matchExpressions": [["key": .string(NodeScore.zone), "operator": "In", "values": [.string(zone)]]]]
                ]
            ]
        ]
    }
}
