import ArgumentParser
import Core
import Foundation
import Twin

/// The simulated cluster: without a subcommand it is started.
struct TwinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "twin", abstract: "Run a simulated cluster, and break it.",
        discussion: """
            Examples:
              martlet twin
              martlet twin --scenario bad-release --speed 10
              martlet twin inject image-tag-not-found shop/Deployment/checkout
            """,
        subcommands: [
            TwinStartCommand.self, TwinLoadCommand.self, TwinScenariosCommand.self, TwinInjectCommand.self, TwinRevertCommand.self,
            TwinFaultsCommand.self,
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
            and makes things go wrong in it as time passes: martlet twin scenarios lists what there is. The kubeconfig has two contexts: one
            with a token, one with a client certificate. kubectl get --raw /martlet/twin/v1/metrics shows all metrics in Prometheus' format.

            Examples:
              martlet twin
              martlet twin --scenario bad-release --speed 10
              martlet twin --scenario ./mine.yaml --truth truth.json
              martlet twin start --nodes 20 --speed 10 --kubeconfig ./twin.kubeconfig
              martlet twin --speed max
            """)

    @Option(help: "How many workers (3, or as the scenario says).")
    var nodes: Int?
    @Option(help: ArgumentHelp("What happens: a name, or a file.", valueName: "name|file"), completion: .list(Scenario.builtInNames))
    var scenario: String?
    @OptionGroup var truth: TruthOption
    @OptionGroup var serving: TwinServing
    @Option(help: ArgumentHelp("How images behave (YAML).", valueName: "file"))
    var images: String?

    func validate() throws {
        guard (1...5000).contains(nodes ?? 1) else { throw ValidationError("--nodes is a number from 1 to 5000.") }
        if truth.truth != nil, scenario == nil { throw ValidationError("--truth is of a --scenario.") }
    }

    func run() async throws {
        var story: Scenario?
        if let scenario { story = try await Scenario.load(scenario, nodes: nodes) }
        let catalogue = try images.map { try TwinStartCommand.catalogue($0) } ?? BehaviourCatalogue()
        let token = serving.newToken()
        // It is now there, so that the ages that kubectl counts on this machine's clock make sense, and it has been running for a minute.
        let now = SystemClock().now()
        let cluster = SimulatedCluster(
            TwinOptions(
                seed: serving.seed, nodes: nodes ?? story?.nodes ?? 3, start: now - .seconds(60), tokens: [token: .administrator]),
            images: catalogue, hear: { TwinServing.warn($0) })
        try await cluster.makeClusterServices()
        await cluster.advance(to: now)
        if let story {
            try truth.write(story.truth)
            let output = serving.output
            try await cluster.play(story) { note in output.printElement(note.json) { _ in [note.line] } }
        }
        try await serving.serve(cluster, token: token)
    }

    static func catalogue(_ path: String) throws -> BehaviourCatalogue {
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw MartletError(.notFound, "the image file \(path) cannot be read", fix: "check the path given with --images")
        }
        return try BehaviourCatalogue(yaml: String(decoding: bytes, as: UTF8.self), place: path)
    }
}

extension ScenarioNote {
    /// As it is told on a terminal: hours, minutes and seconds of the cluster's time, and what happens.
    var line: String {
        let what = failure.map { "\(text): \($0)" } ?? text
        return "\(time.rfc3339().dropFirst(11).prefix(8))  \(what.terminalSafe)".cut(to: Terminal.width ?? .max)
    }

    /// The same for programs.
    var json: JSON {
        var json: JSON = ["time": .string(time.description), "text": .string(text)]
        if let failure { json["failure"] = .string(failure) }
        return json
    }
}
