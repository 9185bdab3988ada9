package import Core
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle
import Synchronization

/// The web server: pages, API, events, webhooks and the process' own paths, as one service. It stops gracefully, in five seconds at most.
package struct HTTPService: Service {
    /// Parts that others may want to see.
    package let feed: EventFeed
    package let notifier: WebhookNotifier?
    package let access: AccessControl

    private let configuration: Configuration
    private let gateway: Gateway
    private let probes: Gateway
    private let logger: Logger
    private let port = PortBox()
    private let onListening: @Sendable (_ baseURL: String) async -> Void

    /// - Parameters:
    ///   - transport: carries webhooks; without one nobody is told.
    ///   - onListening: called once, with the address that the printed links begin with.
    package init(
        configuration: Configuration, backend: any ServerBackend, access: AccessControl, version: String, clock: any WallClock,
        transport: (any WebhookTransport)? = nil, secrets: SecretGenerator = .system, logger: Logger,
        onListening: @escaping @Sendable (_ baseURL: String) async -> Void = { _ in }
    ) {
        let port = port
        let baseURL: @Sendable () -> String = { configuration.server.baseURL(port: port.value ?? configuration.server.listen.port) }
        let counts = RequestCounts()
        feed = EventFeed(backend: backend, clock: clock)
        notifier =
            configuration.notifications.isEmpty
            ? nil
            : transport.map {
                WebhookNotifier(
                    home: configuration.home, targets: configuration.notifications, backend: backend, transport: $0, clock: clock,
                    baseURL: baseURL, logger: logger)
            }
        let probePaths = Probes(backend: backend, feed: feed, counts: counts, notifier: notifier, clock: clock).endpoints
        let api = API(backend: backend, access: access, feed: feed, clock: clock, baseURL: baseURL, version: version)
        let pages = Pages(backend: backend, access: access, feed: feed, clock: clock, configuration: configuration)
        gateway = Gateway(
            endpoints: probePaths + api.endpoints + pages.endpoints, access: access, settings: configuration.server, secrets: secrets,
            clock: clock, counts: counts, logger: logger, errorPage: pages.error)
        // Probes are asked by address and by whatever name the platform uses; there is nothing that a foreign page could do here.
        probes = Gateway(
            endpoints: probePaths, access: access, settings: configuration.server, secrets: secrets, clock: clock, counts: counts,
            logger: logger, checksSite: false, errorPage: pages.error)
        self.configuration = configuration
        self.access = access
        self.logger = logger
        self.onListening = onListening
    }

    /// The secret link that opens a session; the address is known once the server listens.
    package func loginLink(for principal: Principal) -> String {
        "\(configuration.server.baseURL(port: port.value ?? configuration.server.listen.port))/login?secret=\(access.links.issue(for: principal))"
    }

    func answer(_ call: Call) async -> Answer { await gateway.answer(call) }

    /// - Throws: `io` when an address cannot be listened on, `invalid` for a certificate or key that cannot be used.
    package func run() async throws {
        var services: [any Service] = [feed]
        if let notifier { services.append(notifier) }
        if configuration.notifications.isEmpty { WebhookPositions.forget(home: configuration.home) }
        services.append(try application)
        if let address = configuration.server.probes { services.append(probeApplication(address)) }
        var group = ServiceGroupConfiguration(services: services, logger: logger)
        group.maximumGracefulShutdownDuration = .seconds(5)
        do { try await ServiceGroup(configuration: group).run() } catch let error as IOError {
            throw MartletError(
                .io,
                "the server cannot listen on \(configuration.server.listen): \(error.errnoCode == EADDRINUSE ? "the address is in use" : "\(error)")",
                fix: "end what uses it, or set server.listen")
        }
    }

    private var application: Application<Responder> {
        get throws {
            let port = port, onListening = onListening, settings = configuration.server
            return Application(
                responder: Responder(gateway: gateway), server: try server,
                configuration: .init(address: Self.bind(settings.listen), serverName: nil),
                onServerRunning: { channel in
                    port.value = channel.localAddress?.port
                    await onListening(settings.baseURL(port: channel.localAddress?.port ?? settings.listen.port))
                }, logger: Self.quiet(logger))
        }
    }

    private func probeApplication(_ address: ListenAddress) -> Application<Responder> {
        Application(
            responder: Responder(gateway: probes), server: Self.http, configuration: .init(address: Self.bind(address)),
            logger: Self.quiet(logger))
    }

    /// Who does not finish a request within a minute of silence is cut off; answers that stream are not.
    private static var http: HTTPServerBuilder { .http1(configuration: .init(idleTimeout: .seconds(60))) }

    private var server: HTTPServerBuilder {
        get throws {
            guard let files = configuration.server.tls else { return Self.http }
            do {
                let chain = try NIOSSLCertificate.fromPEMFile(files.certificate).map { NIOSSLCertificateSource.certificate($0) }
                let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(file: files.key, format: .pem))
                var tls = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
                tls.minimumTLSVersion = .tlsv12
                return try .tls(Self.http, tlsConfiguration: tls)
            } catch {
                throw MartletError(
                    .invalid, "the certificate or key of server.tls cannot be used", details: [files.certificate, files.key, "\(error)"],
                    fix: "both must be PEM files that this user can read, and belong together")
            }
        }
    }

    private static func bind(_ address: ListenAddress) -> BindAddress {
        .hostname(address.host.isEmpty ? "0.0.0.0" : address.host, port: address.port)
    }

    /// The server's own lines about requests would only repeat what the gateway counts.
    private static func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        logger.logLevel = max(logger.logLevel, .notice)
        return logger
    }
}

/// The port that was bound, once it is.
private final class PortBox: Sendable {
    private let port = Mutex<Int?>(nil)

    var value: Int? {
        get { port.withLock { $0 } }
        set { port.withLock { $0 = newValue } }
    }
}
