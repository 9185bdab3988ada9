package import Core
package import Kubernetes
package import KubernetesDiagnosis

/// A cluster as its cache holds it, with the logs that diagnosis wishes for fetched as they are needed.
package actor CachedFeed: SnapshotFeed {
    package nonisolated let cache: ClusterCache
    private let client: KubernetesClient
    private let cluster: String
    private let namespaces: [String]?
    private let collector: SnapshotCollector
    private var logs: [KubernetesSnapshot.LogKey: HeldLog] = [:]
    private var access: HeldAccess?
    private var wishes = StandingDiagnosis()
    private var replicaSets = KeptReplicaSets()

    /// Who may do what in the namespaces whose logs tell of a refusal.
    private struct HeldAccess {
        let namespaces: [String]
        let askedAt: Timestamp
        let objects: AccessObjects
    }

    /// When the server last answered, of the machine's steady time, and why it did not since.
    private var answeredAt: Timestamp?
    private var silence: String?

    private struct HeldLog {
        /// Of which run of which container: a log is fetched again when this changes.
        var run: String
        var isRunning: Bool
        var fetchedAt: Timestamp
        var log: KubernetesSnapshot.Log
    }

    /// How long the log of a running container counts as fresh, of the cluster's time; and how long roles do.
    private static let freshness: Duration = .seconds(10)
    private static let quietFreshness: Duration = .seconds(60)
    private static let accessFreshness: Duration = .seconds(30)

    /// - Parameters:
    ///   - namespaces: empty: all.
    ///   - readsSecrets: whether names and keys of Secrets are followed; their values are dropped while reading.
    package init(client: KubernetesClient, cluster: String, namespaces: [String] = [], readsSecrets: Bool = false) {
        self.client = client
        self.cluster = cluster
        self.namespaces = namespaces.isEmpty ? nil : namespaces
        collector = SnapshotCollector(client: client, cluster: cluster)
        cache = ClusterCache(client: client, resources: CachedFeed.resources(in: namespaces, readsSecrets: readsSecrets))
    }

    package nonisolated var clock: any WallClock { client.clusterClock }
    package nonisolated func run() async throws { try await cache.run() }
    package nonisolated func changes() async -> AsyncStream<Void> { await cache.changes() }

    /// A watch that broke is opened again at once, and what happened meanwhile is made up for: that it broke is news only when it stays
    /// so for this long, of the machine's time.
    private static let patience: Duration = .seconds(30)

    package func health() async -> FeedHealth {
        let isSynced = await cache.isSynced
        var trouble = silence
        for resource in cache.resources {
            if case .failing(let text, let since) = await cache.state(of: resource.source), trouble == nil,
                !isSynced || client.clock.steady() - since >= CachedFeed.patience
            {
                trouble = "\(resource.type.plural): \(text)"
            }
        }
        let seen = await scope()
        return FeedHealth(
            isSynced: isSynced && silence == nil, error: trouble, objects: await cache.items(Pod.self).count,
            unreadable: isSynced ? seen.unreadable : [], isBlind: isSynced && !seen.forbidden.isDisjoint(with: ["pods"]))
    }

    package func snapshot() async throws -> KubernetesSnapshot {
        guard await cache.isSynced else {
            guard let why = await health().error else { throw MartletError(.busy, "not synchronised yet") }
            throw MartletError(.unavailable, "not synchronised yet: \(why)")
        }
        try await hear()
        var snapshot = await scope()
        if snapshot.seesNoWorkloads, let refusal = await cache.refused.first(where: { $0.source.type == .pods }) {
            throw MartletError(.forbidden, "no workloads can be read: \(refusal.error)")
        }
        snapshot.pods = await cache.items()
        snapshot.deployments = await cache.items()
        replicaSets.follow(await cache.items())
        snapshot.replicaSets = replicaSets.sets
        snapshot.replicaSetJSON = replicaSets.json
        snapshot.statefulSets = await cache.items()
        snapshot.daemonSets = await cache.items()
        snapshot.controllerRevisions = await cache.items()
        snapshot.jobs = await cache.items()
        snapshot.cronJobs = await cache.items()
        snapshot.events = await cache.items()
        snapshot.services = await cache.items()
        snapshot.endpointSlices = await cache.items()
        snapshot.ingresses = await cache.items()
        snapshot.ingressClasses = await cache.items()
        snapshot.configMaps = await cache.items()
        snapshot.secrets = await cache.items()
        snapshot.serviceAccounts = await cache.items()
        snapshot.claims = await cache.items()
        snapshot.volumes = await cache.items()
        snapshot.storageClasses = await cache.items()
        snapshot.quotas = await cache.items()
        snapshot.limitRanges = await cache.items()
        snapshot.disruptionBudgets = await cache.items()
        snapshot.autoscalers = await cache.items()
        snapshot.nodes = await cache.items()
        snapshot.namespaceObjects = await cache.items()
        snapshot.apiServices = await cache.items()
        snapshot.leases = await cache.items()
        snapshot.validatingWebhooks = await cache.items()
        snapshot.mutatingWebhooks = await cache.items()
        snapshot.leaveOutOrphans()
        await addLogs(to: &snapshot)
        await addAccess(to: &snapshot)
        return snapshot
    }

    /// A server that has stopped answering also changes nothing: its watches are silent, and what is held looks fresh for ever. So that
    /// nothing is concluded from that, it has to answer something every so often, of the machine's time.
    private static let heartbeat: Duration = .seconds(10)

    private func hear() async throws {
        let now = client.clock.steady()
        if silence == nil, let answeredAt, now - answeredAt < CachedFeed.heartbeat { return }
        do {
            _ = try await client.version()
        } catch let error as APIError where error.status != nil {  // any answer is one
        } catch let error as CancellationError {
            throw error
        } catch {
            let why = (error as? APIError)?.martletError(now: client.clock.now()).message ?? "\(error)"
            silence = "the API server does not answer: \(why)"
            throw MartletError(.unavailable, silence ?? "")
        }
        (answeredAt, silence) = (client.clock.steady(), nil)
    }

    /// An empty snapshot that knows what is read and what may not be.
    private func scope() async -> KubernetesSnapshot {
        var snapshot = KubernetesSnapshot(time: client.clusterClock.now(), cluster: cluster)
        snapshot.namespaces = namespaces
        let refused = await cache.refused
        let absent = Set(refused.map(\.source))
        for resource in cache.resources where !absent.contains(resource.source) { snapshot.listed.insert(resource.type.plural) }
        for (source, error) in refused {
            if error.isForbidden {
                snapshot.forbid(source.type, in: source.scope, of: namespaces)
            } else {
                snapshot.listed.remove(source.type.plural)
            }
        }
        return snapshot
    }

    /// Each namespace is followed by itself: a Role in it is enough.
    private static func resources(in namespaces: [String], readsSecrets: Bool) -> [CachedResource] {
        let scopes = namespaces.isEmpty ? [ListScope.all] : Set(namespaces).sorted().map { ListScope(namespace: $0) }
        func followed<Item: KubernetesResource>(_ type: Item.Type) -> [CachedResource] { scopes.map { .resource(type, in: $0) } }
        var resources = followed(Pod.self) + followed(Deployment.self) + followed(KeptReplicaSet.self) + followed(StatefulSet.self)
        resources += followed(DaemonSet.self) + followed(Job.self) + followed(CronJob.self) + followed(Event.self)
        resources += followed(Service.self) + followed(EndpointSlice.self) + followed(Ingress.self) + followed(ConfigMap.self)
        resources += followed(NetworkPolicy.self) + followed(ControllerRevision.self)
        resources += followed(ServiceAccount.self) + followed(PersistentVolumeClaim.self) + followed(ResourceQuota.self)
        resources += followed(LimitRange.self) + followed(PodDisruptionBudget.self) + followed(HorizontalPodAutoscaler.self)
        if readsSecrets { resources += followed(Kubernetes.Secret.self) }
        return resources + [
            .resource(Node.self), .resource(Namespace.self), .resource(PersistentVolume.self), .resource(StorageClass.self),
            .resource(IngressClass.self), .resource(APIService.self), .resource(Lease.self),
            .resource(ValidatingWebhookConfiguration.self), .resource(MutatingWebhookConfiguration.self),
        ]
    }
}

