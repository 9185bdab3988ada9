package import Core

/// A lease: who leads, or that a node lives.
package struct Lease: KubernetesResource, Equatable {
    package static let type = ResourceType.leases

    @Shared package var metadata: ObjectMeta
    package var spec = LeaseSpec()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? LeaseSpec()
            default: try r.skip()
            }
        }
    }
}

/// Who holds it and since when.
package struct LeaseSpec: JSONReadable, Equatable {
    package var holderIdentity: String?
    package var leaseDurationSeconds: Int?
    package var leaseTransitions: Int?
    package var acquireTime: Timestamp?
    package var renewTime: Timestamp?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "holderIdentity": holderIdentity = try r.text()
            case "leaseDurationSeconds": leaseDurationSeconds = try r.int32()
            case "leaseTransitions": leaseTransitions = try r.int32()
            case "acquireTime": acquireTime = try r.time()
            case "renewTime": renewTime = try r.time()
            default: try r.skip()
            }
        }
    }
}
