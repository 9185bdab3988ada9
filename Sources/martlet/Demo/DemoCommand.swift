import ArgumentParser
import Core
import Foundation
import Journal
import Server
import ServiceLifecycle
import Synchronization
import Twin

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "A simulated cluster, a fault, and its repair.",
        discussion: """
            Starts a simulated cluster and Martlet watching it, releases something bad, and shows how it is found, explained,
            rehearsed, repaired with your approval and verified. Stays up for exploring until interrupted.

            A scenario (martlet twin scenarios lists them) shows another fault. What none of Martlet's actions repairs is diagnosed and waits
            for a person; after a while the scenario itself puts it right, and the incident closes.

            Examples:
              martlet demo
              martlet demo --scenario out-of-memory
              martlet demo --seed 7
              martlet demo --once --auto        ends by itself, approves by policy
            """)

    @Flag(help: "Approve by policy instead of asking.")
    var auto = false

    @Flag(help: "End once the incident is closed.")
    var once = false

    @Option(
        help: ArgumentHelp("What happens, instead of a release drawn from the seed.", valueName: "name|file"),
        completion: .list(Scenario.builtInNames))
    var scenario: String?

    @Option(help: "Draws the services, the fault and the field that changes.")
    var seed: UInt64 = 1

    @Option(help: "Seconds of the cluster's time in one second.")
    var speed: Double = 12

    @Option(help: "Address of the dashboard.")
    var listen = "127.0.0.1:0"

    @OptionGroup var output: OutputOptions

    func run() async throws {
        guard let address = ListenAddress(listen), address.isLoopback else {
            throw MartletError(.usage, "\(listen) is not an address of this machine", fix: "write it as 127.0.0.1:8420")
        }
        guard speed >= 1, speed <= 1000 else { throw MartletError(.usage, "--speed must be between 1 and 1000") }
        var story: any DemoStory = DemoScenario(seed: seed)
        if let scenario { story = DemoPlay(scenario: try await Scenario.load(scenario), seed: seed, output: output) }
        let home = Invocation.home + "/demo"
        try DemoHome.makeFresh(home)
        let stage = DemoStage(story: story, home: home, speed: speed, listen: address, isAutomatic: auto)
        let (auto, once, output) = (auto, once, output)
        let verdict = Mutex(false)
        let ended: Void? = try await stage.play { scene in
            let endsWell = try await cancelWhenGracefulShutdown {
                try await DemoTeller(scene: scene, isAutomatic: auto, output: output).tell()
            }
            if Task.isShuttingDownGracefully { throw CancellationError() }
            verdict.withLock { $0 = endsWell }
            guard !once else { return }
            await scene.wait(for: true)
            if output.output == .table { Terminal.printLine("\nThe demo stays up; press Ctrl-C to end it.") }
            try? await gracefulShutdown()
        }
        if ended == nil { throw CancellationError() }
        if !verdict.withLock({ $0 }) { throw ExitCode(1) }
    }
}

/// The demo's own folder: made anew for each run, so that its journal tells one story.
enum DemoHome {
    static func makeFresh(_ path: String) throws {
        let store = StoreDirectory(path)
        // Another demo that runs here would lose its journal.
        if FileManager.default.fileExists(atPath: store.lock) { _ = try StoreLock(store) }
        do {
            try? FileManager.default.removeItem(atPath: path)
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw MartletError(.io, "cannot make the folder \(path)", details: [error.localizedDescription], fix: "set MARTLET_HOME")
        }
    }
}
