import Core
import Kubernetes

/// Pods that fitted nowhere, until something changes that may let them; and what is promised to pods that others make room for.
struct SchedulingQueue: Sendable {
    private struct Attempts: Sendable {
        var count = 0
        var next: Timestamp
    }

    /// Pods that nothing has happened for since they failed.
    private(set) var unschedulable: Set<ObjectKey> = []
    /// Pods that something has happened for, which wait until it is their turn again.
    private var backingOff: Set<ObjectKey> = []
    /// Pods whose required anti-affinity may keep others away.
    var guards: Set<ObjectKey> = []
    /// Where the search for nodes goes on, so that not always the same are looked at.
    var nextNode = 0
    private var attempts: [ObjectKey: Attempts] = [:]
    private var nominations: [ObjectKey: String] = [:]
    private var nominees: [String: [PodEntry]] = [:]
    /// Why pods of an owner fit nowhere, as long as no node has changed: its other pods need not be tried.
    private var failures: [String: (version: Int, message: String)] = [:]
    private var timer: Timestamp?

    /// A pod that failed waits a second before it is tried again, then twice as long, ten at most.
    mutating func park(_ key: ObjectKey, now: Timestamp) {
        unschedulable.insert(key)
        let count = (attempts[key]?.count ?? 0) + 1
        attempts[key] = Attempts(count: count, next: now + .seconds(min(10, 1 << min(count - 1, 4))))
    }

    mutating func remove(_ key: ObjectKey) {
        unschedulable.remove(key)
        backingOff.remove(key)
        attempts[key] = nil
        forgetNomination(of: key)
    }

    /// Something has changed that may let pods in.
    mutating func wake() {
        failures = [:]
        backingOff.formUnion(unschedulable)
        unschedulable = []
    }

    /// Those whose turn it is, the most important first; and when to ask again, if that is not planned yet.
    mutating func release(now: Timestamp, priority: (ObjectKey) -> Int) -> (due: [ObjectKey], next: Timestamp?) {
        var due: [(priority: Int, key: ObjectKey)] = []
        var next: Timestamp?
        // Where few wait, the scheduler has nothing else to do and takes them before their time (SchedulerPopFromBackoffQ).
        let isIdle = backingOff.count <= 100
        for key in backingOff {
            guard !isIdle, let time = attempts[key]?.next, time > now else { due.append((priority(key), key)); continue }
            next = min(next ?? time, time)
        }
        for item in due { backingOff.remove(item.key) }
        let isPlanned = next.flatMap { next in timer.map { $0 > now && $0 <= next } } ?? false
        if let next, !isPlanned { timer = next }
        let order = due.sorted { $0.priority == $1.priority ? $0.key < $1.key : $0.priority > $1.priority }
        return (order.map(\.key), isPlanned ? nil : next)
    }

    // MARK: Nominations

    mutating func nominate(_ pod: PodEntry, to node: String) {
        forgetNomination(of: pod.key)
        nominations[pod.key] = node
        nominees[node, default: []].append(pod)
    }

    func nomination(of key: ObjectKey) -> String? { nominations[key] }

    /// Pods that a node is promised to before the given one.
    func nominees(on node: String, before pod: PodEntry) -> [PodEntry] {
        nominees.isEmpty ? [] : (nominees[node] ?? []).filter { $0.priority >= pod.priority && $0.key != pod.key }
    }

    private mutating func forgetNomination(of key: ObjectKey) {
        guard let node = nominations.removeValue(forKey: key) else { return }
        nominees[node]?.removeAll { $0.key == key }
        if nominees[node]?.isEmpty == true { nominees[node] = nil }
    }

    // MARK: Alike pods

    mutating func noteFailure(of pod: PodEntry, _ message: String, version: Int) {
        if let kind = pod.owner, pod.hasAlikeSiblings { failures[kind] = (version, message) }
    }

    func knownFailure(of pod: PodEntry, version: Int) -> String? {
        guard pod.hasAlikeSiblings, let known = pod.owner.flatMap({ failures[$0] }), known.version == version,
            nominations[pod.key] == nil
        else { return nil }
        return known.message
    }
}
