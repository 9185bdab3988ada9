import Core
import Kubernetes

/// Binds claims to volumes that fit, provisions where the class has a provisioner, and says why not
/// (persistent-volume controller). Of provisioners those answer that the controller has itself, and those of drivers that are there.
enum VolumeBinding {
    static let component = "persistentvolume-controller"
    static let retry = Duration.seconds(15)
    private static let selectedNode = "volume.kubernetes.io/selected-node"

    /// How long a provisioner takes, in seconds: the captured one is done when the pods of a claim have been looked at for the first time.
    private static let provisioning = (0.02, 0.06)

    /// `isAwaited`: the scheduler holds a pod back until the claim is bound.
    static func reconcile(_ key: ObjectKey, _ world: inout World, isAwaited: Bool = false) {
        if key.type == .pods { return EphemeralClaims.make(for: key, &world) }
        guard key.type == .persistentVolumeClaims else { return VolumeLifecycle.reconcileVolume(key, &world) }
        VolumeLifecycle.protect(key, &world)
        guard let claim = world.store.get(key), !claim.isBeingDeleted, claim["status"]?["phase"]?.string != "Bound" else { return }
        let className = claim["spec"]?["storageClassName"]?.string ?? ""
        if let named = claim["spec"]?["volumeName"]?.string, !named.isEmpty { return bindNamed(claim, key, named, &world) }
        let storage = storageClass(of: claim, world)
        let isLate = storage.map(waitsForConsumer) ?? false && claim.annotation(selectedNode) == nil
        let volumes = fitting(claim, className, world).filter { !isLate || $0["spec"]?["claimRef"] != nil }
        if let volume = volumes.first { return bind(claim, key, volume, &world) }
        if isLate { return sayWaiting(claim, key, &world) }
        guard !className.isEmpty else {
            world.record(EventSubject(claim), "Normal", "FailedBinding", ControllerTexts.noVolumes(), component: component)
            return world.enqueue(.volumeBinding, key, after: retry)
        }
        guard let storage else {
            world.record(
                EventSubject(claim), "Warning", "ProvisioningFailed", ControllerTexts.noStorageClass(className), component: component)
            return world.enqueue(.volumeBinding, key, after: retry)
        }
        guard isProvisioned(storage) else { return world.enqueue(.volumeBinding, key, after: retry) }
        guard answers(storage, world) else { return awaitProvisioner(claim, key, storage, &world) }
        if isAwaited || isMade(claim, key, &world) { provision(claim, key, storage, &world) }
    }

    /// Whether the provisioner has had its time; it begins with the first call.
    private static func isMade(_ claim: JSON, _ key: ObjectKey, _ world: inout World) -> Bool {
        if let due = world.provisioning[claim.uid] {
            guard due <= world.now else { return false }
            world.provisioning[claim.uid] = nil
            return true
        }
        let time = world.jitter(provisioning.0, provisioning.1)
        world.provisioning[claim.uid] = world.now + time
        world.enqueue(.volumeBinding, key, after: time)
        return false
    }

    // MARK: For the scheduler

    static func storageClass(of claim: JSON, _ world: World) -> JSON? {
        claim["spec"]?["storageClassName"]?.string.flatMap { world.store.get(ObjectKey(type: .storageClasses, namespace: "", name: $0)) }
    }

    static func waitsForConsumer(_ storage: JSON) -> Bool { storage["volumeBindingMode"]?.string == "WaitForFirstConsumer" }

    /// Whether volumes of the class are made when they are wanted.
    static func isProvisioned(_ storage: JSON) -> Bool { storage["provisioner"]?.string != "kubernetes.io/no-provisioner" }

    /// Whether the provisioner of a class is there: one that is part of the controller, one with a driver, or one that has made a volume.
    private static func answers(_ storage: JSON, _ world: World) -> Bool {
        let name = storage["provisioner"]?.string ?? ""
        if name.hasPrefix("kubernetes.io/") { return true }
        let drivers = ResourceType(group: "storage.k8s.io", version: "v1", plural: "csidrivers", kind: "CSIDriver", isNamespaced: false)
        return world.store.get(ObjectKey(type: drivers, namespace: "", name: name)) != nil
            || world.store.list(.persistentVolumes, namespace: nil).contains { $0.annotation("pv.kubernetes.io/provisioned-by") == name }
    }

