import Core
import Kubernetes

/// What is wrong with the pods of one workload, gathered before any rule asks why.
struct Trouble: Sendable {
    let index: Int
    let workload: Workload
    var containers: [ContainerTrouble] = []
    /// Pods that the scheduler says no node takes.
    var unschedulable: [Int] = []
    /// Pods that nobody has said anything about: no conditions, no events.
    var unnoticed: [Int] = []
    /// Pods held back by scheduling gates.
    var gated: [Int] = []
    /// Pods whose volumes cannot be mounted, with the newest event that says so.
    var unmountable: [(pod: Int, event: Event)] = []
    /// Pods that a node has taken and that have not begun to run, for longer than that takes.
    var creating: [Int] = []
    /// Pods that a kubelet has turned away in the last minutes, though a scheduler gave them to it.
    var rejected: [Int] = []
    /// Pods that ended because the node or the kubelet put them out.
    var evicted: [Int] = []
    let ready: Int
    let desired: Int
    let history: RevisionHistory?

    /// What of it serves decides how bad it is.
    var severity: Severity {
        if workload.kind == "Job" || workload.kind == "CronJob" { return .high }
        if ready == 0 { return .critical }
        return ready < desired ? .high : .medium
    }

    var isEmpty: Bool {
        containers.isEmpty && unschedulable.isEmpty && unnoticed.isEmpty && gated.isEmpty && unmountable.isEmpty && evicted.isEmpty
            && creating.isEmpty && rejected.isEmpty
    }
}

extension Trouble {
    /// The container beside one in its pods that does not run and that it calls in vain on the pod's own address: a proxy, an agent.
    func neighbour(neededBy container: ContainerTrouble) -> ContainerTrouble? {
        guard container.form == .notReady, let clue = container.clue(.connectionRefused), !clue.peers.isEmpty,
            clue.peers.allSatisfy(\.isOwn)
        else { return nil }
        return containers.first { $0.form != .notReady && !$0.isInit }
    }
}

/// What is wrong with one container in one or more pods of a workload.
struct ContainerTrouble: Sendable {
    enum Form: Sendable, Hashable {
        /// It cannot be made or started: the state's reason and message.
        case waiting(reason: String, message: String)
        /// It ends again and again, or ended at once.
        case ending
        /// It runs and does not become ready.
        case notReady
    }

    let spec: Container
    let isInit: Bool
    let form: Form
    /// Indices of the pods that show it.
    let pods: [Int]
    /// The last end of the one that is looked at.
    let end: ContainerTerminated?
    let restarts: Int
    let since: Timestamp
    /// What the log of its last run gives away.
    let clues: [LogClue]
    let lastLine: String?
    /// The log as evidence names it: `logs/checkout-7d9f-x2l.checkout`.
    let logName: String
    /// Why there is no log, when there is none.
    let logMissing: String?

    var name: String { spec.name }

    func clue(_ kinds: LogClue.Kind...) -> LogClue? { clues.last { kinds.contains($0.kind) } }
    func log(_ clue: LogClue) -> Evidence { Evidence(.log, source: logName, text: String(clue.text.prefix(300))) }
}

extension Scene {
    /// What is wrong with each suspect workload; those with nothing wrong are left out.
    func troubles() -> [Trouble] { suspects.compactMap { trouble(of: $0) } }

