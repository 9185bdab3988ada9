import ArgumentParser
import AsyncHTTPClient
import Core
import Foundation
import Logging
import Server

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Watch clusters, open incidents, prepare repairs, and make those that are approved.",
        discussion: """
            Without a configuration it watches the current context of the kubeconfig, shows plans and acts on none
            (autonomy suggest). It ends gracefully on SIGTERM and SIGINT.

            Examples:
              martlet serve
              martlet serve --config /etc/martlet/martlet.yaml
              martlet serve --listen 127.0.0.1:9000
            """)

    @Option(help: "The configuration file (default: $MARTLET_CONFIG, then the usual places).")
    var config: String?

    @Option(help: "Address to listen on, instead of server.listen.")
    var listen: String?

    @OptionGroup var output: OutputOptions

    func run() async throws {
        var configuration = try Configuration.load(option: config)
        if let listen {
            guard let address = ListenAddress(listen) else {
                throw MartletError(.usage, "\(listen) is not an address to listen on", fix: "write it as 127.0.0.1:8420")
            }
            configuration.server.listen = address
            if let exposure = configuration.server.exposure {
                throw MartletError(
                    .usage, "--listen \(listen): \(exposure)", fix: "listen on 127.0.0.1, or set server.tls in the configuration")
            }
        }
        let logger = ServeLog.logger()
        let seed = UInt64.random(in: .min ... .max)
        let clusters = try ConnectedCluster.connect(configuration, environment: ProcessInfo.processInfo.environment, seed: seed)
        let links = LinkPrinter(output: output)
        try await HTTPWebhookTransport.using { [configuration] webhooks in
            let composition = try await Composition(
                configuration: configuration, clusters: clusters, version: Version.number, clock: SystemClock(), seed: seed,
                webhooks: webhooks, logger: logger, onListening: { await links.listening($0) })
            await links.use(composition.http)
            try await composition.run(handlesSignals: true)
        }
    }
}

/// Prints the address and the single-use link once the server listens.
private actor LinkPrinter {
    private var http: HTTPService?
    private let output: OutputOptions

    init(output: OutputOptions) { self.output = output }

    func use(_ http: HTTPService) { self.http = http }

    func listening(_ baseURL: String) {
        let link = http?.loginLink(for: Principal(name: "operator", role: .administrator))
        output.printElement(["version": .string(Version.number), "url": .string(baseURL), "link": JSON(link)]) { _ in
            ["Martlet \(Version.number) listens on \(baseURL)"] + (link.map { ["Open \($0) (once, within ten minutes)"] } ?? [])
        }
    }
}

/// Where a server's own lines go: standard error, one line each.
enum ServeLog {
    static func logger(level: Logger.Level = .info) -> Logger {
        var logger = Logger(label: "martlet") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        return logger
    }
}
