package import Core
import Kubernetes

extension KubernetesSnapshot {
    /// How long all pods of a revision must have been ready before it counts as working; of one that failed, for much longer: a program
    /// that crashes again and again is ready in between.
    private static let settling = Duration.seconds(10)
    private static let recovery = Duration.seconds(600)
    /// A measured need counts as news when it is so many times what was known.
    private static let growth = 1.25

    /// What is to be remembered of the revisions that are wanted now, where that differs from ``seenRevisions``: one that is complete and
    /// stays ready works; one that a cause blames, and that came with the fault or never worked, fails.
    ///
    /// - Parameter causes: of the diagnosis of this snapshot.
    package func sightings(causes: [Cause]) -> [SeenRevision] {
        guard knows("pods"), knows("replicasets") else { return [] }
        var blamed: [EntityPath: Cause] = [:]
        for cause in causes where !cause.isUndecided { blamed[cause.resource.withoutContainer] = cause }
        let deploymentOf = Dictionary(deployments.enumerated().map { ($1.metadata.uid, $0) }, uniquingKeysWith: { a, _ in a })
        var sightings: [SeenRevision] = []
        var candidates: [String: (deployment: Int, set: Int)] = [:]
        // Most are of earlier revisions and want no pods: they cost one look each.
        for (s, set) in replicaSets.enumerated() where set.spec.replicas > 0 {
            guard let owner = set.metadata.ownerReferences.first(where: \.controller), let d = deploymentOf[owner.uid],
                let number = set.metadata.annotations[Revision.annotation],
                deployments[d].metadata.annotations[Revision.annotation] == number
            else { continue }
            let seen = seenRevisions[set.metadata.uid]
            if !blamed.isEmpty, let cause = blamed[path(of: deployments[d])] {
                if seen?.state != .failing, fails(set, deployments[d], cause, hasWorked: seen?.state == .healthy) {
                    sightings.append(revision(set, deployments[d], .failing, programs: seen?.programs ?? []))
                }
            } else if seen?.state != .healthy, isComplete(deployments[d], set) {
                candidates[set.metadata.uid] = (d, s)
            }
        }
        let watched = candidates.isEmpty && podMetrics.isEmpty ? [:] : podsBySet { podMetrics.isEmpty ? candidates[$0] != nil : true }
        for (uid, at) in candidates {
            let pods = watched[uid] ?? []
            let patience = seenRevisions[uid] == nil ? KubernetesSnapshot.settling : KubernetesSnapshot.recovery
            guard pods.count == deployments[at.deployment].spec.replicas, pods.allSatisfy({ isSettled($0, for: patience) }) else {
                continue
            }
            sightings.append(
                revision(replicaSets[at.set], deployments[at.deployment], .healthy, programs: programs(of: replicaSets[at.set], pods: pods))
            )
        }
        return measured(sightings, watched).sorted { $0.id < $1.id }
    }

    // MARK: Parts

    /// The Deployments that there are.
    package var deploymentPaths: Set<EntityPath> { Set(deployments.map { path(of: $0) }) }

    private func path(of deployment: Deployment) -> EntityPath {
        EntityPath(cluster: cluster, namespace: deployment.metadata.namespace, kind: "Deployment", name: deployment.metadata.name)
    }

    private func revision(_ set: ReplicaSet, _ deployment: Deployment, _ state: SeenRevision.State, programs: [SeenProgram])
        -> SeenRevision
    {
        SeenRevision(
            id: set.metadata.uid, workload: path(of: deployment), number: Revision.number(of: set), state: state, since: time,
            programs: programs)
    }

    private func fails(_ set: ReplicaSet, _ deployment: Deployment, _ cause: Cause, hasWorked: Bool) -> Bool {
        guard deployment.spec.replicas > 0, set.status.readyReplicas < deployment.spec.replicas else { return false }
        return cause.facts["badRevision"]?.int == Revision.number(of: set) || !hasWorked && isSeen(set, in: cause)
    }

    /// Whether the cause was concluded from this revision: a cause goes on while the next one, which may be its cure, is only starting.
    private func isSeen(_ set: ReplicaSet, in cause: Cause) -> Bool {
        cause.evidence.contains { evidence in
            guard let slash = evidence.source.firstIndex(of: "/") else { return false }
            let name = evidence.source[evidence.source.index(after: slash)...]
            return name == set.metadata.name || name.hasPrefix(set.metadata.name + "-")
        }
    }

