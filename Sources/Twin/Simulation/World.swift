import Core
import Kubernetes

/// All that the controllers, the scheduler and the kubelets share: the objects, the time, what is due. A value, so that a
/// simulation can be copied and run ahead.
struct World: Sendable {
    let options: SimulationOptions
    var now = Timestamp(nanoseconds: 0)
    var store = ObjectStore()
    var index = ClusterIndex()
    var queue = EventQueue()
    var work = WorkQueue()
    var recorder = EventRecorder()
    var generator: SeededGenerator
    /// The kubelets' own memory of the pods that they run, by pod uid.
    var pods: [String: PodWorker] = [:]
    var workers: [ObjectKey: String] = [:]
    var nodes = NodeTable()
    var scheduling = SchedulingQueue()
    var load = LoadTable()
    /// What registries answer in spite of the image file, by canonical reference.
    var pulls: [String: BehaviourCatalogue.Pull] = [:]
    /// What is wrong with the programs of workloads, in the order in which it was said.
    var flaws: [Flaw] = []
    /// What is wrong with nodes, by name.
    var troubles: [String: Set<NodeTrouble>] = [:]
    /// Nodes whose kubelet has said that they are unschedulable.
    var cordoned: Set<String> = []
    /// The version up to which the changes of the store are known here.
    var seen: Int64 = 0
    /// What has become of the pods of Jobs that run.
    var jobs: [ObjectKey: JobTally] = [:]
    /// Since when pods have tolerated a taint that would evict them, by uid.
    var evictions: [String: Timestamp] = [:]
    /// When the volumes of claims will be there that are being provisioned, by uid.
    var provisioning: [String: Timestamp] = [:]
    /// What the autoscaler controller remembers, by uid.
    var autoscalers: [String: Autoscaler.Memory] = [:]
    /// Failed attempts in a row, by object.
    var retries: [ObjectKey: Int] = [:]

    var hasBegun = false
    /// Parts that run now.
    var parts: Set<SimulationOptions.Part>
    var isResyncing = false
    var isReleasing = false
    var pendingEndpoints: Set<ObjectKey> = []
    /// Owners of many pods that are looked at shortly, once for many changes.
    var pendingOwners: Set<ObjectKey> = []
    /// Which Services select a pod.
    var services = SelectorIndex()
    var lastNodeStatus = Timestamp(nanoseconds: 0)

    init(options: SimulationOptions) {
        self.options = options
        parts = options.parts
        generator = SeededGenerator(seed: options.seed &+ 0x5EED)
    }

    /// What the registry of an image answers.
    func pull(_ image: ImageReference) -> BehaviourCatalogue.Pull { pulls[image.canonical] ?? options.catalogue.pull(image) }

    // MARK: Time

    /// A duration between two bounds, from the seed.
    mutating func jitter(_ low: Double, _ high: Double) -> Duration {
        .nanoseconds(Int64((low + (high - low) * generator.unit()) * 1e9))
    }

    mutating func enqueue(_ controller: Controller, _ key: ObjectKey) { work.add(Work(controller: controller, key: key)) }

    mutating func enqueue(_ controller: Controller, _ key: ObjectKey, after delay: Duration) {
        queue.put(.work(Work(controller: controller, key: key)), at: now + delay)
    }

    // MARK: Objects

    /// Creates through admission, as a client of the API server would.
    @discardableResult
    mutating func create(_ object: JSON, type: ResourceType) throws(APIFailure) -> JSON {
        var admitted = try options.admit(object, type, &store)
        if Ownership.isRecorded(type) {
            // The fields are its maker's as they came in; what admission adds belongs to nobody.
            let owned = Ownership.recorded(Defaults.apply(object, type: type), old: nil, type: type, subresource: "", now: now)
            if let managers = owned[at: "metadata", "managedFields"] { admitted[at: "metadata", "managedFields"] = managers }
        }
        return try store.create(admitted, type: type, now: now)
    }

    /// Writes the status; a lost race is impossible, a vanished object is no error.
    mutating func writeStatus(_ object: JSON, _ key: ObjectKey) { _ = try? store.update(object, key: key, subresource: .status, now: now) }

    /// Writes all but the status. `subresource`: under which the real controller writes this, and owns it.
    mutating func write(_ object: JSON, _ key: ObjectKey, as subresource: String = "") {
        let recorded = Ownership.recorded(object, old: store.get(key), type: key.type, subresource: subresource, now: now)
        _ = try? store.update(recorded, key: key, subresource: nil, now: now)
    }

    mutating func delete(_ key: ObjectKey, grace: Int? = nil, propagation: DeleteOptions.Propagation? = .background) {
        _ = try? store.delete(key, options: DeleteOptions(gracePeriodSeconds: grace, propagation: propagation), now: now)
    }
}
