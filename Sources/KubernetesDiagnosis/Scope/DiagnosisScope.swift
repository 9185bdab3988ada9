package import Core
package import Diagnosis
import Kubernetes

/// What of a cluster the user asked about: a namespace, a label selector, one object.
package struct DiagnosisScope {
    package let namespace: String?
    private var selector: LabelSelector?
    /// `Kind/name`, the kind as it is built in.
    private var target: (type: ResourceType, name: String)?

    /// - Throws: `usage` for what cannot be read.
    package init(namespace: String?, selector: String?, target: String?) throws(MartletError) {
        self.namespace = namespace
        if let selector {
            guard let parsed = LabelSelector(parsing: selector) else {
                throw MartletError(
                    .usage, "\"\(selector)\" is not a label selector", fix: "write it as kubectl does: app=checkout,tier!=batch")
            }
            self.selector = parsed
        }
        if let target {
            let parts = target.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[1].isEmpty, let type = ResourceType.named(String(parts[0])) else {
                throw MartletError(.usage, "\"\(target)\" is not an object", fix: "write KIND/NAME, such as deployment/checkout")
            }
            self.target = (type, String(parts[1]))
        }
    }

    /// The report without what was not asked about. An incident belongs when its cause, a symptom or somebody it reaches does. Whatever has
    /// an owner suffers from what its owner suffers from: that is where symptoms are told.
    ///
    /// - Throws: `notFound` when the namespace, the object or the labels that were named are nowhere in the snapshot: a slip of the finger
    ///   must not look like health.
    package func narrow(_ report: DiagnosisReport, _ snapshot: KubernetesSnapshot) throws(MartletError) -> DiagnosisReport {
        let all = DiagnosisScope.labelled(snapshot)
        let owners = Dictionary(all.compactMap { item in item.owner.map { (item.path, $0) } }, uniquingKeysWith: { first, _ in first })
        func withOwners(_ paths: [EntityPath]) -> Set<EntityPath> {
            Set(paths.flatMap { path in sequence(first: path) { owners[$0] }.prefix(8) })
        }
        let selected = selector.map { selector in withOwners(all.filter { selector.matches($0.labels) }.map(\.path)) }
        let aimed = target.map { target in
            withOwners(all.map(\.path).filter { $0.kind == target.type.kind && $0.name == target.name && isInside($0) })
        }
        if let namespace, snapshot.knows(ResourceType.namespaces.plural),
            !snapshot.namespaceObjects.contains(where: { $0.metadata.name == namespace })
        {
            throw MartletError(
                .notFound, "there is no namespace \(namespace)", fix: "check the name (-n) and the context (--context)")
        }
        if let selector, selected?.isEmpty == true {
            throw MartletError(
                .notFound, "no object is labelled \(selector)" + (namespace.map { " in namespace \($0)" } ?? ""),
                fix: "check the labels (-l), the namespace (-n) and the context (--context)")
        }
        if let target, !DiagnosisScope.kinds.contains(target.type) {
            throw MartletError(
                .usage, "\(target.type.kind) is no kind that a diagnosis looks at",
                fix: "name what it belongs to: a workload, a pod, a service, a node or what these refer to")
        }
        if let target, snapshot.knows(target.type.plural), !exists(target, all) {
            throw MartletError(
                .notFound, "there is no \(target.type.kind) \(target.name)" + (namespace.map { " in namespace \($0)" } ?? ""),
                fix: "check the name, the namespace (-n) and the context (--context)")
        }
        func isWanted(_ path: EntityPath) -> Bool {
            guard isInside(path) else { return false }
            if let target, path.kind != target.type.kind || path.name != target.name, aimed?.contains(path.withoutContainer) != true {
                return false
            }
            if let selected, !selected.contains(path.withoutContainer) { return false }
            return true
        }
        var narrowed = report
        narrowed.causes = report.causes.filter { cause in
            isWanted(cause.resource) || cause.symptoms.contains(where: isWanted) || cause.reach.contains(where: isWanted)
                || cause.chain.contains { isWanted($0.resource) }
        }
        narrowed.hygiene = report.hygiene.filter { isWanted($0.entity) }
        if namespace != nil || selector != nil || target != nil {
            narrowed.workloads = all.count { $0.isWorkload && isWanted($0.path) }
        }
        return narrowed
    }

    private func isInside(_ path: EntityPath) -> Bool { namespace == nil || path.namespace.isEmpty || path.namespace == namespace }

    private struct Labelled {
        let path: EntityPath
        let labels: [String: String]
        let isWorkload: Bool
        /// What it is part of.
        let owner: EntityPath?
    }

    private static func labelled(_ snapshot: KubernetesSnapshot) -> [Labelled] {
        let runners: Set<ResourceType> = [.deployments, .statefulSets, .daemonSets, .jobs, .cronJobs, .pods]
        func all<Item: KubernetesResource>(_ items: [Item]) -> [Labelled] {
            items.map { item in
                let path = EntityPath(
                    cluster: snapshot.cluster, namespace: item.metadata.namespace, kind: Item.type.kind, name: item.metadata.name)
                let owner = item.metadata.ownerReferences.first(where: \.controller).map {
                    EntityPath(cluster: snapshot.cluster, namespace: item.metadata.namespace, kind: $0.kind, name: $0.name)
                }
                return Labelled(
                    path: path, labels: item.metadata.labels, isWorkload: runners.contains(Item.type) && owner == nil, owner: owner)
            }
        }
        let runs = [
            all(snapshot.pods), all(snapshot.replicaSets), all(snapshot.deployments), all(snapshot.statefulSets), all(snapshot.daemonSets),
            all(snapshot.jobs), all(snapshot.cronJobs), all(snapshot.autoscalers), all(snapshot.disruptionBudgets),
        ]
        let network = [all(snapshot.services), all(snapshot.ingresses), all(snapshot.ingressClasses), all(snapshot.endpointSlices)]
        let rest = [
            all(snapshot.configMaps), all(snapshot.secrets), all(snapshot.serviceAccounts), all(snapshot.claims), all(snapshot.volumes),
            all(snapshot.storageClasses), all(snapshot.quotas), all(snapshot.limitRanges), all(snapshot.nodes),
            all(snapshot.namespaceObjects), all(snapshot.networkPolicies), all(snapshot.validatingWebhooks), all(snapshot.mutatingWebhooks),
        ]
        return (runs + network + rest).flatMap(\.self)
    }

    /// Of these it can be told whether there is one of a name.
    private static let kinds: Set<ResourceType> = [
        .pods, .replicaSets, .deployments, .statefulSets, .daemonSets, .jobs, .cronJobs, .horizontalPodAutoscalers, .podDisruptionBudgets,
        .services, .ingresses, .ingressClasses, .endpointSlices, .configMaps, .secrets, .serviceAccounts, .persistentVolumeClaims,
        .persistentVolumes, .storageClasses, .resourceQuotas, .limitRanges, .nodes, .namespaces,
    ]

    private func exists(_ target: (type: ResourceType, name: String), _ all: [Labelled]) -> Bool {
        all.contains { item in
            item.path.kind == target.type.kind && item.path.name == target.name && isInside(item.path)
        }
    }
}