    func trouble(of index: Int) -> Trouble? {
        let workload = workloads[index]
        var trouble = Trouble(
            index: index, workload: workload, ready: workload.pods.count { health[$0].isReady },
            desired: workload.desired ?? workload.pods.count, history: RevisionHistory(workload, self))
        var byContainer: [String: [ContainerSituation]] = [:]
        var forms: [String: ContainerTrouble.Form] = [:]
        var order: [String] = []
        let isJob = workload.kind == "Job" || workload.kind == "CronJob"
        let gaveUp = isJob && hasGivenUp(workload)
        for p in workload.pods where !health[p].isFine || health[p].hasRestartedOften {
            let pod = snapshot.pods[p]
            if health[p].isFine, !isRestartingOn(p) { continue }
            if let condition = pod.status.conditions.first(where: { $0.type == "PodScheduled" && $0.status == "False" }) {
                if condition.reason == "SchedulingGated" {
                    trouble.gated.append(p)
                } else if !isPromisedNode(p) {
                    trouble.unschedulable.append(p)
                }
                continue
            }
            if pod.status.phase == "Pending", pod.spec.nodeName == nil, pod.status.conditions.isEmpty {
                trouble.unnoticed.append(p)
                continue
            }
            if pod.status.phase == "Failed", pod.status.reason == "Evicted" || pod.status.reason == "NodeShutdown" {
                trouble.evicted.append(p)
                continue
            }
            if pod.status.phase == "Failed", PodHealth.rejections.contains(pod.status.reason ?? "") {
                if pod.metadata.creationTimestamp.map({ now - $0 < .seconds(600) }) ?? false { trouble.rejected.append(p) }
                continue
            }
            for situation in containers(ofPod: p) {
                guard let form = form(situation, pod: pod, isJob: isJob) else { continue }
                // A Job tries again: what its pods say counts once it has given up.
                if isJob, !gaveUp, form == .ending { continue }
                if byContainer[situation.name] == nil { order.append(situation.name) }
                byContainer[situation.name, default: []].append(situation)
                // A form that names a reason beats one that does not.
                if forms[situation.name].map({ ContainerTrouble.rank(form) > ContainerTrouble.rank($0) }) ?? true {
                    forms[situation.name] = form
                }
            }
            if let event = mountFailure(p) {
                trouble.unmountable.append((p, event))
            } else if isStuckCreating(pod) {
                trouble.creating.append(p)
            }
        }
        for name in order {
            guard let situations = byContainer[name], let form = forms[name] else { continue }
            trouble.containers.append(containerTrouble(situations, form))
        }
        return trouble.isEmpty ? nil : trouble
    }

    /// Whether a Job has failed for good, or the last runs of a CronJob did.
    private func hasGivenUp(_ workload: Workload) -> Bool {
        if workload.kind == "Job" {
            return job(workload.namespace, workload.name).map { JobState.failure($0) != nil } ?? false
        }
        guard
            let cron = snapshot.cronJobs.first(where: { $0.metadata.name == workload.name && $0.metadata.namespace == workload.namespace })
        else { return false }
        return JobState.failedRuns(cron, self) != nil
    }

    private func containerTrouble(_ situations: [ContainerSituation], _ form: ContainerTrouble.Form) -> ContainerTrouble {
        // The one that tells most: with a log, then with an end, then the first by name.
        let ordered = situations.sorted { snapshot.pods[$0.pod].metadata.name < snapshot.pods[$1.pod].metadata.name }
        var best = ordered[0]
        var text: [UInt8]?
        var missing: String?
        var previous = false
        for situation in ordered.prefix(5) {
            let found = lastLog(situation)
            if missing == nil { missing = found.missing }
            if let bytes = found.text, !bytes.isEmpty {
                best = situation
                text = bytes
                previous = found.previous
                break
            }
        }
        if text == nil, let ended = ordered.first(where: { $0.lastEnd != nil }) { best = ended }
        let pod = snapshot.pods[best.pod]
        let ends = situations.compactMap(\.lastEnd)
        let times = situations.flatMap { s -> [Timestamp] in
            let created = snapshot.pods[s.pod].metadata.creationTimestamp
            if form == .notReady, let since = notReadySince(s) { return [since] }
            let finished = (s.status?.restartCount ?? 0) == 0 ? s.lastEnd?.finishedAt : nil
            // A program may have run for weeks before it began to fail.
            let told = events(aboutPod: s.pod).filter { $0.reason == "BackOff" && $0.message.contains("restarting failed") }
                .compactMap(\.firstSeen).min()
            return [finished, told, created].compactMap { $0 }.filter { $0 > .distantPast }.prefix(1).map { $0 }
        }
        return ContainerTrouble(
            spec: best.spec, isInit: best.isInit, form: form, pods: situations.map(\.pod), end: best.lastEnd ?? ends.first,
            restarts: situations.map { $0.status?.restartCount ?? 0 }.max() ?? 0, since: times.min() ?? now,
            clues: text.map { LogReading.clues(in: $0) } ?? [], lastLine: text.flatMap(LogReading.lastLine),
            logName: "logs/\(pod.metadata.name).\(best.name)\(previous ? " (previous)" : "")", logMissing: text == nil ? missing : nil)
    }

