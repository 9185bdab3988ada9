import Core
import Kubernetes

/// Where a fault is made: the objects and the simulation of a twin. Whatever it changes through here can be taken back.
struct FaultScene: Sendable {
    /// One step back.
    enum Undo: Sendable {
        /// Puts a field of an object back.
        case field(ObjectKey, path: [String], JSON?)
        /// Takes away an object that the fault has made.
        case made(ObjectKey)
        case part(SimulationOptions.Part)
        /// Makes a registry answer again as the image file says.
        case pull(ImageReference)
        case trouble(NodeTrouble, node: String)
        /// Makes requests of an object's pods go as before.
        case disturbance(Disturbance?, ObjectKey)
        /// Makes programs of these pods sound again.
        case programs(pods: [String])
        case flaw(Int)
        /// Makes a host outside the cluster answer again.
        case outside(String)
        /// Deletes what a workload has made of its template but for these, with its pods.
        case revisions(ObjectKey, kept: Set<String>)
        /// Lets an object that is being deleted go, whatever holds it.
        case held(ObjectKey)
        /// Puts an object back that the fault has deleted, as it was.
        case deleted(ObjectKey, JSON)
    }

    var store: ObjectStore
    var simulation: Simulation
    let now: Timestamp
    private(set) var undo: [Undo] = []
    /// What a diagnosis must blame, where that is not the target.
    var blamed: String?

    init(store: ObjectStore, simulation: Simulation, now: Timestamp) {
        self.store = store
        self.simulation = simulation
        self.now = now
    }

    // MARK: Breaking

    mutating func stop(_ part: SimulationOptions.Part) {
        simulation.set(part, isRunning: false)
        undo.append(.part(part))
    }

    mutating func trouble(_ trouble: NodeTrouble, node: String) throws(MartletError) {
        guard store.get(ObjectKey(type: .nodes, namespace: "", name: node)) != nil else {
            throw MartletError(.notFound, "there is no Node/\(node)", fix: "kubectl get nodes lists them")
        }
        simulation.set(trouble, of: node, isOn: true)
        undo.append(.trouble(trouble, node: node))
    }

    mutating func set(_ path: [String], to value: JSON?, of key: ObjectKey) throws(MartletError) {
        guard let object = store.get(key) else { throw Self.missing(key) }
        undo.append(.field(key, path: path, object.at(path)))
        write(path, value, key, object)
    }

    /// Changes the pod template of a workload.
    mutating func changeTemplate(of key: ObjectKey, _ change: (inout JSON) throws(MartletError) -> Void) throws(MartletError) {
        guard var template = store.get(key)?["spec"]?["template"] else { throw Self.missing(key) }
        try change(&template)
        try set(["spec", "template"], to: template, of: key)
    }

    /// Changes the first container of a workload's template.
    mutating func changeContainer(of key: ObjectKey, _ change: (inout JSON) throws(MartletError) -> Void) throws(MartletError) {
        try changeTemplate(of: key) { (template) throws(MartletError) in
            var containers = template["spec"]?["containers"]?.array ?? []
            guard !containers.isEmpty else { throw Self.missing(key) }
            try change(&containers[0])
            template[at: "spec", "containers"] = .array(containers)
        }
    }

    /// Makes an object that stands in the way.
    mutating func make(_ object: JSON, _ type: ResourceType, in namespace: String) throws(MartletError) {
        let key = ObjectKey(type: type, namespace: namespace, name: object.metadataName)
        var object = object
        if !namespace.isEmpty { object[at: "metadata", "namespace"] = .string(namespace) }
        do { _ = try store.create(Defaults.apply(object, type: type), type: type, now: now) } catch {
            throw MartletError(
                .conflict, "\(type.kind)/\(key.name) cannot be made: \(error.message)", fix: "take the other fault back first")
        }
        undo.append(.made(key))
    }

    /// Gives the workload new pods, so that what stands in the way of making them shows.
    mutating func replacePods(of key: ObjectKey) throws(MartletError) {
        let time = JSON.string(now.rfc3339())
        try changeTemplate(of: key) { (template) throws(MartletError) in
            template[at: "metadata", "annotations", "twin.martlet/replaced"] = time
        }
    }

    /// Makes the registry answer so for an image.
    mutating func answer(_ pull: BehaviourCatalogue.Pull, for image: ImageReference) {
        simulation.set(pull: pull, of: image)
        undo.append(.pull(image))
    }

    /// Disturbs the requests of an object's pods, or of those on a node.
    mutating func disturb(_ disturbance: Disturbance, _ key: ObjectKey) throws(MartletError) {
        guard store.get(key) != nil else { throw Self.missing(key) }
        undo.append(.disturbance(simulation.disturbance(on: key), key))
        simulation.set(disturbance, on: key)
    }

