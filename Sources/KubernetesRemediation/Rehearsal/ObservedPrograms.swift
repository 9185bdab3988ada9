package import Core
import Kubernetes

/// What the programs in the containers of a cluster were last seen to do. A rehearsal assumes that they go on like that
/// (INTERFACES section 8); what was never seen running is said to be so.
package struct ObservedPrograms: Sendable {
    enum Outcome: Sendable, Hashable {
        /// Ran and was ready; seconds from its start until then.
        case good(startup: Double)
        case crashed(code: Int, after: Double)
        case outOfMemory(limit: Double, after: Double)
        case cannotStart(permissionDenied: Bool)
        /// Ran and did not become ready, or was killed for a probe.
        case neverReady

        /// Of several observations of one program the first in this order counts.
        var rank: Int {
            switch self {
            case .outOfMemory: 0
            case .good: 1
            case .crashed: 2
            case .cannotStart: 3
            case .neverReady: 4
            }
        }
    }

    /// On what a behaviour rests.
    package enum Basis: Sendable, Hashable {
        case seenRunning
        /// It was seen to fail like that.
        case seenFailing(String)
        /// This image was never seen running.
        case neverSeen(String)
        /// It was killed at this memory limit, and nothing shows how much more it needs; bytes.
        case unknownNeed(limit: Double)
    }

    private var outcomes: [String: Outcome] = [:]
    private var workingSets: [String: Double] = [:]
    /// The smallest memory limits with which programs were seen to work, in bytes.
    private var sufficient: [String: Double] = [:]
    /// Images that no registry gave out to any pod.
    private(set) var missingImages: Set<String> = []

    /// - Parameters:
    ///   - replicaSets: whose templates say what was asked for; a pod also holds what admission put into it.
    ///   - remembered: programs that were seen to work before. What is seen of a program now counts for more.
    package init(pods: [JSON], replicaSets: [JSON], metrics: [JSON], remembered: [SeenProgram] = [], at now: Timestamp) {
        var templates: [String: JSON] = [:]
        for set in replicaSets { templates[set[at: "metadata", "uid"]?.string ?? ""] = set[at: "spec", "template"] }
        var measured: [String: Double] = [:]
        for item in metrics {
            let pod = "\(item[at: "metadata", "namespace"]?.string ?? "")/\(item[at: "metadata", "name"]?.string ?? "")"
            for container in item["containers"]?.array ?? [] {
                guard let bytes = container[at: "usage", "memory"]?.string.flatMap({ Quantity($0)?.double }) else { continue }
                measured["\(pod)/\(container["name"]?.string ?? "")"] = bytes
            }
        }
        var presentImages: Set<String> = []
        for pod in pods {
            let name = "\(pod[at: "metadata", "namespace"]?.string ?? "")/\(pod[at: "metadata", "name"]?.string ?? "")"
            let owner = (pod[at: "metadata", "ownerReferences"]?.array ?? []).first { $0["controller"]?.bool == true }?["uid"]?.string
            let template = owner.flatMap { templates[$0] }
            for list in [("initContainers", "initContainerStatuses"), ("containers", "containerStatuses")] {
                let asked = template?[at: "spec", list.0]?.array ?? []
                let statuses = pod[at: "status", list.1]?.array ?? []
                for container in pod[at: "spec", list.0]?.array ?? [] {
                    guard let status = statuses.first(where: { $0["name"] == container["name"] }) else { continue }
                    if let image = container["image"]?.string, ObservedPrograms.hasStarted(status) { presentImages.insert(image) }
                    observe(
                        asked.first { $0["name"] == container["name"] } ?? container, status, pod, isInit: list.0 == "initContainers",
                        bytes: measured["\(name)/\(container["name"]?.string ?? "")"], at: now)
                }
            }
        }
        missingImages.subtract(presentImages)
        remember(remembered)
    }

    private mutating func remember(_ programs: [SeenProgram]) {
        let seenNow = Set(outcomes.keys)
        for program in programs {
            for key in program.identity {
                if let bytes = program.workingSet { workingSets[key] = max(workingSets[key] ?? 0, bytes) }
                if let limit = program.memoryLimit { sufficient[key] = min(sufficient[key] ?? .infinity, limit) }
                if !seenNow.contains(key) { outcomes[key] = .good(startup: program.startup) }
            }
        }
    }

    // MARK: Seeing

    private mutating func observe(_ container: JSON, _ status: JSON, _ pod: JSON, isInit: Bool, bytes: Double?, at now: Timestamp) {
        let keys = ProgramIdentity.hashes(of: container)
        if let bytes { for key in keys { workingSets[key] = max(workingSets[key] ?? 0, bytes) } }
        let waiting = status[at: "state", "waiting", "reason"]?.string ?? ""
        if waiting == "ErrImagePull" || waiting == "ImagePullBackOff", let image = container["image"]?.string {
            missingImages.insert(image)
        }
        guard let outcome = ObservedPrograms.outcome(container, status, pod, isInit: isInit, at: now) else { return }
        for key in keys where (outcomes[key]?.rank ?? .max) > outcome.rank { outcomes[key] = outcome }
        if case .good = outcome, !isInit, let limit = ObservedPrograms.memoryLimit(container) {
            for key in keys { sufficient[key] = min(sufficient[key] ?? .infinity, limit) }
        }
    }

    /// Whether a container has run, so that its image was there.
    private static func hasStarted(_ status: JSON) -> Bool {
        status[at: "state", "running"] != nil || status[at: "state", "terminated"] != nil || status[at: "lastState", "terminated"] != nil
    }

    private static func memoryLimit(_ container: JSON) -> Double? {
        container[at: "resources", "limits", "memory"]?.string.flatMap { Quantity($0)?.double }
    }

    private static func outcome(_ container: JSON, _ status: JSON, _ pod: JSON, isInit: Bool, at now: Timestamp) -> Outcome? {
        let end = status[at: "state", "terminated"] ?? status[at: "lastState", "terminated"]
        let started = status[at: "state", "running", "startedAt"]?.string.flatMap { Timestamp($0) }
        let isReady = status["ready"]?.bool ?? false
        if isInit { return end?["exitCode"]?.int == 0 || isReady ? .good(startup: 0.5) : end.flatMap { fate($0, container) } }
        if let started, isReady {
            // It runs, and ended badly not long ago: it will again.
            if let end, let finished = end["finishedAt"]?.string.flatMap({ Timestamp($0) }), (now - finished).secondCount < 3600,
                let fate = fate(end, container), fate.rank != Outcome.neverReady.rank
            {
                return fate
            }
            let ready = (pod[at: "status", "conditions"]?.array ?? []).first {
                $0["type"]?.string == "ContainersReady" || $0["type"]?.string == "Ready"
            }
            let since = ready?["lastTransitionTime"]?.string.flatMap { Timestamp($0) }
            let restarts = status["restartCount"]?.int ?? 0
            let startup = restarts == 0 ? since.map { min(120, max(0.2, ($0 - started).secondCount)) } ?? 1 : 1
            return .good(startup: startup)
        }
        if let end { return fate(end, container) }
        if let started, (now - started).secondCount > 60 { return .neverReady }
        return nil
    }

    /// How a run ended; nil when it ended well.
    private static func fate(_ end: JSON, _ container: JSON) -> Outcome? {
        let code = end["exitCode"]?.int ?? 0
        let began = end["startedAt"]?.string.flatMap { Timestamp($0) }, finished = end["finishedAt"]?.string.flatMap { Timestamp($0) }
        let seconds = began.flatMap { began in finished.map { max(0.3, ($0 - began).secondCount) } } ?? 1
        switch end["reason"]?.string {
        case "OOMKilled":
            return memoryLimit(container).map { .outOfMemory(limit: $0, after: seconds) } ?? .crashed(code: code, after: seconds)
        case "StartError", "ContainerCannotRun":
            return .cannotStart(permissionDenied: end["message"]?.string?.contains("permission denied") == true)
        default: return code == 137 || code == 143 ? .neverReady : .crashed(code: code, after: seconds)
        }
    }

    // MARK: Telling

    /// What a container will do, as the twin's annotation says it, and on what that rests.
    /// - Parameter needed: bytes that the program is known to need, where it was killed for memory.
    func behaviour(of container: JSON, isInit: Bool, needed: Double?) -> (behaviour: JSON, basis: Basis) {
        let keys = ProgramIdentity.hashes(of: container)
        let image = container["image"]?.string ?? ""
        let found = keys.enumerated().first { index, key in
            switch outcomes[key] {
            case nil: false
            // That a probe failed, or that settings were wrong, says nothing of other probes, or other settings.
            case .neverReady?: index == 0
            case .crashed?, .cannotStart?: index <= 1
            case .good?, .outOfMemory?: true
            }
        }.flatMap { outcomes[$0.element] }
        var behaviour: JSON = isInit ? ["exit": ["code": 0, "after": 0.5]] : [:]
        if !isInit { behaviour["listen"] = ObservedPrograms.listen(container) }
        let measured = keys.lazy.compactMap { workingSets[$0] }.first
        if let measured { behaviour["memory"] = .string("\(Int(measured))") }
        switch found {
        case .good(let startup)?:
            if !isInit { behaviour["start"] = .number(startup) }
            return (behaviour, .seenRunning)
        case .crashed(let code, let after)?:
            behaviour["exit"] = ["code": JSON(min(255, max(0, code))), "after": .number(after)]
            // What ends at once is never ready, not even for a moment.
            if after < 10, !isInit { behaviour["start"] = .number(after + 1) }
            return (behaviour, .seenFailing("exits with code \(code) after \(Int(after.rounded())) s, as last seen"))
        case .cannotStart(let denied)?:
            behaviour["startError"] = denied ? "permission-denied" : "not-found"
            return (behaviour, .seenFailing("its command cannot be run, as last seen"))
        case .neverReady?:
            behaviour["listen"] = ["ports": []]
            behaviour["exec"] = ["code": 1]
            return (behaviour, .seenFailing("does not become ready, as last seen"))
        case .outOfMemory(let limit, let after)?:
            if after >= 30 {
                behaviour["memory"] = ObservedPrograms.growing(to: limit, in: after, needed: needed)
                return (behaviour, .seenRunning)
            }
            let known = max(needed ?? 0, measured ?? 0)
            behaviour["memory"] = .string("\(Int(known > limit ? known : limit + 1))")
            let enough = keys.prefix(2).lazy.compactMap { sufficient[$0] }.first { $0 > limit } ?? .infinity
            let isKnown = known > limit || (ObservedPrograms.memoryLimit(container) ?? .infinity) >= enough
            return (behaviour, isKnown ? .seenRunning : .unknownNeed(limit: limit))
        case nil: return (behaviour, .neverSeen(image))
        }
    }

    /// A program that filled its limit slowly goes on growing at that rate, to what it is known to need or without end.
    private static func growing(to limit: Double, in seconds: Double, needed: Double?) -> JSON {
        let initial = Double(8 << 20)
        var memory: JSON = ["initial": .string("\(Int(initial))"), "growth": .string("\(Int(max(1, (limit - initial) / seconds)))")]
        if let needed, needed > limit { memory["workingSet"] = .string("\(Int(needed))") }
        return memory
    }

    /// Its declared ports and those that its probes ask.
    private static func listen(_ container: JSON) -> JSON? {
        let declared = container["ports"]?.array ?? []
        var ports = Set(declared.compactMap { $0["containerPort"]?.int })
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            for kind in ["httpGet", "tcpSocket", "grpc"] { if let port = container[at: probe, kind, "port"]?.int { ports.insert(port) } }
        }
        guard !ports.isEmpty else { return nil }
        var listen: JSON = ["ports": .array(ports.sorted().map { JSON($0) })]
        let speaksGRPC = ["livenessProbe", "readinessProbe", "startupProbe"].contains { container[at: $0, "grpc"] != nil }
        if speaksGRPC { listen["protocol"] = "grpc" }
        return listen
    }
}
