package import Core

/// Which server answers an API group version.
package struct APIService: KubernetesResource, Equatable {
    package static let type = ResourceType.apiServices

    @Shared package var metadata: ObjectMeta
    package var spec = APIServiceSpec()
    package var status = APIServiceStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? APIServiceSpec()
            case "status": status = try r.read() ?? APIServiceStatus()
            default: try r.skip()
            }
        }
    }
}

/// An absent service means the API server itself.
package struct APIServiceSpec: JSONReadable, Equatable {
    package var group = ""
    package var version = ""
    package var service: ServiceReference?
    package var insecureSkipTLSVerify = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "group": group = try r.text() ?? ""
            case "version": version = try r.text() ?? ""
            case "service": service = try r.read()
            case "insecureSkipTLSVerify": insecureSkipTLSVerify = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}

/// Whether it answers.
package struct APIServiceStatus: JSONReadable, Equatable {
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// A Service that the API server calls.
package struct ServiceReference: JSONReadable, Equatable {
    package var namespace = ""
    package var name = ""
    package var path: String?
    package var port: Int?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "namespace": namespace = try r.text() ?? ""
            case "name": name = try r.text() ?? ""
            case "path": path = try r.text()
            case "port": port = try r.int()
            default: try r.skip()
            }
        }
    }
}
