import Core
import Kubernetes

/// Which traffic the cluster's NetworkPolicies let through (networking.k8s.io/v1): a pod that no policy selects is open; one that some
/// select takes and sends only what one of them allows. Of ip blocks only those of all addresses are understood: pods have no others.
enum NetworkPolicies {
    typealias Listener = (pod: PodEntry, container: Int)

    /// Those behind a port of a Service that what `source` sends reaches; nil: it comes from outside the cluster.
    static func admitted(
        _ targets: [Listener], from source: PodEntry?, to service: JSON, port: Int, _ world: World
    ) -> [Listener] {
        guard world.store.count(.networkPolicies) > 0 else { return targets }
        return targets.filter { target in
            let port = Network.podPort(of: service, port: port, in: target.pod, world)
            return passes(target.pod, .ingress, other: source, port, world)
                && source.map { passes($0, .egress, other: target.pod, port, world) } ?? true
        }
    }

    private enum Direction {
        case ingress, egress

        var type: String { self == .ingress ? "Ingress" : "Egress" }
        var rules: String { self == .ingress ? "ingress" : "egress" }
        var peers: String { self == .ingress ? "from" : "to" }
    }

    private static func passes(_ pod: PodEntry, _ direction: Direction, other: PodEntry?, _ port: Int, _ world: World) -> Bool {
        let policies = world.store.list(.networkPolicies, namespace: pod.key.namespace).filter { policy in
            let spec = policy["spec"]
            // Without types, a policy is about what comes in, and about what goes out where it has rules for it.
            let types = spec?["policyTypes"]?.array?.compactMap(\.string) ?? (spec?["egress"] == nil ? ["Ingress"] : ["Ingress", "Egress"])
            return types.contains(direction.type) && Selection(spec?["podSelector"] ?? [:])?.matches(pod.labels) == true
        }
        return policies.isEmpty
            || policies.contains { policy in
                (policy["spec"]?[direction.rules]?.array ?? []).contains { rule in
                    allows(rule["ports"], port)
                        && allows(rule[direction.peers], other, home: pod.key.namespace, world)
                }
            }
    }

    private static func allows(_ ports: JSON?, _ port: Int) -> Bool {
        guard let ports = ports?.array, !ports.isEmpty else { return true }
        return ports.contains { item in
            // A name stands for a port of the pod that has it; which it is was found out by the Service.
            guard let first = item["port"]?.int else { return true }
            return (first...max(first, item["endPort"]?.int ?? first)).contains(port)
        }
    }

    private static func allows(_ peers: JSON?, _ other: PodEntry?, home: String, _ world: World) -> Bool {
        guard let peers = peers?.array, !peers.isEmpty else { return true }
        return peers.contains { peer in
            if let block = peer["ipBlock"] { return block["cidr"]?.string == "0.0.0.0/0" }
            guard let other else { return false }
            if let selector = peer["namespaceSelector"] {
                let namespace = world.store.get(ObjectKey(type: .namespaces, namespace: "", name: other.key.namespace))
                guard Selection(selector)?.matches(namespace?.labels ?? [:]) == true else { return false }
            } else if other.key.namespace != home {
                return false
            }
            return Selection(peer["podSelector"] ?? [:])?.matches(other.labels) == true
        }
    }
}
