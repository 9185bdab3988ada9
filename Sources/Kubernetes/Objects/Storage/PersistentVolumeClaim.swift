package import Core

/// A claim on storage.
package struct PersistentVolumeClaim: KubernetesResource, Equatable {
    package static let type = ResourceType.persistentVolumeClaims

    @Shared package var metadata: ObjectMeta
    package var spec = PersistentVolumeClaimSpec()
    package var status = PersistentVolumeClaimStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? PersistentVolumeClaimSpec()
            case "status": status = try r.read() ?? PersistentVolumeClaimStatus()
            default: try r.skip()
            }
        }
    }
}

/// What is asked for. An absent class is the default class, an empty one is none.
package struct PersistentVolumeClaimSpec: JSONReadable, Equatable {
    package var accessModes: [String] = []
    package var storageClassName: String?
    package var volumeName: String?
    package var volumeMode: String?
    package var resources = ResourceRequirements()
    package var selector: LabelSelector?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "accessModes": accessModes = try r.texts()
            case "storageClassName": storageClassName = try r.text()
            case "volumeName": volumeName = try r.text()
            case "volumeMode": volumeMode = try r.text()
            case "resources": resources = try r.read() ?? ResourceRequirements()
            case "selector": selector = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// What was given.
package struct PersistentVolumeClaimStatus: JSONReadable, Equatable {
    package var phase = ""
    package var accessModes: [String] = []
    package var capacity: [String: Quantity] = [:]
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "phase": phase = try r.text() ?? ""
            case "accessModes": accessModes = try r.texts()
            case "capacity": capacity = try r.quantities()
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}
