import Core
import Kubernetes

/// Binds claims to volumes that fit, provisions where the class has a provisioner, and says why not.
enum VolumeBinding {
    static let component = "persistentvolume-controller"
    static let retry = Duration.seconds(15)

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let claim = world.store.get(key), !claim.isBeingDeleted, claim["status"]?["phase"]?.string != "Bound" else { return }
        let className = claim["spec"]?["storageClassName"]?.string ?? ""
        if let volume = fitting(claim, className, world) { return bind(claim, key, volume, &world) }
        guard !className.isEmpty else {
            world.record(
                EventSubject(claim), "Normal", "FailedBinding", ControllerTexts.noVolumes(), component: component)
            return world.enqueue(.volumeBinding, key, after: retry)
        }
        guard let storage = world.store.get(ObjectKey(type: .storageClasses, namespace: "", name: className)) else {
            world.record(
                EventSubject(claim), "Warning", "ProvisioningFailed", ControllerTexts.noStorageClass(className), component: component)
            return world.enqueue(.volumeBinding, key, after: retry)
        }
        provision(claim, key, storage, &world)
    }

    private static func fitting(_ claim: JSON, _ className: String, _ world: World) -> JSON? {
        let wanted = Amount.whole(claim["spec"]?["resources"]?["requests"]?["storage"])
        let modes = Set((claim["spec"]?["accessModes"]?.array ?? []).compactMap(\.string))
        return world.store.list(.persistentVolumes, namespace: nil).filter { volume in
            let reference = volume["spec"]?["claimRef"]
            let isFree = reference == nil && (volume["status"]?["phase"]?.string ?? "Available") == "Available"
            let isOurs = reference?["name"]?.string == claim.metadataName && reference?["namespace"]?.string == claim.metadataNamespace
            return (isFree || isOurs) && volume["spec"]?["storageClassName"]?.string ?? "" == className
                && Amount.whole(volume["spec"]?["capacity"]?["storage"]) >= wanted
                && modes.isSubset(of: (volume["spec"]?["accessModes"]?.array ?? []).compactMap(\.string))
        }.min { Amount.whole($0["spec"]?["capacity"]?["storage"]) < Amount.whole($1["spec"]?["capacity"]?["storage"]) }
    }

    private static func provision(_ claim: JSON, _ key: ObjectKey, _ storage: JSON, _ world: inout World) {
        let name = "pvc-\(claim.uid)"
        let volume: JSON = [
            "apiVersion": "v1", "kind": "PersistentVolume", "metadata": ["name": .string(name)],
            "spec": [
                "capacity": ["storage": claim["spec"]?["resources"]?["requests"]?["storage"] ?? "1Gi"],
                "accessModes": claim["spec"]?["accessModes"] ?? ["ReadWriteOnce"],
                "persistentVolumeReclaimPolicy": storage["reclaimPolicy"] ?? "Delete",
                "storageClassName": .string(storage.metadataName), "volumeMode": "Filesystem",
                "hostPath": ["path": .string("/tmp/hostpath_pv/\(name)"), "type": ""],
            ],
            "status": ["phase": "Available"],
        ]
        guard let made = try? world.create(volume, type: .persistentVolumes) else { return }
        world.record(
            EventSubject(claim), "Normal", "ProvisioningSucceeded",
            ControllerTexts.provisioned(name, storage["provisioner"]?.string ?? ""), component: component)
        bind(claim, key, made, &world)
    }

    private static func bind(_ claim: JSON, _ key: ObjectKey, _ volume: JSON, _ world: inout World) {
        let volumeKey = ObjectKey(type: .persistentVolumes, namespace: "", name: volume.metadataName)
        var bound = volume
        bound[at: "spec", "claimRef"] = [
            "kind": "PersistentVolumeClaim", "namespace": .string(key.namespace), "name": .string(key.name), "uid": .string(claim.uid),
            "apiVersion": "v1",
        ]
        world.write(bound, volumeKey)
        if var stored = world.store.get(volumeKey) {
            stored[at: "status", "phase"] = "Bound"
            world.writeStatus(stored, volumeKey)
        }
        var taken = claim
        taken[at: "spec", "volumeName"] = .string(volume.metadataName)
        world.write(taken, key)
        if var stored = world.store.get(key) {
            stored["status"] = [
                "phase": "Bound", "accessModes": volume["spec"]?["accessModes"] ?? [], "capacity": volume["spec"]?["capacity"] ?? [:],
            ]
            world.writeStatus(stored, key)
        }
        world.releasePods()
    }
}
