package import Core
package import Kubernetes

/// What a rehearsal starts from: the objects that decide whether a pod is admitted, scheduled and started, as the cluster holds them now.
package struct LiveSnapshot: Sendable {
    /// Objects as trees, each with `apiVersion` and `kind`, in the order in which they were read.
    package var objects: [JSON] = []
    /// `metrics.k8s.io` measurements of the pods, where there are any.
    package var podMetrics: [JSON] = []
    /// Programs that were seen to work before, by whoever watches the cluster.
    package var remembered: [SeenProgram] = []
    /// Uids of the ReplicaSets whose revisions failed when they were last seen.
    package var failing: Set<String> = []
    /// Types that could not be read, with the reason.
    package var unknown: [(type: ResourceType, reason: String)] = []

    package init() {}

    static let clusterWide: [ResourceType] = [.nodes, .namespaces, .persistentVolumes, .storageClasses, .priorityClasses]
    static let namespaced: [ResourceType] = [
        .serviceAccounts, .configMaps, .persistentVolumeClaims, .resourceQuotas, .limitRanges, .services, .deployments,
        .replicaSets, .statefulSets, .daemonSets,
    ]
    /// Without these nothing can be said.
    static let essential: Set<ResourceType> = [.nodes, .pods, .deployments, .replicaSets]

    /// Reads the namespaces in full, and of the others the pods, which take up room on the nodes.
    ///
    /// - Parameter readsSecrets: whether the names and keys of Secrets may be read; their values are dropped while reading.
    package static func read(_ client: KubernetesClient, namespaces: [String], readsSecrets: Bool) async throws -> LiveSnapshot {
        var snapshot = LiveSnapshot()
        let reader = WorkloadReader(client)
        func list(_ type: ResourceType, _ scope: ListScope) async throws -> [JSON] {
            do { return try await reader.objects(type, in: scope) } catch let error as APIError {
                let failure = error.martletError(now: client.clock.now())
                // A server that does not offer a type has none of it.
                if failure.code != .notFound { snapshot.unknown.append((type, failure.message)) }
                return []
            }
        }
        for type in clusterWide { snapshot.objects += try await list(type, .all) }
        for type in namespaced + (readsSecrets ? [.secrets] : []) {
            for namespace in namespaces { snapshot.objects += try await list(type, ListScope(namespace: namespace)) }
        }
        if !readsSecrets {
            snapshot.unknown.append((.secrets, "secrets of the cluster is none in the configuration"))
        }
        var pods = try await list(.pods, .all)
        if snapshot.unknown.contains(where: { $0.type == .pods }) {
            pods = []
            snapshot.unknown.removeAll { $0.type == .pods }
            for namespace in namespaces { pods += try await list(.pods, ListScope(namespace: namespace)) }
        }
        for pod in pods where !isOver(pod) {
            let isHere = namespaces.contains(pod[at: "metadata", "namespace"]?.string ?? "")
            var pod = pod
            // Their owners are not loaded, and are not to be missed.
            if !isHere { pod[at: "metadata", "ownerReferences"] = nil }
            snapshot.objects.append(pod)
        }
        for namespace in namespaces {
            let measured = (try? await reader.objects(.podMetrics, in: ListScope(namespace: namespace))) ?? []
            snapshot.podMetrics += measured
        }
        return snapshot
    }

    /// Finished or evicted: takes no room and says nothing.
    private static func isOver(_ pod: JSON) -> Bool {
        ["Succeeded", "Failed"].contains(pod[at: "status", "phase"]?.string ?? "")
    }

    func all(_ kind: String) -> [JSON] { objects.filter { $0["kind"]?.string == kind } }
    func isUnknown(_ type: ResourceType) -> Bool { unknown.contains { $0.type == type } }
}
