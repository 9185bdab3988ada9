import Core

/// How a watch is opened and when it counts as stalled.
package struct WatchOptions: Sendable, Hashable {
    /// The server ends the watch after this long; it is opened again from where it was.
    package var serverTimeout: Duration = .seconds(60)
    /// Silence for this much longer means that the connection is dead.
    package var grace: Duration = .seconds(15)

    package init() {}
}

/// A watch was silent for longer than the server lets it live.
package struct WatchStalled: Error, Sendable {}

extension KubernetesClient {
    /// Calls `body` with each event after `resourceVersion` until the server ends the watch, which is how it usually ends; `onOpen`
    /// before them all, when the server has accepted it.
    ///
    /// Throws ``APIError`` when the watch is refused or breaks off, `WatchStalled` after silence, `JSONError` for a line that is cut.
    package func watch<Item: KubernetesResource>(
        _ type: Item.Type = Item.self, in scope: ListScope = .all, from resourceVersion: String, options: WatchOptions = WatchOptions(),
        onOpen: @escaping @Sendable () async -> Void = {}, _ body: @escaping @Sendable (WatchEvent<Item>) async throws -> Void
    ) async throws {
        var query = Query()
        query.add("watch", when: true)
        query.add("resourceVersion", resourceVersion)
        query.add("allowWatchBookmarks", when: true)
        query.add("timeoutSeconds", Int(options.serverTimeout.components.seconds))
        scope.add(to: &query)
        let path = Item.type.path(namespace: scope.namespace) + query.text
        let call = HTTPCall(path: path, headers: KubernetesClient.acceptJSON, isLongRunning: true)
        let watchdog = Watchdog(clock: clock, limit: options.serverTimeout + options.grace)
        try await watchdog.guarding {
            let answer = try await self.open(call)
            await onOpen()
            do {
                for try await line in answer.body.lines() {
                    watchdog.touch()
                    if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D }) { continue }
                    try await body(try WatchEvent<Item>(line: line))
                    watchdog.touch()
                }
            } catch let error as TransportError { throw self.failure(.transport(error), call) }
        }
    }
}
