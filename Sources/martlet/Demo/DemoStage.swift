import Core
import Foundation
import Incidents
import Journal
import Kubernetes
import Logging
import Remediation
import Server
import ServiceLifecycle
import Twin
import UnixSignals

/// Runs the demo: the twin behind its socket, Martlet in front of it, and the story between the two.
struct DemoStage {
    let scenario: DemoScenario
    let home: String
    let speed: Double
    let listen: ListenAddress
    let isAutomatic: Bool

    /// Plays the story; true when the incident was repaired and verified. With `staysUp` it goes on until interrupted.
    func play(staysUp: Bool) async throws -> Bool {
        let logger = ServeLog.logger(level: .critical)
        let token = Digest.hex((0..<16).map { _ in UInt8.random(in: .min ... .max) })
        let now = SystemClock().now()
        let cluster = SimulatedCluster(
            TwinOptions(seed: scenario.seed, nodes: 3, start: now, tokens: [token: .administrator]),
            images: try BehaviourCatalogue(yaml: scenario.images.text()))
        let pacer = Pacer(cluster, real: SystemClock(), speed: speed)
        await cluster.set(speed: speed)
        let (ready, isReady) = AsyncStream.makeStream(of: TwinKubeconfig.self)
        let server = try TwinServer(cluster, pacer: pacer, token: token, now: now, logger: logger) { isReady.yield($0) }
        let verdict = Verdict()
        let story = Part {
            guard let kubeconfig = await ready.first(where: { _ in true }) else { return }
            await verdict.set(try await tell(kubeconfig, staysUp: staysUp, logger: logger))
        }
        typealias Configured = ServiceGroupConfiguration.ServiceConfiguration
        var configuration = ServiceGroupConfiguration(
            services: [
                Configured(service: Part { try await server.run() }),
                Configured(
                    service: story, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup),
            ], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(15)
        try await ServiceGroup(configuration: configuration).run()
        return await verdict.value
    }

    /// One part of the demo as a service.
    private struct Part: ServiceLifecycle.Service {
        let body: @Sendable () async throws -> Void
        func run() async throws { try await body() }
    }

    private actor Verdict {
        private(set) var value = false
        func set(_ value: Bool) { self.value = value }
    }

    private func tell(_ kubeconfig: TwinKubeconfig, staysUp: Bool, logger: Logger) async throws -> Bool {
        let path = home + "/kubeconfig"
        try kubeconfig.write(to: path)
        let client = try KubernetesClient(Connection.resolve(ConnectionOptions(kubeconfig: path), environment: [:]))
        let (composition, link) = try await martlet(client, logger: logger)
        let teller = DemoTeller(scenario: scenario, composition: composition, client: client, isAutomatic: isAutomatic)
        let verdict = Verdict()
        try await composition.run(handlesSignals: false) {
            guard let url = await link.first(where: { _ in true }) else { return }
            let login = composition.http.loginLink(for: Principal(name: "demo", role: .administrator))
            teller.introduce(dashboard: login, kubeconfig: path, server: url, home: home)
            let isRepaired = try await teller.tell()
            await verdict.set(isRepaired)
            guard staysUp else { return }
            Terminal.printLine("\nThe demo stays up; press Ctrl-C to end it.")
            try? await gracefulShutdown()
        }
        return await verdict.value
    }

    private func martlet(_ client: KubernetesClient, logger: Logger) async throws -> (Composition, AsyncStream<String>) {
        var configuration = Configuration(home: home)
        configuration.server.listen = listen
        var policy = EnvironmentPolicy(autonomy: isAutomatic ? .auto : .approve)
        policy.optionalGates = [.policy, .errorBudget]
        policy.verificationWindow = .seconds(60)
        configuration.environments = ["demo": policy]
        let (link, isListening) = AsyncStream.makeStream(of: String.self)
        let composition = try await Composition(
            configuration: configuration,
            clusters: [ConnectedCluster(name: "demo", environment: "demo", read: client, act: client)], version: Version.number,
            clock: SystemClock(), seed: scenario.seed, logger: logger, onListening: { isListening.yield($0) })
        return (composition, link)
    }
}
