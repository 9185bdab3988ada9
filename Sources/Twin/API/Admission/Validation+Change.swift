import Core
import Kubernetes

// What may not change in an object that exists.
extension Validation {
    /// Compares an object with what it replaces.
    mutating func change(from old: JSON, to new: JSON, _ type: ResourceType) {
        func differs(_ path: String...) -> Bool { old[path: path[...]] != new[path: path[...]] }
        switch (type.group, type.plural) {
        case ("apps", "deployments"), ("apps", "replicasets"), ("apps", "daemonsets"):
            if differs("spec", "selector") { invalid("spec.selector", new[at: "spec", "selector"] ?? .null, "field is immutable") }
        case ("apps", "statefulsets"):
            var a = old["spec"] ?? [:]
            var b = new["spec"] ?? [:]
            for field in [
                "replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit", "persistentVolumeClaimRetentionPolicy",
                "minReadySeconds",
            ] {
                a[field] = nil
                b[field] = nil
            }
            if a != b {
                forbidden(
                    "spec",
                    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
                        + "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden")
            }
        case ("batch", "jobs"):
            if differs("spec", "completions"), new[at: "spec", "completionMode"] != "Indexed" {
                invalid("spec.completions", new[at: "spec", "completions"] ?? .null, "field is immutable")
            }
            for field in ["selector", "template", "completionMode", "podFailurePolicy", "backoffLimitPerIndex"] where differs("spec", field)
            {
                invalid("spec.\(field)", new[at: "spec", field] ?? .null, "field is immutable")
            }
        case ("", "pods"):
            guard podChange(from: old, to: new) else { return }
            if Validation.frozen(old) != Validation.frozen(new) {
                forbidden(
                    "spec",
                    "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,"
                        + "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),"
                        + "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)")
            }
        case ("", "services"):
            if let address = old[at: "spec", "clusterIP"], address != "", new[at: "spec", "clusterIP"] != nil, differs("spec", "clusterIP"),
                new[at: "spec", "type"] != "ExternalName"
            {
                invalid("spec.clusterIPs[0]", .array([new[at: "spec", "clusterIP"] ?? .null]), "may not change once set")
            }
        case ("", "secrets"), ("", "configmaps"):
            if type == .secrets, differs("type") { invalid("type", new["type"] ?? .null, "field is immutable") }
            guard old["immutable"]?.bool == true else { break }
            if new["immutable"]?.bool != true { forbidden("immutable", "field is immutable when `immutable` is set") }
            for field in ["data", "binaryData"] where differs(field) { forbidden(field, "field is immutable when `immutable` is set") }
        case ("", "persistentvolumeclaims"):
            var a = old["spec"] ?? [:]
            var b = new["spec"] ?? [:]
            for field in ["resources", "volumeName", "volumeAttributesClassName"] { a[field] = nil; b[field] = nil }
            if a != b {
                forbidden(
                    "spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims")
            }
        case ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "clusterrolebindings"):
            if differs("roleRef") {
                let role = new["roleRef"]
                invalid(
                    "roleRef", ["APIGroup": role?["apiGroup"] ?? "", "Kind": role?["kind"] ?? "", "Name": role?["name"] ?? ""],
                    "cannot change roleRef")
            }
        case ("storage.k8s.io", "storageclasses"):
            if differs("parameters") { forbidden("parameters", "updates to parameters are forbidden.") }
            if differs("provisioner") { forbidden("provisioner", "updates to provisioner are forbidden.") }
            if differs("reclaimPolicy") { forbidden("reclaimPolicy", "updates to reclaimPolicy are forbidden.") }
            if differs("volumeBindingMode") {
                invalid("volumeBindingMode", new["volumeBindingMode"] ?? .null, "field is immutable")
            }
        case ("scheduling.k8s.io", "priorityclasses"):
            if differs("value") { forbidden("value", "may not be changed in an update.") }
            if differs("preemptionPolicy") {
                invalid("preemptionPolicy", new["preemptionPolicy"] ?? .null, "field is immutable")
            }
        case ("discovery.k8s.io", "endpointslices"):
            if differs("addressType") { invalid("addressType", new["addressType"] ?? .null, "field is immutable") }
        case ("networking.k8s.io", "ingressclasses"):
            if differs("spec", "controller") {
                invalid("spec.controller", new[at: "spec", "controller"] ?? .null, "field is immutable")
            }
        case ("", "nodes"):
            if let provider = old[at: "spec", "providerID"]?.string, !provider.isEmpty, differs("spec", "providerID") {
                forbidden("spec.providerID", "node updates may not change providerID except from \"\" to valid")
            }
            if old[at: "spec", "podCIDRs"]?.array?.isEmpty == false, differs("spec", "podCIDRs") {
                forbidden("spec.podCIDRs", "node updates may not change podCIDR except from \"\" to valid")
            }
        default: break
        }
    }

    /// What of a pod may change only in one direction; false where nothing more is looked at.
    private mutating func podChange(from old: JSON, to new: JSON) -> Bool {
        for field in ["containers", "initContainers"] {
            let (before, after) = (old[at: "spec", field]?.array ?? [], new[at: "spec", field]?.array ?? [])
            if before.count != after.count {
                forbidden("spec.\(field)", "pod updates may not add or remove containers")
                return false
            }
            for (i, one) in after.enumerated() {
                let image = one["image"]?.string ?? ""
                if image.isEmpty { required("spec.\(field)[\(i)].image") }
                if image != image.trimmingSpaces {
                    invalid("spec.\(field)[\(i)].image", .string(image), "must not have leading or trailing whitespace")
                }
            }
        }
        let (was, deadline) = (old[at: "spec", "activeDeadlineSeconds"]?.int, new[at: "spec", "activeDeadlineSeconds"]?.int)
        if let deadline, let was, was < deadline {
            invalid("spec.activeDeadlineSeconds", JSON(deadline), "must be less than or equal to previous value")
            return false
        }
        if deadline == nil, was != nil {
            invalid("spec.activeDeadlineSeconds", .null, "must not update from a positive integer to nil value")
        }
        func lasting(_ pod: JSON) -> [JSON] {
            (pod[at: "spec", "tolerations"]?.array ?? []).map { toleration in
                var toleration = toleration
                toleration["tolerationSeconds"] = nil
                return toleration
            }
        }
        let kept = lasting(new)
        if lasting(old).contains(where: { !kept.contains($0) }) {
            forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds")
        }
        let gates = Set((old[at: "spec", "schedulingGates"]?.array ?? []).compactMap { $0["name"]?.string })
        for (i, gate) in (new[at: "spec", "schedulingGates"]?.array ?? []).enumerated() {
            guard let name = gate["name"]?.string, !gates.contains(name) else { continue }
            forbidden("spec.schedulingGates[\(i)].name", "only deletion is allowed, but found new scheduling gate '\(name)'")
        }
        return true
    }

    /// What may not change by the subresources of a pod (ValidatePodResize, ValidatePodEphemeralContainersUpdate).
    static func checkPodSubresource(_ pod: JSON, old: JSON) throws(APIFailure) {
        var validation = Validation()
        validation.metadata(pod, .pods, old: old)
        validation.podSpec(pod["spec"] ?? [:], "spec", isPod: true)
        let present = pod[at: "spec", "ephemeralContainers"]?.array ?? []
        for one in old[at: "spec", "ephemeralContainers"]?.array ?? [] {
            let name = JSON.string(one["name"]?.string ?? "").text()
            guard let now = present.first(where: { $0["name"] == one["name"] }) else {
                validation.forbidden("spec.ephemeralContainers", "existing ephemeral containers \(name) may not be removed\n")
                continue
            }
            if now != one {
                validation.forbidden("spec.ephemeralContainers", "existing ephemeral containers \(name) may not be changed\n")
            }
        }
        if QualityOfService.of(pod["spec"] ?? [:]) != QualityOfService.of(old["spec"] ?? [:]) {
            validation.invalid(
                "spec", pod[at: "status", "qosClass"] ?? "", "Pod QOS Class may not change as a result of resizing")
        }
        for field in ["initContainers", "containers"] {
            let before = old[at: "spec", field]?.array ?? []
            for (i, one) in (pod[at: "spec", field]?.array ?? []).enumerated() where i < before.count {
                for kind in ["requests", "limits"] {
                    let had = before[i][at: "resources", kind]?.object?.keys ?? []
                    guard had.contains(where: { one[at: "resources", kind, $0] == nil }) else { continue }
                    validation.forbidden("spec.\(field)[\(i)].resources.\(kind)", "resource \(kind) cannot be removed")
                }
            }
        }
        guard validation.causes.isEmpty else {
            throw APIFailure.invalid(.pods, name: pod[at: "metadata", "name"]?.string ?? "", causes: validation.causes)
        }
    }

    /// What of a pod's spec may not change by an update.
    private static func frozen(_ pod: JSON) -> JSON {
        guard case .object(var spec)? = pod["spec"] else { return [:] }
        for field in [
            "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates", "nodeName",
        ] {
            spec.removeValue(forKey: field)
        }
        for field in ["containers", "initContainers"] {
            if case .array(let list)? = spec[field] {
                spec[field] = .array(
                    list.map { container in
                        var container = container
                        container["image"] = nil
                        return container
                    })
            }
        }
        return .object(spec)
    }
}