extension KubernetesSnapshot {
    /// Leaves out pods whose ReplicaSet has not arrived: each kind is watched by itself, and what a pod's revision changed cannot be
    /// told before its owner is there. They come with the next look.
    fileprivate mutating func leaveOutOrphans() {
        guard knows(ResourceType.replicaSets.plural) else { return }
        let known = Set(replicaSets.map(\.metadata.uid))
        func isOrphan(_ pod: Pod) -> Bool {
            pod.metadata.ownerReferences.contains { $0.kind == "ReplicaSet" && $0.controller && !known.contains($0.uid) }
        }
        // There are none nearly always, and a list that is not touched stays the cache's.
        if pods.contains(where: isOrphan) { pods.removeAll(where: isOrphan) }
    }
}

// MARK: Logs and roles

extension CachedFeed {
    private func addLogs(to snapshot: inout KubernetesSnapshot) async {
        let (failing, quiet) = wishes.wishedLogs(snapshot, quietLimit: 40)
        let wished = failing + quiet
        // What runs undisturbed is asked less often.
        let isQuiet = Set(quiet)
        guard !wished.isEmpty else { logs = [:]; return }
        var pods: [String: Pod] = [:]
        for pod in snapshot.pods { pods["\(pod.metadata.namespace)/\(pod.metadata.name)"] = pod }
        let now = snapshot.time
        var held: [KubernetesSnapshot.LogKey: HeldLog] = [:]
        var missing: [(key: KubernetesSnapshot.LogKey, run: String, isRunning: Bool)] = []
        for key in wished {
            let (run, isRunning) = CachedFeed.run(of: key, in: pods["\(key.namespace)/\(key.pod)"])
            let freshness = isQuiet.contains(key) ? CachedFeed.quietFreshness : CachedFeed.freshness
            if let log = logs[key], log.run == run, !log.isRunning || now - log.fetchedAt < freshness {
                held[key] = log
            } else {
                missing.append((key, run, isRunning))
            }
        }
        let collector = collector
        await withTaskGroup(of: (Int, KubernetesSnapshot.Log).self) { group in
            var next = 0
            func add() {
                guard next < missing.count else { return }
                let (index, key) = (next, missing[next].key)
                next += 1
                group.addTask { (index, await collector.log(key)) }
            }
            for _ in 0..<8 { add() }
            while let (index, log) = await group.next() {
                let (key, run, isRunning) = missing[index]
                held[key] = HeldLog(run: run, isRunning: isRunning, fetchedAt: now, log: log)
                add()
            }
        }
        logs = held
        for (key, log) in held { snapshot.logs[key] = log.log }
    }

