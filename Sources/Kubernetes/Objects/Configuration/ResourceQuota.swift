package import Core

/// An upper bound for a namespace.
package struct ResourceQuota: KubernetesResource, Equatable {
    package static let type = ResourceType.resourceQuotas

    @Shared package var metadata: ObjectMeta
    package var spec = ResourceQuotaSpec()
    package var status = ResourceQuotaStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? ResourceQuotaSpec()
            case "status": status = try r.read() ?? ResourceQuotaStatus()
            default: try r.skip()
            }
        }
    }
}

/// The bounds, by resource name.
package struct ResourceQuotaSpec: JSONReadable, Equatable {
    package var hard: [String: Quantity] = [:]
    package var scopes: [String] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "hard": hard = try r.quantities()
            case "scopes": scopes = try r.texts()
            default: try r.skip()
            }
        }
    }
}

/// The bounds and what is used of them.
package struct ResourceQuotaStatus: JSONReadable, Equatable {
    package var hard: [String: Quantity] = [:]
    package var used: [String: Quantity] = [:]

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "hard": hard = try r.quantities()
            case "used": used = try r.quantities()
            default: try r.skip()
            }
        }
    }
}
