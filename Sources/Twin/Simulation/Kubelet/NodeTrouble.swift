/// What can be wrong with a node, as its kubelet sees it.
enum NodeTrouble: String, Sendable, Hashable, CaseIterable {
    /// The kubelet itself does not run.
    case silent
    case networkNotReady, diskPressure, memoryPressure
    /// The container runtime does not answer: what runs goes on, nothing is started, stopped or probed.
    case runtimeDown
    /// Nothing leads to Services any more: kube-proxy does not run, and its rules are gone.
    case proxyDown
}

extension World {
    func hasTrouble(_ trouble: NodeTrouble, _ node: String) -> Bool { troubles[node]?.contains(trouble) ?? false }
}