    /// Changes what the programs of a workload's present pods do. Pods that are made later are sound.
    mutating func spoil(_ key: ObjectKey, _ change: (inout Behaviour) -> Void) throws(MartletError) {
        guard store.get(key) != nil else { throw Self.missing(key) }
        spoil(pods: simulation.pods(of: key, in: store), change)
    }

    /// Changes what the first programs of these pods do.
    mutating func spoil(pods: [String], _ change: (inout Behaviour) -> Void) {
        simulation.spoil(pods, at: now, change)
        undo.append(.programs(pods: pods))
    }

    /// From now on the pods of a workload have programs that do otherwise.
    /// - Parameters:
    ///   - container: which one; nil: the first.
    ///   - image: the only image that does; nil: whichever runs.
    ///   - node: the only node where they do; nil: all.
    mutating func flaw(
        _ key: ObjectKey, container: String? = nil, image: String? = nil, node: String? = nil,
        _ change: @escaping @Sendable (inout Behaviour) -> Void
    ) {
        undo.append(.flaw(simulation.add(flawOf: key, container: container, image: image, node: node, change)))
    }

    /// Changes what the first program of a workload does, in its present pods and in those that it gets, on all nodes or on one.
    mutating func disorder(
        _ key: ObjectKey, node: String? = nil, _ change: @escaping @Sendable (inout Behaviour) -> Void
    ) throws(MartletError) {
        guard store.get(key) != nil else { throw Self.missing(key) }
        let pods = simulation.pods(of: key, in: store)
        spoil(pods: pods.filter { node == nil || simulation.world.pods[$0]?.node == node }, change)
        flaw(key, node: node, change)
    }

    /// Has a Deployment end its old pods before it makes new ones, so that no older revision goes on serving.
    mutating func recreate(_ key: ObjectKey) throws(MartletError) {
        if key.type == .deployments { try set(["spec", "strategy"], to: ["type": "Recreate"], of: key) }
    }

    /// Has a Deployment lose the ReplicaSets that it makes from now on when the fault ends: their pods would keep those away that follow.
    mutating func loseRevisions(of key: ObjectKey) {
        undo.append(.revisions(key, kept: Set(revisions(of: key).map(\.name))))
    }

    func revisions(of key: ObjectKey) -> [ObjectKey] {
        let owner = store.get(key)?.uid
        return store.list(.replicaSets, namespace: key.namespace).filter { $0.controller?["uid"]?.string == owner }.map {
            ObjectKey(type: .replicaSets, namespace: key.namespace, name: $0.metadataName)
        }
    }

    mutating func trouble(_ trouble: OutsideTrouble, host: String) {
        simulation.set(trouble, of: host)
        undo.append(.outside(host))
    }

    /// Deletes an object that something holds, as `kubectl delete --wait=false` does.
    mutating func delete(_ key: ObjectKey, grace: Int? = nil, isRestored: Bool = false) throws(MartletError) {
        guard let object = store.get(key) else { throw Self.missing(key) }
        undo.append(isRestored ? .deleted(key, object) : .held(key))
        _ = try? store.delete(key, options: DeleteOptions(gracePeriodSeconds: grace, propagation: .background), now: now)
    }

    /// SIGKILL to every process of a workload.
    mutating func killAll(of key: ObjectKey) throws(MartletError) {
        guard store.get(key) != nil else { throw Self.missing(key) }
        simulation.kill(simulation.pods(of: key, in: store), at: now)
    }

    /// SIGKILL to the process of a container, in the first pod of the namespace that runs one of this name.
    mutating func kill(_ container: String, namespace: String) { simulation.killContainer(container, namespace: namespace) }

    static func missing(_ key: ObjectKey) -> MartletError {
        MartletError(
            .notFound, "there is no \(key.type.kind)/\(key.name)\(key.namespace.isEmpty ? "" : " in namespace \(key.namespace)")",
            fix: "name an object that the twin has")
    }

    /// Writes a field as a person does who edits the object, with the trace that it leaves.
    mutating func write(_ path: [String], _ value: JSON?, _ key: ObjectKey, _ object: JSON) {
        var changed = object
        changed.set(path[...], value)
        changed[at: "metadata", "resourceVersion"] = nil
        changed = Ownership.edited(changed, old: object, type: key.type, now: now)
        _ = try? store.update(changed, key: key, now: now)
    }
}

extension JSON {
    func at(_ path: [String]) -> JSON? { path.reduce(Optional(self)) { $0?[$1] } }

    mutating func set(_ path: ArraySlice<String>, _ value: JSON?) {
        guard let first = path.first else { return }
        if path.count == 1 { self[first] = value; return }
        var inner = self[first] ?? [:]
        inner.set(path.dropFirst(), value)
        self[first] = inner
    }
}
