import Core
import Kubernetes

extension Validation {
    mutating func podSpec(_ spec: JSON, _ field: String) {
        let containers = spec["containers"]?.array ?? []
        let volumes = Set((spec["volumes"]?.array ?? []).compactMap { $0["name"]?.string })
        var seen: Set<String> = []
        for (i, volume) in (spec["volumes"]?.array ?? []).enumerated() {
            let name = volume["name"]?.string ?? ""
            if name.isEmpty { required("\(field).volumes[\(i)].name") }
            if !seen.insert(name).inserted { duplicate("\(field).volumes[\(i)].name", .string(name)) }
        }
        if containers.isEmpty { required("\(field).containers") }
        seen = []
        for (list, name) in [(spec["initContainers"]?.array ?? [], "initContainers"), (containers, "containers")] {
            for (i, one) in list.enumerated() {
                container(one, "\(field).\(name)[\(i)]", volumes: volumes)
                if let text = one["name"]?.string, !text.isEmpty, !seen.insert(text).inserted {
                    duplicate("\(field).\(name)[\(i)].name", .string(text))
                }
            }
        }
        if let policy = spec["restartPolicy"], !["Always", "OnFailure", "Never"].contains(policy.string) {
            unsupported("\(field).restartPolicy", policy, ["Always", "OnFailure", "Never"])
        }
        for (i, toleration) in (spec["tolerations"]?.array ?? []).enumerated() {
            if let `operator` = toleration["operator"], !["", "Equal", "Exists", "Lt", "Gt"].contains(`operator`.string) {
                unsupported("\(field).tolerations[\(i)].operator", `operator`, ["Equal", "Exists"])
            }
        }
        if let account = spec["serviceAccountName"]?.string, !account.isEmpty, !Names.isSubdomain(account) {
            invalid("\(field).serviceAccountName", .string(account), Names.subdomain)
        }
    }

    private mutating func container(_ container: JSON, _ field: String, volumes: Set<String>) {
        let name = container["name"]?.string ?? ""
        if name.isEmpty { required("\(field).name") } else if !Names.isLabel(name) { invalid("\(field).name", .string(name), Names.label) }
        let image = container["image"]?.string ?? ""
        if image.isEmpty {
            required("\(field).image")
        } else if image != image.trimmingSpaces {
            invalid("\(field).image", .string(image), "must not have leading or trailing whitespace")
        }
        for (i, port) in (container["ports"]?.array ?? []).enumerated() {
            portNumber(port["containerPort"], "\(field).ports[\(i)].containerPort")
        }
        for (i, variable) in (container["env"]?.array ?? []).enumerated() where variable["name"]?.string?.isEmpty ?? true {
            required("\(field).env[\(i)].name")
        }
        var paths: Set<String> = []
        for (i, mount) in (container["volumeMounts"]?.array ?? []).enumerated() {
            let volume = mount["name"]?.string ?? ""
            if volume.isEmpty {
                required("\(field).volumeMounts[\(i)].name")
            } else if !volumes.contains(volume) {
                causes(notFound: .string(volume), "\(field).volumeMounts[\(i)].name")
            }
            let path = mount["mountPath"]?.string ?? ""
            if path.isEmpty { required("\(field).volumeMounts[\(i)].mountPath") }
            if !paths.insert(path).inserted { invalid("\(field).volumeMounts[\(i)].mountPath", .string(path), "must be unique") }
        }
        for probe in ["livenessProbe", "readinessProbe", "startupProbe"] {
            guard let value = container[probe] else { continue }
            self.probe(value, "\(field).\(probe)", successIsOne: probe != "readinessProbe")
        }
        resources(container["resources"] ?? [:], "\(field).resources")
    }

    private mutating func causes(notFound value: JSON, _ field: String) {
        append(.init(reason: "FieldValueNotFound", message: "Not found: \(value.text())", field: field))
    }

    private mutating func probe(_ probe: JSON, _ field: String, successIsOne: Bool) {
        let handlers = ["exec", "httpGet", "tcpSocket", "grpc"].filter { probe[$0] != nil }
        if handlers.isEmpty { required(field, "must specify a handler type") }
        if handlers.count > 1 { forbidden("\(field).\(handlers[1])", "may not specify more than 1 handler type") }
        for name in ["initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold"] {
            nonNegative(probe[name], "\(field).\(name)")
        }
        if successIsOne, let threshold = probe["successThreshold"], threshold.int != 1 {
            invalid("\(field).successThreshold", threshold, "must be 1")
        }
    }

    private mutating func resources(_ resources: JSON, _ field: String) {
        for kind in ["limits", "requests"] {
            for (name, value) in resources[kind]?.object ?? [:] {
                guard let amount = Amounts.quantity(value) else {
                    invalid(
                        "\(field).\(kind)[\(name)]", value,
                        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")
                    continue
                }
                if amount < .zero { invalid("\(field).\(kind)[\(name)]", value, "must be greater than or equal to 0") }
                if kind == "requests", let limit = Amounts.quantity(resources[at: "limits", name]), amount > limit {
                    invalid("\(field).requests", value, "must be less than or equal to \(name) limit of \(limit)")
                }
            }
        }
    }

    // MARK: Changes

    /// What may not change in an object that exists.
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
            if differs("spec", "template") { invalid("spec.template", new[at: "spec", "template"] ?? .null, "field is immutable") }
            if differs("spec", "completions"), new[at: "spec", "completionMode"] != "Indexed" {
                invalid("spec.completions", new[at: "spec", "completions"] ?? .null, "field is immutable")
            }
        case ("", "pods"):
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
            if old["immutable"]?.bool == true, differs("data") || differs("binaryData") {
                forbidden("data", "field is immutable when `immutable` is set")
            }
            if type.plural == "secrets", differs("type") { invalid("type", new["type"] ?? .null, "field is immutable") }
        case ("", "persistentvolumeclaims"):
            var a = old["spec"] ?? [:]
            var b = new["spec"] ?? [:]
            for field in ["resources", "volumeName", "volumeAttributesClassName"] { a[field] = nil; b[field] = nil }
            if a != b {
                forbidden(
                    "spec", "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims")
            }
        case ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "clusterrolebindings"):
            if differs("roleRef") { invalid("roleRef", new["roleRef"] ?? .null, "cannot change roleRef") }
        default: break
        }
    }

    /// What of a pod's spec may not change by an update.
    private static func frozen(_ pod: JSON) -> JSON {
        guard case .object(var spec)? = pod["spec"] else { return [:] }
        for field in [
            "activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds", "schedulingGates", "nodeName", "ephemeralContainers",
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
