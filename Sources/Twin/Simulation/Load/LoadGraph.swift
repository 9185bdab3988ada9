import Core
import Kubernetes

/// Who calls whom, as far as load reaches: the ports of Services that are called, the containers behind them, and what these call.
struct LoadGraph: Sendable {
    /// A port of a Service.
    struct Group: Sendable {
        let service: ObjectKey
        let port: Int
        /// What reaches it from outside the cluster.
        let shape: LoadShape?
        var backends: [Int] = []
    }

    /// A container that serves.
    struct Backend: Sendable {
        let pod: String
        let container: Int
        let node: String
        let behaviour: Behaviour
        let disturbance: Disturbance
        /// Cores; nil: no limit.
        let limit: Double?
        /// Its weight where the node's CPU is scarce: requested cores.
        let weight: Double
        var calls: [Call] = []
    }

    struct Call: Sendable {
        /// nil: outside the cluster, or nowhere.
        let group: Int?
        let address: String
        let settings: Behaviour.Call
        /// Why nobody is there, in the words of the network library.
        let refusal: String?
        /// By how much what is outside the cluster answers later than it should.
        var delay = Duration.zero
    }

    private(set) var groups: [Group] = []
    private(set) var backends: [Backend] = []
    /// Groups that lead to each backend.
    private(set) var entrances: [[Int]] = []
    /// Backends, callers before those that they call; where calls go in a circle, from where it was entered.
    private(set) var order: [Int] = []
    /// Cores of each node that pods may use.
    private(set) var cores: [String: Double] = [:]

    var isEmpty: Bool { groups.isEmpty }

    /// The graph that the load on Services spans at this moment.
    static func of(_ world: World) -> LoadGraph {
        var builder = Builder(world: world)
        for service in world.store.list(.services, namespace: nil) {
            guard let text = service["metadata"]?["annotations"]?[LoadShape.annotation]?.string,
                let shape = try? LoadShape(yaml: text, place: LoadShape.annotation),
                let port = service["spec"]?["ports"]?.array?.first?["port"]?.int
            else { continue }
            builder.enter(service, port: port, shape: shape)
        }
        return builder.finished()
    }

    private struct Builder {
        let world: World
        var graph = LoadGraph()
        private var known: [String: Int] = [:]
        private var places: [String: Int] = [:]
        /// Many call the same: why a Service does not answer on a port is found out once.
        private var refusals: [String: String?] = [:]
        private var visited: Set<Int> = []
        private var finishedLast: [Int] = []

        init(world: World) { self.world = world }

        /// The group of a Service's port, made with all that lies behind it when it is met for the first time.
        @discardableResult
        mutating func enter(_ service: JSON, port: Int, shape: LoadShape? = nil) -> Int {
            let key = ObjectKey(type: .services, namespace: service.metadataNamespace, name: service.metadataName)
            let id = "\(key.namespace)/\(key.name):\(port)"
            if let index = known[id] {
                guard let shape, graph.groups[index].shape == nil else { return index }
                let group = graph.groups[index]
                graph.groups[index] = Group(service: key, port: port, shape: shape, backends: group.backends)
                return index
            }
            let index = graph.groups.count
            known[id] = index
            graph.groups.append(Group(service: key, port: port, shape: shape))
            let found = Network.listeners(of: service, port: port, world)
            // What comes from outside the cluster is no pod that a policy could name.
            let open = shape == nil ? found : NetworkPolicies.admitted(found, from: nil, to: service, port: port, world)
            for (pod, container) in open {
                guard let worker = world.pods[pod.uid] else { continue }
                let backend = place(worker, pod, container)
                graph.groups[index].backends.append(backend)
                graph.entrances[backend].append(index)
                visit(backend, worker)
            }
            return index
        }

