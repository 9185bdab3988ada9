import Core
import Kubernetes

/// The mistakes that the API server finds in an object, in its words (pkg/apis/*/validation of Kubernetes v1.36): the common ones.
struct Validation {
    private(set) var causes: [APIFailure.Cause] = []

    static func check(_ object: JSON, type: ResourceType, old: JSON? = nil) throws(APIFailure) {
        var validation = Validation()
        validation.metadata(object, type)
        validation.kind(object, type)
        // The real server looks at the taints of a changed node twice.
        if old != nil, type == .nodes { validation.kind(object, type) }
        if let old { validation.change(from: old, to: object, type) }
        guard validation.causes.isEmpty else {
            throw APIFailure.invalid(type, name: object[at: "metadata", "name"]?.string ?? "", causes: validation.causes)
        }
    }

    mutating func append(_ cause: APIFailure.Cause) { causes.append(cause) }

    mutating func required(_ field: String, _ detail: String = "") {
        causes.append(.init(reason: "FieldValueRequired", message: "Required value" + (detail.isEmpty ? "" : ": \(detail)"), field: field))
    }

    mutating func invalid(_ field: String, _ value: JSON, _ detail: String) {
        causes.append(.init(reason: "FieldValueInvalid", message: "Invalid value: \(value.text()): \(detail)", field: field))
    }

    mutating func unsupported(_ field: String, _ value: JSON, _ allowed: [String]) {
        let list = allowed.map { "\"\($0)\"" }.joined(separator: ", ")
        causes.append(
            .init(reason: "FieldValueNotSupported", message: "Unsupported value: \(value.text()): supported values: \(list)", field: field))
    }

    mutating func duplicate(_ field: String, _ value: JSON) {
        causes.append(.init(reason: "FieldValueDuplicate", message: "Duplicate value: \(value.text())", field: field))
    }

    mutating func forbidden(_ field: String, _ detail: String) {
        causes.append(.init(reason: "FieldValueForbidden", message: "Forbidden: \(detail)", field: field))
    }

    mutating func nonNegative(_ value: JSON?, _ field: String) {
        if let value, let number = value.int, number < 0 { invalid(field, value, "must be greater than or equal to 0") }
    }

    mutating func positive(_ value: JSON?, _ field: String) {
        if let value, let number = value.int, number <= 0 { invalid(field, value, "must be greater than 0") }
    }

    // MARK: Names and labels

    private mutating func metadata(_ object: JSON, _ type: ResourceType) {
        let name = object[at: "metadata", "name"]?.string ?? ""
        if name.isEmpty {
            if object[at: "metadata", "generateName"]?.string?.isEmpty ?? true {
                required("metadata.name", "name or generateName is required")
            }
        } else if type.group == "rbac.authorization.k8s.io" {
            if name.contains("/") || name.contains("%") { invalid("metadata.name", .string(name), "may not contain '/'") }
        } else if type.plural == "services" || type.plural == "namespaces" {
            let pattern = type.plural == "namespaces" ? Names.label : Names.serviceName
            if !Names.isLabel(name) || type.plural == "services" && name.first?.isNumber == true {
                invalid("metadata.name", .string(name), pattern)
            }
        } else if !Names.isSubdomain(name) {
            invalid("metadata.name", .string(name), Names.subdomain)
        }
        for (key, value) in (object[at: "metadata", "labels"]?.object ?? [:]).map({ ($0.key, $0.value) }) {
            labelValue(key, value, "metadata.labels")
        }
    }

    private mutating func labelValue(_ key: String, _ value: JSON, _ field: String) {
        if let text = value.string, !Names.isLabelValue(text) { invalid(field, value, Names.labelValue) }
        if !Names.isQualified(key) { invalid(field, .string(key), Names.qualifiedName) }
    }

    // MARK: Kinds

    private mutating func kind(_ object: JSON, _ type: ResourceType) {
        switch (type.group, type.plural) {
        case ("", "pods"): podSpec(object["spec"] ?? [:], "spec")
        case ("apps", "deployments"), ("apps", "replicasets"), ("apps", "statefulsets"), ("apps", "daemonsets"):
            workload(object["spec"] ?? [:], type)
        case ("batch", "jobs"): job(object["spec"] ?? [:], "spec")
        case ("batch", "cronjobs"): cronJob(object["spec"] ?? [:])
        case ("", "services"): service(object["spec"] ?? [:])
        case ("", "configmaps"), ("", "secrets"):
            for key in object["data"]?.object?.keys ?? [] where !Names.isConfigKey(key) {
                invalid("data[\(key)]", .string(key), Names.configKey)
            }
            if type.plural == "secrets" {
                for (key, value) in object["data"]?.object ?? [:] where value.string.flatMap(Base64.decode) == nil {
                    invalid("data[\(key)]", "<secret contents redacted>", "must be base64 encoded")
                }
            }
        case ("", "nodes"):
            for (i, taint) in (object[at: "spec", "taints"]?.array ?? []).enumerated() {
                if taint["effect"]?.string?.isEmpty ?? true {
                    required("metadata.taints[\(i)].effect")
                } else if let effect = taint["effect"], !["NoSchedule", "PreferNoSchedule", "NoExecute"].contains(effect.string) {
                    unsupported("metadata.taints[\(i)].effect", effect, ["NoSchedule", "PreferNoSchedule", "NoExecute"])
                }
            }
        case ("autoscaling", _):
            let spec = object["spec"]
            if (spec?["maxReplicas"]?.int ?? 0) < 1 { invalid("spec.maxReplicas", spec?["maxReplicas"] ?? 0, "must be greater than 0") }
            if let low = spec?["minReplicas"]?.int, let high = spec?["maxReplicas"]?.int, high > 0, high < low {
                invalid("spec.maxReplicas", JSON(high), "must be greater than or equal to `minReplicas`")
            }
        case ("policy", "poddisruptionbudgets"):
            let spec = object["spec"]
            if spec?["minAvailable"] != nil, spec?["maxUnavailable"] != nil {
                invalid("spec", spec ?? [:], "minAvailable and maxUnavailable cannot be both set")
            }
        case ("", "events"): event(object)
        default: break
        }
    }

