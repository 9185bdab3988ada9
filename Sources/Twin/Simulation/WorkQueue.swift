import Kubernetes

/// The parts of the control plane, in the order in which ties are worked off.
enum Controller: Int, Sendable, Hashable {
    case namespace, serviceAccount, roleAggregation, garbageCollector, deployment, replicaSet, statefulSet, daemonSet, job, cronJob,
        scheduler, kubelet,
        endpoints,
        disruption, volumeBinding, autoscaler, quota, nodeTaints, taintEviction, podCollector, node, apiService
}

struct Work: Sendable, Hashable {
    let controller: Controller
    let key: ObjectKey
}

/// Keys to reconcile, each once, in the order in which they came.
struct WorkQueue: Sendable {
    private var items: [Work] = []
    private var head = 0
    private var waiting: Set<Work> = []

    var isEmpty: Bool { head == items.count }

    mutating func add(_ work: Work) {
        if waiting.insert(work).inserted { items.append(work) }
    }

    mutating func next() -> Work? {
        guard head < items.count else { return nil }
        let work = items[head]
        head += 1
        waiting.remove(work)
        if head > 1024, head * 2 > items.count {
            items.removeFirst(head)
            head = 0
        }
        return work
    }
}
