import Core

extension Validation {
    /// The checks of both event APIs, and those of events that carry `eventTime` (pkg/apis/core/validation/events.go).
    mutating func event(_ event: JSON) {
        func text(_ field: String) -> String { event[field]?.string ?? "" }
        let home = event[at: "metadata", "namespace"]?.string ?? ""
        let named = event[at: "involvedObject", "namespace"]?.string ?? ""
        if named.isEmpty ? home != "" && home != "default" : named != home {
            invalid("involvedObject.namespace", .string(named), "does not match event.namespace")
        }
        guard event["eventTime"]?.string != nil else { return }
        if text("reportingComponent").isEmpty { required("reportingController") }
        if text("reportingInstance").isEmpty { required("reportingInstance") }
        if text("action").isEmpty { required("action") }
        if text("reason").isEmpty { required("reason") }
    }

    /// What the API events.k8s.io asks for beyond that.
    mutating func newEvent(_ event: JSON) {
        self.event(event)
        if event["eventTime"]?.string == nil { required("eventTime") }
        let kind = event["type"]?.string ?? ""
        if kind != "Normal", kind != "Warning" { invalid("type", .string(kind), "has invalid value: \(kind)") }
        for field in ["firstTimestamp", "lastTimestamp"] where event[field]?.string != nil {
            invalid(field, event[field] ?? .null, "needs to be unset")
        }
        if let count = event["count"]?.int, count != 0 { invalid("count", JSON(count), "needs to be unset") }
        for field in ["component", "host"] where event[at: "source", field]?.string?.isEmpty == false {
            invalid("source", event[at: "source", field] ?? .null, "needs to be unset")
        }
    }
}
