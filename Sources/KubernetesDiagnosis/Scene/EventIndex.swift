import Core
import Kubernetes

/// Where the events of a snapshot are that tell of an object, and what those tell of pods that are gone.
struct EventIndex: Sendable {
    /// Indices of events, oldest first, by the uid of the object and by `Kind/namespace/name`.
    private(set) var byObject: [String: [Int]] = [:]
    /// `namespace/name` of ReplicaSets with pods that failed, by events that outlive the pods.
    private(set) var failedReplicaSets: Set<String> = []
    /// Events that tell of a pod that another has displaced.
    private(set) var preemptions: [Int] = []

    init(_ events: [Event]) {
        for (i, event) in events.enumerated() {
            let object = event.regarding
            if object.kind == "Pod", event.reason == "BackOff" || event.reason == "Preempted", let dash = object.name.lastIndex(of: "-") {
                if event.reason == "BackOff" { failedReplicaSets.insert("\(object.namespace ?? "")/\(object.name[..<dash])") }
                if event.reason == "Preempted" { preemptions.append(i) }
            }
            if let uid = object.uid, !uid.isEmpty { byObject[uid, default: []].append(i) }
            byObject["\(object.kind)/\(object.namespace ?? "")/\(object.name)", default: []].append(i)
        }
        for key in byObject.keys where (byObject[key]?.count ?? 0) > 1 {
            byObject[key]?.sort { a, b in
                let x = events[a], y = events[b]
                return (x.lastSeen ?? .distantPast, x.message, x.metadata.name) < (y.lastSeen ?? .distantPast, y.message, y.metadata.name)
            }
        }
    }
}
