import Core
import Kubernetes

/// A snapshot with the indices that rules ask: built once, in time linear in the number of objects.
///
/// Healthy pods cost one look each; rules see only what is not fine (``suspects``).
struct Scene: Sendable {
    let snapshot: KubernetesSnapshot
    let now: Timestamp
    private(set) var workloads: [Workload] = []
    /// Of each pod, by its index.
    private(set) var health: [PodHealth] = []
    /// Workload of each pod, by the pod's index.
    private(set) var workloadOfPod: [Int] = []
    private(set) var workloadByPath: [EntityPath: Int] = [:]
    /// Indices of workloads with pods or conditions that are not fine, in the order of their paths.
    private(set) var suspects: [Int] = []
    private(set) var eventsByObject: [String: [Int]] = [:]
    let podByUID: Lazily<[String: Int]>
    let serviceByName: [String: Int]
    let configMapByName: [String: Int]
    let nodeByName: [String: Int]
    private var workloadsByNamespace: [String: [Int]] = [:]
    /// Workloads by `namespace/key=value` of their pods' labels.
    private var workloadsByLabel: [String: [Int]] = [:]
    private var jobByName: [String: Int] = [:]
    let imagesByRepository: Lazily<[String: Set<String>]>
    /// Workloads that each Service selects, by its index.
    let selections: Lazily<[[Int]]>
    /// Ready endpoints of each Service, by `namespace/name`.
    private(set) var readyEndpoints: [String: Int] = [:]
    /// Preemptions by the workload that lost a pod, oldest first.
    private(set) var preemptions: [EntityPath: [Event]] = [:]
    /// `namespace/name` of ReplicaSets with pods that failed, by events that outlive the pods.
    private(set) var failedReplicaSets: Set<String> = []
    /// Events that tell of a pod that another has displaced.
    private(set) var preemptionEvents: [Int] = []

    /// `earlier` is a look at the same cluster at another time: what has not changed since is not looked at again, with the same result.
    init(_ snapshot: KubernetesSnapshot, after earlier: Scene? = nil) {
        self.snapshot = snapshot
        now = snapshot.time
        let earlier = earlier.flatMap { $0.snapshot.cluster == snapshot.cluster ? EarlierScene($0, for: snapshot) : nil }
        serviceByName = earlier?.serviceByName ?? Scene.index(snapshot.services)
        configMapByName = earlier?.configMapByName ?? Scene.index(snapshot.configMaps)
        nodeByName = earlier?.nodeByName ?? Scene.index(snapshot.nodes)
        podByUID = earlier?.podByUID ?? Lazily()
        imagesByRepository = earlier?.imagesByRepository ?? Lazily()
        let changedPods = earlier?.changedPods
        selections = earlier?.selections(changedPods) ?? Lazily()
        if let earlier, let changedPods { keepWorkloads(of: earlier.scene, but: changedPods) } else { collectWorkloads() }
        if let events = earlier?.events {
            (eventsByObject, failedReplicaSets, preemptionEvents) = events
        } else {
            collectEvents()
        }
        findPreemptions()
        if let endpoints = earlier?.readyEndpoints { readyEndpoints = endpoints } else { collectEndpoints() }
        if changedPods == nil { collectLabels() }
        findSuspects()
    }

    /// Takes over the workloads of an earlier look at which only some pods were otherwise.
    private mutating func keepWorkloads(of earlier: Scene, but changed: [Int]) {
        (workloads, workloadByPath, workloadsByNamespace) = (earlier.workloads, earlier.workloadByPath, earlier.workloadsByNamespace)
        (workloadsByLabel, jobByName) = (earlier.workloadsByLabel, earlier.jobByName)
        (health, workloadOfPod) = (earlier.health, earlier.workloadOfPod)
        for p in changed { health[p] = PodHealth(snapshot.pods[p]) }
        for i in Set(changed.map { workloadOfPod[$0] }) {
            workloads[i].pods = workloads[i].allPods.filter { !health[$0].isEnding && !health[$0].hasSucceeded }
            workloads[i].currentPods = currentPods(workloads[i])
        }
    }

    private static func index(_ objects: [some KubernetesResource]) -> [String: Int] {
        Dictionary(
            objects.enumerated().map { place, object in
                let at = object.place
                return ("\(at.namespace)/\(at.name)", place)
            }, uniquingKeysWith: { a, _ in a })
    }

