package import Core

/// Objects that a cluster must have, in place of those of another cluster that are not known.
package enum StandIn {
    package static func namespace(_ name: String) -> JSON {
        [
            "apiVersion": "v1", "kind": "Namespace",
            "metadata": ["name": .string(name), "labels": ["kubernetes.io/metadata.name": .string(name)]],
        ]
    }

    /// A node that is ready and so large that whatever was seen on it fits.
    package static func node(_ name: String, _ options: TwinOptions) -> JSON {
        var size = options
        (size.nodeCPU, size.nodeMemory) = ("128", "512Gi")
        var node = BootstrapNode.json(1, size)
        node["apiVersion"] = "v1"
        node["kind"] = "Node"
        node[at: "metadata", "name"] = .string(name)
        node[at: "metadata", "labels", "kubernetes.io/hostname"] = .string(name)
        for field in ["podCIDR", "podCIDRs"] { node[at: "spec", field] = nil }
        return node
    }

    /// A runtime class that asks for nothing.
    package static func runtimeClass(_ name: String) -> JSON {
        ["apiVersion": "node.k8s.io/v1", "kind": "RuntimeClass", "metadata": ["name": .string(name)], "handler": .string(name)]
    }
}
