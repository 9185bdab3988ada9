import Core
import Kubernetes

/// What may not change in an object that exists, by kind. Pods have a file of their own.
extension Validation {
    mutating func change(from old: JSON, to new: JSON, _ type: ResourceType) {
        switch (type.group, type.plural) {
        case ("", "pods"): podChange(from: old, to: new)
        case ("apps", "deployments"), ("apps", "replicasets"), ("apps", "daemonsets"):
            if differs(old, new, "spec", "selector") {
                invalid("spec.selector", GoForm.selector(new[at: "spec", "selector"] ?? [:]), "field is immutable")
            }
        case ("apps", "statefulsets"): statefulSetChange(from: old, to: new)
        case ("batch", "jobs"): jobChange(from: old, to: new)
        case ("", "services"): serviceChange(from: old, to: new)
        case ("", "secrets"), ("", "configmaps"): configChange(from: old, to: new, hasType: type.plural == "secrets")
        case ("", "persistentvolumeclaims"): claimChange(from: old, to: new)
        case ("", "persistentvolumes"): volumeChange(from: old, to: new)
        case ("", "nodes"): nodeChange(from: old, to: new)
        case ("", "resourcequotas"):
            func scopes(_ quota: JSON) -> Set<JSON> { Set(quota[at: "spec", "scopes"]?.array ?? []) }
            if scopes(old) != scopes(new) { invalid("spec.scopes", new[at: "spec", "scopes"] ?? .null, "field is immutable") }
        case ("storage.k8s.io", "storageclasses"):
            for member in ["parameters", "provisioner", "reclaimPolicy"] where differs(old, new, member) {
                forbidden(member, "updates to \(member) are forbidden.")
            }
            immutable(old, new, "volumeBindingMode")
        case ("scheduling.k8s.io", "priorityclasses"):
            if differs(old, new, "value") { forbidden("value", "may not be changed in an update.") }
            immutable(old, new, "preemptionPolicy")
        case ("networking.k8s.io", "ingressclasses"): immutable(old, new, "spec", "controller")
        case ("discovery.k8s.io", "endpointslices"): immutable(old, new, "addressType")
        case ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "clusterrolebindings"):
            if differs(old, new, "roleRef") {
                invalid("roleRef", GoForm.of(new["roleRef"] ?? [:], "RoleRef"), "cannot change roleRef")
            }
        case ("apiextensions.k8s.io", "customresourcedefinitions"):
            immutable(old, new, "spec", "group")
            immutable(old, new, "spec", "scope")
            immutable(old, new, "spec", "names", "kind")
            immutable(old, new, "spec", "names", "plural")
        default: break
        }
    }

    private func differs(_ old: JSON, _ new: JSON, _ path: String...) -> Bool { old[path: path[...]] != new[path: path[...]] }

    private mutating func immutable(_ old: JSON, _ new: JSON, _ path: String...) {
        if old[path: path[...]] != new[path: path[...]] {
            invalid(path.joined(separator: "."), new[path: path[...]] ?? .null, "field is immutable")
        }
    }

    private mutating func statefulSetChange(from old: JSON, to new: JSON) {
        let free = [
            "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy",
            "minReadySeconds",
        ]
        if Validation.without(free, old["spec"]) != Validation.without(free, new["spec"]) {
            forbidden(
                "spec",
                "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', "
                    + "'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden")
        }
    }

    static func without(_ members: [String], _ object: JSON?) -> JSON {
        var object = object ?? [:]
        for member in members { object[member] = nil }
        return object
    }

    private mutating func jobChange(from old: JSON, to new: JSON) {
        let isElastic =
            new[at: "spec", "completionMode"] == "Indexed" && new[at: "spec", "completions"] == new[at: "spec", "parallelism"]
        if !isElastic { immutable(old, new, "spec", "completions") }
        if differs(old, new, "spec", "selector") {
            invalid("spec.selector", GoForm.selector(new[at: "spec", "selector"] ?? [:]), "field is immutable")
        }
        // Where the pods of a Job that has never run may go is still open.
        let isOpen = old[at: "spec", "suspend"]?.bool == true && old[at: "status", "startTime"] == nil
        func template(_ job: JSON) -> JSON {
            var template = job[at: "spec", "template"] ?? [:]
            guard isOpen else { return template }
            template["metadata"] = nil
            template["spec"] = Validation.without(["nodeSelector", "tolerations", "schedulingGates"], template["spec"])
            template[at: "spec", "affinity", "nodeAffinity"] = nil
            return template
        }
        if template(old) != template(new) {
            invalid("spec.template", GoForm.template(new[at: "spec", "template"] ?? [:]), "field is immutable")
        }
        for member in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
            immutable(old, new, "spec", member)
        }
    }

    private mutating func serviceChange(from old: JSON, to new: JSON) {
        guard old[at: "spec", "type"] != "ExternalName", new[at: "spec", "type"] != "ExternalName" else { return }
        let (before, after) = (old[at: "spec", "clusterIPs"]?.array ?? [], new[at: "spec", "clusterIPs"]?.array ?? [])
        for (i, (a, b)) in zip(before, after).enumerated() where a != b {
            invalid("spec.clusterIPs[\(i)]", .array(after), "may not change once set")
        }
        let families = new[at: "spec", "ipFamilies"]?.array ?? []
        for (a, b) in zip(old[at: "spec", "ipFamilies"]?.array ?? [], families) where a != b && before != ["None"] {
            invalid("spec.ipFamilies[0]", .array(families), "may not change once set")
        }
        if old[at: "spec", "type"] == "LoadBalancer", new[at: "spec", "type"] == "LoadBalancer",
            differs(old, new, "spec", "loadBalancerClass")
        {
            invalid("spec.loadBalancerClass", new[at: "spec", "loadBalancerClass"] ?? .null, "may not change once set")
        }
    }

    private mutating func configChange(from old: JSON, to new: JSON, hasType: Bool) {
        if hasType { immutable(old, new, "type") }
        guard old["immutable"]?.bool == true else { return }
        let why = "field is immutable when `immutable` is set"
        if new["immutable"]?.bool != true { forbidden("immutable", why) }
        for member in hasType ? ["data"] : ["data", "binaryData"] where differs(old, new, member) { forbidden(member, why) }
    }

    private mutating func claimChange(from old: JSON, to new: JSON) {
        var (before, after) = (old["spec"] ?? [:], new["spec"] ?? [:])
        // A claim gets its volume once, and a class where it had none.
        for member in ["volumeName", "storageClassName"] where before[member] == nil { before[member] = after[member] }
        if new[at: "status", "phase"] == "Bound" {
            if after[at: "resources", "requests"] != nil {
                after[at: "resources", "requests", "storage"] = before[at: "resources", "requests", "storage"]
            }
            if after["volumeAttributesClassName"] != nil { after["volumeAttributesClassName"] = before["volumeAttributesClassName"] }
        }
        if before != after {
            forbidden(
                "spec",
                "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n"
                    + Validation.difference(before, after, "PersistentVolumeClaimSpec"))
        }
        let size = ["spec", "resources", "requests", "storage"]
        if let wanted = Amounts.quantity(new[path: size[...]]), let had = Amounts.quantity(old[path: size[...]]), wanted < had,
            wanted <= Amounts.quantity(old[at: "status", "capacity", "storage"]) ?? .zero
        {
            forbidden("spec.resources.requests.storage", "field can not be less than status.capacity")
        }
        if differs(old, new, "spec", "volumeMode") {
            invalid("volumeMode", new[at: "spec", "volumeMode"] ?? .null, "field is immutable")
        }
    }

    private mutating func volumeChange(from old: JSON, to new: JSON) {
        func source(_ volume: JSON) -> JSON {
            .object(JSONObject(Validation.persistentSources.compactMap { kind in volume[at: "spec", kind].map { (kind, $0) } }))
        }
        if source(old) != source(new) {
            forbidden(
                "spec.persistentvolumesource",
                "spec.persistentvolumesource is immutable after creation\n"
                    + Validation.difference(source(old), source(new), "PersistentVolumeSource"))
        }
        if differs(old, new, "spec", "volumeMode") {
            invalid("volumeMode", new[at: "spec", "volumeMode"] ?? .null, "field is immutable")
        }
    }

    /// How two values of a type differ, line by line.
    static func difference(_ old: JSON, _ new: JSON, _ type: String) -> String {
        func text(_ value: JSON) -> String { GoForm.indented(GoForm.of(value, type)) }
        return UnifiedDiff.of(text(old), text(new))
    }

    private mutating func nodeChange(from old: JSON, to new: JSON) {
        for (member, field) in [("podCIDRs", "podCIDR"), ("providerID", "providerID")] {
            guard let value = old[at: "spec", member], value != "", value != [], value != new[at: "spec", member] else { continue }
            forbidden("spec.\(member)", "node updates may not change \(field) except from \"\" to valid")
        }
    }
}
