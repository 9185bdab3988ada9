package import Core
import Kubernetes

/// The objects of a cluster as they are, Secrets without their values: what a copy of the cluster is made of.
package struct ClusterObjects: Sendable {
    /// Now, on the clock of the cluster.
    package let time: Timestamp
    /// Each with `apiVersion` and `kind`, in the order in which they were read.
    package private(set) var objects: [JSON] = []
    /// `metrics.k8s.io` measurements of the pods, where there are any.
    package private(set) var podMetrics: [JSON] = []
    /// Kinds, by plural name, of which all objects are in here.
    package let known: Set<String>
    /// What is missing, one sentence each.
    package private(set) var notes: [String]

    init(_ snapshot: KubernetesSnapshot, _ all: [KubernetesObject]) {
        time = snapshot.time
        known = snapshot.listed.subtracting(snapshot.forbidden)
        notes = snapshot.notes
        if !snapshot.forbidden.isEmpty { notes.append("not allowed to list \(snapshot.forbidden.sorted().joined(separator: ", "))") }
        // core/v1 and events.k8s.io/v1 show the same events.
        var seen: Set<String> = []
        for object in all where object.metadata.uid.isEmpty || seen.insert(object.metadata.uid).inserted {
            guard let json = try? object.json() else { continue }
            switch object.kind {
            case "PodMetrics": podMetrics.append(json)
            case "NodeMetrics": continue
            default: objects.append(json)
            }
        }
    }
}
