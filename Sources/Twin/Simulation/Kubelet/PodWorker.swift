import Core
import Kubernetes

/// What a kubelet knows of one pod that it runs.
struct PodWorker: Sendable {
    let key: ObjectKey
    let uid: String
    let node: String
    /// The specification as it was when the pod came, which never changes but for images.
    var spec: JSON
    var annotations: [String: String]
    /// Init containers first, in order, then the main ones, then ephemeral ones.
    var containers: [ContainerWorker]
    let restartPolicy: String
    let startTime: Timestamp
    var ip: String?
    /// Whether the kubelet has taken it in.
    var isAdmitted = false
    var hasSandbox = false
    var hasMounts = false
    var mountAttempts = 0
    /// Counts up when what was planned for the pod is void.
    var epoch = 0
    /// When the deletion's grace period ends; nil: not being deleted.
    var deadline: Timestamp?
    var phase = "Pending"
    /// The kubelet makes the pod go for want of room.
    var eviction: PodEviction?

    var initContainers: Range<Int> { 0..<(containers.firstIndex { !$0.isInit } ?? containers.count) }
    var mainContainers: Range<Int> { initContainers.upperBound..<(containers.firstIndex(where: \.isEphemeral) ?? containers.count) }
    var isInitialized: Bool { containers[initContainers].allSatisfy { $0.isSidecar ? $0.hasStarted : $0.isDone } }
    var grace: Duration { .seconds(spec["terminationGracePeriodSeconds"]?.int ?? 30) }
    var usesHostNetwork: Bool { spec["hostNetwork"]?.bool == true }
    /// Whether a main container has ever run.
    var hasBegun: Bool { containers[mainContainers].contains { $0.runs > 0 && $0.masked == nil } }
    /// `name_namespace(uid)`, as the kubelet names pods in texts.
    var longName: String { "\(key.name)_\(key.namespace)(\(uid))" }
}

/// The list of a pod that a container is in.
enum ContainerList: String, Sendable, CaseIterable {
    case initContainers, containers, ephemeralContainers

    var statuses: String { String(rawValue.dropLast()) + "Statuses" }
}

enum ContainerState: Sendable, Equatable {
    case waiting(reason: String, message: String?)
    case running(since: Timestamp)
    case terminated(Termination)
}

/// How and when a process will end by itself.
struct PlannedEnd: Sendable {
    let code: Int
    let reason: String
    let time: Timestamp
}

struct Termination: Sendable, Equatable {
    var code: Int
    var reason: String
    var message: String?
    var started: Timestamp?
    var finished: Timestamp
    var containerID: String?
}

enum ProbeKind: String, Sendable, Hashable, CaseIterable {
    case startup = "Startup"
    case liveness = "Liveness"
    case readiness = "Readiness"

    var field: String { rawValue.lowercased() + "Probe" }
}

/// Results of one kind of probe in a row.
struct ProbeRecord: Sendable {
    var successes = 0
    var failures = 0
    var isPassing: Bool?
}

/// What a kubelet knows of one container.
struct ContainerWorker: Sendable {
    let name: String
    var spec: JSON
    let list: ContainerList
    let isSidecar: Bool
    var behaviour: Behaviour
    /// What the behaviour was before its environment decided.
    var described: Behaviour?
    /// When a fault changed what the process does that runs.
    var spoiledAt: Timestamp?
    /// What the program did before a fault changed it; nil: it is sound.
    var sound: (behaviour: Behaviour, described: Behaviour?)?
    var state: ContainerState
    var last: Termination?
    var restarts = 0
    var isReady = false
    /// The start-up probe has passed, or there is none and the container runs.
    var hasStarted = false
    var containerID: String?
    var imageID = ""
    /// Counts up with each process, and voids what was planned for the one before.
    var epoch = 0
    var runs = 0
    var backOff = BackOff()
    var pullBackOff = BackOff(maximum: .seconds(300))
    var pullError: String?
    var pullFailedAt: Timestamp?
    var pullStart: Timestamp?
    var probes: [ProbeKind: ProbeRecord] = [:]
    var isStopping = false
    /// A look at the ended container has found that its back-off is not over.
    var hasBackedOff = false
    /// A start is under way.
    var isPlanned = false
    /// How the present run ends, if by itself.
    var plannedEnd: PlannedEnd?
    /// The exit code of a stop that is under way.
    var stopCode = 137
    /// When the grace period of a stop that is under way is over.
    var killTime = Timestamp(nanoseconds: 0)
    /// A sidecar that goes once the containers before it are gone.
    var awaitsTurn = false
    /// What the status says while the postStart hook runs.
    var masked: ContainerState?
    /// How the hook fails that is under way; nil: it goes well.
    var hookFailure: String?
    /// Why the container ends that has just been started: its postStart hook failed.
    var startFailure: String?
    var traffic = Traffic()
    /// What load does to it; nil: none reaches it, and it serves its own steady requests.
    var load: ContainerLoad?
    var log: [LoggedLine] = []
    var previousLog: [LoggedLine] = []
    /// When the run began that `log` tells of.
    var logStart: Timestamp?
    var previousLogStart: Timestamp?
    var previousLogEnd: Timestamp?

    var image: String { spec["image"]?.string ?? "" }
    /// The state that the status tells.
    var shown: ContainerState { masked ?? state }
    var isRunning: Bool { if case .running = state { true } else { false } }
    var runningSince: Timestamp? { if case .running(let since) = state { since } else { nil } }
    /// Since when the process has done what it does now.
    var changedSince: Timestamp? { runningSince.map { max($0, spoiledAt ?? $0) } }
    var termination: Termination? { if case .terminated(let end) = state { end } else { nil } }
    /// Ended, and well.
    var isDone: Bool { termination?.code == 0 }
    var isInit: Bool { list == .initContainers }
    var isEphemeral: Bool { list == .ephemeralContainers }
    var fieldPath: String { "spec.\(list.rawValue){\(name)}" }

    /// What the program does in this environment and with these files.
    mutating func resolveBehaviour(_ environment: [String: String], _ files: [String: String?]) {
        let described = described ?? behaviour
        guard !described.variants.isEmpty else { return }
        self.described = described
        behaviour = described.resolved(environment, files)
    }

    func hasProbe(_ kind: ProbeKind) -> Bool { spec[kind.field]?.object != nil }
}

/// A back-off that doubles from ten seconds and starts anew after twice its maximum without a failure
/// (k8s.io/client-go/util/flowcontrol).
struct BackOff: Sendable {
    private(set) var current: Duration?
    private var updated = Timestamp(nanoseconds: 0)
    let initial: Duration = .seconds(10)
    let maximum: Duration

    init(maximum: Duration = .seconds(300)) { self.maximum = maximum }

    private func hasExpired(_ event: Timestamp) -> Bool { event - updated > maximum * 2 }

    /// How long is left to wait after something that happened at `event`; nil: go ahead.
    func remaining(since event: Timestamp, now: Timestamp) -> Duration? {
        guard let current, !hasExpired(event) else { return nil }
        let left = event + current - now
        return left > .zero ? left : nil
    }

    mutating func next(_ event: Timestamp, now: Timestamp) {
        if let current, !hasExpired(event) { self.current = min(current * 2, maximum) } else { current = initial }
        updated = now
    }

    /// The state after so many restarts, for pods that were found so.
    mutating func resume(restarts: Int, now: Timestamp) {
        guard restarts > 0 else { return }
        current = min(initial * Double(1 << min(restarts - 1, 10)), maximum)
        updated = now
    }
}
