import Core
import Kubernetes
import Remediation

/// What several actions ask of a workload's object.
struct Workload {
    let target: ObservedTarget
    var object: JSON { target.object }
    var name: String { target.path.name }
    var namespace: String { target.path.namespace }
    var kind: String { target.path.kind }
    var template: JSON { object[at: "spec", "template"] ?? [:] }
    var isPaused: Bool { object[at: "spec", "paused"]?.bool ?? false }
    var replicas: Int { object[at: "spec", "replicas"]?.int ?? 1 }
    var replicaSets: [JSON] { target.related["ReplicaSet"] ?? [] }
    var revision: Int? { TemplateReference.revision(of: object) }
    /// The ReplicaSet that holds the present template.
    var current: JSON? {
        let hash = TemplateReference.hash(template)
        return replicaSets.first { ($0[at: "spec", "template"]).map(TemplateReference.hash) == hash }
    }
    func replicaSet(revision: Int) -> JSON? { replicaSets.first { TemplateReference.revision(of: $0) == revision } }

    var containers: [JSON] { template[at: "spec", "containers"]?.array ?? [] }

    /// `deployment/checkout`, as kubectl takes it.
    var reference: String { "\(kind.lowercased())/\(name)" }
    func command(_ verb: String) -> String { "kubectl -n \(namespace) \(verb)" }

    /// `1 workload, 3 pods`.
    func blastRadius(_ pods: Int) -> String { "1 workload, \(pods) \(pods == 1 ? "pod" : "pods")" }

    static func verification(_ goal: Verification.Goal) -> JSON {
        ["goal": .string(goal.rawValue), "ready": true, "restarts": true, "errorRate": true]
    }
}