        private mutating func place(_ worker: PodWorker, _ pod: PodEntry, _ i: Int) -> Int {
            let id = "\(worker.uid)/\(i)"
            if let index = places[id] { return index }
            places[id] = graph.backends.count
            let container = worker.containers[i]
            let resources = container.spec["resources"]
            let limit = Double(Amount.milli(resources?["limits"]?["cpu"])) / 1000
            graph.backends.append(
                Backend(
                    pod: worker.uid, container: i, node: worker.node, behaviour: container.behaviour,
                    disturbance: world.disturbance(of: pod), limit: limit > 0 ? limit : nil,
                    weight: max(0.002, Double(Amount.milli(resources?["requests"]?["cpu"])) / 1000)))
            graph.entrances.append([])
            return graph.backends.count - 1
        }

        /// Depth first: what it calls is finished before it is.
        private mutating func visit(_ backend: Int, _ worker: PodWorker) {
            guard visited.insert(backend).inserted else { return }
            let container = worker.containers[graph.backends[backend].container]
            let needsEnvironment = container.behaviour.calls.contains { $0.env != nil }
            let environment = needsEnvironment ? (try? Environment.of(container.spec, in: worker, world)) ?? [:] : [:]
            for call in container.behaviour.calls {
                guard let address = call.env.flatMap({ environment[$0] }) ?? call.address else {
                    let why = "no address is configured"
                    graph.backends[backend].calls.append(Call(group: nil, address: call.env ?? "", settings: call, refusal: why))
                    continue
                }
                var group: Int?
                var refusal: String?
                var delay = Duration.zero
                switch Network.destination(of: address, from: worker, world) {
                case .outside:
                    if case .slow(let time)? = PeerAddress(address).flatMap({ world.load.outside[$0.host] }) { delay = time }
                case .nowhere(let why): refusal = why
                case .service(let service, let port):
                    // Where there are network policies, it hangs on who asks.
                    let asker = world.store.count(.networkPolicies) == 0 ? "" : worker.uid
                    let id = "\(service.metadataNamespace)/\(service.metadataName):\(port) \(asker)"
                    refusal = refusals[id] ?? Network.refusal(of: service, port: port, to: worker, world)
                    refusals[id] = .some(refusal)
                    if refusal == nil { group = enter(service, port: port) }
                }
                graph.backends[backend].calls.append(
                    Call(group: group, address: address, settings: call, refusal: refusal, delay: delay))
            }
            finishedLast.append(backend)
        }

        /// Cores that containers of a node use which no load reaches.
        private func burnt(on node: String) -> Double {
            world.index.pods(onNode: node).reduce(0) { sum, pod in
                guard let worker = world.pods[pod.uid] else { return sum }
                let idle = worker.containers.indices.filter { worker.containers[$0].isRunning && places["\(worker.uid)/\($0)"] == nil }
                return sum + idle.reduce(0) { $0 + worker.containers[$1].cpuInUse }
            }
        }

        func finished() -> LoadGraph {
            var graph = graph
            graph.order = finishedLast.reversed()
            for node in world.nodes.all {
                let stolen = world.load.disturbances[ObjectKey(type: .nodes, namespace: "", name: node.name)]?.stolenCPU ?? 0
                graph.cores[node.name] = max(0.05, Double(node.allocatable.cpu) / 1000 - stolen - burnt(on: node.name))
            }
            return graph
        }
    }
}

extension World {
    /// A pod, what owns it, and what owns that.
    func lineage(of pod: PodEntry, in store: ObjectStore) -> [ObjectKey] {
        var keys = [pod.key]
        var owner = pod.owner
        while let uid = owner, let key = index.uids[uid], !keys.contains(key) {
            keys.append(key)
            owner = store.get(key)?.controller?["uid"]?.string
        }
        return keys
    }

    /// All that disturbs a pod: faults of itself, of what owns it, and of its node.
    fileprivate func disturbance(of pod: PodEntry) -> Disturbance {
        guard !load.disturbances.isEmpty else { return Disturbance() }
        var result = lineage(of: pod, in: store).compactMap { load.disturbances[$0] }.reduce(Disturbance()) { $0.joined($1) }
        if let node = load.disturbances[ObjectKey(type: .nodes, namespace: "", name: pod.node)] {
            result = result.joined(Disturbance(latency: node.latency, errorShare: node.errorShare))
        }
        return result
    }
}