    private func isComplete(_ deployment: Deployment, _ set: ReplicaSet) -> Bool {
        let (wanted, status) = (deployment.spec.replicas, deployment.status)
        return wanted > 0 && status.observedGeneration >= deployment.metadata.generation && status.replicas == wanted
            && status.updatedReplicas == wanted && status.readyReplicas == wanted && set.status.readyReplicas == wanted
    }

    /// Indices of the pods of each ReplicaSet whose uid is wanted, but those on their way out.
    private func podsBySet(_ isWanted: (String) -> Bool) -> [String: [Int]] {
        var bySet: [String: [Int]] = [:]
        // Pods of one ReplicaSet mostly stand side by side: it is looked up once for them all.
        var last: (uid: String, isWanted: Bool)?
        for (p, pod) in pods.enumerated() where pod.metadata.deletionTimestamp == nil {
            guard let owner = pod.metadata.ownerReferences.first(where: \.controller), owner.kind == "ReplicaSet" else { continue }
            if last?.uid != owner.uid { last = (owner.uid, isWanted(owner.uid)) }
            if last?.isWanted == true { bySet[owner.uid, default: []].append(p) }
        }
        return bySet
    }

    private func isSettled(_ pod: Int, for span: Duration) -> Bool {
        guard let ready = pods[pod].status.conditions.first(where: { $0.type == "Ready" }), ready.status == "True" else { return false }
        return time - (ready.lastTransitionTime ?? pods[pod].metadata.creationTimestamp ?? time) >= span
    }

    // MARK: Programs

    private func programs(of set: ReplicaSet, pods indices: [Int]) -> [SeenProgram] {
        guard let bytes = replicaSetJSON[set.metadata.uid], let json = try? JSON(parsing: bytes) else { return [] }
        return ["initContainers", "containers"].flatMap { list in
            (json[at: "spec", "template", "spec", list]?.array ?? []).compactMap { container in
                guard let name = container["name"]?.string else { return nil }
                let startup = list == "containers" ? indices.compactMap { self.startup(of: name, pod: $0) }.max() ?? 1 : 0.5
                return SeenProgram(
                    container: name, identity: ProgramIdentity.hashes(of: container), startup: startup,
                    memoryLimit: container[at: "resources", "limits", "memory"]?.string.flatMap { Quantity($0)?.double })
            }
        }
    }

    /// Seconds until a container was ready; nil where later restarts hide that.
    private func startup(of container: String, pod: Int) -> Double? {
        let status = pods[pod].status
        guard let own = status.containerStatuses.first(where: { $0.name == container }), own.restartCount == 0,
            let started = own.state.running?.startedAt,
            let ready = status.conditions.first(where: { $0.type == "Ready" })?.lastTransitionTime
        else { return nil }
        return min(120, max(0.2, (ready - started).secondCount))
    }

    /// The same with what was measured now, and further revisions of which more is known by that.
    private func measured(_ sightings: [SeenRevision], _ watched: [String: [Int]]) -> [SeenRevision] {
        if podMetrics.isEmpty { return sightings }
        var bytes: [String: Double] = [:]
        for metrics in podMetrics {
            for container in metrics.containers {
                let key = "\(metrics.metadata.namespace)/\(metrics.metadata.name)/\(container.name)"
                bytes[key] = container.usage["memory"]?.double
            }
        }
        func measure(_ revision: inout SeenRevision) -> Bool {
            var isNews = false
            for p in revision.programs.indices {
                let most = (watched[revision.id] ?? []).compactMap { pod in
                    bytes["\(pods[pod].metadata.namespace)/\(pods[pod].metadata.name)/\(revision.programs[p].container)"]
                }.max()
                guard let most, most > (revision.programs[p].workingSet ?? 0) * KubernetesSnapshot.growth else { continue }
                revision.programs[p].workingSet = most
                isNews = true
            }
            return isNews
        }
        var result = sightings
        for index in result.indices { _ = measure(&result[index]) }
        let told = Set(result.map(\.id))
        for uid in watched.keys where !told.contains(uid) {
            guard var known = seenRevisions[uid], known.state == .healthy, measure(&known) else { continue }
            result.append(known)
        }
        return result
    }
}
