package import Core

/// A namespace.
package struct Namespace: KubernetesResource, Equatable {
    package static let type = ResourceType.namespaces

    @Shared package var metadata: ObjectMeta
    package var spec = NamespaceSpec()
    package var status = NamespaceStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? NamespaceSpec()
            case "status": status = try r.read() ?? NamespaceStatus()
            default: try r.skip()
            }
        }
    }
}

/// What must go before a namespace does.
package struct NamespaceSpec: JSONReadable, Equatable {
    package var finalizers: [String] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "finalizers": finalizers = try r.texts()
            default: try r.skip()
            }
        }
    }
}

/// Its phase (`Active`, `Terminating`), and why it does not go.
package struct NamespaceStatus: JSONReadable, Equatable {
    package var phase = ""
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "phase": phase = try r.text() ?? ""
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}