    // MARK: Paths

    func path(_ kind: String, _ namespace: String, _ name: String) -> EntityPath {
        EntityPath(cluster: snapshot.cluster, namespace: namespace, kind: kind, name: name)
    }

    private func path(of owner: OwnerReference, namespace: String) -> EntityPath {
        let group = owner.apiVersion.split(separator: "/")
        let isBuiltIn = group.count < 2 || ResourceType.isBuiltIn(group: String(group[0]))
        return path(isBuiltIn ? owner.kind : "\(owner.kind).\(group[0])", namespace, owner.name)
    }

    // MARK: Looking up

    func service(_ namespace: String, _ name: String) -> Service? { serviceByName["\(namespace)/\(name)"].map { snapshot.services[$0] } }
    func configMap(_ namespace: String, _ name: String) -> ConfigMap? {
        configMapByName["\(namespace)/\(name)"].map { snapshot.configMaps[$0] }
    }
    func node(_ name: String) -> Node? { nodeByName["/\(name)"].map { snapshot.nodes[$0] } }
    func podIndex(uid: String) -> Int? {
        podByUID.get { Dictionary(snapshot.pods.enumerated().map { ($1.place.uid, $0) }, uniquingKeysWith: { $1 }) }[uid]
    }
    func podIndex(namespace: String, name: String) -> Int? {
        var low = 0, high = snapshot.pods.count
        // Pods are in the order of namespace and name.
        while low < high {
            let middle = (low + high) / 2
            let at = snapshot.pods[middle].metadata
            if (at.namespace, at.name) < (namespace, name) { low = middle + 1 } else { high = middle }
        }
        guard low < snapshot.pods.count, snapshot.pods[low].metadata.name == name, snapshot.pods[low].metadata.namespace == namespace else {
            return nil
        }
        return low
    }
    func workload(at path: EntityPath) -> Workload? { workloadByPath[path].map { workloads[$0] } }
    func workloads(in namespace: String) -> [Int] { workloadsByNamespace[namespace] ?? [] }
    func workload(ofPod pod: Int) -> Workload { workloads[workloadOfPod[pod]] }

    /// The workload of an object that runs pods or makes them, by the kind and name that an event carries.
    func workload(kind: String, namespace: String, name: String) -> Workload? {
        if kind == "ReplicaSet",
            let rs = snapshot.replicaSets.first(where: { $0.metadata.name == name && $0.metadata.namespace == namespace })
        {
            return workload(ofReplicaSet: rs)
        }
        if kind == "Job", let job = snapshot.jobs.first(where: { $0.metadata.name == name && $0.metadata.namespace == namespace }),
            let owner = job.metadata.ownerReferences.first(where: \.controller)
        {
            return workload(at: path(of: owner, namespace: namespace)) ?? workload(at: path(kind, namespace, name))
        }
        return workload(at: path(kind, namespace, name))
    }

    func workload(ofReplicaSet rs: ReplicaSet) -> Workload? {
        let owner = rs.metadata.ownerReferences.first(where: \.controller)
        return workload(
            at: owner.map { path(of: $0, namespace: rs.metadata.namespace) } ?? path("ReplicaSet", rs.metadata.namespace, rs.metadata.name))
    }

    /// Events about an object, oldest first.
    func events(about metadata: ObjectMeta, kind: String) -> [Event] {
        let byUID = metadata.uid.isEmpty ? nil : eventsByObject[metadata.uid]
        return (byUID ?? eventsByObject["\(kind)/\(metadata.namespace)/\(metadata.name)"] ?? []).map { snapshot.events[$0] }
    }

    func events(aboutPod pod: Int) -> [Event] { events(about: snapshot.pods[pod].metadata, kind: "Pod") }

    func log(of pod: Pod, _ container: String, previous: Bool) -> KubernetesSnapshot.Log? {
        snapshot.logs[.init(namespace: pod.metadata.namespace, pod: pod.metadata.name, container: container, previous: previous)]
    }

