import Core
import Kubernetes

/// The leases by which the parts of the control plane show that they run (client-go tools/leaderelection): that of a part which is down
/// keeps the time of its last renewal.
enum ControlPlaneLeases {
    private static let holders: [(part: SimulationOptions.Part, lease: String)] = [
        (.controllers, "kube-controller-manager"), (.scheduler, "kube-scheduler"),
    ]

    /// A real part renews its lease every two seconds. Here it is done with those of the nodes, which is within its 15 seconds and spares
    /// the history of the store.
    static func renew(_ world: inout World) {
        for (part, name) in holders where world.runs(part) {
            let key = ObjectKey(type: .leases, namespace: "kube-system", name: name)
            if var lease = world.store.get(key) {
                lease[at: "spec", "renewTime"] = world.now.microJSON
                world.write(lease, key)
            } else {
                _ = try? world.create(
                    [
                        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                        "metadata": ["name": .string(name), "namespace": "kube-system"],
                        "spec": [
                            "holderIdentity": .string("control-plane_\(name)"), "leaseDurationSeconds": 15,
                            "acquireTime": world.now.microJSON, "renewTime": world.now.microJSON, "leaseTransitions": 0,
                        ],
                    ], type: .leases)
            }
        }
    }
}
