import Core
import Foundation
import Incidents
import Journal
import Kubernetes
import Logging
import Remediation
import Server
import Twin

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
            simulation: Simulation(options: SimulationOptions(seed: scenario.seed, catalogue: try BehaviourCatalogue(yaml: scenario.images.text()))))
        // Ahead of the audience: the application is up before anybody looks.
        let pacer = Pacer(cluster, real: SystemClock(), speed: speed)
        await pacer.change(speed: speed)
        let (ready, isReady) = AsyncStream.makeStream(of: TwinKubeconfig.self)
        let server = try TwinServer(cluster, pacer: pacer, token: token, now: now, logger: logger) { isReady.yield($0) }

        return try await withThrowingTaskGroup(of: Bool?.self) { group in
            group.addTask {
                try await server.run()
                return nil
            }
            guard let kubeconfig = await ready.first(where: { _ in true }) else { return false }
            let path = home + "/kubeconfig"
            try kubeconfig.write(to: path)
            let client = try KubernetesClient(Connection.resolve(ConnectionOptions(kubeconfig: path), environment: [:]))
            let (composition, link) = try await martlet(client, logger: logger)
            group.addTask {
                try await composition.run(handlesSignals: true)
                return nil
            }
            let teller = DemoTeller(scenario: scenario, composition: composition, client: client, isAutomatic: isAutomatic)
            group.addTask {
                guard let url = await link.first(where: { _ in true }) else { return false }
                let login = composition.http.loginLink(for: Principal(name: "demo", role: .administrator))
                teller.introduce(dashboard: login, kubeconfig: path, server: url, home: home)
                let isRepaired = try await teller.tell()
                if staysUp {
                    Terminal.printLine("\nThe demo stays up; press Ctrl-C to end it.")
                    return nil
                }
                return isRepaired
            }
            defer { group.cancelAll() }
            // The story ends with a verdict; serving ends when it is interrupted, which is no failure.
            while let result = try await group.next() {
                if let result { return result }
                if staysUp { continue }
            }
            return true
        }
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
