import Core
import Kubernetes

/// What kubelets report of their nodes: leases and cordons every ten seconds, conditions every five minutes.
enum NodeHeartbeats {
    static let statusPeriod = Duration.seconds(300)

    static func beat(_ world: inout World) {
        for node in world.nodes.names where world.nodes.runsKubelet(node) {
            NodeConditions.noteCordon(node, &world)
            let key = ObjectKey(type: .leases, namespace: "kube-node-lease", name: node)
            if var lease = world.store.get(key) {
                lease[at: "spec", "renewTime"] = world.now.microJSON
                world.write(lease, key)
            } else if let owner = world.store.get(ObjectKey(type: .nodes, namespace: "", name: node)) {
                _ = try? world.create(
                    [
                        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                        "metadata": [
                            "name": .string(node), "namespace": "kube-node-lease",
                            "ownerReferences": [
                                ["apiVersion": "v1", "kind": "Node", "name": .string(node), "uid": .string(owner.uid)]
                            ],
                        ],
                        "spec": ["holderIdentity": .string(node), "leaseDurationSeconds": 40, "renewTime": world.now.microJSON],
                    ], type: .leases)
            }
        }
        if world.now - world.lastNodeStatus >= statusPeriod {
            world.lastNodeStatus = world.now
            for node in world.nodes.names where world.nodes.runsKubelet(node) { NodeConditions.report(node, &world) }
        }
        NodePressure.relieve(&world)
        ControlPlaneLeases.renew(&world)
        world.queue.put(.heartbeats, at: world.now + world.options.leasePeriod)
    }
}
