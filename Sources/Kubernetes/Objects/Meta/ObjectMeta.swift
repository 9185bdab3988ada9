package import Core

/// Metadata of every object. `resourceVersion` is opaque: compare it for equality only.
package struct ObjectMeta: JSONReadable, Equatable {
    package var name = ""
    package var namespace = ""
    package var uid = ""
    package var generateName: String?
    package var resourceVersion = ""
    package var generation = 0
    package var creationTimestamp: Timestamp?
    package var deletionTimestamp: Timestamp?
    package var deletionGracePeriodSeconds: Int?
    package var labels: [String: String] = [:]
    package var annotations: [String: String] = [:]
    package var ownerReferences: [OwnerReference] = []
    package var finalizers: [String] = []
    /// Who wrote when; which fields is left out, to keep caches small.
    package var fieldManagers: [FieldManager] = []

    /// When anybody but a controller last wrote the object itself, as far as that is told; else when it was made.
    package var lastWrite: Timestamp? {
        fieldManagers.lazy.filter { $0.subresource == nil && $0.manager != "kube-controller-manager" }.compactMap(\.time).max()
            ?? creationTimestamp
    }

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.ownText() ?? ""
            case "namespace": namespace = try r.text() ?? ""
            case "uid": uid = try r.ownText() ?? ""
            case "generateName": generateName = try r.text()
            case "resourceVersion": resourceVersion = try r.ownText() ?? ""
            case "generation": generation = try r.int() ?? 0
            case "creationTimestamp": creationTimestamp = try r.time()
            case "deletionTimestamp": deletionTimestamp = try r.time()
            case "deletionGracePeriodSeconds": deletionGracePeriodSeconds = try r.int()
            case "labels": labels = try r.repeatedMap(\.labels)
            case "annotations": annotations = try r.repeatedMap(\.annotations)
            case "ownerReferences": ownerReferences = try r.repeatedList(\.owners)
            case "finalizers": finalizers = try r.texts()
            case "managedFields": fieldManagers = try r.repeatedList(\.managers)
            default: try r.skip()
            }
        }
    }
}

/// Who owns an object. At most one owner has `controller`.
package struct OwnerReference: JSONReadable, Equatable {
    package var apiVersion = ""
    package var kind = ""
    package var name = ""
    package var uid = ""
    package var controller = false

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "apiVersion": apiVersion = try r.text() ?? ""
            case "kind": kind = try r.text() ?? ""
            case "name": name = try r.text() ?? ""
            case "uid": uid = try r.text() ?? ""
            case "controller": controller = try r.flag() ?? false
            default: try r.skip()
            }
        }
    }
}

/// One entry of `metadata.managedFields` without its fields.
package struct FieldManager: JSONReadable, Equatable {
    package var manager = ""
    package var operation = ""
    package var subresource: String?
    package var time: Timestamp?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "manager": manager = try r.text() ?? ""
            case "fieldsV1": try r.skipRepeated(\.managedFields)
            case "operation": operation = try r.text() ?? ""
            case "subresource": subresource = try r.text()
            case "time": time = try r.time()
            default: try r.skip()
            }
        }
    }
}
