import Core
import Kubernetes

/// What is wrong with the programs of a workload while a fault lasts: with one container of each pod that it gets from now on.
struct Flaw: Sendable {
    let id: Int
    /// What owns the pods, at whatever remove.
    let owner: ObjectKey
    /// The name of the container; nil: the first that is no init container.
    let container: String?
    /// The only image that has it; nil: whichever runs.
    let image: String?
    /// The only node whose pods have it; nil: all.
    let node: String?
    let change: @Sendable (inout Behaviour) -> Void

    /// Gives a pod that a kubelet takes in the flaws of what owns it.
    static func mark(_ worker: inout PodWorker, _ world: World) {
        guard !world.flaws.isEmpty, let entry = world.index.pods[worker.key] else { return }
        let owners = world.lineage(of: entry, in: world.store)
        for flaw in world.flaws where owners.contains(flaw.owner) {
            let found = flaw.container.map { name in worker.containers.firstIndex { $0.name == name } } ?? worker.mainContainers.first
            guard let i = found, flaw.node == nil || flaw.node == worker.node, flaw.image == nil || flaw.image == worker.containers[i].image
            else { continue }
            if worker.containers[i].sound == nil {
                worker.containers[i].sound = (worker.containers[i].behaviour, worker.containers[i].described)
            }
            flaw.change(&worker.containers[i].behaviour)
        }
    }
}

extension Simulation {
    /// From now on the pods of `owner` have a flaw; gives its number.
    mutating func add(
        flawOf owner: ObjectKey, container: String?, image: String?, node: String?, _ change: @escaping @Sendable (inout Behaviour) -> Void
    ) -> Int {
        let id = (world.flaws.last?.id ?? 0) + 1
        world.flaws.append(Flaw(id: id, owner: owner, container: container, image: image, node: node, change: change))
        return id
    }

    /// Ends a flaw: the pods that have it are sound again.
    mutating func remove(flaw id: Int, in store: ObjectStore, at now: Timestamp) {
        guard let place = world.flaws.firstIndex(where: { $0.id == id }) else { return }
        mend(pods(of: world.flaws.remove(at: place).owner, in: store), at: now)
    }
}