    /// Containers of a pod in the order in which they start, with their status.
    func containers(ofPod index: Int) -> [ContainerSituation] {
        let pod = snapshot.pods[index]
        func situation(_ spec: Container, _ statuses: [ContainerStatus], _ isInit: Bool) -> ContainerSituation {
            ContainerSituation(pod: index, spec: spec, status: statuses.first { $0.name == spec.name }, isInit: isInit)
        }
        return pod.spec.initContainers.map { situation($0, pod.status.initContainerStatuses, $0.restartPolicy != "Always") }
            + pod.spec.containers.map { situation($0, pod.status.containerStatuses, false) }
    }

    // MARK: Building

    private mutating func collectWorkloads() {
        var byUID: [String: Int] = [:]
        for (d, x) in snapshot.deployments.enumerated() {
            let i = add(
                &byUID, path("Deployment", x.metadata.namespace, x.metadata.name), x.metadata, desired: x.spec.replicas,
                template: x.spec.template)
            workloads[i].deployment = d
        }
        for x in snapshot.statefulSets {
            _ = add(
                &byUID, path("StatefulSet", x.metadata.namespace, x.metadata.name), x.metadata, desired: x.spec.replicas,
                template: x.spec.template)
        }
        for x in snapshot.daemonSets {
            _ = add(
                &byUID, path("DaemonSet", x.metadata.namespace, x.metadata.name), x.metadata, desired: x.status.desiredNumberScheduled,
                template: x.spec.template)
        }
        for x in snapshot.cronJobs {
            _ = add(
                &byUID, path("CronJob", x.metadata.namespace, x.metadata.name), x.metadata, desired: nil,
                template: x.spec.jobTemplate.spec.template)
        }
        for x in snapshot.jobs {
            if let owner = x.metadata.ownerReferences.first(where: \.controller) {
                if let parent = byUID[owner.uid] ?? workloadByPath[path(of: owner, namespace: x.metadata.namespace)] {
                    if !x.metadata.uid.isEmpty { byUID[x.metadata.uid] = parent }
                    continue
                }
            }
            _ = add(&byUID, path("Job", x.metadata.namespace, x.metadata.name), x.metadata, desired: nil, template: x.spec.template)
        }
        for (r, x) in snapshot.replicaSets.enumerated() {
            let owner = x.metadata.ownerReferences.first(where: \.controller)
            if let owner {
                let known = byUID[owner.uid] ?? workloadByPath[path(of: owner, namespace: x.metadata.namespace)]
                // A Deployment that was not read is known by its ReplicaSets.
                let parent =
                    known
                    ?? add(
                        &byUID, path(of: owner, namespace: x.metadata.namespace), ObjectMeta(named: owner.name, x.metadata.namespace),
                        desired: nil, template: x.spec.template)
                byUID[x.metadata.uid] = parent
                workloads[parent].replicaSets.append(r)
            } else {
                _ = add(
                    &byUID, path("ReplicaSet", x.metadata.namespace, x.metadata.name), x.metadata, desired: x.spec.replicas,
                    template: x.spec.template)
            }
        }
        for i in workloads.indices where workloads[i].replicaSets.count > 1 {
            workloads[i].replicaSets.sort { Revision.number(of: snapshot.replicaSets[$0]) < Revision.number(of: snapshot.replicaSets[$1]) }
        }
        collectPods(&byUID)
        for i in workloads.indices { workloads[i].currentPods = currentPods(workloads[i]) }
    }

