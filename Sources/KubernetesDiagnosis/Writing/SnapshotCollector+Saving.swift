import Core
import Kubernetes

extension SnapshotCollector {
    /// Reads all that a snapshot folder holds: every kind that the server offers but Secrets, with the logs of containers that are not fine.
    ///
    /// `namespaces` nil: all. Kinds that may not be listed are noted as forbidden. Throws `MartletError` when neither pods nor workloads can
    /// be read, and whatever keeps the server from being reached.
    package func save(namespaces: [String]? = nil) async throws -> SavedCluster {
        var saved = SavedCluster(time: client.clusterClock.now(), cluster: cluster)
        saved.namespaces = namespaces
        var snapshot = KubernetesSnapshot(time: saved.time, cluster: cluster)
        snapshot.namespaces = namespaces
        let wanted = try await SnapshotCollector.saved(client.discover()).flatMap { type -> [(type: ResourceType, scope: ListScope)] in
            guard type.isNamespaced, let namespaces else { return [(type, .all)] }
            return namespaces.map { (type, ListScope(namespace: $0)) }
        }
        for (want, answer) in zip(wanted, try await lists(wanted)) {
            let name = want.type.fileName
            switch answer {
            case .objects(let objects):
                saved.listed.insert(name)
                snapshot.listed.insert(name)
                saved.lists[name, default: []] += objects
                for object in objects { try? snapshot.add(object) }
            case .forbidden:
                saved.forbidden.insert(name)
                snapshot.forbidden.insert(name)
            case .absent: continue
            case .failed(let error): saved.notes.append("\(want.type) could not be listed: \(error.martletError(now: nil).message)")
            }
        }
        if snapshot.seesNoWorkloads {
            throw MartletError(
                .forbidden, "no workloads of \(client.server.url) can be read", details: saved.notes,
                fix: "see what is missing with `martlet doctor`")
        }
        saved.time = client.clusterClock.now()
        snapshot.time = saved.time
        await fetchLogs(&snapshot)
        saved.logs = snapshot.logs
        return saved
    }

    /// What is asked for: what can be listed, without Secrets, and events in one of their two forms.
    private static func saved(_ discovery: Discovery) -> [ResourceType] {
        let left: Set<String> = ["secrets", "events.events.k8s.io", "componentstatuses"]
        return discovery.resources.filter { $0.verbs.contains("list") && !left.contains($0.type.description) }.map(\.type).sorted()
    }
}

extension ResourceType {
    /// What the file of its list is called, without `.json`: a group is named where it is not one of the API server's own.
    fileprivate var fileName: String { ResourceType.isBuiltIn(group: group) ? listedName : description }
}
