import Core
import Kubernetes

/// Claims, persistent volumes and storage classes (ValidatePersistentVolumeClaimSpec, ValidatePersistentVolumeSpec,
/// pkg/apis/storage/validation).
extension Validation {
    mutating func claim(_ spec: JSON, _ field: String) {
        if spec["accessModes"]?.array?.isEmpty ?? true { required("\(field).accessModes", "at least 1 access mode is required") }
        labelSelector(spec["selector"], "\(field).selector")
        accessModes(spec, field)
        let at = "\(field).resources[storage]"
        if let value = spec[at: "resources", "requests", "storage"] {
            if let amount = Amounts.quantity(value), amount <= .zero {
                invalid(at, .string("\(amount)"), "must be greater than zero")
            } else {
                quantity(value, "storage", at)
            }
        } else {
            required(at)
        }
        optionalForm(spec["storageClassName"], "\(field).storageClassName", Names.subdomain)
        choice(spec["volumeMode"], "\(field).volumeMode", ["Block", "Filesystem"])
        for member in ["dataSource", "dataSourceRef"] {
            if let source = spec[member] { dataSource(source, "\(field).\(member)") }
        }
        optionalForm(spec["volumeAttributesClassName"], "\(field).volumeAttributesClassName", Names.subdomain)
    }

    private mutating func accessModes(_ spec: JSON, _ field: String) {
        let modes = (spec["accessModes"]?.array ?? []).compactMap(\.string)
        let known = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]
        for mode in modes { choice(.string(mode), "\(field).accessModes", known) }
        if modes.contains("ReadWriteOncePod"), modes.contains(where: { $0 != "ReadWriteOncePod" && known.contains($0) }) {
            forbidden("\(field).accessModes", "may not use ReadWriteOncePod with other access modes")
        }
    }

    private mutating func dataSource(_ source: JSON, _ field: String) {
        for member in ["name", "kind"] where source[text: member].isEmpty { required("\(field).\(member)") }
        if source[text: "apiGroup"].isEmpty, source["kind"] != "PersistentVolumeClaim" {
            invalid(
                field, .string(source[text: "kind"]), "must be 'PersistentVolumeClaim' when referencing the default apiGroup")
        }
        optionalForm(source["apiGroup"], "\(field).apiGroup", Names.subdomain)
        optionalForm(source["namespace"], "\(field).namespace", Names.label)
    }

    mutating func persistentVolume(_ spec: JSON) {
        if spec["accessModes"]?.array?.isEmpty ?? true { required("spec.accessModes") }
        accessModes(spec, "spec")
        let capacity = members(spec["capacity"])
        if capacity.isEmpty { required("spec.capacity") }
        if spec[at: "capacity", "storage"] == nil || capacity.count > 1 {
            unsupported("spec.capacity", spec["capacity"] ?? .null, ["storage"])
        }
        for (name, value) in capacity {
            guard let amount = Amounts.quantity(value) else { continue }
            if amount <= .zero { invalid("spec.capacity[\(name)]", .string("\(amount)"), "must be greater than zero") }
        }
        choice(spec["persistentVolumeReclaimPolicy"], "spec.persistentVolumeReclaimPolicy", ["Delete", "Recycle", "Retain"])
        if let affinity = spec["nodeAffinity"] {
            if let selector = affinity["required"] {
                nodeSelector(selector, "spec.nodeAffinity.required")
            } else {
                required("spec.nodeAffinity.required", "must specify required node constraints")
            }
        }
        volumeSource(spec, "spec", Validation.persistentSources)
        if spec["local"] != nil, spec["nodeAffinity"] == nil {
            required("spec.nodeAffinity", "Local volume requires node affinity")
        }
        if spec["csi"] != nil, spec["csi"]?[text: "volumeHandle"].isEmpty ?? true { required("spec.csi.volumeHandle") }
        optionalForm(spec["storageClassName"], "spec.storageClassName", Names.subdomain)
        choice(spec["volumeMode"], "spec.volumeMode", ["Block", "Filesystem"])
    }

    mutating func storageClass(_ object: JSON) {
        let provisioner = object[text: "provisioner"]
        if provisioner.isEmpty { required("provisioner") }
        for mistake in provisioner.isEmpty ? [] : Names.qualifiedName(provisioner.lowercased()) {
            invalid("provisioner", .string(provisioner), mistake)
        }
        let parameters = members(object["parameters"])
        if parameters.count > 512 { tooLong("parameters", 512) }
        for (key, _) in parameters where key.isEmpty { invalid("parameters", "", "field can not be empty.") }
        choice(object["reclaimPolicy"], "reclaimPolicy", ["Delete", "Retain"])
        choice(object["volumeBindingMode"], "volumeBindingMode", ["Immediate", "WaitForFirstConsumer"])
    }
}
