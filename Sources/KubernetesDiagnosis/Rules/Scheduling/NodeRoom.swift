import Core
import Kubernetes

/// What a node has left beside the pods that are bound to it, as the scheduler counts: by what they request.
struct NodeRoom {
    private let node: Node
    private let pods: [Pod]

    init(_ node: Node, _ scene: Scene) {
        self.node = node
        pods = scene.snapshot.pods.filter {
            $0.spec.nodeName == node.metadata.name && !$0.isEnding && $0.status.phase != "Succeeded" && $0.status.phase != "Failed"
        }
    }

    /// Whether CPU and memory that a pod requests are left.
    func takes(_ pod: Pod) -> Bool {
        ["cpu", "memory"].allSatisfy { resource in
            guard let wanted = Requests.total(of: pod, resource), let all = node.status.allocatable[resource] else { return true }
            let used = pods.reduce(Quantity.zero) { $0 + (Requests.total(of: $1, resource) ?? .zero) }
            return used + wanted <= all
        }
    }
}

enum Requests {
    /// What the scheduler adds up for a pod: containers together, or one init container if that is more.
    static func total(of pod: Pod, _ resource: String) -> Quantity? {
        let sum = pod.spec.containers.compactMap { $0.resources.requests[resource] ?? $0.resources.limits[resource] }.reduce(Quantity.zero)
        { $0 + $1 }
        let start = pod.spec.initContainers.compactMap { $0.resources.requests[resource] }.max() ?? .zero
        let total = max(sum, start)
        return total == .zero ? nil : total
    }
}
