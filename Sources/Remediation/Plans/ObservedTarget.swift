package import Core

/// A thing that a plan would touch, as it was read at one moment, and what an action must know around it.
package struct ObservedTarget: Sendable, Hashable {
    package let path: EntityPath
    package let uid: String
    /// The version that a write names as its precondition.
    package let resourceVersion: String
    /// The object itself.
    package let object: JSON
    /// Other objects by kind, such as the `ReplicaSet`s and `Pod`s of a Deployment.
    package let related: [String: [JSON]]

    package init(path: EntityPath, uid: String, resourceVersion: String, object: JSON, related: [String: [JSON]] = [:]) {
        self.path = path
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.object = object
        self.related = related
    }

    /// The annotation that tells done from not done (INTERFACES section 1).
    package static let operationAnnotation = "martlet/operation"

    /// `<digest>/<step>` of the last write of ours, if any.
    package var operation: String? { object[at: "metadata", "annotations", ObservedTarget.operationAnnotation]?.string }
}
