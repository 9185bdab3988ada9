package import Core

/// The addresses behind a Service in the older form.
package struct Endpoints: KubernetesResource, Equatable {
    package static let type = ResourceType.endpoints

    @Shared package var metadata: ObjectMeta
    package var subsets: [EndpointSubset] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "subsets": subsets = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// Addresses that share ports.
package struct EndpointSubset: JSONReadable, Equatable {
    package var addresses: [EndpointAddress] = []
    package var notReadyAddresses: [EndpointAddress] = []
    package var ports: [EndpointPort] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "addresses": addresses = try r.list()
            case "notReadyAddresses": notReadyAddresses = try r.list()
            case "ports": ports = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// One address and the pod it belongs to.
package struct EndpointAddress: JSONReadable, Equatable {
    package var ip = ""
    package var hostname: String?
    package var nodeName: String?
    @Boxed package var targetRef: ObjectReference?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "ip": ip = try r.text() ?? ""
            case "hostname": hostname = try r.text()
            case "nodeName": nodeName = try r.text()
            case "targetRef": _targetRef = try r.boxed()
            default: try r.skip()
            }
        }
    }
}

/// One port that the addresses serve.
package struct EndpointPort: JSONReadable, Equatable {
    package var name: String?
    package var port: Int?
    package var `protocol`: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text()
            case "port": port = try r.int()
            case "protocol": `protocol` = try r.text()
            default: try r.skip()
            }
        }
    }
}
