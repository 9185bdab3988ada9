import Core
import Kubernetes

/// What a cluster holds before anybody has made anything.
enum Bootstrap {
    static func populate(_ store: inout ObjectStore, options: TwinOptions) {
        complete(&store, now: options.start)
        for number in 1...max(1, options.nodes) { put(node(number, options), .nodes, &store, options.start) }
    }

    /// The namespaces, accounts and roles that every cluster has; what is there already stays.
    static func complete(_ store: inout ObjectStore, now: Timestamp) {
        for name in ["default", "kube-node-lease", "kube-public", "kube-system"] {
            put(["metadata": ["name": .string(name)]], .namespaces, &store, now)
            equip(name, &store, now: now)
        }
        put(
            [
                "metadata": [
                    "name": "kubernetes", "namespace": "default", "labels": ["component": "apiserver", "provider": "kubernetes"],
                ],
                "spec": [
                    "clusterIP": "10.96.0.1", "clusterIPs": ["10.96.0.1"], "type": "ClusterIP",
                    "ports": [["name": "https", "port": 443, "targetPort": 6443, "protocol": "TCP"]],
                ],
            ], .services, &store, now)
        for (name, value) in [("system-cluster-critical", 2_000_000_000), ("system-node-critical", 2_000_001_000)] {
            put(["metadata": ["name": .string(name)], "value": JSON(value)], .priorityClasses, &store, now)
        }
        for (name, rules) in BootstrapRoles.all {
            put(["metadata": ["name": .string(name)], "rules": .array(rules)], .clusterRoles, &store, now)
        }
        for (name, groups) in BootstrapRoles.bindings {
            put(
                [
                    "metadata": ["name": .string(name)],
                    "subjects": .array(
                        groups.map { ["kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": .string($0)] }),
                    "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": .string(name)],
                ], .clusterRoleBindings, &store, now)
        }
    }

    /// What every namespace gets: the account of its pods, and the certificate that they trust.
    static func equip(_ name: String, _ store: inout ObjectStore, now: Timestamp) {
        put(["metadata": ["name": "default", "namespace": .string(name)]], .serviceAccounts, &store, now)
        put(
            [
                "metadata": ["name": "kube-root-ca.crt", "namespace": .string(name)],
                "data": ["ca.crt": "-----BEGIN CERTIFICATE-----\nmartlet-twin\n-----END CERTIFICATE-----\n"],
            ], .configMaps, &store, now)
    }

    /// Copies of the objects of another cluster. Uids stay, since owners are named by them; only `kube-system` gets one of its own.
    static func load(_ objects: [JSON], into store: inout ObjectStore, now: Timestamp) -> [String] {
        var rejected: [String] = []
        for object in objects {
            let kind = object["kind"]?.string ?? ""
            let place = "\(object[at: "metadata", "namespace"]?.string ?? "")/\(kind)/\(object[at: "metadata", "name"]?.string ?? "")"
            guard let resource = APIResources.served.resource(kind: kind, apiVersion: object["apiVersion"]?.string ?? "") else {
                rejected.append("\(place): a kind that the twin does not serve")
                continue
            }
            var copy = ServedForm.stored(object, resource)
            let isHome = resource.storage == .namespaces && object[at: "metadata", "name"] == "kube-system"
            if isHome { copy[at: "metadata", "uid"] = nil }
            do {
                try store.restore(copy, type: resource.storage, now: now)
            } catch {
                rejected.append("\(place): \(error.message)")
            }
        }
        return rejected
    }

    private static func put(_ object: JSON, _ type: ResourceType, _ store: inout ObjectStore, _ now: Timestamp) {
        let key = ObjectKey(
            type: type, namespace: object[at: "metadata", "namespace"]?.string ?? "", name: object[at: "metadata", "name"]?.string ?? "")
        guard store.get(key) == nil else { return }
        // Names are ours and new, so nothing can be refused.
        _ = try? store.create(Defaults.apply(object, type: type), type: type, now: now)
    }

    // MARK: Nodes

    private static func node(_ number: Int, _ options: TwinOptions) -> JSON {
        let name = "worker-\(number)"
        let time = JSON.string(options.start.rfc3339())
        func condition(_ type: String, _ status: String, _ reason: String, _ message: String) -> JSON {
            [
                "type": .string(type), "status": .string(status), "lastHeartbeatTime": time, "lastTransitionTime": time,
                "reason": .string(reason), "message": .string(message),
            ]
        }
        let amounts: JSON = [
            "cpu": .string(options.nodeCPU), "memory": .string(options.nodeMemory), "ephemeral-storage": "100Gi", "hugepages-1Gi": "0",
            "hugepages-2Mi": "0", "pods": "110",
        ]
        let address = "10.10.\(number / 250).\(number % 250 + 10)"
        return [
            "metadata": [
                "name": .string(name),
                "labels": [
                    "beta.kubernetes.io/arch": "amd64", "beta.kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64",
                    "kubernetes.io/hostname": .string(name), "kubernetes.io/os": "linux", "topology.kubernetes.io/region": "lab",
                    "topology.kubernetes.io/zone": .string("lab-\(["a", "b", "c"][(number - 1) % 3])"),
                ],
            ],
            "spec": [
                "podCIDR": .string("10.\(244 + number / 256).\(number % 256).0/24"),
                "podCIDRs": [.string("10.\(244 + number / 256).\(number % 256).0/24")],
            ],
            "status": [
                "capacity": amounts, "allocatable": amounts,
                "conditions": [
                    condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                    condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                    condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
                ],
                "addresses": [["type": "InternalIP", "address": .string(address)], ["type": "Hostname", "address": .string(name)]],
                "daemonEndpoints": ["kubeletEndpoint": ["Port": 10250]],
                "nodeInfo": [
                    "machineID": "martlet", "systemUUID": .string(name), "bootID": .string(name), "kernelVersion": "6.1.0",
                    "osImage": "Debian GNU/Linux 12 (bookworm)", "containerRuntimeVersion": "containerd://1.6.20",
                    "kubeletVersion": .string(options.version), "kubeProxyVersion": "", "operatingSystem": "linux", "architecture": "amd64",
                ],
            ],
        ]
    }
}
