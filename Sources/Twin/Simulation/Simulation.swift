package import Core
import Kubernetes

/// Kubernetes' controllers, scheduler and kubelets over an ``ObjectStore``, on virtual time: a deterministic simulation of discrete
/// events. A value: a copy can be run ahead without the original noticing.
package struct Simulation: ClusterSimulation {
    package var isLive: Bool { true }

    var world: World

    package init(options: SimulationOptions = SimulationOptions()) { world = World(options: options) }

    /// When something is due next.
    package var nextWake: Timestamp? { world.work.isEmpty ? world.queue.next : min(world.now, world.queue.next ?? world.now) }

    /// Runs everything that is due until `now`, in order, with all that follows from it and from changes of the store.
    package mutating func advance(to now: Timestamp, store: inout ObjectStore) {
        // The store moves in and out, so that it is never copied.
        swap(&world.store, &store)
        defer { swap(&world.store, &store) }
        if !world.hasBegun { world.begin(at: now) }
        while let (time, due) = world.queue.pop(until: now) {
            world.now = max(world.now, time)
            world.handle(due)
            world.settle()
        }
        world.now = max(world.now, now)
        world.settle()
        while let (_, due) = world.queue.pop(until: now) {
            world.handle(due)
            world.settle()
        }
    }

    // MARK: What programs say and use

    /// The log of a container, as the API gives it.
    package func log(
        namespace: String, pod: String, container: String, previous: Bool = false, tail: Int? = nil, since: Timestamp? = nil
    ) -> LogAnswer {
        world.log(namespace: namespace, pod: pod, container: container, previous: previous, tail: tail, since: since)
    }

    /// What the pod exposes in Prometheus' text format; empty for a pod that runs nowhere.
    package func prometheusText(of pod: (namespace: String, name: String)? = nil) -> String {
        let workers =
            if let pod {
                [world.worker(pod.namespace, pod.name)].compactMap(\.self)
            } else {
                world.workers.keys.sorted().compactMap { world.worker($0.namespace, $0.name) }
            }
        var page = ExpositionText()
        PrometheusText.write(workers, now: world.now, to: &page)
        return page.text
    }

    /// PodMetrics objects of metrics.k8s.io/v1beta1, in the order of namespaces and names; of one pod where `name` is given.
    package func podMetrics(namespace: String?, name: String? = nil) -> [JSON] {
        world.workers.keys.filter { (namespace == nil || $0.namespace == namespace) && (name == nil || $0.name == name) }.sorted()
            .compactMap { key in
                world.worker(key.namespace, key.name).flatMap {
                    ResourceMetrics.pod($0, labels: world.index.pods[key]?.labels ?? [:], now: world.now)
                }
            }
    }

    /// NodeMetrics objects of metrics.k8s.io/v1beta1, in the order of names.
    package func nodeMetrics(name: String? = nil) -> [JSON] {
        world.nodes.names.filter { (name == nil || $0 == name) && world.nodes.runsKubelet($0) }.map { node in
            ResourceMetrics.node(
                node, world.index.pods(onNode: node).compactMap { world.pods[$0.uid] }, now: world.now)
        }
    }

    // MARK: Faults

    /// Starts or stops a part of the control plane, as if its process came or went.
    package mutating func set(_ part: SimulationOptions.Part, isRunning: Bool) {
        if isRunning { world.parts.insert(part) } else { world.parts.remove(part) }
        // What was missed is looked at again.
        if isRunning { world.isResyncing = true }
    }

    /// Starts or stops the kubelet of a node: its containers go on, nobody looks after them, and the node falls silent.
    package mutating func setKubelet(of node: String, isRunning: Bool) {
        world.nodes.setKubelet(node, isRunning: isRunning)
        world.queue.put(.nodeMonitor, at: world.now + (isRunning ? .zero : NodeMonitor.grace))
    }

    /// Something begins or ends to be wrong with a node.
    mutating func set(_ trouble: NodeTrouble, of node: String, isOn: Bool) {
        world.load.changedAt = world.now
        if trouble == .silent { return setKubelet(of: node, isRunning: !isOn) }
        if isOn { world.troubles[node, default: []].insert(trouble) } else { world.troubles[node]?.remove(trouble) }
        // A kubelet takes its runtime as down after half a minute without an answer (kubelet/runtime.go, baseRuntimeSyncThreshold).
        let delay = trouble == .runtimeDown && isOn ? Duration.seconds(30) : .zero
        world.queue.put(.trouble(trouble, node: node, isOn: isOn), at: world.now + delay)
    }

    /// Makes a registry answer so for an image; nil: again as the image file says.
    mutating func set(pull: BehaviourCatalogue.Pull?, of image: ImageReference) { world.pulls[image.canonical] = pull }

    /// SIGKILL, from outside, to the process of the first running container of this name in a namespace.
    mutating func killContainer(_ container: String, namespace: String) {
        for entry in world.index.pods(inNamespace: namespace) {
            guard var worker = world.pods[entry.uid],
                let i = worker.containers.firstIndex(where: { $0.name == container && $0.isRunning })
            else { continue }
            Lifecycle.kill(&worker, i, &world)
            world.pods[entry.uid] = worker
            return
        }
    }
}

