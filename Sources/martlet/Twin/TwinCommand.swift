import ArgumentParser
import Core
import Dispatch
import Foundation
import Logging
import Twin

/// The simulated cluster: without a subcommand it is started.
struct TwinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "twin", abstract: "Run a simulated cluster, and break it.",
        subcommands: [
            TwinStartCommand.self, TwinScenariosCommand.self, TwinInjectCommand.self, TwinRevertCommand.self, TwinFaultsCommand.self,
        ],
        defaultSubcommand: TwinStartCommand.self)
}

struct TwinStartCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Run a simulated cluster that kubectl and every other client can use, until interrupted.",
        discussion: """
            Prints the line that makes kubectl use it. Containers behave as the annotation twin.martlet/behaviour of their pod template, or the
            file given with --images, says; an unknown image serves its first port and stays idle. A scenario brings an application along
            and makes things go wrong in it as time passes: martlet twin scenarios lists what there is.

            Examples:
              martlet twin
              martlet twin --scenario bad-release --speed 10
              martlet twin --scenario ./mine.yaml --truth truth.json
              martlet twin --nodes 20 --speed 10 --kubeconfig ./twin.kubeconfig
              martlet twin --speed max
            """)

    @Option(help: "How many workers (3, or as the scenario says).")
    var nodes: Int?
    @Option(help: ArgumentHelp("What happens: a name, or a file.", valueName: "name|file"), completion: .list(Scenario.builtInNames))
    var scenario: String?
    @OptionGroup var truth: TruthOption
    @Option(help: "Port on 127.0.0.1; 0 for any free one.")
    var port = 0
    @Option(help: ArgumentHelp("Kubeconfig to write ($MARTLET_HOME/twin/kubeconfig).", valueName: "file"))
    var kubeconfig: String?
    @Option(help: "Seconds of the cluster that pass in one of ours, or max: as many as this machine can.")
    var speed = TwinSpeed(1)
    @Option(help: "Everything random in the cluster comes from it.")
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("How images behave (YAML).", valueName: "file"))
    var images: String?

    func validate() throws {
        guard (1...5000).contains(nodes ?? 1) else { throw ValidationError("--nodes is a number from 1 to 5000.") }
        guard (0...65535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535.") }
        if truth.truth != nil, scenario == nil { throw ValidationError("--truth is of a --scenario.") }
    }

    func run() async throws {
        var story: Scenario?
        if let scenario { story = try await Scenario.load(scenario, nodes: nodes) }
        let catalogue = try images.map { try TwinStartCommand.catalogue($0) } ?? BehaviourCatalogue()
        let path = try kubeconfig ?? TwinStartCommand.defaultKubeconfig()
        let clock = SystemClock()
        var random = SystemRandomNumberGenerator()
        let token = Digest.hex((0..<24).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        // It starts now, so that the ages that kubectl counts on this machine's clock make sense.
        let cluster = SimulatedCluster(
            TwinOptions(seed: seed, nodes: nodes ?? story?.nodes ?? 3, start: clock.now(), tokens: [token: .administrator]),
            images: catalogue)
        if speed.value.isFinite { await cluster.set(speed: speed.value) }
        if let story {
            try truth.write(story.truth)
            try await cluster.play(story) { Terminal.printLine($0.line) }
        }
        let (ends, end) = AsyncStream.makeStream(of: MartletError?.self)
        let server = try TwinServer(
            cluster, pacer: Pacer(cluster, real: clock, speed: speed.value), token: token, port: port, now: clock.now(),
            logger: Logger(label: "twin") { _ in SwiftLogNoOpLogHandler() },
            onReady: { config in
                do throws(MartletError) {
                    try config.write(to: path)
                    Terminal.printLine("export KUBECONFIG=\(path)")
                } catch { end.yield(error) }
            })
        let signals = [SIGINT, SIGTERM].map { TwinStartCommand.onSignal($0) { end.yield(nil) } }
        defer { for signal in signals { signal.cancel() } }
        try await TwinStartCommand.run(server, until: ends, port: port)
    }

    /// Serves until the stream says so, with an error or without.
    private static func run(_ server: TwinServer, until ends: AsyncStream<MartletError?>, port: Int) async throws {
        try await withThrowingTaskGroup(of: MartletError??.self) { group in
            group.addTask {
                do { try await server.run() } catch {
                    if Task.isCancelled { return nil }
                    throw MartletError(
                        .io, "the simulated cluster cannot listen on 127.0.0.1:\(port)", details: ["\(error)"],
                        fix: "choose another port with --port")
                }
                return nil
            }
            group.addTask {
                for await end in ends { return .some(end) }
                return nil
            }
            let first = try await group.next()
            group.cancelAll()
            if case .some(.some(.some(let error))) = first { throw error }
        }
    }

    private static func onSignal(_ number: Int32, _ action: @escaping @Sendable () -> Void) -> any DispatchSourceSignal {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler(handler: action)
        source.resume()
        return source
    }

    static func catalogue(_ path: String) throws -> BehaviourCatalogue {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw MartletError(.notFound, "the image file \(path) cannot be read", fix: "check the path given with --images")
        }
        return try BehaviourCatalogue(yaml: String(decoding: bytes, as: UTF8.self), place: path)
    }

    private static func defaultKubeconfig() throws -> String {
        let folder = Invocation.home + "/twin"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw MartletError(
                .io, "\(folder) cannot be made", details: ["\(error.localizedDescription)"], fix: "name a file with --kubeconfig")
        }
        return folder + "/kubeconfig"
    }
}

extension ScenarioNote {
    /// As it is told on a terminal: hours, minutes and seconds of the cluster's time, and what happens.
    var line: String {
        let what = failure.map { "\(text): \($0)" } ?? text
        return "\(time.rfc3339().dropFirst(11).prefix(8))  \(what.terminalSafe)".cut(to: Terminal.width ?? .max)
    }
}
