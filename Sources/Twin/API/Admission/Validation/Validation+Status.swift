import Core
import Kubernetes

/// What a status may say that somebody writes through the subresource `status` (ValidateXStatusUpdate of pkg/apis/*/validation).
extension Validation {
    /// Throws 422 with a cause for every mistake.
    static func checkStatus(_ object: JSON, type: ResourceType, old: JSON) throws(APIFailure) {
        var validation = Validation(old: old)
        validation.metadata(object, type)
        validation.status(object, type, old)
        guard validation.causes.isEmpty else {
            throw APIFailure.invalid(type, name: object[at: "metadata", "name"]?.string ?? "", causes: validation.causes)
        }
    }

    private mutating func status(_ object: JSON, _ type: ResourceType, _ old: JSON) {
        let status = object["status"] ?? [:]
        switch (type.group, type.plural) {
        case ("apps", "deployments"):
            counts(status, ["observedGeneration", "replicas", "updatedReplicas", "readyReplicas", "availableReplicas"])
            counts(status, ["unavailableReplicas", "collisionCount"])
            notOver(status, ["updatedReplicas", "readyReplicas", "availableReplicas"], "replicas", "status.replicas")
            notOver(status, ["availableReplicas"], "readyReplicas", "readyReplicas")
            if let before = old[at: "status", "collisionCount"]?.int, status["collisionCount"]?.int ?? 0 < before {
                invalid("status.collisionCount", status["collisionCount"] ?? .null, "cannot be decremented")
            }
        case ("apps", "replicasets"), ("", "replicationcontrollers"):
            counts(status, ["replicas", "fullyLabeledReplicas", "readyReplicas", "availableReplicas", "observedGeneration"])
            notOver(status, ["fullyLabeledReplicas", "readyReplicas", "availableReplicas"], "replicas", "status.replicas")
            notOver(status, ["availableReplicas"], "readyReplicas", "readyReplicas")
        case ("apps", "statefulsets"):
            counts(status, ["replicas", "readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"])
            counts(status, ["observedGeneration", "collisionCount"])
            notOver(
                status, ["readyReplicas", "currentReplicas", "updatedReplicas", "availableReplicas"], "replicas", "status.replicas")
            notOver(status, ["availableReplicas"], "readyReplicas", "status.readyReplicas")
        case ("apps", "daemonsets"):
            counts(status, ["currentNumberScheduled", "numberMisscheduled", "desiredNumberScheduled", "numberReady", "observedGeneration"])
            counts(status, ["updatedNumberScheduled", "numberAvailable", "numberUnavailable", "collisionCount"])
        case ("batch", "jobs"): counts(status, ["active", "succeeded", "failed", "ready", "terminating"])
        case ("autoscaling", _): counts(status, ["currentReplicas", "desiredReplicas"])
        case ("policy", "poddisruptionbudgets"):
            counts(status, ["disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods"])
        case ("", "pods"): podStatus(status, old["status"] ?? [:], policy: object[at: "spec", "restartPolicy"]?.string)
        case ("", "services"):
            if object[at: "spec", "type"] != "LoadBalancer", status[at: "loadBalancer", "ingress"]?.array?.isEmpty == false {
                forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is \"LoadBalancer\"")
            }
            balancer(status)
        case ("networking.k8s.io", "ingresses"): balancer(status)
        case ("", "nodes"), ("", "persistentvolumeclaims"):
            for (name, value) in members(status["capacity"]) { quantity(value, name, "status.capacity[\(name)]") }
        case ("", "resourcequotas"):
            for member in ["hard", "used"] {
                for (name, value) in members(status[member]) {
                    quotaResource(name, "status.\(member)[\(name)]")
                    quantity(value, name, "status.\(member)[\(name)]")
                }
            }
        case ("", "namespaces"):
            let isGoing = old[at: "metadata", "deletionTimestamp"] != nil
            if status["phase"]?.string != (isGoing ? "Terminating" : "Active") {
                invalid(
                    "status.Phase", status["phase"] ?? "",
                    isGoing
                        ? "may only be 'Terminating' if `deletionTimestamp` is not empty"
                        : "may only be 'Active' if `deletionTimestamp` is empty")
            }
        default: break
        }
    }

    private mutating func counts(_ status: JSON, _ members: [String]) {
        for member in members { nonNegative(status[member], "status.\(member)") }
    }

    private mutating func notOver(_ status: JSON, _ members: [String], _ limit: String, _ name: String) {
        let most = status[limit]?.int ?? 0
        for member in members {
            if let value = status[member], let count = value.int, count > most {
                invalid("status.\(member)", value, "cannot be greater than \(name)")
            }
        }
    }

    private mutating func podStatus(_ status: JSON, _ old: JSON, policy: String?) {
        optionalForm(status["nominatedNodeName"], "status.nominatedNodeName", Names.subdomain)
        for (list, policy) in [("containerStatuses", policy), ("initContainerStatuses", policy == "Always" ? "OnFailure" : policy)] {
            transitions(from: old[list], to: status[list], policy: policy, "status.\(list)")
        }
        for (at, address) in each(status["podIPs"], "status.podIPs") { self.address(address[text: "ip"], at) }
        if let before = old["qosClass"], status["qosClass"] != before {
            invalid("status.qosClass", status["qosClass"] ?? "", "field is immutable")
        }
        for (at, condition) in each(status["conditions"], "status.conditions") {
            form(condition[text: "type"], "\(at).type", Names.qualifiedName)
        }
    }

    /// A container that has ended for good does not run again.
    private mutating func transitions(from old: JSON?, to new: JSON?, policy: String?, _ field: String) {
        if policy == "Always" { return }
        for (at, before) in each(old, field) {
            guard let ended = before[at: "state", "terminated"] else { continue }
            if policy == "OnFailure", ended["exitCode"]?.int ?? 0 != 0 { continue }
            let now = (new?.array ?? []).first { $0["name"] == before["name"] }
            if let now, now[at: "state", "terminated"]?.object == nil {
                forbidden("\(at).state", "may not be transitioned to non-terminated state")
            }
        }
    }

    private mutating func balancer(_ status: JSON) {
        for (at, one) in each(status[at: "loadBalancer", "ingress"], "status.loadBalancer.ingress") {
            let (address, name) = (one[text: "ip"], one[text: "hostname"])
            if !address.isEmpty { self.address(address, "\(at).ip") }
            if !name.isEmpty {
                form(name, "\(at).hostname", Names.subdomain)
                if IPAddress(name) != nil { invalid("\(at).hostname", .string(name), "must be a DNS name, not an IP address") }
            }
        }
    }
}
