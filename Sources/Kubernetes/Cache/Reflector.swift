import Core

/// Keeps one table of a cache equal to the server: list, then watch from there, and begin anew when the version is gone.
struct Reflector<Item: KubernetesResource>: Sendable {
    let cache: ClusterCache
    let client: KubernetesClient
    let source: CachedResource.Source
    private var scope: ListScope { source.scope }

    init(cache: ClusterCache, client: KubernetesClient, source: CachedResource.Source) {
        self.cache = cache
        self.client = client
        self.source = source
    }

    /// Runs until it is cancelled; nothing else ends it.
    func run() async throws {
        var backoff = Backoff(first: .milliseconds(250), longest: .seconds(30), seed: client.nextSeed())
        var jitter = SeededGenerator(seed: client.nextSeed())
        var mustList = true
        // A watch after one that was silent for too long has still to show that it is any better.
        var isSilent = false
        // One expired version is the way of things; expiry without any progress in between must not become a busy loop.
        var expiredAt: Int?
        while true {
            try Task.checkCancellation()
            do {
                if mustList {
                    let list = try await client.list(Item.self, in: scope)
                    await cache.replace(source, with: list)
                    mustList = false
                }
                let before = await cache.progress(of: source, Item.self)
                var options = WatchOptions()
                // Not all watches of all clients at the same moment.
                options.serverTimeout = .seconds(60 + Int(jitter.next() % 30))
                let (started, wasSilent) = (client.clock.steady(), isSilent)
                try await client.watch(
                    Item.self, in: scope, from: before.version, options: options,
                    onOpen: { if !wasSilent { await cache.note(.opened, of: source) } }
                ) { event in
                    if case .failed(let status) = event { throw WatchEnded(status: status) }
                    await cache.apply(event, to: source)
                }
                // The server ended it in peace; if that was at once and without a word, it must not become a busy loop.
                isSilent = false
                let after = await cache.progress(of: source, Item.self)
                if after.count > before.count || client.clock.steady() - started >= .seconds(1) {
                    backoff.reset()
                    await cache.note(.lasted, of: source)
                } else {
                    try await client.clock.sleep(for: backoff.next())
                }
            } catch is WatchStalled {
                isSilent = true
                await cache.note(.stalled, of: source)
            } catch {
                if error is CancellationError || Task.isCancelled { throw CancellationError() }
                isSilent = false
                mustList = mustList || Reflector.isExpired(error)
                let isRefusal = (error as? APIError)?.status.map { $0.code == 403 || $0.code == 404 } ?? false
                if isRefusal { mustList = true }
                await cache.note(isRefusal ? .refused(error as? APIError) : .failed("\(error)"), of: source)
                // What is forbidden may be granted one day, but not soon.
                let count = await cache.progress(of: source, Item.self).count
                let isFirstExpiry = Reflector.isExpired(error) && expiredAt != count
                expiredAt = Reflector.isExpired(error) ? count : nil
                let asked = (error as? APIError)?.status?.retryAfter ?? (error as? WatchEnded)?.status.retryAfter
                try await client.clock.sleep(
                    for: isRefusal ? .seconds(60) : isFirstExpiry ? .zero : backoff.next(atLeast: asked))
            }
        }
    }

    private static func isExpired(_ error: any Error) -> Bool {
        if let ended = error as? WatchEnded { return ended.status.isExpired }
        return (error as? APIError)?.isExpired ?? false
    }
}

/// The server put an error into the stream.
private struct WatchEnded: Error {
    let status: APIStatus
}
