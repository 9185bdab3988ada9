package import Core

/// Which traffic to and from pods is let through.
package struct NetworkPolicy: KubernetesResource, Equatable {
    package static let type = ResourceType.networkPolicies

    @Shared package var metadata: ObjectMeta
    package var spec = NetworkPolicySpec()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? NetworkPolicySpec()
            default: try r.skip()
            }
        }
    }
}

/// Rules as written; an absent or empty selector selects every pod of the namespace.
package struct NetworkPolicySpec: JSONReadable, Equatable {
    package var podSelector = LabelSelector()
    package var policyTypes: [String] = []
    package var ingress: [NetworkPolicyRule] = []
    package var egress: [NetworkPolicyRule] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "podSelector": podSelector = try r.read() ?? LabelSelector()
            case "policyTypes": policyTypes = try r.texts()
            case "ingress": ingress = try r.list()
            case "egress": egress = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// One rule: no peer means every peer, no port every port.
package struct NetworkPolicyRule: JSONReadable, Equatable {
    package var from: [NetworkPolicyPeer] = []
    package var to: [NetworkPolicyPeer] = []
    package var ports: [NetworkPolicyPort] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "from": from = try r.list()
            case "to": to = try r.list()
            case "ports": ports = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// Who is let through.
package struct NetworkPolicyPeer: JSONReadable, Equatable {
    package var podSelector: LabelSelector?
    package var namespaceSelector: LabelSelector?
    package var ipBlock: IPBlock?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "podSelector": podSelector = try r.read()
            case "namespaceSelector": namespaceSelector = try r.read()
            case "ipBlock": ipBlock = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// A range of addresses and its exceptions.
package struct IPBlock: JSONReadable, Equatable {
    package var cidr = ""
    package var except: [String] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "cidr": cidr = try r.text() ?? ""
            case "except": except = try r.texts()
            default: try r.skip()
            }
        }
    }
}

/// Which port is let through.
package struct NetworkPolicyPort: JSONReadable, Equatable {
    package var `protocol`: String?
    package var port: IntOrString?
    package var endPort: Int?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "protocol": `protocol` = try r.text()
            case "port": port = try r.intOrString()
            case "endPort": endPort = try r.int()
            default: try r.skip()
            }
        }
    }
}