    private mutating func workload(_ spec: JSON, _ type: ResourceType) {
        nonNegative(spec["replicas"], "spec.replicas")
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        nonNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")
        let labels = spec[at: "template", "metadata", "labels"]
        if let selector = spec["selector"], selector.object?.isEmpty == false {
            let selected = selector["matchLabels"]?.stringMap ?? [:]
            for key in selected.keys.sorted() { labelValue(key, .string(selected[key] ?? ""), "spec.selector.matchLabels") }
            if !Selectors.labelSelector(selector).matches(labels?.stringMap ?? [:]) {
                invalid("spec.template.metadata.labels", labels ?? .null, "`selector` does not match template `labels`")
            }
        } else {
            required("spec.selector")
            if labels?.object?.isEmpty ?? true {
                invalid("spec.template.metadata.labels", labels ?? .null, "`selector` does not match template `labels`")
            } else if type.plural == "deployments" || type.plural == "replicasets" {
                invalid("spec.template.metadata.labels", labels ?? .null, "`selector` does not match template `labels`")
            }
        }
        if type.plural == "deployments" {
            nonNegative(spec["progressDeadlineSeconds"], "spec.progressDeadlineSeconds")
            if let deadline = spec["progressDeadlineSeconds"]?.int, deadline <= spec["minReadySeconds"]?.int ?? 0 {
                invalid("spec.progressDeadlineSeconds", JSON(deadline), "must be greater than minReadySeconds")
            }
            if let kind = spec[at: "strategy", "type"], !["Recreate", "RollingUpdate"].contains(kind.string) {
                unsupported("spec.strategy.type", kind, ["Recreate", "RollingUpdate"])
            } else if spec[at: "strategy", "type"] == "Recreate", spec[at: "strategy", "rollingUpdate"] != nil {
                forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")
            }
            if let rolling = spec[at: "strategy", "rollingUpdate"], isZero(rolling["maxUnavailable"]), isZero(rolling["maxSurge"]) {
                invalid("spec.strategy.rollingUpdate.maxUnavailable", rolling["maxUnavailable"] ?? 0, "may not be 0 when `maxSurge` is 0")
            }
        }
        podSpec(spec[at: "template", "spec"] ?? [:], "spec.template.spec")
        if let policy = spec[at: "template", "spec", "restartPolicy"], policy != "Always" {
            unsupported("spec.template.spec.restartPolicy", policy, ["Always"])
        }
    }

    private func isZero(_ value: JSON?) -> Bool { value?.int == 0 || value?.string == "0%" || value?.string == "0" }

    private mutating func job(_ spec: JSON, _ field: String) {
        nonNegative(spec["parallelism"], "\(field).parallelism")
        nonNegative(spec["completions"], "\(field).completions")
        nonNegative(spec["backoffLimit"], "\(field).backoffLimit")
        podSpec(spec[at: "template", "spec"] ?? [:], "\(field).template.spec")
        let policy = spec[at: "template", "spec", "restartPolicy"]
        if policy == "Always" || policy == nil {
            unsupported("\(field).template.spec.restartPolicy", policy ?? "", ["OnFailure", "Never"])
        }
    }

    private mutating func cronJob(_ spec: JSON) {
        let schedule = spec["schedule"]?.string ?? ""
        let fields = schedule.split(separator: " ").map(String.init)
        if schedule.isEmpty {
            required("spec.schedule")
        } else if !schedule.hasPrefix("@"), fields.count != 5 {
            invalid(
                "spec.schedule", .string(schedule), "expected exactly 5 fields, found \(fields.count): [\(fields.joined(separator: " "))]")
        }
        if let zone = spec["timeZone"]?.string, !TimeZones.isKnown(zone) {
            invalid("spec.timeZone", .string(zone), "unknown time zone \(zone)")
        }
        job(spec[at: "jobTemplate", "spec"] ?? [:], "spec.jobTemplate.spec")
    }

    private mutating func service(_ spec: JSON) {
        let ports = spec["ports"]?.array ?? []
        if ports.isEmpty, spec["type"] != "ExternalName", spec["clusterIP"] != "None" { required("spec.ports") }
        for (i, port) in ports.enumerated() {
            if ports.count > 1, port["name"]?.string?.isEmpty ?? true { required("spec.ports[\(i)].name") }
            portNumber(port["port"], "spec.ports[\(i)].port")
        }
        if let kind = spec["type"], !["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"].contains(kind.string) {
            unsupported("spec.type", kind, ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"])
        }
    }

    mutating func portNumber(_ value: JSON?, _ field: String) {
        guard let number = value?.int, number != 0 else { return required(field) }
        if !(1...65535).contains(number) { invalid(field, JSON(number), "must be between 1 and 65535, inclusive") }
    }
}
