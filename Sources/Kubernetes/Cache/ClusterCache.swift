package import Core

/// The cluster's objects of the configured types, kept equal to the server by list and watch. When the server is quiet, the cache
/// equals it. A type that may not be read is recorded and does not hold up the others.
package actor ClusterCache {
    /// How one type is doing.
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
    private var tables: [ResourceType: any Sendable] = [:]
    private var states: [ResourceType: State] = [:]
    private var failingSince: [ResourceType: Timestamp] = [:]
    private var counters: [ResourceType: Int] = [:]
    private var progress: [ResourceType: Int] = [:]
    private var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
    private var nextListener = 0

    /// `onChange` is called for every change in the order of each type; it must be quick.
    package init(client: KubernetesClient, resources: [CachedResource], onChange: (@Sendable (CacheChange) -> Void)? = nil) {
        self.client = client
        self.resources = resources
        self.onChange = onChange
        for resource in resources {
            tables[resource.type] = resource.emptyTable()
            states[resource.type] = .waiting
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
    package func items<Item: KubernetesResource>(_ type: Item.Type = Item.self) -> [Item] { table(Item.self)?.items ?? [] }

    package func item<Item: KubernetesResource>(_ type: Item.Type = Item.self, namespace: String = "", name: String) -> Item? {
        table(Item.self)?.item(namespace: namespace, name: name)
    }

    /// Grows with every change of a type: equal numbers mean that nothing has changed.
    package func version(of type: ResourceType) -> Int { counters[type] ?? 0 }

    package func state(of type: ResourceType) -> State? { states[type] }

    /// The types that could not be read, with the server's words.
    package var refused: [(type: ResourceType, error: APIError)] {
        states.compactMap { entry in if case .refused(let error) = entry.value { (entry.key, error) } else { nil } }.sorted { $0.0 < $1.0 }
    }

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

    func replace<Item: KubernetesResource>(_ type: Item.Type, with list: ObjectList<Item>) {
        guard var table = table(Item.self) else { return }
        tables[Item.type] = nil
        let changes = table.replace(with: list)
        tables[Item.type] = table
        states[Item.type] = .synced
        failingSince[Item.type] = nil
        report(changes, of: Item.type, always: true)
    }

    func apply<Item: KubernetesResource>(_ event: WatchEvent<Item>) {
        guard var table = table(Item.self) else { return }
        tables[Item.type] = nil  // so that the table is changed in place
        let change = table.apply(event)
        tables[Item.type] = table
        progress[Item.type, default: 0] += 1
        recover(Item.type)
        if let change { report([change], of: Item.type, always: false) }
    }

    /// The version to watch from, and how many events have come in all.
    func progress<Item: KubernetesResource>(of type: Item.Type) -> (version: String, count: Int) {
        (table(Item.self)?.resourceVersion ?? "", progress[Item.type] ?? 0)
    }

    func note(_ note: Note, of type: ResourceType) {
        switch note {
        case .stalled: fail("the watch was silent for too long", type)
        case .refused(let error): if let error { states[type] = .refused(error) }
        case .failed(let text): fail(text, type)
        case .opened: return answer(type)
        case .lasted: return recover(type)
        }
        notify()
    }

    private func fail(_ text: String, _ type: ResourceType) {
        let now = client.clock.steady()
        let since = min(failingSince[type] ?? now, now)
        failingSince[type] = since
        states[type] = .failing(text, since: since)
    }

    private func recover(_ type: ResourceType) {
        failingSince[type] = nil
        answer(type)
    }

    /// It is not failing now. That it did is forgotten only once something came of it: a server may accept each watch and drop it.
    private func answer(_ type: ResourceType) {
        guard case .failing = states[type] else { return }
        states[type] = counters[type] == nil ? .waiting : .synced
        notify()
    }

    private func table<Item: KubernetesResource>(_ type: Item.Type) -> CacheTable<Item>? { tables[Item.type] as? CacheTable<Item> }

    private func report(_ changes: [CacheChange], of type: ResourceType, always: Bool) {
        if changes.isEmpty && !always { return }
        counters[type, default: 0] += max(1, changes.count)
        if let onChange { for change in changes { onChange(change) } }
        notify()
    }

    private func notify() { for continuation in listeners.values { continuation.yield() } }
}
