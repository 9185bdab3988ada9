import Core
import Kubernetes

enum StorageTables {
    private static func modes(_ list: JSON?) -> JSON {
        let short = ["ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"]
        return .string((list?.array ?? []).compactMap(\.string).map { short[$0] ?? $0 }.joined(separator: ","))
    }

    private static func phase(_ object: JSON) -> JSON {
        object[at: "metadata", "deletionTimestamp"] != nil ? "Terminating" : object[at: "status", "phase"] ?? ""
    }

    static let claims = Table(
        columns: [
            Table.nameColumn, .init("Status"), .init("Volume"), .init("Capacity"), .init("Access Modes"), .init("StorageClass"),
            .init("VolumeAttributesClass"), Table.ageColumn, .init("VolumeMode", wide: true),
        ]
    ) { o, now in
        let isBound = o[at: "spec", "volumeName"] != nil
        return [
            Table.name(o), phase(o),
            o[at: "spec", "volumeName"] ?? "", isBound ? o[at: "status", "capacity", "storage"] ?? "" : "",
            isBound ? modes(o[at: "status", "accessModes"]) : "", o[at: "spec", "storageClassName"] ?? "",
            o[at: "spec", "volumeAttributesClassName"] ?? "<unset>", Table.age(o, now),
            .string(Table.text(o[at: "spec", "volumeMode"])),
        ]
    }

    static let volumes = Table(
        columns: [
            Table.nameColumn, .init("Capacity"), .init("Access Modes"), .init("Reclaim Policy"), .init("Status"), .init("Claim"),
            .init("StorageClass"), .init("VolumeAttributesClass"), .init("Reason"), Table.ageColumn, .init("VolumeMode", wide: true),
        ]
    ) { o, now in
        let claim = o[at: "spec", "claimRef"].map { "\($0["namespace"]?.string ?? "")/\($0["name"]?.string ?? "")" }
        return [
            Table.name(o), o[at: "spec", "capacity", "storage"] ?? "", modes(o[at: "spec", "accessModes"]),
            o[at: "spec", "persistentVolumeReclaimPolicy"] ?? "", phase(o), .string(claim ?? ""), o[at: "spec", "storageClassName"] ?? "",
            o[at: "spec", "volumeAttributesClassName"] ?? "<unset>", o[at: "status", "reason"] ?? "", Table.age(o, now),
            o[at: "spec", "volumeMode"] ?? "<unset>",
        ]
    }

    static let classes = Table(
        columns: [
            Table.nameColumn, .init("Provisioner"), .init("ReclaimPolicy"), .init("VolumeBindingMode"), .init("AllowVolumeExpansion"),
            Table.ageColumn,
        ]
    ) { o, now in
        let isDefault = o[at: "metadata", "annotations", "storageclass.kubernetes.io/is-default-class"] == "true"
        return [
            .string((o[at: "metadata", "name"]?.string ?? "") + (isDefault ? " (default)" : "")), o["provisioner"] ?? "",
            o["reclaimPolicy"] ?? "Delete", o["volumeBindingMode"] ?? "Immediate", o["allowVolumeExpansion"] ?? false, Table.age(o, now),
        ]
    }

    static let attachments = Table(
        columns: [
            Table.nameColumn, .init("Attacher", format: "name"), .init("PV"), .init("Node"), .init("Attached", type: "boolean"),
            Table.ageColumn,
        ]
    ) { o, now in
        [
            Table.name(o), o[at: "spec", "attacher"] ?? "", o[at: "spec", "source", "persistentVolumeName"] ?? "",
            o[at: "spec", "nodeName"] ?? "", o[at: "status", "attached"] ?? false, Table.age(o, now),
        ]
    }

    static let nodes = Table(columns: [Table.nameColumn, .init("Drivers", type: "integer"), Table.ageColumn]) { o, now in
        [Table.name(o), JSON(o[at: "spec", "drivers"]?.array?.count ?? 0), Table.age(o, now)]
    }
}
