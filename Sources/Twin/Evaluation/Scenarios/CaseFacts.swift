import Core
import Kubernetes

/// What is compared of a cluster's state: phases, states, reasons, conditions and events, as sentences without what two runs never
/// share, and how many objects each is true of.
struct CaseFacts: Sendable {
    /// How often each sentence is true. Events count once: how often they repeat hangs on when one looks.
    private(set) var counts: [String: Int] = [:]
    private let text: TextTemplate

    init(nodes: Set<String>) { text = TextTemplate(nodes: nodes) }

    /// Takes in the objects of one kind.
    mutating func add(_ kind: String, _ objects: [JSON], since start: Timestamp) {
        for object in objects {
            switch kind {
            case "Event": event(object, since: start)
            case "Pod": pod(object)
            default: state(kind, object)
            }
        }
    }

    private mutating func note(_ fact: String) { counts[fact, default: 0] += 1 }

    // MARK: Kinds

    private mutating func pod(_ pod: JSON) {
        let subject = "Pod \(text.of(pod.metadataName))"
        let status = pod["status"]
        note(
            "\(subject): \(words([status?["phase"], status?["reason"], status?["message"]]))\(pod.isBeingDeleted ? ", being deleted" : "")")
        conditions(subject, pod)
        let containers = (status?["initContainerStatuses"]?.array ?? []) + (status?["containerStatuses"]?.array ?? [])
        for container in containers {
            let place = "\(subject), container \(container["name"]?.string ?? "")"
            note("\(place): \(state(of: container["state"]))\(container["ready"]?.bool == true ? ", ready" : "")")
            if let last = container["lastState"], last.object?.isEmpty == false { note("\(place), before: \(state(of: last))") }
        }
    }

    private func state(of state: JSON?) -> String {
        if let waiting = state?["waiting"] { return "waiting " + words([waiting["reason"], waiting["message"]]) }
        if let end = state?["terminated"] {
            return "terminated " + words([end["reason"], .string("exit code \(end["exitCode"]?.int ?? -1)"), end["message"]])
        }
        return state?["running"] == nil ? "unknown" : "running"
    }

    private mutating func conditions(_ subject: String, _ object: JSON) {
        for condition in object["status"]?["conditions"]?.array ?? [] {
            let what = words([condition["type"], condition["status"], condition["reason"], condition["message"]])
            note("\(subject): condition \(what)")
        }
    }

    private mutating func state(_ kind: String, _ object: JSON) {
        // A node keeps its name: which one fails is the case.
        let subject = "\(kind) \(kind == "Node" ? object.metadataName : text.of(object.metadataName))"
        if let phase = object["status"]?["phase"]?.string { note("\(subject): \(phase)\(object.isBeingDeleted ? ", being deleted" : "")") }
        conditions(subject, object)
        for taint in kind == "Node" ? object["spec"]?["taints"]?.array ?? [] : [] {
            note("\(subject): taint \(taint["key"]?.string ?? ""):\(taint["effect"]?.string ?? "")")
        }
    }

    private mutating func event(_ event: JSON, since start: Timestamp) {
        let isSeries = event["eventTime"]?.string != nil
        let times = [event["series"]?["lastObservedTime"], event["lastTimestamp"], event["eventTime"]].compactMap { $0?.string }
        guard let last = times.compactMap({ Timestamp($0) }).max(), last >= start else { return }
        let involved = event["involvedObject"]
        let name = involved?["name"]?.string ?? ""
        let subject = "\(involved?["kind"]?.string ?? "") \(involved?["kind"]?.string == "Node" ? name : text.of(name))"
        let source = [event["reportingComponent"], event["source"]?["component"]].compactMap { $0?.string }.first { !$0.isEmpty } ?? ""
        let combined = "(combined from similar events): "
        var message = event["message"]?.string ?? ""
        if message.hasPrefix(combined) { message.removeFirst(combined.count) }
        let what = words([event["type"], event["reason"]])
        counts["Event of \(source)\(isSeries ? ", as series" : "") about \(subject): \(what): \(text.of(message))"] = 1
    }

    private func words(_ values: [JSON?]) -> String {
        values.compactMap { $0?.string }.filter { !$0.isEmpty }.map { text.of($0) }.joined(separator: " ")
    }
}
