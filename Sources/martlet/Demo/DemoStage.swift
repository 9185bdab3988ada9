import Core
import Foundation
import Kubernetes
import Logging
import Remediation
import Server
import ServiceLifecycle
import Twin
import UnixSignals

/// Sets up what the demo plays on: the twin behind its socket, and Martlet in front of it.
struct DemoStage: Sendable {
    let story: any DemoStory
    let home: String
    let speed: Double
    var listen = ListenAddress(host: "127.0.0.1", port: 0)
    let isAutomatic: Bool

    /// The name of its cluster and of that cluster's environment.
    static let environment = "demo"

    /// Runs `body` while both are up, then takes everything down; nil when it was interrupted before `body` had its result.
    func play<Result: Sendable>(_ body: @escaping @Sendable (DemoScene) async throws -> Result) async throws -> Result? {
        let logger = ServeLog.logger(level: .critical)
        let token = Digest.hex((0..<16).map { _ in UInt8.random(in: .min ... .max) })
        let now = SystemClock().now()
        // Some way back: hurrying, it has caught up with this machine's time when the release breaks, and times on a page agree.
        let cluster = SimulatedCluster(
            TwinOptions(seed: story.seed, nodes: story.nodes, start: now - .seconds(40), tokens: [token: .administrator]),
            images: try BehaviourCatalogue(yaml: story.images.text()))
        try await story.prepare(cluster)
        let pacer = Pacer(cluster, real: SystemClock(), speed: speed)
        await cluster.set(speed: speed)
        let (ready, isReady) = AsyncStream.makeStream(of: TwinKubeconfig.self)
        let server = try TwinServer(cluster, pacer: pacer, token: token, now: now, logger: logger) { isReady.yield($0) }
        let outcome = Outcome<Result>()
        let act = Part {
            guard let kubeconfig = await ready.first(where: { _ in true }) else { return }
            try await perform(kubeconfig, cluster, pacer, logger) { await outcome.set(try await body($0)) }
        }
        typealias Configured = ServiceGroupConfiguration.ServiceConfiguration
        var configuration = ServiceGroupConfiguration(
            services: [
                Configured(service: Part { try await server.run() }),
                Configured(
                    service: act, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(15)
        try await ServiceGroup(configuration: configuration).run()
        return await outcome.value
    }

    /// One part of the demo as a service.
    private struct Part: ServiceLifecycle.Service {
        let body: @Sendable () async throws -> Void
        func run() async throws { try await body() }
    }

    private actor Outcome<Value: Sendable> {
        private(set) var value: Value?
        func set(_ value: Value) { self.value = value }
    }

    private func perform(
        _ kubeconfig: TwinKubeconfig, _ cluster: SimulatedCluster, _ pacer: Pacer, _ logger: Logger,
        _ body: @escaping @Sendable (DemoScene) async throws -> Void
    ) async throws {
        let path = home + "/kubeconfig"
        try kubeconfig.write(to: path)
        let client = try KubernetesClient(Connection.resolve(ConnectionOptions(kubeconfig: path), environment: [:]))
        let (composition, link) = try await martlet(client, logger: logger)
        try await composition.run(handlesSignals: false) {
            guard let url = await link.first(where: { _ in true }) else { return }
            try await body(
                DemoScene(
                    story: story, home: home, kubeconfig: path, cluster: cluster, pacer: pacer, speed: speed, client: client,
                    composition: composition, url: url))
        }
    }

    private func martlet(_ client: KubernetesClient, logger: Logger) async throws -> (Composition, AsyncStream<String>) {
        var configuration = Configuration(home: home)
        configuration.server.listen = listen
        var policy = EnvironmentPolicy(autonomy: isAutomatic ? .auto : .approve)
        policy.optionalGates = [.policy, .errorBudget]
        policy.verificationWindow = .seconds(60)
        configuration.environments = [DemoStage.environment: policy]
        let (link, isListening) = AsyncStream.makeStream(of: String.self)
        let composition = try await Composition(
            configuration: configuration,
            clusters: [ConnectedCluster(name: DemoStage.environment, environment: DemoStage.environment, read: client, act: client)],
            version: Version.number, clock: SystemClock(), seed: story.seed, logger: logger, onListening: { isListening.yield($0) })
        return (composition, link)
    }
}
