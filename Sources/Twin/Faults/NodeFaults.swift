import Core

/// What can happen to a node.
enum NodeFaults {
    static let all: [Fault] = [
        fault("node-not-ready", "the kubelet stops; the node falls silent", .silent),
        fault("node-kubelet-down", "the kubelet stops; the node falls silent", .silent),
        fault("node-runtime-down", "the container runtime does not answer its kubelet", .runtimeDown),
        fault("node-network-not-ready", "the container network plugin loses its configuration", .networkNotReady),
        fault("node-disk-pressure", "the disk of a node is full beyond the eviction threshold", .diskPressure),
        fault("node-memory-pressure", "the memory of a node is used beyond the eviction threshold", .memoryPressure),
    ]

    private static func fault(_ slug: String, _ about: String, _ trouble: NodeTrouble) -> Fault {
        Fault(slug, about, on: "Node/NAME", isOfCluster: true) { (target, scene) throws(MartletError) in
            try scene.trouble(trouble, node: target.name)
        }
    }
}
