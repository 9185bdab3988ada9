import Core
import Kubernetes

/// What has become of a Job's pods. Pods that ended stay counted when they are gone, as the real controller ensures with a finalizer.
struct JobTally: Sendable {
    private(set) var active: [PodEntry] = []
    private(set) var terminating = 0
    private(set) var restarts = 0
    private(set) var completedIndexes: Set<Int> = []
    /// Indexes that are given up (`backoffLimitPerIndex`, or the action FailIndex).
    private(set) var failedIndexes: Set<Int> = []
    private(set) var policyFailure: String?
    let completions: Int?
    let isIndexed: Bool
    /// Successes and failures that were counted before anything was seen here.
    private var earlier = (succeeded: 0, failed: 0)
    private var succeededPods: Set<String> = []
    private var failedPods: Set<String> = []
    private var ignoredPods: Set<String> = []
    /// Pods that were seen active, which count as failed if they vanish without having been stopped here.
    private var running: Set<String> = []
    private var stopped: Set<String> = []
    private var lastFailure: Timestamp?
    private var failuresInARow = 0
    private var usedIndexes: Set<Int> = []
    /// How often an index may fail; nil: failures count for the whole Job.
    private let limitPerIndex: Int?
    private var indexes: [String: Int] = [:]
    private var indexFailures: [Int: (count: Int, last: Timestamp)] = [:]
    private let uid: String

    var succeeded: Int { isIndexed ? completedIndexes.count : earlier.succeeded + succeededPods.count }
    var failed: Int { earlier.failed + failedPods.count }

    init(_ known: JobTally?, _ job: JSON, _ world: World) {
        isIndexed = job["spec"]?["completionMode"]?.string == "Indexed"
        completions = job["spec"]?["completions"]?.int ?? (job["spec"]?["parallelism"] == nil ? 1 : nil)
        limitPerIndex = isIndexed ? job["spec"]?["backoffLimitPerIndex"]?.int : nil
        uid = job.uid
        let pods = world.index.pods(ownedBy: uid)
        if let known, known.uid == uid {
            (earlier, succeededPods, failedPods, ignoredPods) = (known.earlier, known.succeededPods, known.failedPods, known.ignoredPods)
            (running, stopped) = (known.running, known.stopped)
            (lastFailure, failuresInARow, policyFailure) = (known.lastFailure, known.failuresInARow, known.policyFailure)
            (completedIndexes, failedIndexes) = (known.completedIndexes, known.failedIndexes)
            (indexes, indexFailures) = (known.indexes, known.indexFailures)
        } else {
            earlier.succeeded = max(0, (job["status"]?["succeeded"]?.int ?? 0) - pods.count { $0.phase == "Succeeded" })
            earlier.failed = max(0, (job["status"]?["failed"]?.int ?? 0) - pods.count { $0.phase == "Failed" })
            completedIndexes = JobIndex.read(job["status"]?["completedIndexes"]?.string)
            failedIndexes = JobIndex.read(job["status"]?["failedIndexes"]?.string)
        }
        count(pods, job, world)
    }

    private mutating func count(_ pods: [PodEntry], _ job: JSON, _ world: World) {
        let isRestarting = job["spec"]?["template"]?["spec"]?["restartPolicy"]?.string == "OnFailure"
        let present = Set(pods.map(\.uid))
        for uid in running.subtracting(present).sorted() where !stopped.contains(uid) { fail(uid, world.now) }
        running.formIntersection(present)
        for pod in pods {
            let index = isIndexed ? JobIndex.of(pod) : nil
            indexes[pod.uid] = index
            switch pod.phase {
            case "Succeeded":
                running.remove(pod.uid)
                // One that was told to end has not done its work, however it ended.
                guard !stopped.contains(pod.uid) else { continue }
                if succeededPods.insert(pod.uid).inserted { failuresInARow = 0 }
                if let index { completedIndexes.insert(index) }
            case "Failed":
                running.remove(pod.uid)
                guard !failedPods.contains(pod.uid), !ignoredPods.contains(pod.uid), !stopped.contains(pod.uid) else { continue }
                switch PodFailurePolicy.action(job, pod, world) {
                case .count: fail(pod.uid, world.now)
                case .ignore: ignoredPods.insert(pod.uid)
                case .failIndex:
                    fail(pod.uid, world.now)
                    if limitPerIndex != nil, let index { failedIndexes.insert(index) }
                case .failJob(let message):
                    fail(pod.uid, world.now)
                    policyFailure = policyFailure ?? message
                }
            case _ where pod.isDeleting:
                terminating += 1
            default:
                running.insert(pod.uid)
                active.append(pod)
                if let index { usedIndexes.insert(index) }
                if isRestarting { restarts += pod.restarts }
            }
        }
    }

