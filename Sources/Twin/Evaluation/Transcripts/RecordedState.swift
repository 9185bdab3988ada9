import Core
import Kubernetes

/// The state on which an exchange is replayed: a store that holds what other exchanges show, under its versions.
struct RecordedState {
    var cluster: ClusterState
    /// What each object was taken from.
    let origins: [ObjectKey: Observation]

    init(_ evidence: Evidence, for source: Int, at version: Int64, user: RecordedUser) {
        let exchange = evidence.exchanges[source]
        let now = exchange.date ?? Timestamp(seconds: Int64(0))
        var store = ObjectStore()
        Bootstrap.complete(&store, now: now)
        if let binding = user.binding { _ = try? store.create(binding, type: .clusterRoleBindings, now: now) }
        var origins: [ObjectKey: Observation] = [:]
        for key in evidence.keys { if let found = evidence.state(of: key, for: source, at: version) { origins[key] = found } }
        for namespace in Set(origins.keys.map(\.namespace)).sorted() where !namespace.isEmpty {
            let key = ObjectKey(type: .namespaces, namespace: "", name: namespace)
            if origins[key] == nil, store.get(key) == nil {
                let home: JSON = ["metadata": ["name": .string(namespace), "labels": ["kubernetes.io/metadata.name": .string(namespace)]]]
                _ = try? store.create(Defaults.apply(home, type: .namespaces), type: .namespaces, now: now)
            }
            Bootstrap.equip(namespace, &store, now: now)
        }
        store.compact()
        for (key, origin) in origins.sorted(by: { (min($0.value.version, version), $0.key) < (min($1.value.version, version), $1.key) }) {
            store.take(over: origin.object, key: key, version: min(origin.version, version))
        }
        store.raise(to: version)
        self.origins = origins
        cluster = ClusterState(
            store: store, simulation: RecordedLogs(evidence.exchanges, without: source), tokens: user.tokens,
            version: TwinOptions().version)
    }
}
