import Core
import Kubernetes

/// A snapshot with the indices that rules ask: built once, in time linear in the number of objects.
///
/// Healthy pods cost one look each; rules see only what is not fine (``suspects``).
struct Scene: Sendable {
    let snapshot: KubernetesSnapshot
    let now: Timestamp
    let names: EntityNames
    let index: WorkloadIndex
    /// Indices of workloads with pods or conditions that are not fine, in the order of their paths.
    let suspects: [Int]
    let eventIndex: EventIndex
    let podByUID: Lazily<[String: Int]>
    private let podByAddress = Lazily<[String: Int]>()
    let serviceByName: [String: Int]
    let configMapByName: [String: Int]
    let nodeByName: [String: Int]
    private let jobByName: Lazily<[String: Int]>
    let imagesByRepository: Lazily<[String: Set<String>]>
    /// Workloads that each Service selects, by its index.
    let selections: Lazily<[[Int]]>
    /// Ready endpoints of each Service, by `namespace/name`.
    private(set) var readyEndpoints: [String: Int] = [:]
    /// Preemptions by the workload that lost a pod, oldest first.
    private(set) var preemptions: [EntityPath: [Event]] = [:]

    /// `earlier` is a look at the same cluster at another time: what has not changed since is not looked at again, with the same result.
    init(_ snapshot: KubernetesSnapshot, after earlier: Scene? = nil) {
        self.snapshot = snapshot
        now = snapshot.time
        names = EntityNames(cluster: snapshot.cluster)
        let earlier = earlier.flatMap { $0.snapshot.cluster == snapshot.cluster ? EarlierScene($0, for: snapshot) : nil }
        serviceByName = earlier?.serviceByName ?? Scene.index(snapshot.services)
        configMapByName = earlier?.configMapByName ?? Scene.index(snapshot.configMaps)
        nodeByName = earlier?.nodeByName ?? Scene.index(snapshot.nodes)
        eventIndex = earlier?.eventIndex ?? EventIndex(snapshot.events)
        podByUID = earlier?.podByUID ?? Lazily()
        imagesByRepository = earlier?.imagesByRepository ?? Lazily()
        let changedPods = earlier?.changedPods
        selections = earlier?.selections(changedPods) ?? Lazily()
        jobByName = changedPods == nil ? Lazily() : earlier?.scene.jobByName ?? Lazily()
        var index: WorkloadIndex
        if let earlier, let changedPods {
            index = earlier.scene.index
            index.follow(changedPods, in: snapshot)
        } else {
            index = WorkloadIndex(snapshot)
        }
        suspects = index.findSuspects(in: snapshot)
        self.index = index
        findPreemptions()
        if let endpoints = earlier?.readyEndpoints { readyEndpoints = endpoints } else { collectEndpoints() }
    }

    private static func index(_ objects: [some KubernetesResource]) -> [String: Int] {
        Dictionary(
            objects.enumerated().map { place, object in
                let at = object.place
                return ("\(at.namespace)/\(at.name)", place)
            }, uniquingKeysWith: { a, _ in a })
    }

    // MARK: Paths

    func path(_ kind: String, _ namespace: String, _ name: String) -> EntityPath { names.path(kind, namespace, name) }

    // MARK: Looking up

    var workloads: [Workload] { index.workloads }
    /// Of each pod, by its index.
    var health: [PodHealth] { index.health }

    func service(_ namespace: String, _ name: String) -> Service? { serviceByName["\(namespace)/\(name)"].map { snapshot.services[$0] } }
    func configMap(_ namespace: String, _ name: String) -> ConfigMap? {
        configMapByName["\(namespace)/\(name)"].map { snapshot.configMaps[$0] }
    }
    func node(_ name: String) -> Node? { nodeByName["/\(name)"].map { snapshot.nodes[$0] } }
    func podIndex(uid: String) -> Int? {
        podByUID.get { Dictionary(snapshot.pods.enumerated().map { ($1.place.uid, $0) }, uniquingKeysWith: { $1 }) }[uid]
    }
    /// A Service that leads to the pod of an address; none for addresses of nodes.
    func service(ofPodAddress address: String) -> Service? {
        let pods = podByAddress.get {
            Dictionary(
                snapshot.pods.enumerated().compactMap { p, pod in
                    guard let own = pod.status.podIP, own != pod.status.hostIP, !health[p].isEnding, !health[p].hasSucceeded else {
                        return nil
                    }
                    return (own, p)
                }, uniquingKeysWith: { $1 })
        }
        guard let p = pods[address] else { return nil }
        let workload = index.ofPod[p]
        return snapshot.services.first {
            $0.metadata.namespace == snapshot.pods[p].metadata.namespace && workloads(behind: $0).contains(workload)
        }
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
    func workload(at path: EntityPath) -> Workload? { index.byPath[path].map { workloads[$0] } }
    func workloads(in namespace: String) -> [Int] { index.byNamespace[namespace] ?? [] }
    func workload(ofPod pod: Int) -> Workload { workloads[index.ofPod[pod]] }

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
            return workload(at: names.path(of: owner, namespace: namespace)) ?? workload(at: path(kind, namespace, name))
        }
        return workload(at: path(kind, namespace, name))
    }

    func workload(ofReplicaSet rs: ReplicaSet) -> Workload? {
        let owner = rs.metadata.ownerReferences.first(where: \.controller)
        return workload(
            at: owner.map { names.path(of: $0, namespace: rs.metadata.namespace) }
                ?? path("ReplicaSet", rs.metadata.namespace, rs.metadata.name))
    }

    /// Events about an object, oldest first.
    func events(about metadata: ObjectMeta, kind: String) -> [Event] {
        let byUID = metadata.uid.isEmpty ? nil : eventIndex.byObject[metadata.uid]
        return (byUID ?? eventIndex.byObject["\(kind)/\(metadata.namespace)/\(metadata.name)"] ?? []).map { snapshot.events[$0] }
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

    private mutating func findPreemptions() {
        for event in eventIndex.preemptions.map({ snapshot.events[$0] }) {
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
    func earlierFailures(of set: ReplicaSet) -> Bool {
        eventIndex.failedReplicaSets.contains("\(set.metadata.namespace)/\(set.metadata.name)")
    }

    /// Workloads whose pods a Service selects, by their templates, ascending; of an external one none.
    func workloads(behind service: Service) -> [Int] {
        guard let place = serviceByName["\(service.metadata.namespace)/\(service.metadata.name)"] else { return [] }
        return selections.get {
            snapshot.services.map { service in
                service.spec.type == "ExternalName" ? [] : index.selected(by: service.spec.selector, in: service.metadata.namespace)
            }
        }[place]
    }

    func job(_ namespace: String, _ name: String) -> Job? {
        jobByName.get { Scene.index(snapshot.jobs) }["\(namespace)/\(name)"].map { snapshot.jobs[$0] }
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
