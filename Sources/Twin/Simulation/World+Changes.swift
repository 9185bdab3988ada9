import Core
import Kubernetes

extension World {
    /// Takes in what has changed in the store, and tells the parts that it concerns.
    mutating func readChanges() {
        guard seen != store.resourceVersion else { return }
        guard seen > 0, let changes = store.changes(after: seen) else { return readAll() }
        seen = store.resourceVersion
        for change in changes { note(change) }
    }

    /// Reads the whole store as if everything had just been made: at the start, and after a gap. Nodes come first, since pods take place
    /// on them.
    private mutating func readAll() {
        seen = store.resourceVersion
        let types = store.types.filter { $0 != .events }
        for type in types.filter({ $0 == .nodes }) + types.filter({ $0 != .nodes }) {
            for object in store.list(type, namespace: nil) {
                let key = ObjectKey(type: type, namespace: object.metadataNamespace, name: object.metadataName)
                if type == .pods, index.pods[key] != nil { continue }
                note(StoreChange(version: seen, key: key, kind: .added, object: object, previous: nil))
            }
        }
    }

    private mutating func note(_ change: StoreChange) {
        let key = change.key
        if key.type == .events || key.type == .leases { return }
        let old = index.apply(change)
        let isNew = change.kind == .added
        let isGone = change.kind == .deleted
        let hasSpecChanged = isNew || change.previous?["metadata"]?["generation"] != change.object["metadata"]?["generation"]
        let begins = change.object.isBeingDeleted && change.previous?.isBeingDeleted == false
        switch key.type {
        case .pods:
            notePod(change, old)
            noteLoad(change)
        case .replicaSets:
            if !isGone, hasSpecChanged || begins { enqueue(.replicaSet, key) }
            if let owner = change.object.controller, owner["kind"]?.string == "Deployment" { enqueueOwner(owner, key.namespace) }
        case .deployments: if !isGone { enqueue(.deployment, key) }
        case .statefulSets: if !isGone, hasSpecChanged { enqueue(.statefulSet, key) }
        case .daemonSets: if !isGone, hasSpecChanged { enqueue(.daemonSet, key) }
        case .jobs:
            if isGone || hasSpecChanged { enqueue(.job, key) }
            if let owner = change.object.controller { enqueueOwner(owner, key.namespace) }
        case .cronJobs: if !isGone, hasSpecChanged { enqueue(.cronJob, key) }
        case .services:
            services.set(key, isGone ? nil : change.object["spec"]?["selector"]?.stringMap)
            enqueue(.endpoints, key)
            noteLoad(change)
            APIServiceAvailability.note(change, &self)
        case .endpoints, .apiServices: APIServiceAvailability.note(change, &self)
        case .nodes: noteNode(change)
        case .namespaces: if !isGone { enqueue(.namespace, key) }
        case .clusterRoles: RoleAggregation.note(&self)
        case .secrets: if isNew, TokenSecrets.isMeant(change.object) { enqueue(.serviceAccount, key) }
        case .serviceAccounts, .configMaps:
            if isGone, key.type == .serviceAccounts, runs(.controllers) { TokenSecrets.accountGone(key, &self) }
            if isGone, key.name == "default" || key.name == "kube-root-ca.crt" {
                enqueue(.namespace, ObjectKey(type: .namespaces, namespace: "", name: key.namespace))
            }
        case .horizontalPodAutoscalers: AutoscalerController.note(change, &self)
        case .podDisruptionBudgets: if !isGone, hasSpecChanged { enqueue(.disruption, key) }
        case .persistentVolumeClaims:
            if isGone { provisioning[change.object.uid] = nil }
            enqueue(.volumeBinding, key)
            if let volume = change.object["spec"]?["volumeName"]?.string {
                enqueue(.volumeBinding, ObjectKey(type: .persistentVolumes, namespace: "", name: volume))
            }
            releasePods()
        case .persistentVolumes, .storageClasses:
            if key.type == .persistentVolumes, !isGone { enqueue(.volumeBinding, key) }
            for claim in store.list(.persistentVolumeClaims, namespace: nil) where claim["status"]?["phase"]?.string != "Bound" {
                enqueue(
                    .volumeBinding,
                    ObjectKey(type: .persistentVolumeClaims, namespace: claim.metadataNamespace, name: claim.metadataName))
            }
            releasePods()
        default: break
        }
        QuotaController.note(change, &self)
        if isGone, runs(.controllers) {
            GarbageCollector.ownerGone(change.object.uid, &self)
            for owner in change.object["metadata"]?["ownerReferences"]?.array ?? [] {
                guard let uid = owner["uid"]?.string, let ownerKey = index.uids[uid], store.get(ownerKey)?.isBeingDeleted == true else {
                    continue
                }
                enqueue(.garbageCollector, ownerKey)
            }
        } else if begins, change.object["metadata"]?["finalizers"]?.array?.isEmpty == false {
            enqueue(.garbageCollector, key)
        }
    }

