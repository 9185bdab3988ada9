package import Core
package import Kubernetes
package import Remediation

/// Reads workloads with what belongs to them.
package struct WorkloadReader: Sendable {
    package let client: KubernetesClient

    package init(_ client: KubernetesClient) { self.client = client }

    /// The kinds that actions know.
    package static let types: [String: ResourceType] = [
        "Deployment": .deployments, "StatefulSet": .statefulSets, "DaemonSet": .daemonSets,
    ]

    package static func key(_ path: EntityPath) -> ObjectKey? {
        types[path.kind].map { ObjectKey(type: $0, namespace: path.namespace, name: path.name) }
    }

    /// The workload, its ReplicaSets (of a Deployment) and its pods; nil when it does not exist or is of a kind that no action knows.
    package func read(_ path: EntityPath) async throws -> ObservedTarget? {
        guard path.container == nil, let key = WorkloadReader.key(path) else { return nil }
        do {
            let object = try await client.get(key)
            let uid = object[at: "metadata", "uid"]?.string ?? ""
            var related: [String: [JSON]] = [:]
            let scope = ListScope(namespace: path.namespace, labels: WorkloadReader.selector(object))
            var owners = [uid]
            if path.kind == "Deployment" {
                let sets = try await objects(.replicaSets, in: scope).filter { WorkloadReader.isOwned($0, by: [uid]) }
                related["ReplicaSet"] = sets
                owners = sets.compactMap { $0[at: "metadata", "uid"]?.string }
            }
            related["Pod"] = try await objects(.pods, in: scope).filter { WorkloadReader.isOwned($0, by: owners) }
            return ObservedTarget(
                path: path, uid: uid, resourceVersion: object[at: "metadata", "resourceVersion"]?.string ?? "", object: object,
                related: related)
        } catch let error as APIError {
            let failure = error.martletError(now: client.clock.now())
            if failure.code == .notFound { return nil }
            throw failure
        }
    }

    /// Objects of one type as trees; an APIError as it comes.
    func objects(_ type: ResourceType, in scope: ListScope) async throws -> [JSON] {
        try await client.listObjects(type, in: scope).items.map { try $0.json() }
    }

    static func isOwned(_ object: JSON, by uids: [String]) -> Bool {
        (object[at: "metadata", "ownerReferences"]?.array ?? []).contains { owner in
            owner["controller"]?.bool == true && owner["uid"]?.string.map(uids.contains) == true
        }
    }

    /// `spec.selector` as the API takes it in a query; nil when it selects nothing that can be said so.
    static func selector(_ workload: JSON) -> String? {
        let selector = workload[at: "spec", "selector"]
        var parts = (selector?["matchLabels"]?.stringMap ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        for expression in selector?["matchExpressions"]?.array ?? [] {
            guard let key = expression["key"]?.string else { continue }
            let values = (expression["values"]?.array ?? []).compactMap(\.string).joined(separator: ",")
            switch expression["operator"]?.string {
            case "In": parts.append("\(key) in (\(values))")
            case "NotIn": parts.append("\(key) notin (\(values))")
            case "Exists": parts.append(key)
            case "DoesNotExist": parts.append("!\(key)")
            default: continue
            }
        }
        return parts.isEmpty ? nil : parts.joined(separator: ",")
    }
}