    /// Roles change seldom and are asked of seldom: they are listed while a log tells of a refusal, and not held otherwise.
    private func addAccess(to snapshot: inout KubernetesSnapshot) async {
        let namespaces = snapshot.namespacesWithDenials()
        guard !namespaces.isEmpty else { access = nil; return }
        let now = snapshot.time
        let held = access.flatMap { $0.namespaces == namespaces ? $0 : nil }
        if held.map({ now - $0.askedAt >= CachedFeed.accessFreshness }) ?? true {
            // A server out of reach is no news here: the watches say so, and what was read before is still the best there is.
            let objects = try? await collector.access(in: namespaces)
            access = HeldAccess(namespaces: namespaces, askedAt: now, objects: objects ?? held?.objects ?? AccessObjects())
        }
        access?.objects.add(to: &snapshot)
    }

    /// Which run of the container a log is of, and whether more may still come.
    private static func run(of key: KubernetesSnapshot.LogKey, in pod: Pod?) -> (String, Bool) {
        let statuses = (pod?.status.containerStatuses ?? []) + (pod?.status.initContainerStatuses ?? [])
        guard let pod, let status = statuses.first(where: { $0.name == key.container }) else { return ("", true) }
        let isRunning = status.state.running != nil && !key.previous
        return ("\(pod.metadata.uid)/\(status.restartCount)/\(isRunning)", isRunning)
    }
}

/// ReplicaSets as a snapshot has them, made anew only when those of the cache have changed.
private struct KeptReplicaSets {
    private var kept: [KeptReplicaSet] = []
    private(set) var sets: [ReplicaSet] = []
    private(set) var json: [String: [UInt8]] = [:]

    mutating func follow(_ items: [KeptReplicaSet]) {
        guard !items.sharesStorage(with: kept) else { return }
        kept = items
        sets = items.map(\.replicaSet)
        json = Dictionary(items.map { ($0.metadata.uid, $0.raw) }, uniquingKeysWith: { $1 })
    }
}

/// A ReplicaSet with its JSON: templates of two revisions are compared field by field, also fields that no type of ours knows.
struct KeptReplicaSet: KubernetesResource {
    static let type = ResourceType.replicaSets
    var metadata = ObjectMeta()
    var replicaSet = ReplicaSet()
    var raw: [UInt8] = []

    init() {}

    mutating func read(from reader: inout JSONReader) throws(JSONError) {
        let range = try reader.rawValue()
        raw = Array(reader.bytes(range))
        replicaSet = try ReplicaSet(parsing: raw)
        metadata = replicaSet.metadata
    }
}
