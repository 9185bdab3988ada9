/// What can be wrong with a node, as its kubelet sees it.
enum NodeTrouble: String, Sendable, Hashable, CaseIterable {
    /// The kubelet itself does not run.
    case silent
    case networkNotReady, diskPressure, memoryPressure
}
