import Core
import Kubernetes

/// Probes and hooks: what a container is asked, and what it is told (validateProbe, validateLifecycle).
extension Validation {
    mutating func probes(_ container: JSON, _ field: String, _ grace: Int?) {
        for kind in ["livenessProbe", "readinessProbe", "startupProbe"] {
            guard let probe = container[kind] else { continue }
            let at = "\(field).\(kind)"
            handler(probe, at, ["exec", "httpGet", "tcpSocket", "grpc"], grace)
            for member in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
                nonNegative(probe[member], "\(at).\(member)")
            }
            if let seconds = probe["terminationGracePeriodSeconds"] {
                if seconds.int ?? 1 <= 0 { invalid("\(at).terminationGracePeriodSeconds", seconds, "must be greater than 0") }
                if kind == "readinessProbe" {
                    invalid("\(at).terminationGracePeriodSeconds", seconds, "must not be set for readinessProbes")
                }
            }
            if kind != "readinessProbe", let threshold = probe["successThreshold"], threshold.int != 1 {
                invalid("\(at).successThreshold", threshold, "must be 1")
            }
        }
    }

    mutating func hooks(_ container: JSON, _ field: String, _ grace: Int?) {
        for kind in ["postStart", "preStop"] {
            guard let hook = container[at: "lifecycle", kind] else { continue }
            handler(hook, "\(field).lifecycle.\(kind)", ["exec", "httpGet", "tcpSocket", "sleep"], grace)
        }
    }

    /// One of the ways to reach a container; of further ones only that they are too many is said.
    private mutating func handler(_ owner: JSON, _ field: String, _ kinds: [String], _ grace: Int?) {
        let present = kinds.filter { owner[$0] != nil }
        guard let first = present.first, let handler = owner[first] else { return required(field, "must specify a handler type") }
        let at = "\(field).\(first)"
        switch first {
        case "exec": if handler["command"]?.array?.isEmpty ?? true { required("\(at).command") }
        case "httpGet":
            if handler["path"]?.string == "" { required("\(at).path") }
            portNumberOrName(handler["port"], "\(at).port")
            choice(handler["scheme"], "\(at).scheme", ["HTTP", "HTTPS"])
            for header in handler["httpHeaders"]?.array ?? [] { form(header[text: "name"], "\(at).httpHeaders", Names.headerName) }
        case "sleep":
            if let grace, let seconds = handler["seconds"]?.int, seconds < 0 || seconds > grace {
                invalid(at, JSON(seconds), "must be non-negative and less than terminationGracePeriodSeconds (\(grace))")
            }
        default: portNumberOrName(handler["port"], "\(at).port")
        }
        for other in present.dropFirst() { forbidden("\(field).\(other)", "may not specify more than 1 handler type") }
    }
}