    private mutating func fail(_ uid: String, _ now: Timestamp) {
        guard failedPods.insert(uid).inserted else { return }
        lastFailure = now
        failuresInARow += 1
        guard let limitPerIndex, let index = indexes[uid] else { return }
        let count = (indexFailures[index]?.count ?? 0) + 1
        indexFailures[index] = (count, now)
        if count > limitPerIndex { failedIndexes.insert(index) }
    }

    mutating func start(_ uid: String) { running.insert(uid) }

    /// A pod is stopped by the controller itself: it counts as failed where its Job has, and else neither way.
    mutating func stop(_ pod: PodEntry, hasFailed: Bool = false) {
        stopped.insert(pod.uid)
        if hasFailed { failedPods.insert(pod.uid) }
        running.remove(pod.uid)
        active.removeAll { $0.uid == pod.uid }
        terminating += 1
    }

    /// Pods on their way out that are not yet to be replaced.
    func replaced(_ job: JSON) -> Int { job["spec"]?["podReplacementPolicy"]?.string == "Failed" ? terminating : 0 }

    /// When the next pod may be made, which waits after failures. Where each index counts its own, each waits for itself.
    func backOff() -> Timestamp? {
        guard limitPerIndex == nil, failuresInARow > 0, let lastFailure else { return nil }
        return lastFailure + Self.wait(after: failuresInARow)
    }

    /// Ten seconds, then twice as long each time, ten minutes at most.
    private static func wait(after failures: Int) -> Duration { .seconds(min(600, 10 << min(failures - 1, 6))) }

    /// The first indexes that need a pod, and when the next of those is ready that wait after a failure of theirs.
    func freeIndexes(_ count: Int, now: Timestamp) -> (due: [Int], next: Timestamp?) {
        var due: [Int] = []
        var next: Timestamp?
        for index in 0..<(completions ?? 0) {
            if due.count >= count { break }
            if completedIndexes.contains(index) || failedIndexes.contains(index) || usedIndexes.contains(index) { continue }
            let ready = indexFailures[index].map { $0.last + Self.wait(after: $0.count) }
            if let ready, ready > now { next = min(next ?? ready, ready) } else { due.append(index) }
        }
        return (due, next)
    }

    /// How often an index has failed, where each counts its own.
    func failures(of index: Int) -> Int? { limitPerIndex == nil ? nil : indexFailures[index]?.count ?? 0 }
}

/// Completion indexes of indexed Jobs.
enum JobIndex {
    static let label = "batch.kubernetes.io/job-completion-index"

    static func of(_ pod: PodEntry) -> Int? { pod.labels[label].flatMap { Int($0) } }

    static func set(_ index: Int, on pod: inout JSON, job: String, failures: Int?) {
        if let failures {
            pod[at: "metadata", "annotations", "batch.kubernetes.io/job-index-failure-count"] = .string(String(failures))
        }
        pod[at: "metadata", "generateName"] = .string("\(job)-\(index)-")
        pod[at: "metadata", "labels", label] = .string(String(index))
        pod[at: "metadata", "annotations", label] = .string(String(index))
        pod[at: "spec", "hostname"] = .string("\(job)-\(index)")
        let variable: JSON = [
            "name": "JOB_COMPLETION_INDEX",
            "valueFrom": ["fieldRef": ["apiVersion": "v1", "fieldPath": .string("metadata.labels['\(label)']")]],
        ]
        for field in ["initContainers", "containers"] {
            guard let containers = pod["spec"]?[field]?.array else { continue }
            pod[at: "spec", field] = .array(
                containers.map { container in
                    var container = container
                    container["env"] = .array((container["env"]?.array ?? []) + [variable])
                    return container
                })
        }
    }

    /// `0-2,5`; nil for none.
    static func text(_ indexes: Set<Int>) -> String? {
        var parts: [String] = []
        var run: ClosedRange<Int>?
        func end() { if let run { parts.append(run.count == 1 ? "\(run.lowerBound)" : "\(run.lowerBound)-\(run.upperBound)") } }
        for index in indexes.sorted() {
            if let current = run, index == current.upperBound + 1 { run = current.lowerBound...index; continue }
            end()
            run = index...index
        }
        end()
        return parts.isEmpty ? nil : parts.joined(separator: ",")
    }

    static func read(_ text: String?) -> Set<Int> {
        (text ?? "").split(separator: ",").reduce(into: []) { result, part in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            guard let low = ends.first, let high = ends.last, low >= 0, high >= low, high - low < 1_000_000 else { return }
            result.formUnion(low...high)
        }
    }
}
