import Core

/// Parts of the cluster that others need and that a message names by the vendor's word alone: a network or a storage plugin, a device plugin.
enum Infrastructure {
    /// Words in names of such parts that say what they are, not whose.
    private static let common: Set<Substring> = [
        "node", "agent", "controller", "manager", "plugin", "device", "csi", "cni", "kube", "system", "driver", "server", "operator",
        "proxy",
        "daemon", "service", "storage", "network", "volume", "disk", "local", "main", "app", "web", "api",
    ]

    /// The workloads in trouble in other namespaces whose name shares such a word with what was said of a pod.
    static func culprits(of message: String, in namespace: String, _ troubles: [Trouble]) -> [EntityPath] {
        guard !message.isEmpty else { return [] }
        let words = Set(message.lowercased().split { !($0.isLetter || $0.isNumber) })
        return troubles.filter { trouble in
            trouble.workload.namespace != namespace
                && trouble.workload.name.split(separator: "-").contains { $0.count > 2 && !common.contains($0) && words.contains($0) }
        }.map(\.workload.path)
    }
}
