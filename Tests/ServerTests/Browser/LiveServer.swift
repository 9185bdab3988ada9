import Core
import Logging
import ServiceLifecycle

@testable import Server

/// A real server on a free port of the loopback interface.
struct LiveServer {
    let url: String
    let service: HTTPService

    /// Runs `body` while it serves, then stops it.
    static func with(
        _ backend: ScriptedBackend, access: AccessControl, home: String, _ body: @Sendable (LiveServer) async throws -> Void
    ) async throws {
        var configuration = Configuration(home: home)
        configuration.server.listen = ListenAddress(host: "127.0.0.1", port: 0)
        configuration.environments["staging"] = {
            var policy = EnvironmentPolicy(autonomy: .approve)
            policy.optionalGates = [.policy]
            return policy
        }()
        let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let service = HTTPService(
            configuration: configuration, backend: backend, access: access, version: "0.1.0-test", clock: backend.clock, logger: logger
        ) { url in
            continuation.yield(url)
            continuation.finish()
        }
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(services: [service], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = addresses.makeAsyncIterator()
            if let url = await iterator.next() {
                do {
                    try await body(LiveServer(url: url, service: service))
                } catch {
                    await group.triggerGracefulShutdown()
                    throw error
                }
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}
