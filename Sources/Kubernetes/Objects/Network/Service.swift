package import Core

/// A Service.
package struct Service: KubernetesResource, Equatable {
    package static let type = ResourceType.services

    @Shared package var metadata: ObjectMeta
    package var spec = ServiceSpec()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? ServiceSpec()
            default: try r.skip()
            }
        }
    }
}

/// Which pods are reached, and by which ports.
package struct ServiceSpec: JSONReadable, Equatable {
    package var type = ""
    package var clusterIP: String?
    package var externalName: String?
    package var selector: [String: String] = [:]
    package var ports: [ServicePort] = []
    package var publishNotReadyAddresses = false
    package var sessionAffinity: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "type": type = try r.text() ?? ""
            case "clusterIP": clusterIP = try r.text()
            case "externalName": externalName = try r.text()
            case "selector": selector = try r.map()
            case "ports": ports = try r.list()
            case "publishNotReadyAddresses": publishNotReadyAddresses = try r.flag() ?? false
            case "sessionAffinity": sessionAffinity = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// One port of a Service. An absent target port is the same number.
package struct ServicePort: JSONReadable, Equatable {
    package var name: String?
    package var `protocol`: String?
    package var port = 0
    package var targetPort: IntOrString?
    package var nodePort: Int?
    package var appProtocol: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text()
            case "protocol": `protocol` = try r.text()
            case "port": port = try r.int() ?? 0
            case "targetPort": targetPort = try r.intOrString()
            case "nodePort": nodePort = try r.int()
            case "appProtocol": appProtocol = try r.text()
            default: try r.skip()
            }
        }
    }
}
