package import Core

/// Settings. Of binary data only the key names are kept.
package struct ConfigMap: KubernetesResource, Equatable {
    package static let type = ResourceType.configMaps

    @Shared package var metadata: ObjectMeta
    package var data: [String: String] = [:]
    package var binaryDataKeys: [String] = []
    package var immutable = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "data": data = try r.map()
            case "binaryData": binaryDataKeys = try r.keys()
            case "immutable": immutable = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}