extension World {
    mutating func begin(at time: Timestamp) {
        hasBegun = true
        now = time
        lastNodeStatus = time
        readChanges()
        if runs(.nodeLeases) { queue.put(.heartbeats, at: time) }
        queue.put(.unschedulableFlush, at: time + SchedulingLoop.flushPeriod)
        queue.put(.eventExpiry, at: time + EventRecorder.lifetime)
    }

    func runs(_ part: SimulationOptions.Part) -> Bool { parts.contains(part) }

    func worker(_ namespace: String, _ pod: String) -> PodWorker? {
        workers[ObjectKey(type: .pods, namespace: namespace, name: pod)].flatMap { pods[$0] }
    }

    /// Works off changes and what they ask for until nothing is left at this instant.
    mutating func settle() {
        if isResyncing {
            isResyncing = false
            resync()
        }
        readChanges()
        while let item = work.next() {
            perform(item)
            readChanges()
        }
    }

    mutating func handle(_ due: Due) {
        switch due {
        case .pod(let uid, let step, let epoch): Kubelet.handle(uid, step, epoch: epoch, &self)
        case .work(let item): work.add(item)
        case .trouble(let trouble, let node, let isOn): NodePressure.turn(trouble, of: node, isOn: isOn, &self)
        case .heartbeats: NodeHeartbeats.beat(&self)
        case .nodeMonitor: NodeMonitor.look(&self)
        case .eventExpiry: expireEvents()
        case .load: stepLoad()
        case .unschedulableFlush:
            if !isReleasing { queue.put(.unschedulableFlush, at: now + SchedulingLoop.flushPeriod) }
            isReleasing = false
            scheduling.wake()
            if runs(.scheduler) { retryPods() }
        case .schedulingBackOff: if runs(.scheduler) { retryPods() }
        }
    }

    private mutating func retryPods() {
        let (due, next) = scheduling.release(now: now) { index.pods[$0]?.priority ?? 0 }
        for key in due { enqueue(.scheduler, key) }
        if let next { queue.put(.schedulingBackOff, at: next) }
    }

    private mutating func perform(_ item: Work) {
        let key = item.key
        switch item.controller {
        case .scheduler: if runs(.scheduler) { SchedulingLoop.reconcile(key, &self) }
        case .kubelet: if runs(.kubelets) { Kubelet.reconcile(key, &self) }
        case .node: if runs(.kubelets) { NodeConditions.report(key.name, &self) }
        case .apiService: APIServiceAvailability.reconcile(key, &self)
        case _ where !runs(.controllers): break
        case .namespace: NamespaceController.reconcile(key, &self)
        case .garbageCollector: GarbageCollector.reconcile(key, &self)
        case .deployment: DeploymentController.reconcile(key, &self)
        case .replicaSet: ReplicaSetController.reconcile(key, &self)
        case .statefulSet: StatefulSetController.reconcile(key, &self)
        case .daemonSet: DaemonSetController.reconcile(key, &self)
        case .job: JobController.reconcile(key, &self)
        case .endpoints: EndpointsController.reconcile(key, &self)
        case .disruption: DisruptionController.reconcile(key, &self)
        case .volumeBinding: VolumeBinding.reconcile(key, &self)
        case .autoscaler: AutoscalerController.reconcile(key, &self)
        case .cronJob: CronJobController.reconcile(key, &self)
        case .quota: QuotaController.reconcile(key, &self)
        case .nodeTaints: NodeTaints.reconcile(key, &self)
        case .taintEviction: TaintEviction.reconcile(key, &self)
        case .podCollector: PodCollector.reconcile(key, &self)
        case .serviceAccount: TokenSecrets.reconcile(key, &self)
        case .roleAggregation: RoleAggregation.reconcile(key, &self)
        }
    }

    /// Looks at every object again.
    private mutating func resync() {
        let parts: [(ResourceType, Controller)] = [
            (.namespaces, .namespace), (.deployments, .deployment), (.replicaSets, .replicaSet), (.statefulSets, .statefulSet),
            (.daemonSets, .daemonSet), (.jobs, .job), (.services, .endpoints), (.podDisruptionBudgets, .disruption),
            (.persistentVolumeClaims, .volumeBinding), (.cronJobs, .cronJob), (.resourceQuotas, .quota), (.nodes, .nodeTaints),
        ]
        for (type, controller) in parts {
            for object in store.list(type, namespace: nil) {
                enqueue(controller, ObjectKey(type: type, namespace: object.metadataNamespace, name: object.metadataName))
            }
        }
        for key in index.pods.keys.sorted() { enqueue(index.pods[key]?.node.isEmpty == true ? .scheduler : .kubelet, key) }
    }
}
