import Core
import Foundation
import Logging

@testable import Twin

/// A twin that listens on a free port for as long as `body` runs, thirty times as fast as life.
enum TwinOnSocket {
    static let images = """
        images:
          - image: registry.example.com/shop/web
            tags: ["1.4.2", "1.5.0"]
            behaviour: {listen: 8080, log: [ready to serve]}
        """

    /// `body` gets a folder of its own that holds `kubeconfig`. The server's certificate is good for a year from `certified` on.
    static func run(certified: Timestamp = SystemClock().now(), _ body: (URL) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-twin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let clock = SystemClock()
        let token = "session"
        let cluster = SimulatedCluster(TwinOptions(nodes: 3, tokens: [token: .administrator]), images: try BehaviourCatalogue(yaml: images))
        let (ready, announce) = AsyncStream.makeStream(of: TwinKubeconfig.self)
        let server = try TwinServer(
            cluster, pacer: Pacer(cluster, real: clock, speed: 30), token: token, now: certified,
            logger: Logger(label: "twin") { _ in SwiftLogNoOpLogHandler() }
        ) { announce.yield($0) }
        let running = Task { try await server.run() }
        defer { running.cancel() }
        guard let config = await ready.first(where: { _ in true }) else {
            throw MartletError(.internalError, "the server of the test did not start")
        }
        try config.write(to: folder.appending(path: "kubeconfig").path)
        try await body(folder)
    }
}