    /// The claim tells whom it is for, and waits.
    private static func awaitProvisioner(_ claim: JSON, _ key: ObjectKey, _ storage: JSON, _ world: inout World) {
        let name = storage["provisioner"]?.string ?? ""
        world.write(addressed(claim, to: name), key)
        world.record(EventSubject(claim), "Normal", "ExternalProvisioning", ControllerTexts.externalProvisioner(name), component: component)
        world.enqueue(.volumeBinding, key, after: retry)
    }

    private static func addressed(_ claim: JSON, to provisioner: String) -> JSON {
        var claim = claim
        claim[at: "metadata", "annotations", "volume.beta.kubernetes.io/storage-provisioner"] = .string(provisioner)
        claim[at: "metadata", "annotations", "volume.kubernetes.io/storage-provisioner"] = .string(provisioner)
        return claim
    }

    /// Binds a claim that waited for the node of its pod; false when nothing could be bound.
    static func bind(_ key: ObjectKey, for node: String, _ world: inout World) -> Bool {
        guard var claim = world.store.get(key), let storage = storageClass(of: claim, world) else { return false }
        if isProvisioned(storage) {
            claim[at: "metadata", "annotations", selectedNode] = .string(node)
            world.write(claim, key)
            reconcile(key, &world, isAwaited: true)
        } else if let place = world.nodes[node],
            let volume = fitting(claim, storage.metadataName, world).first(where: { VolumeNeeds.reaches($0, place) })
        {
            bind(claim, key, volume, &world)
        }
        return world.store.get(key)?["status"]?["phase"]?.string == "Bound"
    }

    /// Free volumes that a claim could have, the smallest first.
    static func fitting(_ claim: JSON, _ className: String, _ world: World) -> [JSON] {
        let wanted = size(claim["spec"]?["resources"]?["requests"])
        let modes = Set((claim["spec"]?["accessModes"]?.array ?? []).compactMap(\.string))
        let selection = Selection(claim["spec"]?["selector"])
        let mode = claim["spec"]?["volumeMode"]?.string ?? "Filesystem"
        return world.store.list(.persistentVolumes, namespace: nil).filter { volume in
            let spec = volume["spec"]
            let isFree = spec?["claimRef"] == nil && volume["status"]?["phase"]?.string ?? "Available" == "Available"
            return (isFree || isClaimed(volume, by: claim)) && !volume.isBeingDeleted
                && spec?["storageClassName"]?.string ?? "" == className && size(spec?["capacity"]) >= wanted
                && modes.isSubset(of: (spec?["accessModes"]?.array ?? []).compactMap(\.string))
                && spec?["volumeMode"]?.string ?? "Filesystem" == mode && selection?.matches(volume.labels) ?? true
        }.sorted { a, b in
            let (x, y) = (isClaimed(a, by: claim), isClaimed(b, by: claim))
            return x != y ? x : size(a["spec"]?["capacity"]) < size(b["spec"]?["capacity"])
        }
    }

    private static func size(_ amounts: JSON?) -> Int64 { Amount.whole(amounts?["storage"]) }

    private static func isClaimed(_ volume: JSON, by claim: JSON) -> Bool {
        guard let reference = volume["spec"]?["claimRef"], reference["name"]?.string == claim.metadataName,
            reference["namespace"]?.string == claim.metadataNamespace
        else { return false }
        return reference["uid"]?.string ?? claim.uid == claim.uid
    }

    // MARK: Binding

    private static func bindNamed(_ claim: JSON, _ key: ObjectKey, _ name: String, _ world: inout World) {
        guard let volume = world.store.get(ObjectKey(type: .persistentVolumes, namespace: "", name: name)) else {
            return world.enqueue(.volumeBinding, key, after: retry)
        }
        if volume["spec"]?["claimRef"] == nil || isClaimed(volume, by: claim) {
            guard let why = mismatch(claim, volume) else { return bind(claim, key, volume, &world) }
            world.record(
                EventSubject(claim), "Warning", "VolumeMismatch", ControllerTexts.volumeMismatch(name, why), component: component)
            return world.enqueue(.volumeBinding, key, after: retry)
        }
        world.record(EventSubject(claim), "Warning", "FailedBinding", ControllerTexts.volumeTaken(name), component: component)
        world.enqueue(.volumeBinding, key, after: retry)
    }

