package import Core

/// A node.
package struct Node: KubernetesResource, Equatable {
    package static let type = ResourceType.nodes

    @Shared package var metadata: ObjectMeta
    package var spec = NodeSpec()
    package var status = NodeStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? NodeSpec()
            case "status": status = try r.read() ?? NodeStatus()
            default: try r.skip()
            }
        }
    }
}

/// Whether and what it takes.
package struct NodeSpec: JSONReadable, Equatable {
    package var unschedulable = false
    package var taints: [Taint] = []
    package var podCIDR: String?
    package var providerID: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "unschedulable": unschedulable = try r.flag() ?? false
            case "taints": taints = try r.list()
            case "podCIDR": podCIDR = try r.text()
            case "providerID": providerID = try r.text()
            default: try r.skip()
            }
        }
    }
}

/// What keeps pods away that do not tolerate it.
package struct Taint: JSONReadable, Equatable {
    package var key = ""
    package var value: String?
    package var effect = ""
    package var timeAdded: Timestamp?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "key": self.key = try r.text() ?? ""
            case "value": value = try r.text()
            case "effect": effect = try r.text() ?? ""
            case "timeAdded": timeAdded = try r.time()
            default: try r.skip()
            }
        }
    }
}

/// What is known of it.
package struct NodeStatus: JSONReadable, Equatable {
    package var allocatable: [String: Quantity] = [:]
    package var capacity: [String: Quantity] = [:]
    package var conditions: [Condition] = []
    package var addresses: [NodeAddress] = []
    package var images: [NodeImage] = []
    package var nodeInfo = NodeInfo()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "allocatable": allocatable = try r.quantities()
            case "capacity": capacity = try r.quantities()
            case "conditions": conditions = try r.list()
            case "addresses": addresses = try r.list()
            case "images": images = try r.list()
            case "nodeInfo": nodeInfo = try r.read() ?? NodeInfo()
            default: try r.skip()
            }
        }
    }
}

/// One address (`InternalIP`, `Hostname`, …).
package struct NodeAddress: JSONReadable, Equatable {
    package var type = ""
    package var address = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "type": type = try r.text() ?? ""
            case "address": address = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}

/// An image that the node holds.
package struct NodeImage: JSONReadable, Equatable {
    package var names: [String] = []
    package var sizeBytes = 0

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "names": names = try r.texts()
            case "sizeBytes": sizeBytes = try r.int() ?? 0
            default: try r.skip()
            }
        }
    }
}

/// Versions on the node.
package struct NodeInfo: JSONReadable, Equatable {
    package var architecture = ""
    package var operatingSystem = ""
    package var osImage = ""
    package var kernelVersion = ""
    package var containerRuntimeVersion = ""
    package var kubeletVersion = ""

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "architecture": architecture = try r.text() ?? ""
            case "operatingSystem": operatingSystem = try r.text() ?? ""
            case "osImage": osImage = try r.text() ?? ""
            case "kernelVersion": kernelVersion = try r.text() ?? ""
            case "containerRuntimeVersion": containerRuntimeVersion = try r.text() ?? ""
            case "kubeletVersion": kubeletVersion = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}
