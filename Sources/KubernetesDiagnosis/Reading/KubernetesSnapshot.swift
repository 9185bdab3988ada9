package import Core
package import Kubernetes

/// An immutable view of a cluster, or of part of one, at one instant: the only input of diagnosis.
package struct KubernetesSnapshot: Sendable {
    /// The answer to a request for a container's log.
    package struct LogKey: Hashable, Sendable, Comparable {
        package let namespace: String
        package let pod: String
        package let container: String
        package let previous: Bool

        package init(namespace: String, pod: String, container: String, previous: Bool) {
            self.namespace = namespace
            self.pod = pod
            self.container = container
            self.previous = previous
        }

        package static func < (a: LogKey, b: LogKey) -> Bool {
            (a.namespace, a.pod, a.container, a.previous ? 1 : 0) < (b.namespace, b.pod, b.container, b.previous ? 1 : 0)
        }
    }

    package enum Log: Hashable, Sendable {
        case text([UInt8])
        /// What the API answered instead.
        case refused(status: Int, message: String)
    }

    /// Now, on the clock of the cluster.
    package var time: Timestamp
    /// The configured name: the second segment of every entity path.
    package var cluster: String
    /// The namespaces that were asked for; nil: all.
    package var namespaces: [String]?
    /// Kinds, by plural name, that were read completely; an empty array for them means that there are none.
    package var listed: Set<String> = []
    /// Kinds that Martlet may not read.
    package var forbidden: Set<String> = []
    /// Of the forbidden kinds that may be read elsewhere: the namespaces in which they may not.
    package var forbiddenIn: [String: Set<String>] = [:]
    /// What could not be read, one sentence each.
    package var notes: [String] = []

    package var pods: [Pod] = []
    package var deployments: [Deployment] = []
    package var replicaSets: [ReplicaSet] = []
    package var statefulSets: [StatefulSet] = []
    package var daemonSets: [DaemonSet] = []
    package var controllerRevisions: [ControllerRevision] = []
    package var jobs: [Job] = []
    package var cronJobs: [CronJob] = []
    package var nodes: [Node] = []
    package var namespaceObjects: [Namespace] = []
    package var events: [Event] = []
    package var services: [Service] = []
    package var endpointSlices: [EndpointSlice] = []
    /// The older form of endpoint slices.
    package var endpoints: [Endpoints] = []
    package var ingresses: [Ingress] = []
    package var ingressClasses: [IngressClass] = []
    package var networkPolicies: [NetworkPolicy] = []
    package var configMaps: [ConfigMap] = []
    /// Names and keys only; their values are dropped while reading.
    package var secrets: [Secret] = []
    package var serviceAccounts: [ServiceAccount] = []
    package var claims: [PersistentVolumeClaim] = []
    package var volumes: [PersistentVolume] = []
    package var storageClasses: [StorageClass] = []
    package var quotas: [ResourceQuota] = []
    package var limitRanges: [LimitRange] = []
    package var disruptionBudgets: [PodDisruptionBudget] = []
    package var autoscalers: [HorizontalPodAutoscaler] = []
    package var apiServices: [APIService] = []
    package var leases: [Lease] = []
    package var validatingWebhooks: [ValidatingWebhookConfiguration] = []
    package var mutatingWebhooks: [MutatingWebhookConfiguration] = []
    /// Roles and bindings of the namespaces in which a log says that the API refused something, and of the cluster.
    package var roles: [KubernetesObject] = []
    package var roleBindings: [KubernetesObject] = []
    package var priorityClasses: [PriorityClass] = []
    package var podMetrics: [PodMetrics] = []
    package var nodeMetrics: [NodeMetrics] = []
    /// Custom resources, and built-in kinds without a list of their own.
    package var untyped: [UntypedObject] = []

    /// Of nodes whose units were read; a snapshot of the API alone has none.
    package var units: [NodeUnit] = []
    /// Time series about anything, from whoever measures; empty where nobody was asked.
    package var metrics = MetricTable()
    package var alerts: [Alert] = []
    /// Who was seen to call whom.
    package var calls: [ServiceCall] = []
    /// What others tell of deploys, edits and flags; what the objects themselves tell of changes is not in here.
    package var changes: [Change] = []
    /// Things of other platforms, and how they belong together.
    package var entities: [Entity] = []
    package var relations: [EntityRelation] = []

    package var logs: [LogKey: Log] = [:]
    /// The JSON of ReplicaSets by uid: their templates are compared field by field, fields unknown to us included.
    package var replicaSetJSON: [String: [UInt8]] = [:]
    /// What is remembered of revisions, by the uids of their ReplicaSets; empty where nobody has watched.
    package var seenRevisions: [String: SeenRevision] = [:]

    package init(time: Timestamp, cluster: String) {
        self.time = time
        self.cluster = cluster
    }

    /// Whether all objects of a kind (by plural name) are in here, so that an absent one does not exist.
    package func knows(_ plural: String) -> Bool { listed.contains(plural) && !forbidden.contains(plural) }

    /// Whether the pods of a namespace could be read: without them next to nothing can be diagnosed, and that must not look like health.
    package func seesPods(in namespace: String) -> Bool {
        knows("pods") || forbiddenIn["pods"].map { !$0.contains(namespace) } ?? false
    }

    /// What may not be read, one phrase each: `pods in team-b`, `nodes`.
    package var unreadable: [String] {
        forbidden.sorted().map { kind in
            forbiddenIn[kind].map { "\(kind) in \($0.sorted().joined(separator: ", "))" } ?? kind
        }
    }

    /// Neither pods nor what makes them could be read: there is nothing to copy.
    package var seesNoWorkloads: Bool { listed.isDisjoint(with: ["pods", "deployments", "statefulsets", "daemonsets", "jobs"]) }

    /// Notes that a type may not be read in a scope, one of those of `namespaces`.
    package mutating func forbid(_ type: ResourceType, in scope: ListScope, of namespaces: [String]?) {
        forbidden.insert(type.plural)
        guard let namespace = scope.namespace, let namespaces else { return }
        let refused = (forbiddenIn[type.plural] ?? []).union([namespace])
        // Refused everywhere needs no list of where.
        forbiddenIn[type.plural] = refused
        if refused.isSuperset(of: namespaces) { forbiddenIn[type.plural] = nil }
    }
}
