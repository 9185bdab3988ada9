import Core
import Kubernetes

/// The mistakes that the API server finds in an object, in its words and its order (pkg/apis/*/validation of Kubernetes v1.36).
struct Validation {
    var causes: [APIFailure.Cause] = []
    /// What the object was, for a change.
    private(set) var old: JSON?

    /// Throws 422 with a cause for every mistake of an object that is new, or that shall take the place of `old`. A subresource, which
    /// changes what an update may not, does not look for changes.
    static func check(_ object: JSON, type: ResourceType, old: JSON? = nil, looksForChanges: Bool = true) throws(APIFailure) {
        let causes = Validation.causes(object, type: type, old: old, looksForChanges: looksForChanges)
        guard causes.isEmpty else {
            throw APIFailure.invalid(type, name: object[at: "metadata", "name"]?.string ?? "", causes: causes)
        }
    }

    /// The mistakes of an object that is new, or that shall take the place of `old`.
    static func causes(_ object: JSON, type: ResourceType, old: JSON?, looksForChanges: Bool = true) -> [APIFailure.Cause] {
        var validation = Validation(old: old)
        validation.object(object, type, looksForChanges: looksForChanges)
        return validation.causes
    }

    init(old: JSON? = nil) { self.old = old }

    mutating func append(_ reason: String, _ field: String, _ message: String) {
        causes.append(.init(reason: reason, message: message, field: field))
    }

    private mutating func object(_ object: JSON, _ type: ResourceType, looksForChanges: Bool) {
        guard let old else {
            metadata(object, type)
            return kind(object, type)
        }
        let isChangeFirst = Validation.lookedAtForChangesFirst.contains(type.plural)
        for _ in 0..<(Validation.lookedAtTwice.contains(type.plural) ? 2 : 1) {
            metadata(object, type)
            if Validation.metadataLookedAtTwice.contains(type.plural) { metadata(object, type) }
            if looksForChanges, isChangeFirst { change(from: old, to: object, type) }
            kind(object, type)
        }
        if looksForChanges, !isChangeFirst { change(from: old, to: object, type) }
    }

    // The real server looks at a changed object of some kinds twice, and then says every mistake twice (pkg/registry/*/strategy.go).
    private static let lookedAtTwice: Set = [
        "nodes", "persistentvolumes", "persistentvolumeclaims", "replicasets", "daemonsets", "replicationcontrollers", "jobs",
    ]
    private static let metadataLookedAtTwice: Set = [
        "pods", "services", "secrets", "configmaps", "serviceaccounts", "namespaces", "endpoints", "ingresses", "roles", "clusterroles",
        "rolebindings", "clusterrolebindings",
    ]
    private static let lookedAtForChangesFirst: Set = ["services", "secrets", "configmaps"]

    private mutating func kind(_ object: JSON, _ type: ResourceType) {
        let spec = object["spec"] ?? [:]
        switch (type.group, type.plural) {
        case ("", "pods"): pod(object)
        case ("", "replicationcontrollers"): replicationController(spec)
        case ("apps", "deployments"): deployment(spec)
        case ("apps", "replicasets"): replicaSet(spec)
        case ("apps", "statefulsets"): statefulSet(spec)
        case ("apps", "daemonsets"): daemonSet(spec)
        case ("batch", "jobs"): job(object)
        case ("batch", "cronjobs"): cronJob(object)
        case ("", "services"): service(spec)
        case ("", "endpoints"): endpoints(object)
        case ("discovery.k8s.io", "endpointslices"): endpointSlice(object)
        case ("", "configmaps"): configMap(object)
        case ("", "secrets"): secret(object)
        case ("", "nodes"): taints(spec)
        case ("", "namespaces"): podSecurityLabels(object)
        case ("", "podtemplates"): template(object["template"] ?? [:], "template")
        case ("", "persistentvolumeclaims"): claim(spec, "spec")
        case ("", "persistentvolumes"): persistentVolume(spec)
        case ("storage.k8s.io", "storageclasses"): storageClass(object)
        case ("", "resourcequotas"): quota(spec)
        case ("", "limitranges"): limitRange(spec)
        case ("autoscaling", _): autoscaler(spec)
        case ("policy", "poddisruptionbudgets"): disruptionBudget(spec)
        case ("networking.k8s.io", "ingresses"): ingress(spec)
        case ("networking.k8s.io", "ingressclasses"): ingressClass(spec)
        case ("networking.k8s.io", "networkpolicies"): networkPolicy(spec)
        case ("rbac.authorization.k8s.io", "roles"), ("rbac.authorization.k8s.io", "clusterroles"):
            rules(object, isNamespaced: type.isNamespaced)
        case ("rbac.authorization.k8s.io", _): roleBinding(object, isNamespaced: type.isNamespaced)
        case ("admissionregistration.k8s.io", "validatingadmissionpolicies"): policy(object)
        case ("admissionregistration.k8s.io", "validatingadmissionpolicybindings"): policyBinding(object)
        case ("admissionregistration.k8s.io", "validatingwebhookconfigurations"),
            ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"):
            webhooks(object)
        case ("scheduling.k8s.io", "priorityclasses"): priorityClass(object)
        case ("coordination.k8s.io", "leases"): lease(spec)
        case ("apiextensions.k8s.io", "customresourcedefinitions"):
            customResourceDefinition(object)
            validationRules(object)
        case ("", "events"): event(object)
        case ("node.k8s.io", "runtimeclasses"): requiredForm(object[text: "handler"], "handler", Names.label)
        case ("apps", "controllerrevisions"):
            if object["data"]?.isNull ?? true { required("data", "data is mandatory") }
            nonNegative(object["revision"], "revision")
        case ("flowcontrol.apiserver.k8s.io", "flowschemas"):
            if (spec["priorityLevelConfiguration"] ?? [:])[text: "name"].isEmpty {
                required("spec.priorityLevelConfiguration.name", "must reference a priority level")
            }
        case ("certificates.k8s.io", "certificatesigningrequests"): signingRequest(spec)
        case ("apiregistration.k8s.io", "apiservices"): apiService(object)
        default: break
        }
    }
}
