package import Core

/// Bounds and defaults for each object of a namespace.
package struct LimitRange: KubernetesResource, Equatable {
    package static let type = ResourceType.limitRanges

    @Shared package var metadata: ObjectMeta
    package var spec = LimitRangeSpec()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? LimitRangeSpec()
            default: try r.skip()
            }
        }
    }
}

/// The bounds.
package struct LimitRangeSpec: JSONReadable, Equatable {
    package var limits: [LimitRangeItem] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "limits": limits = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// Bounds for one type (`Container`, `Pod`, `PersistentVolumeClaim`).
package struct LimitRangeItem: JSONReadable, Equatable {
    package var type = ""
    package var max: [String: Quantity] = [:]
    package var min: [String: Quantity] = [:]
    package var defaultLimit: [String: Quantity] = [:]
    package var defaultRequest: [String: Quantity] = [:]
    package var maxLimitRequestRatio: [String: Quantity] = [:]

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "type": type = try r.text() ?? ""
            case "max": max = try r.quantities()
            case "min": min = try r.quantities()
            case "default": defaultLimit = try r.quantities()
            case "defaultRequest": defaultRequest = try r.quantities()
            case "maxLimitRequestRatio": maxLimitRequestRatio = try r.quantities()
            default: try r.skip()
            }
        }
    }
}
