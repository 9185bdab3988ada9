package import Core

/// The template that a controller makes pods from.
package struct PodTemplate: JSONReadable, Equatable {
    @Shared package var metadata: ObjectMeta
    @Shared package var spec: PodSpec

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": _spec = try r.shared()
            default: try r.skip()
            }
        }
    }
}
