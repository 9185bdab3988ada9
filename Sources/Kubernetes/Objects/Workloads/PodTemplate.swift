package import Core

/// The template that a controller makes pods from.
package struct PodTemplate: JSONReadable, Equatable {
    @Shared package var metadata: ObjectMeta
    @Shared package var spec: PodSpec

    package init() {}

    package init(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": metadata = try r.read() ?? ObjectMeta()
            case "spec": spec = try r.read() ?? PodSpec()
            default: try r.skip()
            }
        }
    }
}
