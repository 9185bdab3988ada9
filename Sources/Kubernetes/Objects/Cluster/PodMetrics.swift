package import Core

/// What a pod uses, over `window`.
package struct PodMetrics: KubernetesResource, Equatable {
    package static let type = ResourceType.podMetrics

    @Shared package var metadata: ObjectMeta
    package var timestamp: Timestamp?
    package var window = ""
    package var containers: [ContainerUsage] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "timestamp": timestamp = try r.time()
            case "window": window = try r.text() ?? ""
            case "containers": containers = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// What a container uses.
package struct ContainerUsage: JSONReadable, Equatable {
    package var name = ""
    package var usage: [String: Quantity] = [:]

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "usage": usage = try r.quantities()
            default: try r.skip()
            }
        }
    }
}

/// What a node uses, over `window`.
package struct NodeMetrics: KubernetesResource, Equatable {
    package static let type = ResourceType.nodeMetrics

    @Shared package var metadata: ObjectMeta
    package var timestamp: Timestamp?
    package var window = ""
    package var usage: [String: Quantity] = [:]

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "timestamp": timestamp = try r.time()
            case "window": window = try r.text() ?? ""
            case "usage": usage = try r.quantities()
            default: try r.skip()
            }
        }
    }
}
