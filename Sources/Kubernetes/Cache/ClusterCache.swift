package import Core

/// The cluster's objects of the configured types, kept equal to the server by list and watch. When the server is quiet, the cache
/// equals it. A type that may not be read, in one namespace or in all, is recorded and does not hold up the others.
package actor ClusterCache {
    package typealias Source = CachedResource.Source

    /// How one source is doing.
    package enum State: Sendable {
        case waiting
        case synced
        /// Not allowed, or not offered by this server.
        case refused(APIError)
        /// The last attempt failed, as all have since then (of the clock's steady time); it is being repeated. Objects read before are held.
        case failing(String, since: Timestamp)
    }

    enum Note: Sendable {
        case stalled
        case refused(APIError?)
        case failed(String)
        /// The server has accepted a watch; whether it brings anything is not known yet.
        case opened
        /// A watch lived as long as it should.
        case lasted
    }

    package nonisolated let client: KubernetesClient
    package nonisolated let resources: [CachedResource]
    private let onChange: (@Sendable (CacheChange) -> Void)?
    private var tables: [Source: any Sendable] = [:]
    private var states: [Source: State] = [:]
    private var failingSince: [Source: Timestamp] = [:]
    private var counters: [Source: Int] = [:]
    private var progress: [Source: Int] = [:]
    private var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    private var nextListener = 0

    /// `onChange` is called for every change in the order of each type; it must be quick.
    package init(client: KubernetesClient, resources: [CachedResource], onChange: (@Sendable (CacheChange) -> Void)? = nil) {
        self.client = client
        self.resources = resources
        self.onChange = onChange
        for resource in resources {
            tables[resource.source] = resource.emptyTable()
            states[resource.source] = .waiting
        }
    }

    /// Follows all resources until the task is cancelled.
    package nonisolated func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for resource in resources { group.addTask { try await resource.follow(self, self.client) } }
            try await group.waitForAll()
        }
    }

    // MARK: What it holds

    /// The objects of a type by namespace and name; empty for a type that is not followed.
    package func items<Item: KubernetesResource>(_ type: Item.Type = Item.self) -> [Item] {
        // What was read before a right was taken away is no longer known to be so.
        let sources = sources(of: Item.type).filter { if case .refused = states[$0] { false } else { true } }
        if sources.count == 1 { return table(sources[0], Item.self)?.items ?? [] }
        // Each of several follows a namespace of its own.
        return sources.flatMap { table($0, Item.self)?.items ?? [] }
    }

    package func item<Item: KubernetesResource>(_ type: Item.Type = Item.self, namespace: String = "", name: String) -> Item? {
        sources(of: Item.type).lazy.compactMap { self.table($0, Item.self)?.item(namespace: namespace, name: name) }.first
    }

    /// Grows with every change of a type: equal numbers mean that nothing has changed.
    package func version(of type: ResourceType) -> Int { sources(of: type).reduce(0) { $0 + (counters[$1] ?? 0) } }

    /// Up to which version of the server the changes of a type are known, wherever it is followed; nil before the first list.
    package func resourceVersion(of type: ResourceType) -> Int64? {
        let versions = sources(of: type).map { (tables[$0] as? any VersionedTable)?.resourceVersion.flatMap { Int64($0) } }
        return versions.contains(nil) ? nil : versions.compactMap(\.self).min()
    }

    package func state(of source: Source) -> State? { states[source] }

    /// What could not be read, with the server's words.
    package var refused: [(source: Source, error: APIError)] {
        states.compactMap { entry in if case .refused(let error) = entry.value { (entry.key, error) } else { nil } }.sorted { $0.0 < $1.0 }
    }

    /// By namespace.
    private func sources(of type: ResourceType) -> [Source] { resources.map(\.source).filter { $0.type == type }.sorted() }

    /// Every type has been listed once or been refused.
    package var isSynced: Bool {
        states.allSatisfy { entry in
            if case .refused = entry.value { true } else { counters[entry.key] != nil }
        }
    }

    /// Returns when ``isSynced``, or at once when the task is cancelled.
    package func waitUntilSynced() async {
        for await _ in changes() where isSynced { return }
    }

    /// Something has changed: one element now, and one after any number of changes since the last was taken.
    package func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = nextListener
        nextListener += 1
        listeners[id] = continuation
        continuation.onTermination = { [weak self] _ in Task { await self?.forget(id) } }
        continuation.yield()
        return stream
    }

    private func forget(_ id: Int) { listeners[id] = nil }

    // MARK: What the reflectors bring

    func replace<Item: KubernetesResource>(_ source: Source, with list: ObjectList<Item>) {
        guard var table = table(source, Item.self) else { return }
        tables[source] = nil
        let changes = table.replace(with: list)
        tables[source] = table
        states[source] = .synced
        failingSince[source] = nil
        report(changes, of: source, always: true)
    }

    func apply<Item: KubernetesResource>(_ event: WatchEvent<Item>, to source: Source) {
        guard var table = table(source, Item.self) else { return }
        tables[source] = nil  // so that the table is changed in place
        let change = table.apply(event)
        tables[source] = table
        progress[source, default: 0] += 1
        recover(source)
        if let change { report([change], of: source, always: false) }
    }

    /// The version to watch from, and how many events have come in all.
    func progress<Item: KubernetesResource>(of source: Source, _ type: Item.Type) -> (version: String, count: Int) {
        (table(source, Item.self)?.resourceVersion ?? "", progress[source] ?? 0)
    }

    func note(_ note: Note, of source: Source) {
        switch note {
        case .stalled: fail("the watch was silent for too long", source)
        case .refused(let error): if let error { states[source] = .refused(error) }
        case .failed(let text): fail(text, source)
        case .opened: return answer(source)
        case .lasted: return recover(source)
        }
        notify()
    }

    private func fail(_ text: String, _ source: Source) {
        let now = client.clock.steady()
        let since = min(failingSince[source] ?? now, now)
        failingSince[source] = since
        states[source] = .failing(text, since: since)
    }

    private func recover(_ source: Source) {
        failingSince[source] = nil
        answer(source)
    }

    /// It is not failing now. That it did is forgotten only once something came of it: a server may accept each watch and drop it.
    private func answer(_ source: Source) {
        guard case .failing = states[source] else { return }
        states[source] = counters[source] == nil ? .waiting : .synced
        notify()
    }

    private func table<Item: KubernetesResource>(_ source: Source, _ type: Item.Type) -> CacheTable<Item>? {
        tables[source] as? CacheTable<Item>
    }

    private func report(_ changes: [CacheChange], of source: Source, always: Bool) {
        if changes.isEmpty && !always { return }
        counters[source, default: 0] += max(1, changes.count)
        if let onChange { for change in changes { onChange(change) } }
        notify()
    }

    private func notify() { for continuation in listeners.values { continuation.yield() } }
}
