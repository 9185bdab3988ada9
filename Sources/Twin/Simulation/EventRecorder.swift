import Core
import Kubernetes

/// Who an event is about.
struct EventSubject: Sendable {
    let kind: String
    let apiVersion: String
    let namespace: String
    let name: String
    let uid: String
    var resourceVersion: String?
    var fieldPath: String?

    init(_ object: JSON, fieldPath: String? = nil) {
        kind = object.kind
        apiVersion = object.apiVersion
        namespace = object.metadataNamespace
        name = object.metadataName
        uid = object.uid
        resourceVersion = object["metadata"]?["resourceVersion"]?.string
        self.fieldPath = fieldPath
    }

    var json: JSON {
        var result: JSON = ["kind": .string(kind)]
        if !namespace.isEmpty { result["namespace"] = .string(namespace) }
        result["name"] = .string(name)
        result["uid"] = .string(uid)
        result["apiVersion"] = .string(apiVersion)
        result.set("resourceVersion", resourceVersion)
        result.set("fieldPath", fieldPath)
        return result
    }
}

/// Writes events as client-go's correlator does (k8s.io/client-go/tools/record/events_cache.go): an event that repeats counts up;
/// more than ten that differ only in their message within ten minutes become one, "combined from similar events".
struct EventRecorder: Sendable {
    /// How long the API server keeps an event after its last change.
    static let lifetime = Duration.seconds(3600)

    private struct Similar: Sendable {
        var messages: Set<String> = []
        var last: Timestamp
    }

    /// By the subject's uid, then by what was said.
    private var names: [String: [String: String]] = [:]
    private var similar: [String: [String: Similar]] = [:]
    private var counter = 0

    /// An event name, unique: the subject and the nanoseconds, as the real ones.
    mutating func name(_ subject: EventSubject, now: Timestamp) -> String {
        counter += 1
        let digits = String(UInt64(bitPattern: now.nanoseconds &+ Int64(counter)), radix: 16)
        return "\(subject.name).\(String(repeating: "0", count: max(0, 16 - digits.count)))\(digits)"
    }

    /// The message under which the event is written.
    mutating func aggregate(_ uid: String, _ key: String, message: String, now: Timestamp) -> (message: String, isCombined: Bool) {
        var entry = similar[uid]?[key] ?? Similar(last: now)
        if (now - entry.last) > .seconds(600) { entry = Similar(last: now) }
        entry.last = now
        entry.messages.insert(message)
        let combined = entry.messages.count >= 10 && entry.messages.count > 1
        if entry.messages.count > 10, let victim = entry.messages.min() { entry.messages.remove(victim) }
        similar[uid, default: [:]][key] = entry
        return combined ? ("(combined from similar events): " + message, true) : (message, false)
    }

    func known(_ uid: String, _ key: String) -> String? { names[uid]?[key] }
    mutating func remember(_ uid: String, _ key: String, name: String) { names[uid, default: [:]][key] = name }

    /// Forgets what was said about an object that is gone.
    mutating func forget(uid: String) {
        names[uid] = nil
        similar[uid] = nil
    }
}

extension World {
    /// Records an event in the core/v1 form that controllers and kubelets use; `host` is the node.
    mutating func record(
        _ subject: EventSubject, _ type: String, _ reason: String, _ text: String, component: String, host: String? = nil
    ) {
        let base = "\(subject.fieldPath ?? "")|\(component)|\(type)|\(reason)"
        let (message, isCombined) = recorder.aggregate(subject.uid, base, message: text, now: now)
        let key = isCombined ? base : base + "|" + message
        let namespace = subject.namespace.isEmpty ? "default" : subject.namespace
        if let name = recorder.known(subject.uid, key) {
            let eventKey = ObjectKey(type: .events, namespace: namespace, name: name)
            if var event = store.get(eventKey) {
                event["count"] = JSON((event["count"]?.int ?? 1) + 1)
                event["lastTimestamp"] = now.json
                event["message"] = .string(message)
                write(event, eventKey)
                return
            }
        }
        let name = recorder.name(subject, now: now)
        var source: JSON = ["component": .string(component)]
        source.set("host", host)
        let event: JSON = [
            "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string(name), "namespace": .string(namespace)],
            "involvedObject": subject.json, "reason": .string(reason), "message": .string(message), "source": source,
            "firstTimestamp": now.json, "lastTimestamp": now.json, "count": 1, "type": .string(type), "eventTime": nil,
            "reportingComponent": .string(component), "reportingInstance": .string(host ?? ""),
        ]
        if (try? store.create(event, type: .events, now: now)) != nil { recorder.remember(subject.uid, key, name: name) }
    }

    /// Records an event in the events.k8s.io form that the scheduler uses: microseconds, and a series instead of a count.
    mutating func recordScheduling(_ subject: EventSubject, _ type: String, _ reason: String, _ text: String, action: String) {
        let key = "|default-scheduler|\(type)|\(reason)|\(text)"
        if let name = recorder.known(subject.uid, key) {
            let eventKey = ObjectKey(type: .events, namespace: subject.namespace, name: name)
            if var event = store.get(eventKey),
                let last = (event["series"]?["lastObservedTime"] ?? event["eventTime"])?.string.flatMap({ Timestamp($0) }),
                now - last < .seconds(360)
            {
                event["series"] = ["count": JSON((event["series"]?["count"]?.int ?? 1) + 1), "lastObservedTime": now.microJSON]
                write(event, eventKey)
                return
            }
        }
        let name = recorder.name(subject, now: now)
        let event: JSON = [
            "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string(name), "namespace": .string(subject.namespace)],
            "involvedObject": subject.json, "reason": .string(reason), "message": .string(text), "source": [:], "firstTimestamp": nil,
            "lastTimestamp": nil, "type": .string(type), "eventTime": now.microJSON, "action": .string(action),
            "reportingComponent": "default-scheduler", "reportingInstance": "default-scheduler-control-plane",
        ]
        if (try? store.create(event, type: .events, now: now)) != nil { recorder.remember(subject.uid, key, name: name) }
    }

    /// Removes events that have not changed for an hour.
    mutating func expireEvents() {
        for event in store.list(.events, namespace: nil) {
            let times = [event["series"]?["lastObservedTime"], event["lastTimestamp"], event["eventTime"]].compactMap { $0?.string }
            let last = times.compactMap { Timestamp($0) }.max() ?? event.created
            guard now - last >= EventRecorder.lifetime else { continue }
            delete(ObjectKey(type: .events, namespace: event.metadataNamespace, name: event.metadataName), propagation: nil)
        }
        queue.put(.eventExpiry, at: now + .seconds(300))
    }
}
