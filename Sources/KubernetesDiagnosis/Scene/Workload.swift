import Core
import Kubernetes

/// What runs pods: a Deployment, StatefulSet, DaemonSet, Job, CronJob, a bare Pod, or a controller of a kind unknown to us.
struct Workload: Sendable {
    let path: EntityPath
    /// Pods wanted; nil where the kind does not say.
    var desired: Int?
    var template: PodTemplate?
    var metadata: ObjectMeta
    /// Labels of its pods.
    var labels: [String: String] = [:]
    /// Indices into the snapshot's pods: those that are not being deleted and have not ended well.
    var pods: [Int] = []
    /// All its pods, also ending and ended ones.
    var allPods: [Int] = []
    /// Indices into the snapshot's ReplicaSets, ascending by revision.
    var replicaSets: [Int] = []
    /// Pods of a Deployment's current revision; for other kinds the same as `pods`.
    var currentPods: [Int] = []
    /// Index of the Deployment in the snapshot.
    var deployment: Int?
    /// Whether any of its pods is worth a look.
    var isSuspect = false

    var namespace: String { path.namespace }
    var name: String { path.name }
    var kind: String { path.kind }
}

/// One container of one pod with its status and its place in the template.
struct ContainerSituation: Sendable {
    let pod: Int
    let spec: Container
    let status: ContainerStatus?
    let isInit: Bool

    var name: String { spec.name }

    /// The last end of a run, the present one first.
    var lastEnd: ContainerTerminated? { status?.state.terminated ?? status?.lastState.terminated }
}
