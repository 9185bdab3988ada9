package import Core

/// A class of storage. It is the default when its annotation `storageclass.kubernetes.io/is-default-class` is `true`.
package struct StorageClass: KubernetesResource, Equatable {
    package static let type = ResourceType.storageClasses

    @Shared package var metadata: ObjectMeta
    package var provisioner = ""
    package var parameters: [String: String] = [:]
    package var reclaimPolicy: String?
    package var volumeBindingMode: String?
    package var allowVolumeExpansion = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "provisioner": provisioner = try r.text() ?? ""
            case "parameters": parameters = try r.map()
            case "reclaimPolicy": reclaimPolicy = try r.text()
            case "volumeBindingMode": volumeBindingMode = try r.text()
            case "allowVolumeExpansion": allowVolumeExpansion = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}
