import Core
import Kubernetes

/// What kubelets report of their nodes: leases every ten seconds, conditions every five minutes.
enum NodeHeartbeats {
    static let statusPeriod = Duration.seconds(300)

    static func beat(_ world: inout World) {
        for node in world.nodes.names where world.nodes.runsKubelet(node) {
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
            for node in world.nodes.names where world.nodes.runsKubelet(node) { report(node, &world) }
        }
        world.queue.put(.heartbeats, at: world.now + world.options.leasePeriod)
    }

    /// The four conditions of a node that is well, where it has none or they are old.
    static func report(_ node: String, _ world: inout World) {
        let key = ObjectKey(type: .nodes, namespace: "", name: node)
        guard var object = world.store.get(key) else { return }
        let before = object["status"]?["conditions"]?.array ?? []
        let well = [
            ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            ("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
        ]
        var conditions: [JSON] = []
        for (type, status, reason, message) in well {
            let old = before.first { $0["type"]?.string == type }
            // What is not well stays so until whoever made it so takes it back.
            if var old, old["status"]?.string != status, old["status"]?.string != "Unknown" {
                old["lastHeartbeatTime"] = world.now.json
                conditions.append(old)
                continue
            }
            conditions.append([
                "type": .string(type), "status": .string(status), "lastHeartbeatTime": world.now.json,
                "lastTransitionTime": old?["status"]?.string == status ? old?["lastTransitionTime"] ?? world.now.json : world.now.json,
                "reason": .string(reason), "message": .string(message),
            ])
        }
        let known = Set(well.map(\.0))
        conditions += before.filter { !known.contains($0["type"]?.string ?? "") }
        object[at: "status", "conditions"] = .array(conditions)
        world.writeStatus(object, key)
    }
}
