import Core
import Kubernetes

// Secrets, configuration and volumes.
extension Validation {
    private static let largest = 1_048_576

    mutating func configMap(_ object: JSON) {
        var size = 0
        let data = object["data"]?.object ?? [:]
        for (key, value) in data {
            configKey(key, "data[\(key)]")
            if object[at: "binaryData", key] != nil {
                invalid("data[\(key)]", .string(key), "duplicate of key present in binaryData")
            }
            size += (value.string ?? "").utf8.count
        }
        for (key, value) in object["binaryData"]?.object ?? [:] {
            configKey(key, "binaryData[\(key)]")
            size += (value.string ?? "").utf8.count / 4 * 3
        }
        if size > Validation.largest { tooLong("", Validation.largest) }
    }

    mutating func secret(_ object: JSON) {
        let data = object["data"]?.object ?? [:]
        var size = 0
        for (key, value) in data {
            configKey(key, "data[\(key)]")
            size += (value.string ?? "").utf8.count / 4 * 3
        }
        if size > Validation.largest { tooLong("data", Validation.largest) }
        switch object["type"]?.string {
        case "kubernetes.io/service-account-token":
            if object[at: "metadata", "annotations", "kubernetes.io/service-account.name"]?.string?.isEmpty ?? true {
                required("metadata.annotations[kubernetes.io/service-account.name]")
            }
        case "kubernetes.io/dockercfg": document(data[".dockercfg"], "data[.dockercfg]")
        case "kubernetes.io/dockerconfigjson": document(data[".dockerconfigjson"], "data[.dockerconfigjson]")
        case "kubernetes.io/basic-auth":
            if data["username"] == nil, data["password"] == nil {
                required("data[username]")
                required("data[password]")
            }
        case "kubernetes.io/ssh-auth": if data["ssh-privatekey"]?.string?.isEmpty ?? true { required("data[ssh-privatekey]") }
        case "kubernetes.io/tls": for key in ["tls.crt", "tls.key"] where data[key] == nil { required("data[\(key)]") }
        default: break
        }
    }

    /// A value that must be JSON inside.
    private mutating func document(_ value: JSON?, _ field: String) {
        guard let value else { return required(field) }
        guard let bytes = Base64.decode(value.string ?? ""), let why = GoJSONError.text(bytes) else { return }
        invalid(field, "<secret contents redacted>", why)
    }

    private static let accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]

    mutating func claim(_ spec: JSON) {
        let modes = spec["accessModes"]?.array ?? []
        if modes.isEmpty { required("spec.accessModes", "at least 1 access mode is required") }
        labelSelector(spec["selector"], "spec.selector")
        accessModes(modes)
        if let size = Amounts.quantity(spec[at: "resources", "requests", "storage"]) {
            if size <= .zero { invalid("spec.resources[storage]", .string(size.description), "must be greater than zero") }
        } else {
            required("spec.resources[storage]")
        }
        if let name = spec["storageClassName"]?.string, !name.isEmpty { subdomain(name, "spec.storageClassName") }
        oneOf(spec["volumeMode"], ["Block", "Filesystem"], "spec.volumeMode")
    }

    private mutating func accessModes(_ modes: [JSON]) {
        for mode in modes { oneOf(mode, Validation.accessModes, "spec.accessModes") }
        if modes.contains("ReadWriteOncePod"), modes.count > 1 {
            forbidden("spec.accessModes", "may not use ReadWriteOncePod with other access modes")
        }
    }

    private static let options: Set<String> = [
        "capacity", "accessModes", "claimRef", "persistentVolumeReclaimPolicy", "storageClassName", "mountOptions", "volumeMode",
        "nodeAffinity", "volumeAttributesClassName",
    ]

    mutating func volume(_ spec: JSON) {
        let modes = spec["accessModes"]?.array ?? []
        if modes.isEmpty { required("spec.accessModes") }
        accessModes(modes)
        let capacity = spec["capacity"]?.object ?? [:]
        if capacity.isEmpty { required("spec.capacity") }
        if capacity["storage"] == nil || capacity.count > 1 {
            unsupported("spec.capacity", spec["capacity"] ?? .null, ["storage"])
        }
        if let size = Amounts.quantity(capacity["storage"]), size <= .zero {
            invalid("spec.capacity[storage]", .string(size.description), "must be greater than zero")
        }
        oneOf(spec["persistentVolumeReclaimPolicy"], ["Delete", "Recycle", "Retain"], "spec.persistentVolumeReclaimPolicy")
        let sources = (spec.object?.keys ?? []).filter { !Validation.options.contains($0) }
        for other in sources.dropFirst() { forbidden("spec.\(other)", "may not specify more than 1 volume type") }
        if sources.first == "hostPath" {
            let path = spec[at: "hostPath", "path"]?.string ?? ""
            if path.isEmpty { required("spec.hostPath.path") } else { noBacksteps(path, "spec.hostPath.path") }
        }
        if sources.first == "local", spec["nodeAffinity"] == nil { required("spec.nodeAffinity", "Local volume requires node affinity") }
        if sources.isEmpty { required("spec", "must specify a volume type") }
        if let name = spec["storageClassName"]?.string, !name.isEmpty { subdomain(name, "spec.storageClassName") }
        oneOf(spec["volumeMode"], ["Block", "Filesystem"], "spec.volumeMode")
    }

    mutating func storageClass(_ object: JSON) {
        let provisioner = object["provisioner"]?.string ?? ""
        if provisioner.isEmpty {
            required("provisioner")
        } else {
            for why in Names.qualifiedProblems(provisioner.lowercased()) { invalid("provisioner", .string(provisioner), why) }
        }
        oneOf(object["reclaimPolicy"], ["Delete", "Retain"], "reclaimPolicy")
        oneOf(object["volumeBindingMode"], ["Immediate", "WaitForFirstConsumer"], "volumeBindingMode")
    }
}