    /// Why a volume that a claim names is not what the claim asks for (checkVolumeSatisfyClaim); nil where it is.
    private static func mismatch(_ claim: JSON, _ volume: JSON) -> String? {
        let (wanted, found) = (claim["spec"], volume["spec"])
        func text(_ spec: JSON?, _ field: String) -> String { spec?[field]?.string ?? "" }
        if size(found?["capacity"]) < size(wanted?["resources"]?["requests"]) { return "requested PV is too small" }
        if text(found, "storageClassName") != text(wanted, "storageClassName") { return "storageClassName does not match" }
        func mode(_ spec: JSON?) -> String { spec?["volumeMode"]?.string ?? "Filesystem" }
        if mode(found) != mode(wanted) { return "incompatible volumeMode" }
        let modes = Set((wanted?["accessModes"]?.array ?? []).compactMap(\.string))
        return modes.isSubset(of: (found?["accessModes"]?.array ?? []).compactMap(\.string)) ? nil : "incompatible accessMode"
    }

    /// Why a claim of a class that waits for a pod is not bound.
    private static func sayWaiting(_ claim: JSON, _ key: ObjectKey, _ world: inout World) {
        let pod = world.index.pods(inNamespace: key.namespace).first { entry in
            !entry.isFinished && world.store.get(entry.key).map { VolumeLifecycle.claims(of: $0).contains(key.name) } == true
        }
        let (reason, message) =
            pod.map { ("WaitForPodScheduled", ControllerTexts.waitsForPod($0.key.name)) }
            ?? ("WaitForFirstConsumer", ControllerTexts.waitsForConsumer())
        world.record(EventSubject(claim), "Normal", reason, message, component: component)
        world.enqueue(.volumeBinding, key, after: retry)
    }

    private static func provision(_ claim: JSON, _ key: ObjectKey, _ storage: JSON, _ world: inout World) {
        let name = "pvc-\(claim.uid)"
        let provisioner = storage["provisioner"]?.string ?? ""
        let claim = addressed(claim, to: provisioner)
        world.write(claim, key)
        var spec: JSON = [
            "capacity": ["storage": claim["spec"]?["resources"]?["requests"]?["storage"] ?? "1Gi"],
            "hostPath": ["path": .string("/tmp/hostpath_pv/\(claim.uid)"), "type": ""],
            "accessModes": claim["spec"]?["accessModes"] ?? ["ReadWriteOnce"],
        ]
        if let topology = VolumeLifecycle.topology(storage, node: claim.annotation(selectedNode), world) { spec["nodeAffinity"] = topology }
        spec["persistentVolumeReclaimPolicy"] = storage["reclaimPolicy"] ?? "Delete"
        spec["storageClassName"] = .string(storage.metadataName)
        spec["volumeMode"] = claim["spec"]?["volumeMode"] ?? "Filesystem"
        let volume: JSON = [
            "apiVersion": "v1", "kind": "PersistentVolume",
            "metadata": [
                "name": .string(name), "annotations": ["pv.kubernetes.io/provisioned-by": .string(provisioner)],
                "finalizers": ["kubernetes.io/pv-controller", "kubernetes.io/pv-protection"],
            ],
            "spec": spec, "status": ["phase": "Pending"],
        ]
        guard let made = try? world.create(volume, type: .persistentVolumes), let current = world.store.get(key) else { return }
        world.record(
            EventSubject(claim), "Normal", "ProvisioningSucceeded", ControllerTexts.provisioned(name, provisioner), component: component)
        bind(current, key, made, &world)
    }

    private static func bind(_ claim: JSON, _ key: ObjectKey, _ volume: JSON, _ world: inout World) {
        let volumeKey = ObjectKey(type: .persistentVolumes, namespace: "", name: volume.metadataName)
        var bound = volume
        bound[at: "metadata", "annotations", "pv.kubernetes.io/bound-by-controller"] = "yes"
        bound[at: "spec", "claimRef"] = [
            "kind": "PersistentVolumeClaim", "namespace": .string(key.namespace), "name": .string(key.name), "uid": .string(claim.uid),
            "apiVersion": "v1", "resourceVersion": claim["metadata"]?["resourceVersion"] ?? "",
        ]
        world.write(bound, volumeKey)
        VolumeLifecycle.setPhase("Bound", of: volumeKey, &world)
        var taken = claim
        taken[at: "metadata", "annotations", "pv.kubernetes.io/bind-completed"] = "yes"
        if claim["spec"]?["volumeName"] == nil { taken[at: "metadata", "annotations", "pv.kubernetes.io/bound-by-controller"] = "yes" }
        taken[at: "spec", "volumeName"] = .string(volume.metadataName)
        world.write(taken, key)
        if var stored = world.store.get(key) {
            stored["status"] = [
                "phase": "Bound", "accessModes": volume["spec"]?["accessModes"] ?? [], "capacity": volume["spec"]?["capacity"] ?? [:],
            ]
            world.writeStatus(stored, key)
        }
    }
}
