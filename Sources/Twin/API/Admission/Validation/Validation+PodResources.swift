import Core
import Kubernetes

/// Requests and limits, and the names of what can be asked for (validateResourceRequirements, pkg/apis/core/helper).
extension Validation {
    mutating func resourceRequirements(_ resources: JSON, _ field: String) {
        var names: Set<String> = []
        for kind in ["limits", "requests"] {
            for (name, value) in members(resources[kind]) {
                let at = "\(field).\(kind)[\(name)]"
                names.insert(name)
                containerResource(name, at)
                quantity(value, name, at)
                if kind == "requests", let amount = Amounts.quantity(value) {
                    request(amount, Amounts.quantity(resources["limits"]?[name]), name, field)
                }
            }
        }
        if names.contains(where: { $0.hasPrefix("hugepages-") }), !names.contains("cpu"), !names.contains("memory") {
            forbidden(field, "HugePages require cpu or memory")
        }
    }

    private mutating func request(_ amount: Quantity, _ limit: Quantity?, _ name: String, _ field: String) {
        // What does not come from the node's CPU, memory and the like cannot be promised twice.
        let isShared = Validation.isNative(name) && !name.hasPrefix("hugepages-")
        guard let limit else {
            if !isShared { required("\(field).limits", "Limit must be set for non overcommitable resources") }
            return
        }
        if !isShared, amount != limit {
            invalid("\(field).requests", .string("\(amount)"), "must be equal to \(name) limit of \(limit)")
        } else if amount > limit {
            invalid("\(field).requests", .string("\(amount)"), "must be less than or equal to \(name) limit of \(limit)")
        }
    }

    /// An amount that must not be negative, and whole where parts make no sense.
    mutating func quantity(_ value: JSON, _ name: String, _ field: String) {
        guard let amount = Amounts.quantity(value) else { return }
        if amount < .zero { invalid(field, .string("\(amount)"), "must be greater than or equal to 0") }
        let isWhole = !Validation.isNative(name) || Validation.countedResources.contains(name)
        if isWhole, "\(amount)".hasSuffix("m") { invalid(field, .string("\(amount)"), "must be an integer") }
    }

    // MARK: Names

    static let countedResources: Set = [
        "pods", "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps", "persistentvolumeclaims",
        "services.nodeports", "services.loadbalancers",
    ]
    private static let containerResources: Set = ["cpu", "memory", "ephemeral-storage"]
    private static let quotaResources: Set = countedResources.union(
        containerResources.union([
            "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage", "limits.cpu", "limits.memory",
            "limits.ephemeral-storage",
        ]))

    private static func isNative(_ name: String) -> Bool { !name.contains("/") || name.contains("kubernetes.io/") }

    private static func isStandard(_ name: String) -> Bool {
        quotaResources.contains(name) || name == "storage" || isHuge(name)
    }

    private static func isHuge(_ name: String) -> Bool { name.hasPrefix("hugepages-") || name.hasPrefix("requests.hugepages-") }

    mutating func resourceName(_ name: String, _ field: String) {
        if !Names.qualifiedName(name).isEmpty { return form(name, field, Names.qualifiedName) }
        if !name.contains("/"), !Validation.isStandard(name) {
            invalid(field, .string(name), "must be a standard resource type or fully qualified")
        }
    }

    mutating func containerResource(_ name: String, _ field: String) {
        resourceName(name, field)
        if !name.contains("/") {
            if !Validation.containerResources.contains(name), !name.hasPrefix("hugepages-") {
                invalid(field, .string(name), "must be a standard resource for containers")
            }
        } else if !Validation.isNative(name), name.hasPrefix("requests.") || !Names.qualifiedName("requests.\(name)").isEmpty {
            invalid(field, .string(name), "doesn't follow extended resource name standard")
        }
    }

    mutating func quotaResource(_ name: String, _ field: String) {
        resourceName(name, field)
        if !name.contains("/"), !Validation.quotaResources.contains(name), !Validation.isHuge(name) {
            invalid(field, .string(name), "must be a standard resource for quota")
        }
    }
}
