import Core
import Kubernetes

/// `kubectl get pods`: the status column follows printPod of the real server.
enum PodTable {
    static let table = Table(
        columns: [
            Table.nameColumn, .init("Ready"), .init("Status"), .init("Restarts"), Table.ageColumn, .init("IP", wide: true),
            .init("Node", wide: true), .init("Nominated Node", wide: true), .init("Readiness Gates", wide: true),
        ]
    ) { pod, now in
        let status = pod["status"]
        let sidecars = sidecars(of: pod)
        let states =
            (status?["containerStatuses"]?.array ?? [])
            + (status?["initContainerStatuses"]?.array ?? []).filter { sidecars.contains($0["name"]?.string ?? "") }
        let total = (pod[at: "spec", "containers"]?.array?.count ?? 0) + sidecars.count
        let summary = summary(pod, now)
        let gates = pod[at: "spec", "readinessGates"]?.array ?? []
        let passed = gates.filter { gate in
            (status?["conditions"]?.array ?? []).contains { $0["type"] == gate["conditionType"] && $0["status"] == "True" }
        }
        return [
            Table.name(pod), .string("\(states.filter { $0["ready"]?.bool == true && $0[at: "state", "running"] != nil }.count)/\(total)"),
            .string(summary.status), .string(summary.restarts), Table.age(pod, now),
            .string(Table.text(status?["podIP"])), .string(Table.text(pod[at: "spec", "nodeName"])),
            .string(Table.text(status?["nominatedNodeName"])), .string(gates.isEmpty ? "<none>" : "\(passed.count)/\(gates.count)"),
        ]
    }

    private static func summary(_ pod: JSON, _ now: Timestamp) -> (status: String, restarts: String) {
        let status = pod["status"]
        var reason = status?["reason"]?.string ?? status?["phase"]?.string ?? "Unknown"
        let conditions = status?["conditions"]?.array ?? []
        if conditions.contains(where: { $0["type"] == "PodScheduled" && $0["reason"] == "SchedulingGated" }) { reason = "SchedulingGated" }
        var restarts = 0
        var last: Timestamp?
        func note(_ state: JSON) {
            restarts += state["restartCount"]?.int ?? 0
            if let time = state[at: "lastState", "terminated", "finishedAt"]?.string.flatMap({ Timestamp($0) }),
                time > last ?? time - .seconds(1)
            {
                last = time
            }
        }
        let inits = status?["initContainerStatuses"]?.array ?? []
        let sidecars = sidecars(of: pod)
        let isInitialized = conditions.contains { $0["type"] == "Initialized" && $0["status"] == "True" }
        var initializing = false
        for (i, state) in inits.enumerated() {
            note(state)
            if let ended = state[at: "state", "terminated"] {
                if ended["exitCode"]?.int == 0 { continue }
                reason = "Init:" + terminated(ended)
            } else if sidecars.contains(state["name"]?.string ?? ""), state["started"]?.bool == true {
                continue
            } else if let waiting = state[at: "state", "waiting", "reason"]?.string, !waiting.isEmpty, waiting != "PodInitializing" {
                reason = "Init:" + waiting
            } else {
                reason = "Init:\(i)/\(pod[at: "spec", "initContainers"]?.array?.count ?? inits.count)"
            }
            initializing = true
            break
        }
        if !initializing || isInitialized {
            restarts = 0
            last = nil
            for state in inits where sidecars.contains(state["name"]?.string ?? "") { note(state) }
            var hasRunning = false
            for state in (status?["containerStatuses"]?.array ?? []).reversed() {
                note(state)
                if let waiting = state[at: "state", "waiting", "reason"]?.string, !waiting.isEmpty {
                    reason = waiting
                } else if let ended = state[at: "state", "terminated"] {
                    reason = terminated(ended)
                } else if state["ready"]?.bool == true, state[at: "state", "running"] != nil {
                    hasRunning = true
                }
            }
            if reason == "Completed", hasRunning {
                reason = conditions.contains { $0["type"] == "Ready" && $0["status"] == "True" } ? "Running" : "NotReady"
            }
        }
        if pod[at: "metadata", "deletionTimestamp"] != nil { reason = status?["reason"] == "NodeLost" ? "Unknown" : "Terminating" }
        let ago = last.map { restarts > 0 ? " (\(Table.humanDuration(now - $0)) ago)" : "" } ?? ""
        return (reason, "\(restarts)\(ago)")
    }

    /// Names of the init containers that go on running.
    private static func sidecars(of pod: JSON) -> Set<String> {
        let all = pod[at: "spec", "initContainers"]?.array ?? []
        return Set(all.filter { $0["restartPolicy"] == "Always" }.compactMap { $0["name"]?.string })
    }

    private static func terminated(_ state: JSON) -> String {
        if let reason = state["reason"]?.string, !reason.isEmpty { return reason }
        if let signal = state["signal"]?.int, signal != 0 { return "Signal:\(signal)" }
        return "ExitCode:\(state["exitCode"]?.int ?? 0)"
    }
}

/// `kubectl get events`.
enum EventTable {
    static let table = Table(
        columns: [
            .init("Last Seen"), .init("Type"), .init("Reason"), .init("Object"), .init("Subobject", wide: true),
            .init("Source", wide: true),
            .init("Message"), .init("First Seen", wide: true), .init("Count", wide: true), .init("Name", format: "name", wide: true),
        ]
    ) { event, now in
        let first = event["firstTimestamp"]?.string ?? event["eventTime"]?.string ?? event[at: "metadata", "creationTimestamp"]?.string
        let last = event[at: "series", "lastObservedTime"]?.string ?? event["lastTimestamp"]?.string ?? event["eventTime"]?.string ?? first
        let object = event["involvedObject"]
        let name = object?["name"]?.string ?? ""
        let source = [
            event[at: "source", "component"]?.string ?? event["reportingComponent"]?.string,
            event[at: "source", "host"]?.string ?? event["reportingInstance"]?.string,
        ]
        return [
            .string(Table.age(of: last, now)), event["type"] ?? "", event["reason"] ?? "",
            .string((object?["kind"]?.string ?? "").lowercased() + "/" + name), object?["fieldPath"] ?? "",
            .string(source.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ")),
            .string((event["message"]?.string ?? "").trimmingSpaces),
            .string(Table.age(of: first, now)), event[at: "series", "count"] ?? event["count"] ?? 1, Table.name(event),
        ]
    }
}
