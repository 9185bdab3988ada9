package import Core

/// A priority by name.
package struct PriorityClass: KubernetesResource, Equatable {
    package static let type = ResourceType.priorityClasses

    @Shared package var metadata: ObjectMeta
    package var value = 0
    package var globalDefault = false
    package var preemptionPolicy: String?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "value": value = try r.int() ?? 0
            case "globalDefault": globalDefault = try r.flag() ?? false
            case "preemptionPolicy": preemptionPolicy = try r.text()
            default: try r.skip()
            }
        }
    }
}
