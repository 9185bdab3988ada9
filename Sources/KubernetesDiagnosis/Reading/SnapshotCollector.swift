import Core
package import Kubernetes

/// Takes one snapshot of a live cluster: lists what diagnosis uses, then the logs of containers that are not fine, and
/// who may do what where these say that the API refuses them something.
package struct SnapshotCollector: Sendable {
    package let client: KubernetesClient
    /// The configured name of the cluster.
    package let cluster: String
    /// Whether names and keys of Secrets are listed, and how long certificates are valid; values are dropped while reading.
    package let readsSecrets: Bool

    package init(client: KubernetesClient, cluster: String, readsSecrets: Bool = false) {
        self.client = client
        self.cluster = cluster
        self.readsSecrets = readsSecrets
    }

    /// What is listed in each namespace asked for.
    package static let namespaced: [ResourceType] = [
        .pods, .deployments, .replicaSets, .statefulSets, .daemonSets, .jobs, .cronJobs, .events, .services, .endpointSlices, .ingresses,
        .networkPolicies, .configMaps, .serviceAccounts, .persistentVolumeClaims, .resourceQuotas, .limitRanges, .podDisruptionBudgets,
        .horizontalPodAutoscalers, .controllerRevisions, .podMetrics,
    ]
    /// What belongs to no namespace. Whoever may see one namespace only is mostly not allowed to list these; that is said.
    package static let clusterWide: [ResourceType] = [
        .nodes, .namespaces, .persistentVolumes, .storageClasses, .ingressClasses, .apiServices,
        .validatingWebhookConfigurations,
        .mutatingWebhookConfigurations,
    ]

    /// Collects a snapshot. `namespaces` nil: all.
    ///
    /// Kinds that Martlet may not list are noted as forbidden, kinds that the server does not have are passed over. Custom resources tell of
    /// what nobody is paged for, and there may be hundreds of kinds: they are listed where they are asked for. Throws
    /// `MartletError` when neither pods nor workloads can be read, and whatever keeps the server from being reached.
    package func collect(namespaces: [String]? = nil, customResources: Bool = false) async throws -> KubernetesSnapshot {
        var snapshot = KubernetesSnapshot(time: client.clusterClock.now(), cluster: cluster)
        snapshot.namespaces = namespaces
        let scopes: [ListScope] = namespaces.map { $0.map { ListScope(namespace: $0) } } ?? [.all]
        var wanted: [(type: ResourceType, scope: ListScope)] = []
        for type in SnapshotCollector.namespaced + (readsSecrets ? [.secrets] : []) { for scope in scopes { wanted.append((type, scope)) } }
        for type in SnapshotCollector.clusterWide { wanted.append((type, .all)) }
        // The control plane's leases and the cluster's own services explain what happens in other namespaces.
        wanted.append((.leases, ListScope(namespace: "kube-system")))
        wanted.append((.leases, ListScope(namespace: "kube-node-lease")))
        if let namespaces, !namespaces.contains("kube-system") {
            for type: ResourceType in [.deployments, .services, .endpointSlices] {
                wanted.append((type, ListScope(namespace: "kube-system")))
            }
        }
        if customResources { wanted += try await customKinds(namespaces) }
        let answers = try await lists(wanted)
        var refusedKinds: Set<String> = []
        var failures: [(kind: String, error: APIError)] = []
        for (want, answer) in zip(wanted, answers) {
            // Another namespace's lists say nothing about whether a kind is known in those asked for.
            let isExtra = want.scope.namespace == "kube-system" && !(namespaces?.contains("kube-system") ?? true)
            switch answer {
            case .objects(let objects):
                if !isExtra || want.type == .leases { snapshot.listed.insert(want.type.listedName) }
                for object in objects {
                    do { try snapshot.add(object) } catch {
                        snapshot.notes.append("\(object.kind) \(object.metadata.name) cannot be read: \(error)")
                    }
                }
            // Measurements are of use where there are any; what keeps them from being served has a rule of its own.
            case .forbidden where want.type == .podMetrics, .failed where want.type == .podMetrics: continue
            case .forbidden where !ResourceType.isBuiltIn(group: want.type.group): refusedKinds.insert(want.type.description)
            case .forbidden: if !isExtra && want.type != .leases { snapshot.forbid(want.type, in: want.scope, of: namespaces) }
            case .absent: continue
            case .failed(let error):
                failures.append((want.type.plural, error))
                snapshot.notes.append("\(want.type.plural) could not be listed: \(error.martletError(now: nil).message)")
            }
        }
        if let first = refusedKinds.min() {
            snapshot.notes.append("not allowed to list \(refusedKinds.count) kinds of custom resources, \(first) among them")
        }
        snapshot.dropDuplicateEvents()
        if snapshot.seesNoWorkloads { throw blindness(failures, forbidden: snapshot.forbidden.sorted()) }
        snapshot.time = client.clusterClock.now()
        await fetchLogs(&snapshot)
        try await access(in: snapshot.namespacesWithDenials()).add(to: &snapshot)
        return snapshot
    }

    /// What the server offers beside its own kinds; a list in each namespace that is asked for.
    private func customKinds(_ namespaces: [String]?) async throws -> [(type: ResourceType, scope: ListScope)] {
        let kinds = try await client.discover().resources.filter {
            $0.verbs.contains("list") && !ResourceType.isBuiltIn(group: $0.type.group) && !$0.type.group.hasSuffix("metrics.k8s.io")
        }
        return kinds.map(\.type).sorted().flatMap { type -> [(type: ResourceType, scope: ListScope)] in
            guard type.isNamespaced, let namespaces else { return [(type, .all)] }
            return namespaces.map { (type, ListScope(namespace: $0)) }
        }
    }

    /// Lists types of all namespaces, for a copy of the cluster. Secrets are never asked for.
    ///
    /// Kinds that Martlet may not list are noted, kinds that the server does not have are passed over. Throws as
    /// ``collect(namespaces:)`` does.
    package func objects() async throws -> ClusterObjects {
        let left: Set<ResourceType> = [.secrets, .eventsV1, .nodeMetrics]
        let wanted = ResourceType.known.filter { !left.contains($0) }
        var snapshot = KubernetesSnapshot(time: client.clusterClock.now(), cluster: cluster)
        var objects: [KubernetesObject] = []
        var failures: [(kind: String, error: APIError)] = []
        for (type, answer) in zip(wanted, try await lists(wanted.map { ($0, .all) })) {
            switch answer {
            case .objects(let found):
                // Pods and their measurements have one plural name.
                if type != .podMetrics { snapshot.listed.insert(type.plural) }
                objects += found
            case .forbidden: if type != .podMetrics { snapshot.forbidden.insert(type.plural) }
            case .absent: continue
            case .failed(let error):
                failures.append((type.plural, error))
                snapshot.notes.append("\(type) could not be listed: \(error.martletError(now: nil).message)")
            }
        }
        if snapshot.seesNoWorkloads { throw blindness(failures, forbidden: snapshot.forbidden.sorted()) }
        snapshot.time = client.clusterClock.now()
        return ClusterObjects(snapshot, objects)
    }

    /// Why nothing can be diagnosed: what the server said of the first kind, which mostly is what it says of all of them.
    private func blindness(_ failures: [(kind: String, error: APIError)], forbidden: [String]) -> MartletError {
        let denied = forbidden.isEmpty ? [] : ["not allowed to list \(forbidden.joined(separator: ", "))"]
        if let first = failures.first {
            let error = first.error.martletError(now: client.clock.now())
            let others = failures.count - 1
            return MartletError(
                error.code, "no workloads can be read: \(error.message)",
                details: error.details + (others > 0 ? ["\(others) other kinds could not be listed either"] : []) + denied, fix: error.fix)
        }
        if denied.isEmpty {
            return MartletError(
                .notFound, "the server at \(client.server.url) offers no pods, Deployments or other workloads (404)",
                fix: "check that this is the address of a Kubernetes API server")
        }
        return MartletError(
            .forbidden, "no workloads of \(client.server.url) can be read", details: denied,
            fix: "see what is missing with `martlet doctor`")
    }

    /// Fetches the logs that a snapshot wishes for.
    package func fetchLogs(_ snapshot: inout KubernetesSnapshot) async {
        let (failing, quiet) = snapshot.wishedLogs()
        let wishes = failing + quiet
        let logs = await withTaskGroup(of: (KubernetesSnapshot.LogKey, KubernetesSnapshot.Log).self) { group in
            var next = 0
            var logs: [KubernetesSnapshot.LogKey: KubernetesSnapshot.Log] = [:]
            func add() {
                guard next < wishes.count else { return }
                let key = wishes[next]
                next += 1
                group.addTask { (key, await log(key)) }
            }
            for _ in 0..<8 { add() }
            while let (key, log) = await group.next() {
                logs[key] = log
                add()
            }
            return logs
        }
        snapshot.logs.merge(logs) { $1 }
    }

    /// One log, or what the server answered instead. A run whose log is gone is a refusal, too.
    package func log(_ key: KubernetesSnapshot.LogKey) async -> KubernetesSnapshot.Log {
        var request = LogRequest(namespace: key.namespace, pod: key.pod, container: key.container)
        request.previous = key.previous
        request.tail = KubernetesSnapshot.logTail
        request.limitBytes = 1 << 20
        do {
            return .text(Array(try await client.log(request).utf8))
        } catch let error as APIError {
            return .refused(status: error.status?.code ?? 0, message: error.status?.message ?? "")
        } catch {
            return .refused(status: 0, message: "\(error)")
        }
    }

    enum Answer: Sendable { case objects([KubernetesObject]), forbidden, absent, failed(APIError) }

    /// The answers to lists, in their order; six are asked for at a time.
    func lists(_ wanted: [(type: ResourceType, scope: ListScope)]) async throws -> [Answer] {
        try await withThrowingTaskGroup(of: (Int, Answer).self) { group in
            var answers = [Answer](repeating: .absent, count: wanted.count)
            var next = 0
            func add() {
                guard next < wanted.count else { return }
                let (i, want) = (next, wanted[next])
                next += 1
                group.addTask { (i, try await list(want.type, want.scope)) }
            }
            for _ in 0..<6 { add() }
            while let (i, answer) = try await group.next() {
                answers[i] = answer
                add()
            }
            return answers
        }
    }

    private func list(_ type: ResourceType, _ scope: ListScope) async throws -> Answer {
        do {
            return .objects(try await client.listObjects(type, in: scope).items)
        } catch let error as APIError {
            if error.isForbidden { return .forbidden }
            if error.isNotFound { return .absent }
            // The first thing that is asked for tells whether there is a server that knows us.
            if error.status == nil || error.status?.code == 401 { throw error }
            return .failed(error)
        }
    }
}
