import Core
import HeapModule

/// What is to happen to one pod on its node.
enum PodStep: Sendable, Hashable {
    /// The kubelet has seen the pod.
    case admit
    case mount
    case sandbox
    case start(container: Int)
    /// The postStart hook of a container that has just been started is over.
    case postStarted(container: Int)
    /// The preStop hook of a container that is to end is over, or its grace period is.
    case preStopped(container: Int)
    /// A sidecar that waited for others is sent SIGTERM.
    case signalled(container: Int)
    case pulled(container: Int)
    case exit(container: Int)
    /// The kubelet looks at the container again: restart, retry, back-off.
    case sync(container: Int)
    case probe(container: Int, ProbeKind)
    /// The process got SIGTERM and ends, or is killed.
    case stopped(container: Int)
    /// The kubelet finds that the pod uses more storage than it may.
    case evict(container: Int)
    /// The volume that the program writes to may be full.
    case full(container: Int)
    /// The pod has been active for as long as it may.
    case overdue
    case finish
}

/// Something that is due at a time. A pod's step is void when `epoch` is no longer that of the pod, or of the container.
enum Due: Sendable {
    case pod(uid: String, PodStep, epoch: Int)
    case work(Work)
    /// Something begins or ends to be wrong with a node.
    case trouble(NodeTrouble, node: String, isOn: Bool)
    case heartbeats
    case nodeMonitor
    case unschedulableFlush
    case schedulingBackOff
    case eventExpiry
    case load
}

/// Due things by time, then by the order in which they were put in.
struct EventQueue: Sendable {
    private struct Entry: Comparable, Sendable {
        let time: Timestamp
        let sequence: UInt64
        let due: Due

        static func < (a: Entry, b: Entry) -> Bool { a.time == b.time ? a.sequence < b.sequence : a.time < b.time }
        static func == (a: Entry, b: Entry) -> Bool { a.sequence == b.sequence }
    }

    private var heap = Heap<Entry>()
    private var sequence: UInt64 = 0

    var next: Timestamp? { heap.min?.time }

    mutating func put(_ due: Due, at time: Timestamp) {
        sequence += 1
        heap.insert(Entry(time: time, sequence: sequence, due: due))
    }

    /// The first that is due at `time` or before.
    mutating func pop(until time: Timestamp) -> (time: Timestamp, due: Due)? {
        guard let first = heap.min, first.time <= time else { return nil }
        heap.removeMin()
        return (first.time, first.due)
    }
}
