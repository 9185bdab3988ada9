import Core
import Kubernetes

/// What runs pods in a cluster, whether it was read itself or is known by what it owns; which pods are whose, and how those are.
struct WorkloadIndex: Sendable {
    private(set) var workloads: [Workload] = []
    /// Of each pod, by its index.
    private(set) var health: [PodHealth] = []
    /// Workload of each pod, by the pod's index.
    private(set) var ofPod: [Int] = []
    private(set) var byPath: [EntityPath: Int] = [:]
    private(set) var byNamespace: [String: [Int]] = [:]
    /// Workloads by `namespace/key=value` of their pods' labels.
    private var byLabel: [String: [Int]] = [:]
    private let names: EntityNames

    init(_ snapshot: KubernetesSnapshot) {
        names = EntityNames(cluster: snapshot.cluster)
        collect(snapshot)
        for i in workloads.indices { workloads[i].currentPods = currentPods(workloads[i], snapshot) }
        collectLabels(snapshot.pods)
    }

    /// Looks again at pods that have changed and belong to the same workloads as before.
    mutating func follow(_ changed: [Int], in snapshot: KubernetesSnapshot) {
        for p in changed { health[p] = PodHealth(snapshot.pods[p]) }
        for i in Set(changed.map { ofPod[$0] }) {
            workloads[i].pods = workloads[i].allPods.filter { !health[$0].isEnding && !health[$0].hasSucceeded }
            workloads[i].currentPods = currentPods(workloads[i], snapshot)
        }
    }

    /// Notes which workloads are worth a look; gives their indices in the order of their paths.
    mutating func findSuspects(in snapshot: KubernetesSnapshot) -> [Int] {
        var suspects: [Int] = []
        for i in workloads.indices {
            let isSuspect = isSuspect(i, snapshot)
            if workloads[i].isSuspect != isSuspect { workloads[i].isSuspect = isSuspect }
            if isSuspect { suspects.append(i) }
        }
        return suspects.sorted { workloads[$0].path < workloads[$1].path }
    }

    /// Asks by index: a workload is too large to be copied for a look.
    private func isSuspect(_ i: Int, _ snapshot: KubernetesSnapshot) -> Bool {
        let kind = workloads[i].kind
        if kind == "Job" || kind == "CronJob" || (workloads[i].desired ?? 0) > workloads[i].pods.count { return true }
        return workloads[i].pods.contains { !health[$0].isFine || health[$0].hasRestartedOften }
            || workloads[i].allPods.contains { health[$0].isEnding && PodHealth.isStuckEnding(snapshot.pods[$0], now: snapshot.time) }
    }

    /// Workloads whose pods a selector matches, ascending. An empty selector matches none.
    func selected(by selector: [String: String], in namespace: String) -> [Int] {
        var smallest: [Int]?
        for (key, value) in selector {
            let here = byLabel["\(namespace)/\(key)=\(value)"] ?? []
            if smallest.map({ here.count < $0.count }) ?? true { smallest = here }
        }
        return (smallest ?? []).filter { i in selector.allSatisfy { workloads[i].labels[$0.key] == $0.value } }
    }

    // MARK: Collecting

    private mutating func collect(_ snapshot: KubernetesSnapshot) {
        var byUID: [String: Int] = [:]
        for (d, x) in snapshot.deployments.enumerated() {
            let i = add(
                &byUID, names.path("Deployment", x.metadata.namespace, x.metadata.name), x.metadata, desired: x.spec.replicas,
                template: x.spec.template)
            workloads[i].deployment = d
        }
        for x in snapshot.statefulSets {
            _ = add(
                &byUID, names.path("StatefulSet", x.metadata.namespace, x.metadata.name), x.metadata, desired: x.spec.replicas,
                template: x.spec.template)
        }
        for x in snapshot.daemonSets {
            _ = add(
                &byUID, names.path("DaemonSet", x.metadata.namespace, x.metadata.name), x.metadata,
                desired: x.status.desiredNumberScheduled,
                template: x.spec.template)
        }
        for x in snapshot.cronJobs {
            _ = add(
                &byUID, names.path("CronJob", x.metadata.namespace, x.metadata.name), x.metadata, desired: nil,
                template: x.spec.jobTemplate.spec.template)
        }
        for x in snapshot.jobs {
            if let owner = x.metadata.ownerReferences.first(where: \.controller) {
                if let parent = byUID[owner.uid] ?? byPath[names.path(of: owner, namespace: x.metadata.namespace)] {
                    if !x.metadata.uid.isEmpty { byUID[x.metadata.uid] = parent }
                    continue
                }
            }
            _ = add(&byUID, names.path("Job", x.metadata.namespace, x.metadata.name), x.metadata, desired: nil, template: x.spec.template)
        }
        for (r, x) in snapshot.replicaSets.enumerated() {
            let owner = x.metadata.ownerReferences.first(where: \.controller)
            if let owner {
                let known = byUID[owner.uid] ?? byPath[names.path(of: owner, namespace: x.metadata.namespace)]
                // A Deployment that was not read is known by its ReplicaSets.
                let parent =
                    known
                    ?? add(
                        &byUID, names.path(of: owner, namespace: x.metadata.namespace), ObjectMeta(named: owner.name, x.metadata.namespace),
                        desired: nil, template: x.spec.template)
                byUID[x.metadata.uid] = parent
                workloads[parent].replicaSets.append(r)
            } else {
                _ = add(
                    &byUID, names.path("ReplicaSet", x.metadata.namespace, x.metadata.name), x.metadata, desired: x.spec.replicas,
                    template: x.spec.template)
            }
        }
        for i in workloads.indices where workloads[i].replicaSets.count > 1 {
            workloads[i].replicaSets.sort { Revision.number(of: snapshot.replicaSets[$0]) < Revision.number(of: snapshot.replicaSets[$1]) }
        }
        collectPods(snapshot.pods, &byUID)
    }

