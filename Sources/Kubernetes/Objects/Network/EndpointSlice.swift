package import Core

/// A part of the addresses behind a Service.
package struct EndpointSlice: KubernetesResource, Equatable {
    package static let type = ResourceType.endpointSlices

    @Shared package var metadata: ObjectMeta
    package var addressType = ""
    package var endpoints: [Endpoint] = []
    package var ports: [EndpointPort] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "addressType": addressType = try r.text() ?? ""
            case "endpoints": endpoints = try r.list()
            case "ports": ports = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// One endpoint. Absent conditions mean ready.
package struct Endpoint: JSONReadable, Equatable {
    package var addresses: [String] = []
    package var conditions = EndpointConditions()
    package var hostname: String?
    package var nodeName: String?
    package var zone: String?
    @Boxed package var targetRef: ObjectReference?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "addresses": addresses = try r.texts()
            case "conditions": conditions = try r.read() ?? EndpointConditions()
            case "hostname": hostname = try r.text()
            case "nodeName": nodeName = try r.text()
            case "zone": zone = try r.text()
            case "targetRef": _targetRef = try r.boxed()
            default: try r.skip()
            }
        }
    }
}

/// Absent `ready` and `serving` mean true.
package struct EndpointConditions: JSONReadable, Equatable {
    package var ready: Bool?
    package var serving: Bool?
    package var terminating: Bool?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "ready": ready = try r.flag()
            case "serving": serving = try r.flag()
            case "terminating": terminating = try r.flag()
            default: try r.skip()
            }
        }
    }
}
