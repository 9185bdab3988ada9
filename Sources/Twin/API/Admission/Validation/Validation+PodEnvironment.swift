import Core
import Kubernetes

/// The variables of a container and where they come from (ValidateEnv, ValidateEnvFrom).
extension Validation {
    mutating func environment(_ container: JSON, _ field: String) {
        for (at, variable) in each(container["env"], "\(field).env") {
            requiredForm(variable[text: "name"], "\(at).name", Names.environmentName)
            guard let source = variable["valueFrom"] else { continue }
            valueSource(source, "\(at).valueFrom", hasValue: !variable[text: "value"].isEmpty)
        }
        let list = "\(field).envFrom"
        for (at, source) in each(container["envFrom"], list) {
            optionalForm(source["prefix"], "\(at).prefix", Names.environmentName)
            let kinds = ["configMapRef", "secretRef"].filter { source[$0] != nil }
            for kind in kinds { requiredForm(source[kind]?[text: "name"] ?? "", "\(at).\(kind).name", Names.subdomain) }
            if kinds.isEmpty {
                invalid(list, "", "must specify one of: `configMapRef` or `secretRef`")
            } else if kinds.count > 1 {
                invalid(list, "", "may not have more than one field specified at a time")
            }
        }
    }

    private static let environmentFields = [
        "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP",
        "status.hostIPs", "status.podIP", "status.podIPs",
    ]
    private static let fileFields = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"]
    private static let resourceFields = [
        "limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory",
    ]

    private mutating func valueSource(_ source: JSON, _ field: String, hasValue: Bool) {
        var count = 0
        if let reference = source["fieldRef"] {
            count += 1
            fieldReference(reference, "\(field).fieldRef", Validation.environmentFields)
        }
        if let reference = source["resourceFieldRef"] {
            count += 1
            resourceReference(reference, "\(field).resourceFieldRef", isVolume: false)
        }
        for kind in ["configMapKeyRef", "secretKeyRef"] {
            guard let reference = source[kind] else { continue }
            count += 1
            form(reference[text: "name"], "\(field).\(kind).name", Names.subdomain)
            requiredForm(reference[text: "key"], "\(field).\(kind).key", Names.configKey)
        }
        if let reference = source["fileKeyRef"] {
            count += 1
            for member in ["key", "volumeName", "path"] where reference[text: member].isEmpty { required("\(field).fileKeyRef.\(member)") }
        }
        if count == 0 {
            invalid(
                field, "", "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`")
        } else if hasValue {
            invalid(field, "", "may not be specified when `value` is not empty")
        } else if count > 1 {
            invalid(field, "", "may not have more than one field specified at a time")
        }
    }

    /// A field of the pod in a file of a volume.
    mutating func fileReference(_ reference: JSON, _ field: String) { fieldReference(reference, field, Validation.fileFields) }

    private mutating func fieldReference(_ reference: JSON, _ field: String, _ allowed: [String]) {
        let path = reference[text: "fieldPath"]
        if path.isEmpty { return required("\(field).fieldPath") }
        if path.hasSuffix("']"), let open = path.firstRange(of: "['") {
            let (list, key) = (String(path[..<open.lowerBound]), String(path[open.upperBound...].dropLast(2)))
            switch list {
            case "metadata.annotations": return form(key.lowercased(), field, Names.qualifiedName)
            case "metadata.labels": return form(key, field, Names.qualifiedName)
            default: break
            }
        }
        let known = Set(
            Validation.environmentFields + Validation.fileFields + ["spec.restartPolicy", "spec.schedulerName", "status.phase"])
        if !known.contains(path) {
            invalid("\(field).fieldPath", .string(path), "error converting fieldPath: field label not supported: \(path)")
        } else {
            choice(.string(path), "\(field).fieldPath", allowed)
        }
    }

    mutating func resourceReference(_ reference: JSON, _ field: String, isVolume: Bool) {
        let name = reference[text: "resource"]
        if isVolume, reference[text: "containerName"].isEmpty {
            required("\(field).containerName")
        } else if name.isEmpty {
            required("\(field).resource")
        } else if !name.hasPrefix("requests.hugepages-"), !name.hasPrefix("limits.hugepages-") {
            choice(.string(name), "\(field).resource", Validation.resourceFields)
        }
        guard let divisor = Amounts.quantity(reference["divisor"]), divisor != .zero else { return }
        let sizes = ["1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei"]
        if name.hasSuffix(".cpu") {
            if !["1m", "1"].contains("\(divisor)") {
                invalid("\(field).divisor", .string(name), "only divisor's values 1m and 1 are supported with the cpu resource")
            }
        } else if !sizes.contains("\(divisor)") {
            let what =
                name.hasSuffix(".memory")
                ? "memory" : name.hasSuffix(".ephemeral-storage") ? "local ephemeral storage" : "hugepages"
            invalid(
                "\(field).divisor", .string(name),
                "only divisor's values \(sizes.joined(separator: ", ")) are supported with the \(what) resource")
        }
    }
}
