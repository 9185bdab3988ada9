package import Core

/// A volume.
package struct PersistentVolume: KubernetesResource, Equatable {
    package static let type = ResourceType.persistentVolumes

    @Shared package var metadata: ObjectMeta
    package var spec = PersistentVolumeSpec()
    package var status = PersistentVolumeStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? PersistentVolumeSpec()
            case "status": status = try r.read() ?? PersistentVolumeStatus()
            default: try r.skip()
            }
        }
    }
}

/// What there is and who has it.
package struct PersistentVolumeSpec: JSONReadable, Equatable {
    package var accessModes: [String] = []
    package var capacity: [String: Quantity] = [:]
    @Boxed package var claimRef: ObjectReference?
    package var persistentVolumeReclaimPolicy: String?
    package var storageClassName: String?
    package var volumeMode: String?
    package var hostPath: HostPathVolume?
    @Boxed package var csi: CSIVolume?
    package var nodeAffinity: JSON?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "accessModes": accessModes = try r.texts()
            case "capacity": capacity = try r.quantities()
            case "claimRef": _claimRef = try r.boxed()
            case "persistentVolumeReclaimPolicy": persistentVolumeReclaimPolicy = try r.text()
            case "storageClassName": storageClassName = try r.text()
            case "volumeMode": volumeMode = try r.text()
            case "hostPath": hostPath = try r.read()
            case "csi": _csi = try r.boxed()
            case "nodeAffinity": nodeAffinity = try r.json()
            default: try r.skip()
            }
        }
    }
}

/// Where it is in its life.
package struct PersistentVolumeStatus: JSONReadable, Equatable {
    package var phase = ""
    package var reason: String?
    package var message: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "phase": phase = try r.text() ?? ""
            case "reason": reason = try r.text()
            case "message": message = try r.text()
            default: try r.skip()
            }
        }
    }
}
