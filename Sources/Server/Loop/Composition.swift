package import Core
import Incidents
package import Journal
import Kubernetes
import KubernetesRemediation
package import Logging
package import Remediation
import ServiceLifecycle
import UnixSignals

/// Everything that `martlet serve` is, wired: store, ledger, engine, one loop a cluster, web server.
package struct Composition: Sendable {
    package let store: JournalStore
    package let ledger: Ledger
    package let engine: OperationEngine
    package let loops: [ClusterLoop]
    package let http: HTTPService
    private let logger: Logger

    /// Opens the store, replays the journal, and connects everything; nothing runs before ``run(signals:)``.
    /// - Throws: `MartletError`: of the store (`busy`, `corrupt`, …), of tokens and configuration.
    package init(
        configuration: Configuration, clusters: [ConnectedCluster], version: String, clock: any WallClock, seed: UInt64,
        webhooks: (any WebhookTransport)? = nil, logger: Logger,
        onListening: @escaping @Sendable (_ baseURL: String) async -> Void = { _ in }
    ) async throws {
        let directory = StoreDirectory(configuration.home)
        store = try JournalStore(directory: directory, clock: clock)
        guard let key = try PrivateFile.read(directory.key)?.bytes else {
            throw MartletError(.io, "\(directory.key) has gone", fix: "start again: restore the key, or a new one is made")
        }
        let redactor = Redactor(
            .keyed(Array(Digest.hmacHex(Array("redaction.v1".utf8), key: key).utf8)), names: configuration.redaction.sensitiveNames)
        let logger = logger.redacted(by: redactor)
        let ledger = try await Ledger(store, redactor: redactor)
        self.ledger = ledger
        if let warning = await ledger.payloadGaps.warning(about: directory.database) {
            logger.warning("\(warning.message)", metadata: ["fix": "\(warning.fix ?? "")"])
        }
        var generator = SeededGenerator(seed: seed)
        let environments = Set(clusters.map(\.environment) + configuration.environments.keys).sorted()
        let redacting: @Sendable (JSON) -> JSON = { json in
            var redactor = redactor
            return redactor.json(json)
        }
        let sites = clusters.map { cluster in
            Site.kubernetes(
                cluster: cluster.name, read: cluster.read, act: cluster.act, clock: cluster.read.clusterClock,
                rehearsal: TwinRehearsal(
                    read: cluster.read, clock: cluster.read.clusterClock, readsSecrets: cluster.readsSecrets,
                    remembered: { await ledger.revisions.programs(of: cluster.name) },
                    failing: { await ledger.revisions.failing(of: cluster.name) }),
                redacting: redacting)
        }
        engine = OperationEngine(
            journal: ledger, replaying: try await ledger.history(), sites: sites,
            policies: environments.map { Policy(environment: $0, configured: configuration.policy(of: $0)) },
            generator: SeededGenerator(seed: generator.next()), redacting: redacting,
            objection: { [ledger] in await ledger.objection(to: $0) })
        var loops: [ClusterLoop] = []
        for cluster in clusters {
            let read = cluster.read
            await ledger.follow(clock: read.clusterClock, of: cluster.name)
            loops.append(
                ClusterLoop(
                    cluster: cluster.name, environment: cluster.environment,
                    feed: CachedFeed(
                        client: read, cluster: cluster.name, namespaces: cluster.namespaces, readsSecrets: cluster.readsSecrets),
                    ledger: ledger, engine: engine,
                    redactor: redactor, generator: SeededGenerator(seed: generator.next()), machine: clock, logger: logger,
                    clusterUID: { try await KubernetesRunner(read: read, act: cluster.act).clusterUID() },
                    podMetrics: { await cluster.podMetrics() }))
        }
        self.loops = loops
        self.logger = logger
        http = HTTPService(
            configuration: configuration,
            backend: LoopBackend(
                ledger: ledger, engine: engine, loops: loops, version: version, startedAt: clock.now(), clock: clock),
            access: AccessControl(tokens: try TokenFile(directory: configuration.home, clock: clock), clock: clock), version: version,
            clock: clock, transport: webhooks, logger: logger, onListening: onListening)
    }

    /// Runs until asked to stop, then gracefully. Operations that a stop or kill interrupted are taken up first.
    ///
    /// - Parameters:
    ///   - handlesSignals: whether SIGTERM and SIGINT ask it to stop.
    ///   - body: runs beside it; when it returns or throws, everything stops.
    package func run(handlesSignals: Bool, body: (@Sendable () async throws -> Void)? = nil) async throws {
        typealias Configured = ServiceGroupConfiguration.ServiceConfiguration
        var services = [
            Configured(service: Engine(engine: engine)), Configured(service: Loops(loops: loops)), Configured(service: http),
        ]
        if let body {
            services.append(
                Configured(
                    service: Body(body: body), successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .gracefullyShutdownGroup))
        }
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: handlesSignals ? [.sigterm, .sigint] : [], logger: quiet)
        configuration.maximumGracefulShutdownDuration = .seconds(10)
        do { try await ServiceGroup(configuration: configuration).run() } catch {
            await store.close()
            throw error
        }
        await store.close()
    }

    private var quiet: Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .notice)
        return logger
    }

    private struct Engine: ServiceLifecycle.Service {
        let engine: OperationEngine
        func run() async throws {
            try await engine.resume()
            await cancelWhenGracefulShutdown { await engine.run() }
        }
    }

    private struct Body: ServiceLifecycle.Service {
        let body: @Sendable () async throws -> Void
        func run() async throws { try await body() }
    }

    private struct Loops: ServiceLifecycle.Service {
        let loops: [ClusterLoop]
        func run() async throws {
            await cancelWhenGracefulShutdown {
                await withDiscardingTaskGroup { group in
                    for loop in loops { group.addTask { await loop.run() } }
                }
            }
        }
    }
}

extension Policy {
    /// The engine's view of a configured environment.
    init(environment: String, configured: EnvironmentPolicy) {
        self.init(
            environment: environment, autonomy: .suggest, optionalGates: configured.optionalGates, approvals: configured.approvals,
            verificationWindow: configured.verificationWindow, cooldown: configured.cooldown, attempts: configured.attempts,
            breakerFailures: configured.breaker)
        for risk in RiskClass.allCases { autonomyByRisk[risk] = configured.autonomy(for: risk) }
        freezes = configured.freezes
    }
}