    private mutating func collectPods(_ pods: [Pod], _ byUID: inout [String: Int]) {
        ofPod.reserveCapacity(pods.count)
        health.reserveCapacity(pods.count)
        // Pods of one workload mostly stand side by side and share their owners: these are looked up once.
        var last: (owners: [OwnerReference], namespace: String, workload: Int)?
        for p in pods.indices {
            let (owners, namespace) = (pods[p].metadata.ownerReferences, pods[p].metadata.namespace)
            let i: Int
            if let last, last.owners == owners, last.namespace == namespace {
                i = last.workload
            } else {
                i = workload(ofPod: pods[p], owners, &byUID)
                // A pod without a controller, or with a node as its owner, is a workload of its own.
                if owners.contains(where: { $0.controller && $0.kind != "Node" }) { last = (owners, namespace, i) }
            }
            let health = PodHealth(pods[p])
            self.health.append(health)
            ofPod.append(i)
            workloads[i].allPods.append(p)
            if !health.isEnding, !health.hasSucceeded { workloads[i].pods.append(p) }
        }
    }

    /// The workload that a pod belongs to: added when no object of its own was read.
    private mutating func workload(ofPod pod: Pod, _ owners: [OwnerReference], _ byUID: inout [String: Int]) -> Int {
        let namespace = pod.metadata.namespace
        guard let owner = owners.first(where: \.controller), owner.kind != "Node" else {
            return add(&byUID, names.path("Pod", namespace, pod.metadata.name), pod.metadata, desired: 1, template: nil)
        }
        if let known = byUID[owner.uid] { return known }
        let parent = WorkloadIndex.guessedOwner(of: pod, owner)
        let path = names.path(of: parent, namespace: namespace)
        let i = byPath[path] ?? add(&byUID, path, ObjectMeta(named: parent.name, namespace), desired: nil, template: nil)
        if !owner.uid.isEmpty { byUID[owner.uid] = i }
        return i
    }

    private mutating func add(
        _ byUID: inout [String: Int], _ path: EntityPath, _ metadata: ObjectMeta, desired: Int?, template: PodTemplate?
    ) -> Int {
        let i = workloads.count
        workloads.append(Workload(path: path, desired: desired, template: template, metadata: metadata))
        byPath[path] = i
        byNamespace[path.namespace, default: []].append(i)
        if !metadata.uid.isEmpty { byUID[metadata.uid] = i }
        return i
    }

    /// The Deployment behind a ReplicaSet that was not read: its name without the hash that the pod is labelled with.
    private static func guessedOwner(of pod: Pod, _ owner: OwnerReference) -> OwnerReference {
        guard owner.kind == "ReplicaSet", let hash = pod.metadata.labels["pod-template-hash"], owner.name.hasSuffix("-" + hash) else {
            return owner
        }
        var parent = owner
        parent.kind = "Deployment"
        parent.name = String(owner.name.dropLast(hash.count + 1))
        return parent
    }

    private func currentPods(_ workload: Workload, _ snapshot: KubernetesSnapshot) -> [Int] {
        guard workload.deployment != nil, let newest = workload.replicaSets.last, workload.replicaSets.count > 1 else {
            return workload.pods
        }
        let uid = snapshot.replicaSets[newest].metadata.uid
        return workload.pods.filter { p in snapshot.pods[p].metadata.ownerReferences.contains { $0.uid == uid } }
    }

    private mutating func collectLabels(_ pods: [Pod]) {
        for i in workloads.indices {
            let labels = workloads[i].template?.metadata.labels ?? workloads[i].allPods.first.map { pods[$0].metadata.labels } ?? [:]
            workloads[i].labels = labels
            let namespace = workloads[i].path.namespace
            for (key, value) in labels { byLabel["\(namespace)/\(key)=\(value)", default: []].append(i) }
        }
    }
}

/// What objects of a cluster are called.
struct EntityNames: Sendable {
    let cluster: String

    func path(_ kind: String, _ namespace: String, _ name: String) -> EntityPath {
        EntityPath(cluster: cluster, namespace: namespace, kind: kind, name: name)
    }

    func path(of owner: OwnerReference, namespace: String) -> EntityPath {
        let group = owner.apiVersion.split(separator: "/")
        let isBuiltIn = group.count < 2 || ResourceType.isBuiltIn(group: String(group[0]))
        return path(isBuiltIn ? owner.kind : "\(owner.kind).\(group[0])", namespace, owner.name)
    }
}

extension ObjectMeta {
    /// Of an object that is only known by name.
    init(named name: String, _ namespace: String) {
        self.init()
        self.name = name
        self.namespace = namespace
    }
}
