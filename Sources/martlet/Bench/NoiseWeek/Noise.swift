/// Something that happens in a healthy cluster and passes by itself, or is meant.
enum Noise: Sendable, Hashable {
    /// A release that goes well.
    case deploy(String, Release)
    /// A node is cordoned, emptied, worked on for some seconds, with or without a restart of it, and taken back.
    case drain(node: String, seconds: Int, restarts: Bool)
    /// A kubelet falls silent for some seconds.
    case nodeLoss(node: String, seconds: Int)
    /// A program ends once, with an error.
    case exit(Int)
    case outOfMemory
    /// A program fails its probes for some seconds.
    case unhealthy(seconds: Int)
    /// Other traffic than usual for some seconds: requests a second.
    case swing(rate: Int, seconds: Int)
    /// The run of a CronJob that comes next fails.
    case failedRun

    enum Release: Sendable, Hashable {
        case image(String)
        case setting, restart, resources
        /// Its program starts for so many seconds.
        case slow(seconds: Int)
        /// What the one before was.
        case undo
    }

    /// What it is counted as.
    var kind: String {
        switch self {
        case .deploy: "deploys"
        case .drain: "drains"
        case .nodeLoss: "nodeLosses"
        case .exit, .outOfMemory: "restarts"
        case .unhealthy: "probeBlips"
        case .swing: "swings"
        case .failedRun: "failedRuns"
        }
    }
}
