import Core
import Kubernetes

/// The mistakes that the API server finds in an object, in its words and in its order (pkg/apis/*/validation of Kubernetes v1.36).
struct Validation {
    private(set) var causes: [APIFailure.Cause] = []

    /// `old`: what is replaced; nil for an object that is being made.
    static func check(_ object: JSON, type: ResourceType, old: JSON? = nil) throws(APIFailure) {
        var validation = Validation()
        validation.metadata(object, type, old: old)
        // Some kinds are asked first what of them changed.
        let comparesFirst = type == .services || type == .secrets || type == .configMaps
        if comparesFirst, let old { validation.change(from: old, to: object, type) }
        validation.kind(object, type, isNew: old == nil)
        // The real server looks at the taints of a changed node twice.
        if old != nil, type == .nodes { validation.kind(object, type, isNew: false) }
        if !comparesFirst, let old { validation.change(from: old, to: object, type) }
        guard validation.causes.isEmpty else {
            throw APIFailure.invalid(type, name: object[at: "metadata", "name"]?.string ?? "", causes: validation.causes)
        }
    }

    private mutating func kind(_ object: JSON, _ type: ResourceType, isNew: Bool) {
        let spec = object["spec"] ?? [:]
        switch (type.group, type.plural) {
        case ("", "pods"):
            podSpec(spec, "spec", isPod: true)
            if isNew { newPod(spec) }
        case ("", "podtemplates"): template(object["template"], "template")
        case ("", "replicationcontrollers"): replicationController(spec)
        case ("apps", "deployments"): deployment(spec)
        case ("apps", "replicasets"): replicaSet(spec)
        case ("apps", "statefulsets"): statefulSet(spec)
        case ("apps", "daemonsets"): daemonSet(spec)
        case ("batch", "jobs"): job(spec, "spec")
        case ("batch", "cronjobs"): cronJob(spec)
        case ("", "services"): service(spec)
        case ("", "configmaps"): configMap(object)
        case ("", "secrets"): secret(object)
        case ("", "nodes"): taints(spec["taints"]?.array ?? [], "metadata.taints")
        case ("", "persistentvolumeclaims"): claim(spec)
        case ("", "persistentvolumes"): volume(spec)
        case ("", "resourcequotas"): quota(spec)
        case ("", "limitranges"): limitRange(spec)
        case ("", "events"): event(object)
        case ("autoscaling", _): autoscaler(spec)
        case ("policy", "poddisruptionbudgets"): budget(spec)
        case ("networking.k8s.io", "ingresses"): ingress(spec)
        case ("networking.k8s.io", "networkpolicies"): networkPolicy(spec)
        case ("discovery.k8s.io", "endpointslices"): endpointSlice(object)
        case ("storage.k8s.io", "storageclasses"): storageClass(object)
        case ("scheduling.k8s.io", "priorityclasses"): priorityClass(object)
        case ("coordination.k8s.io", "leases"): lease(spec)
        case ("rbac.authorization.k8s.io", "roles"), ("rbac.authorization.k8s.io", "clusterroles"):
            role(object, isNamespaced: type.isNamespaced)
        case ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "clusterrolebindings"):
            binding(object, isNamespaced: type.isNamespaced)
        case ("admissionregistration.k8s.io", "validatingadmissionpolicies"): policy(object)
        case ("admissionregistration.k8s.io", "validatingadmissionpolicybindings"): policyBinding(object)
        case ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
            ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"):
            webhooks(object["webhooks"]?.array ?? [])
        case ("apiextensions.k8s.io", "customresourcedefinitions"):
            definition(object)
            validationRules(object)
        default: break
        }
    }

    // MARK: Causes

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

    mutating func notFound(_ field: String, _ value: JSON) {
        causes.append(.init(reason: "FieldValueNotFound", message: "Not found: \(value.text())", field: field))
    }

    mutating func forbidden(_ field: String, _ detail: String) {
        causes.append(.init(reason: "FieldValueForbidden", message: "Forbidden: \(detail)", field: field))
    }

    mutating func tooLong(_ field: String, _ limit: Int) {
        causes.append(.init(reason: "FieldValueTooLong", message: "Too long: may not be more than \(limit) bytes", field: field))
    }

    // MARK: Numbers and words

    mutating func nonNegative(_ value: JSON?, _ field: String) {
        if let value, let number = value.int, number < 0 { invalid(field, value, "must be greater than or equal to 0") }
    }

    mutating func positive(_ value: JSON?, _ field: String) {
        if let value, let number = value.int, number <= 0 { invalid(field, value, "must be greater than 0") }
    }

    mutating func inclusive(_ number: Int, _ range: ClosedRange<Int>, _ field: String) {
        if !range.contains(number) {
            invalid(field, JSON(number), "must be between \(range.lowerBound) and \(range.upperBound), inclusive")
        }
    }

    /// A word of a closed list; one that is not there at all is none of this check's business.
    mutating func oneOf(_ value: JSON?, _ allowed: [String], _ field: String) {
        if let value, let text = value.string, !allowed.contains(text), !text.isEmpty { unsupported(field, value, allowed) }
    }

    /// A name that may stand only once.
    mutating func unique(_ text: String, _ seen: inout Set<String>, _ field: String) {
        if !text.isEmpty, !seen.insert(text).inserted { duplicate(field, .string(text)) }
    }
}
