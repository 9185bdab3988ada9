import Core
import Kubernetes

/// What a cluster holds before anybody has made anything.
enum Bootstrap {
    static func populate(_ store: inout ObjectStore, options: TwinOptions) {
        complete(&store, now: options.start)
        for number in 1...max(1, options.nodes) { put(BootstrapNode.json(number, options), .nodes, &store, options.start) }
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
            put(BootstrapRoles.object(name, rules: rules), .clusterRoles, &store, now)
        }
        AggregatedRoles.refresh(&store, now: now)
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

    private static func put(_ object: JSON, _ type: ResourceType, _ store: inout ObjectStore, _ now: Timestamp) {
        let key = ObjectKey(
            type: type, namespace: object[at: "metadata", "namespace"]?.string ?? "", name: object[at: "metadata", "name"]?.string ?? "")
        guard store.get(key) == nil else { return }
        // Names are ours and new, so nothing can be refused.
        _ = try? store.create(Defaults.apply(object, type: type), type: type, now: now)
    }
}
