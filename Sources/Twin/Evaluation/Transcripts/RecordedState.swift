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
        // A version that no exchange shows, but that the request has read and the real server took for the newest.
        if let place = RecordedPlace(exchange), exchange.status < 300, let wanted = exchange.requestedVersion, let number = Int64(wanted),
            let key = origins.keys.first(where: { exchange.finds($0) && $0.name == place.name }),
            !evidence.others(of: key, without: source).contains(where: { $0.version == number }), var object = origins[key]?.object
        {
            object[at: "metadata", "resourceVersion"] = .string(wanted)
            origins[key] = Observation(key: key, version: origins[key]?.version ?? number, object: object, source: source)
        }
        for key in RecordedState.doubtful(Array(origins.keys), evidence, for: source, at: version) { origins[key] = nil }
        let homes = origins.keys.map { $0.type == .namespaces ? $0.name : $0.namespace }
        for namespace in Set(homes).sorted() where !namespace.isEmpty {
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

    /// Objects of a listed kind that the list does not name, and that nobody shows later: they may have gone unseen.
    private static func doubtful(_ keys: [ObjectKey], _ evidence: Evidence, for source: Int, at version: Int64) -> [ObjectKey] {
        let exchange = evidence.exchanges[source]
        guard let place = RecordedPlace(exchange), place.name == nil,
            let items = exchange.response?["items"]?.array ?? exchange.response?["rows"]?.array?.map({ $0["object"] ?? [:] })
        else { return [] }
        let named = items.map { "\($0[at: "metadata", "namespace"]?.string ?? "")/\($0[at: "metadata", "name"]?.string ?? "")" }
        // Behind the last of a page anything may stand.
        let end = exchange.response?[at: "metadata", "continue"] == nil ? nil : named.last
        return keys.filter { key in
            if let end, "\(key.namespace)/\(key.name)" > end { return false }
            return key.type.plural == place.plural && key.type.group == place.group && !named.contains("\(key.namespace)/\(key.name)")
                && !(evidence.others(of: key, without: source).contains { $0.version <= version }
                    && evidence.others(of: key, without: source).contains { $0.version > version && $0.object != nil })
        }
    }
}