    /// Since when a container that runs is not ready: for as long as it has run, or since it was ready last.
    private func notReadySince(_ situation: ContainerSituation) -> Timestamp? {
        let conditions = snapshot.pods[situation.pod].status.conditions
        let unready = conditions.first { $0.type == "ContainersReady" && $0.status == "False" }?.lastTransitionTime
        return [unready, situation.status?.state.running?.startedAt].compactMap(\.self).max()
    }

    /// The log of a container's last run that ended, or of the present one where it runs.
    private func lastLog(_ situation: ContainerSituation) -> (text: [UInt8]?, previous: Bool, missing: String?) {
        let pod = snapshot.pods[situation.pod]
        let currentFirst =
            situation.status?.state.terminated != nil
            || situation.status?.state.running != nil && situation.status?.lastState.terminated == nil
        var missing: String?
        for previous in currentFirst ? [false, true] : [true, false] {
            switch log(of: pod, situation.name, previous: previous) {
            case .text(let bytes):
                if bytes.starts(with: Array("unable to retrieve container logs".utf8)) {
                    missing = "the log of container \(situation.name) is gone from the node"
                } else if !bytes.isEmpty {
                    return (bytes, previous, nil)
                } else {
                    missing = missing ?? "the log of container \(situation.name) is empty"
                }
            case .refused(let status, let message):
                missing =
                    status == 403
                    ? "not allowed to read the logs of \(pod.metadata.name) (403)"
                    : "the log of container \(situation.name) cannot be read (\(status)\(message.isEmpty ? "" : ": " + message.prefix(120)))"
            case nil: continue
            }
        }
        return (nil, false, missing ?? "the log of container \(situation.name) was not read")
    }

    /// Given to a node, none of its containers has ever run, and ten minutes are over: nothing that is pulled or mounted takes so long.
    private func isStuckCreating(_ pod: Pod) -> Bool {
        guard pod.status.phase == "Pending", pod.spec.nodeName != nil, let created = pod.metadata.creationTimestamp,
            now - created > .seconds(600)
        else { return false }
        let statuses = pod.status.initContainerStatuses + pod.status.containerStatuses
        return statuses.allSatisfy { status in
            status.state.running == nil && status.state.terminated == nil && status.lastState.terminated == nil
                && !ContainerTrouble.isFailure(status.state.waiting?.reason ?? "")
        }
    }

    /// The newest failure to mount a volume of a pod that is still being made.
    private func mountFailure(_ p: Int) -> Event? {
        let pod = snapshot.pods[p]
        guard pod.status.phase == "Pending",
            pod.status.containerStatuses.allSatisfy({ $0.state.running == nil && $0.state.terminated == nil })
        else { return nil }
        return events(aboutPod: p).last {
            $0.reason == "FailedMount" || $0.reason == "FailedAttachVolume" || $0.reason == "FailedMapVolume"
        }
    }
}

extension ContainerTrouble {
    /// Whether a container that waits for this reason waits because something failed.
    static func isFailure(_ reason: String) -> Bool {
        reason.hasPrefix("Err") || reason.hasSuffix("Error") || reason.hasSuffix("BackOff") || reason.hasSuffix("Failed")
            || ["InvalidImageName", "RegistryUnavailable", "ContainerCannotRun"].contains(reason)
    }

    fileprivate static func rank(_ form: Form) -> Int {
        switch form {
        case .notReady: 0
        case .ending: 1
        case .waiting: 2
        }
    }
}
