package import Core

/// What taint a pod bears. An empty key with `Exists` bears every one.
package struct Toleration: JSONReadable, Equatable {
    package var key: String?
    package var `operator`: String?
    package var value: String?
    package var effect: String?
    package var tolerationSeconds: Int?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "key": self.key = try r.text()
            case "operator": `operator` = try r.text()
            case "value": value = try r.text()
            case "effect": effect = try r.text()
            case "tolerationSeconds": tolerationSeconds = try r.int()
            default: try r.skip()
            }
        }
    }
}

/// How evenly pods must be spread over the values of a node label.
package struct TopologySpreadConstraint: JSONReadable, Equatable {
    package var maxSkew = 0
    package var topologyKey = ""
    package var whenUnsatisfiable = ""
    package var labelSelector: LabelSelector?
    package var minDomains: Int?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "maxSkew": maxSkew = try r.int() ?? 0
            case "topologyKey": topologyKey = try r.text() ?? ""
            case "whenUnsatisfiable": whenUnsatisfiable = try r.text() ?? ""
            case "labelSelector": labelSelector = try r.read()
            case "minDomains": minDomains = try r.int()
            default: try r.skip()
            }
        }
    }
}

/// A condition that must be true before the pod counts as ready.
package struct ReadinessGate: JSONReadable, Equatable {
    package var conditionType = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "conditionType": conditionType = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}

/// A pod's own resolver settings.
package struct PodDNSConfig: JSONReadable, Equatable {
    package var nameservers: [String] = []
    package var searches: [String] = []
    package var options: [DNSOption] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "nameservers": nameservers = try r.texts()
            case "searches": searches = try r.texts()
            case "options": options = try r.list()
            default: try r.skip()
            }
        }
    }
}

/// One resolver option.
package struct DNSOption: JSONReadable, Equatable {
    package var name = ""
    package var value: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "value": value = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// Who a pod's processes run as.
package struct PodSecurityContext: JSONReadable, Equatable {
    package var runAsUser: Int?
    package var runAsGroup: Int?
    package var runAsNonRoot: Bool?
    package var fsGroup: Int?
    package var supplementalGroups: [Int] = []
    package var seccompProfile: Profile?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "runAsUser": runAsUser = try r.int()
            case "runAsGroup": runAsGroup = try r.int()
            case "runAsNonRoot": runAsNonRoot = try r.flag()
            case "fsGroup": fsGroup = try r.int()
            case "supplementalGroups": supplementalGroups = try r.ints()
            case "seccompProfile": seccompProfile = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// Who a container's processes run as and what they may do.
package struct SecurityContext: JSONReadable, Equatable {
    package var runAsUser: Int?
    package var runAsGroup: Int?
    package var runAsNonRoot: Bool?
    package var readOnlyRootFilesystem: Bool?
    package var allowPrivilegeEscalation: Bool?
    package var privileged: Bool?
    package var capabilities: Capabilities?
    package var seccompProfile: Profile?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "runAsUser": runAsUser = try r.int()
            case "runAsGroup": runAsGroup = try r.int()
            case "runAsNonRoot": runAsNonRoot = try r.flag()
            case "readOnlyRootFilesystem": readOnlyRootFilesystem = try r.flag()
            case "allowPrivilegeEscalation": allowPrivilegeEscalation = try r.flag()
            case "privileged": privileged = try r.flag()
            case "capabilities": capabilities = try r.read()
            case "seccompProfile": seccompProfile = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// Linux capabilities added to and taken from the runtime's default.
package struct Capabilities: JSONReadable, Equatable {
    package var add: [String] = []
    package var drop: [String] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "add": add = try r.texts()
            case "drop": drop = try r.texts()
            default: try r.skip()
            }
        }
    }
}

/// A seccomp or AppArmor profile.
package struct Profile: JSONReadable, Equatable {
    package var type = ""
    package var localhostProfile: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "type": type = try r.text() ?? ""
            case "localhostProfile": localhostProfile = try r.text()
            default: try r.skip()
            }
        }
    }
}