    private mutating func notePod(_ change: StoreChange, _ old: PodEntry?) {
        let key = change.key
        let new = index.pods[key]
        if let old, !old.isFinished { nodes.count(old, sign: -1) }
        if let new, !new.isFinished { nodes.count(new, sign: 1) }
        if new?.antiAffinity.isEmpty == false { scheduling.guards.insert(key) } else if new == nil { scheduling.guards.remove(key) }
        let isAlike =
            old.map { o in
                new.map { n in
                    o.isReady == n.isReady && o.phase == n.phase && o.isDeleting == n.isDeleting && o.labels == n.labels
                        && o.owner == n.owner
                        && o.restarts == n.restarts && o.addresses == n.addresses && o.node == n.node
                } ?? false
            } ?? false
        let hasSpecChanged = change.previous?["metadata"]?["generation"] != change.object["metadata"]?["generation"]
        if let new, new.node.isEmpty {
            if old == nil || hasSpecChanged || change.previous?["spec"]?["schedulingGates"] != change.object["spec"]?["schedulingGates"] {
                enqueue(.scheduler, key)
            }
        } else if new == nil || old?.node != new?.node || old?.isDeleting != new?.isDeleting || hasSpecChanged {
            enqueue(.kubelet, key)
            if let new { PodCollector.note(key, on: new.node, &self) }
            if let new, nodes[new.node]?.hasEvictingTaint == true { enqueue(.taintEviction, key) }
        }
        if new != nil, change.object["spec"]?["readinessGates"] != nil,
            change.previous?["status"]?["conditions"] != change.object["status"]?["conditions"]
        {
            // Somebody may have opened a gate.
            enqueue(.kubelet, key)
        }
        if new == nil, let old { evictions[old.uid] = nil }
        if isAlike { return }
        if let old, !old.node.isEmpty, new.map({ $0.isFinished }) ?? true {
            releasePods()
            noteClaims(change.object)
        }
        if old == nil, new != nil, EphemeralClaims.isWanted(by: change.object) { enqueue(.volumeBinding, key) }
        if let owner = change.object.controller { notePodOf(owner, key.namespace) }
        if new?.owner == nil || old != nil && old?.labels != new?.labels { noteOrphan(key, new) }
        for entry in [new, old == nil || old?.labels == new?.labels ? (new == nil ? old : nil) : old] {
            guard let entry else { continue }
            EndpointsController.note(entry, &self)
            DisruptionController.note(entry, &self)
        }
    }

    /// Claims that a pod no longer uses may go.
    private mutating func noteClaims(_ pod: JSON) {
        guard store.count(.persistentVolumeClaims) > 0 else { return }
        for claim in VolumeLifecycle.claims(of: pod) {
            enqueue(.volumeBinding, ObjectKey(type: .persistentVolumeClaims, namespace: pod.metadataNamespace, name: claim))
        }
    }

    /// A pod without a controller may be wanted by a ReplicaSet.
    private mutating func noteOrphan(_ key: ObjectKey, _ pod: PodEntry?) {
        guard let pod, pod.owner == nil, !pod.labels.isEmpty else { return }
        for set in store.list(.replicaSets, namespace: key.namespace) {
            if Selection(set["spec"]?["selector"])?.matches(pod.labels) == true {
                enqueue(.replicaSet, ObjectKey(type: .replicaSets, namespace: key.namespace, name: set.metadataName))
            }
        }
    }

    /// An owner of many pods is looked at once for many changes, as a real controller gets behind and catches up.
    private mutating func notePodOf(_ owner: JSON, _ namespace: String) {
        guard let uid = owner["uid"]?.string, index.podCount(ownedBy: uid) > 100, let key = index.uids[uid], key.type == .replicaSets else {
            return enqueueOwner(owner, namespace)
        }
        if pendingOwners.insert(key).inserted { enqueue(.replicaSet, key, after: .milliseconds(50)) }
    }

    private mutating func enqueueOwner(_ owner: JSON, _ namespace: String) {
        let name = owner["name"]?.string ?? ""
        switch owner["kind"]?.string {
        case "ReplicaSet": enqueue(.replicaSet, ObjectKey(type: .replicaSets, namespace: namespace, name: name))
        case "Deployment": enqueue(.deployment, ObjectKey(type: .deployments, namespace: namespace, name: name))
        case "StatefulSet": enqueue(.statefulSet, ObjectKey(type: .statefulSets, namespace: namespace, name: name))
        case "DaemonSet": enqueue(.daemonSet, ObjectKey(type: .daemonSets, namespace: namespace, name: name))
        case "CronJob": enqueue(.cronJob, ObjectKey(type: .cronJobs, namespace: namespace, name: name))
        case "Job": enqueue(.job, ObjectKey(type: .jobs, namespace: namespace, name: name))
        default: break
        }
    }

    private mutating func noteNode(_ change: StoreChange) {
        if change.kind == .deleted {
            nodes.remove(change.key.name)
            for pod in index.pods(onNode: change.key.name) { PodCollector.note(pod.key, on: change.key.name, &self) }
        } else {
            enqueue(.nodeTaints, change.key)
            let before = nodes[change.key.name]?.taints
            guard nodes.set(change.object) else { return }
            releasePods()
            if before != nodes[change.key.name]?.taints { TaintEviction.note(change.key.name, &self) }
            if change.kind == .added {
                enqueue(.node, change.key)
                if runs(.controllers) { NodeMonitor.register(change.object, &self) }
            }
        }
        for set in store.list(.daemonSets, namespace: nil) {
            enqueue(.daemonSet, ObjectKey(type: .daemonSets, namespace: set.metadataNamespace, name: set.metadataName))
        }
    }

    /// Pods that fitted nowhere are tried again, each when its back-off is over: something has changed. All changes of one moment make
    /// one try.
    mutating func releasePods() {
        guard !scheduling.unschedulable.isEmpty, !isReleasing else { return }
        isReleasing = true
        queue.put(.unschedulableFlush, at: now)
    }
}