    private mutating func collectPods(_ byUID: inout [String: Int]) {
        let pods = snapshot.pods
        workloadOfPod.reserveCapacity(pods.count)
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
            workloadOfPod.append(i)
            workloads[i].allPods.append(p)
            if !health.isEnding, !health.hasSucceeded { workloads[i].pods.append(p) }
        }
    }

    /// The workload that a pod belongs to: added when no object of its own was read.
    private mutating func workload(ofPod pod: Pod, _ owners: [OwnerReference], _ byUID: inout [String: Int]) -> Int {
        let namespace = pod.metadata.namespace
        guard let owner = owners.first(where: \.controller), owner.kind != "Node" else {
            return add(&byUID, path("Pod", namespace, pod.metadata.name), pod.metadata, desired: 1, template: nil)
        }
        if let known = byUID[owner.uid] { return known }
        let parent = Scene.guessedOwner(of: pod, owner)
        let path = path(of: parent, namespace: namespace)
        let i = workloadByPath[path] ?? add(&byUID, path, ObjectMeta(named: parent.name, namespace), desired: nil, template: nil)
        if !owner.uid.isEmpty { byUID[owner.uid] = i }
        return i
    }

    private mutating func add(
        _ byUID: inout [String: Int], _ path: EntityPath, _ metadata: ObjectMeta, desired: Int?, template: PodTemplate?
    ) -> Int {
        let i = workloads.count
        workloads.append(Workload(path: path, desired: desired, template: template, metadata: metadata))
        workloadByPath[path] = i
        workloadsByNamespace[path.namespace, default: []].append(i)
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

    private func currentPods(_ workload: Workload) -> [Int] {
        guard workload.deployment != nil, let newest = workload.replicaSets.last, workload.replicaSets.count > 1 else {
            return workload.pods
        }
        let uid = snapshot.replicaSets[newest].metadata.uid
        return workload.pods.filter { p in snapshot.pods[p].metadata.ownerReferences.contains { $0.uid == uid } }
    }

    private mutating func collectEvents() {
        for (i, event) in snapshot.events.enumerated() {
            let object = event.regarding
            if object.kind == "Pod", event.reason == "BackOff" || event.reason == "Preempted", let dash = object.name.lastIndex(of: "-") {
                if event.reason == "BackOff" { failedReplicaSets.insert("\(object.namespace ?? "")/\(object.name[..<dash])") }
                if event.reason == "Preempted" { preemptionEvents.append(i) }
            }
            if let uid = object.uid, !uid.isEmpty { eventsByObject[uid, default: []].append(i) }
            eventsByObject["\(object.kind)/\(object.namespace ?? "")/\(object.name)", default: []].append(i)
        }
        for key in eventsByObject.keys where (eventsByObject[key]?.count ?? 0) > 1 {
            eventsByObject[key]?.sort { a, b in
                let x = snapshot.events[a], y = snapshot.events[b]
                return (x.lastSeen ?? .distantPast, x.message, x.metadata.name) < (y.lastSeen ?? .distantPast, y.message, y.metadata.name)
            }
        }
    }

    private mutating func findPreemptions() {
        for event in preemptionEvents.map({ snapshot.events[$0] }) {
            // The pod is gone; its name begins with that of its ReplicaSet.
            let (namespace, name) = (event.regarding.namespace ?? "", event.regarding.name)
            let set = String(name[..<(name.lastIndex(of: "-") ?? name.endIndex)])
            let owner =
                workload(kind: "ReplicaSet", namespace: namespace, name: set)
                ?? workload(kind: "StatefulSet", namespace: namespace, name: set)
            if let owner { preemptions[owner.path, default: []].append(event) }
        }
    }

    /// Whether pods of a revision are known to have failed, too.
    func earlierFailures(of set: ReplicaSet) -> Bool { failedReplicaSets.contains("\(set.metadata.namespace)/\(set.metadata.name)") }

    private mutating func collectLabels() {
        for i in workloads.indices {
            let labels =
                workloads[i].template?.metadata.labels ?? workloads[i].allPods.first.map { snapshot.pods[$0].metadata.labels } ?? [:]
            workloads[i].labels = labels
            let namespace = workloads[i].path.namespace
            for (key, value) in labels { workloadsByLabel["\(namespace)/\(key)=\(value)", default: []].append(i) }
        }
        for (j, job) in snapshot.jobs.enumerated() { jobByName["\(job.metadata.namespace)/\(job.metadata.name)"] = j }
    }

    /// Workloads whose pods a selector matches, ascending. An empty selector matches none.
    func workloads(in namespace: String, selectedBy selector: [String: String]) -> [Int] {
        var smallest: [Int]?
        for (key, value) in selector {
            let here = workloadsByLabel["\(namespace)/\(key)=\(value)"] ?? []
            if smallest.map({ here.count < $0.count }) ?? true { smallest = here }
        }
        return (smallest ?? []).filter { i in selector.allSatisfy { workloads[i].labels[$0.key] == $0.value } }
    }

    /// As ``workloads(in:selectedBy:)`` for a Service, by its index; of an external one none.
    func workloads(ofService index: Int) -> [Int] {
        selections.get {
            snapshot.services.map { service in
                service.spec.type == "ExternalName" ? [] : workloads(in: service.metadata.namespace, selectedBy: service.spec.selector)
            }
        }[index]
    }

    func job(_ namespace: String, _ name: String) -> Job? { jobByName["\(namespace)/\(name)"].map { snapshot.jobs[$0] } }

    /// Images that are known to exist, by registry and repository: on nodes, and in templates whose pods run or did.
    func knownImages() -> [String: Set<String>] {
        imagesByRepository.get {
            var known: Set<String> = []
            for node in snapshot.nodes { for image in node.status.images { known.formUnion(image.names) } }
            // A revision that was replaced has run, unless its pods are known to have failed.
            let newest = Set(workloads.compactMap { $0.replicaSets.last })
            for (r, set) in snapshot.replicaSets.enumerated()
            where set.status.readyReplicas > 0 || !newest.contains(r) && !earlierFailures(of: set) {
                known.formUnion(set.spec.template.spec.containers.compactMap(\.image))
            }
            for set in snapshot.statefulSets where set.status.readyReplicas > 0 {
                known.formUnion(set.spec.template.spec.containers.compactMap(\.image))
            }
            for set in snapshot.daemonSets where set.status.numberReady > 0 {
                known.formUnion(set.spec.template.spec.containers.compactMap(\.image))
            }
            return Dictionary(grouping: known, by: { ImageReference($0)?.name ?? "" }).mapValues(Set.init)
        }
    }

    private mutating func collectEndpoints() {
        for slice in snapshot.endpointSlices {
            guard let service = slice.metadata.labels["kubernetes.io/service-name"] else { continue }
            readyEndpoints["\(slice.metadata.namespace)/\(service)", default: 0] += slice.endpoints.count { $0.conditions.ready ?? true }
        }
        // An older server has the older form only.
        guard snapshot.endpointSlices.isEmpty, !snapshot.knows("endpointslices") else { return }
        for endpoints in snapshot.endpoints {
            readyEndpoints["\(endpoints.metadata.namespace)/\(endpoints.metadata.name)"] =
                endpoints.subsets.reduce(0) { $0 + $1.addresses.count }
        }
    }

    private mutating func findSuspects() {
        for i in workloads.indices {
            let isSuspect = isSuspect(i)
            if workloads[i].isSuspect != isSuspect { workloads[i].isSuspect = isSuspect }
            if isSuspect { suspects.append(i) }
        }
        suspects.sort { workloads[$0].path < workloads[$1].path }
    }

    /// Asks by index: a workload is too large to be copied for a look.
    private func isSuspect(_ i: Int) -> Bool {
        let kind = workloads[i].kind
        if kind == "Job" || kind == "CronJob" || (workloads[i].desired ?? 0) > workloads[i].pods.count { return true }
        return workloads[i].pods.contains { !health[$0].isFine }
            || workloads[i].allPods.contains { health[$0].isEnding && PodHealth.isStuckEnding(snapshot.pods[$0], now: now) }
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

/// How a pod is at the first look: taken once, since many rules ask and nearly every pod is fine.
struct PodHealth: Sendable {
    let isReady: Bool
    /// All is as it should be.
    let isFine: Bool
    /// It says what of it is not to be reported.
    let isAnnotated: Bool
    /// It is being deleted.
    let isEnding: Bool

    /// It is over, and ended well.
    let hasSucceeded: Bool

    init(_ pod: Pod) {
        isEnding = pod.isEnding
        isAnnotated = !pod.metadata.annotations.isEmpty && pod.metadata.annotations[IgnoreAnnotations.key] != nil
        isReady = pod.isReady
        let phase = pod.status.phase
        hasSucceeded = phase == "Succeeded"
        isFine = hasSucceeded || isReady && phase == "Running" && pod.allContainersRun
    }

    /// Being deleted for longer than a deletion takes.
    static func isStuckEnding(_ pod: Pod, now: Timestamp) -> Bool {
        guard let deletion = pod.metadata.deletionTimestamp else { return false }
        let grace = Double(pod.metadata.deletionGracePeriodSeconds ?? 30)
        return now > deletion + .seconds(30) || (now - deletion).secondCount + grace > 300
    }
}

/// The revision of a ReplicaSet.
enum Revision {
    static let annotation = "deployment.kubernetes.io/revision"
    static func number(of rs: ReplicaSet) -> Int { rs.metadata.annotations[annotation].flatMap { Int($0) } ?? 0 }
}

extension Timestamp {
    /// Stands for a time that was not said.
    static var distantPast: Timestamp { Timestamp(nanoseconds: 0) }
}
