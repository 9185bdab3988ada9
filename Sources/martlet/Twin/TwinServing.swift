import ArgumentParser
import Core
import Dispatch
import Foundation
import Logging
import Twin

/// How a twin is served until interrupted: what every command that starts one has in common.
struct TwinServing: ParsableArguments {
    @Option(help: "Port on 127.0.0.1; 0 for any free one.")
    var port = 0
    @Option(help: ArgumentHelp("Kubeconfig to write ($MARTLET_HOME/twin/kubeconfig).", valueName: "file"))
    var kubeconfig: String?
    @Option(help: "Seconds of the cluster that pass in one of ours, or max: as many as this machine can.")
    var speed = TwinSpeed(1)
    @Option(help: "Everything random in the cluster comes from it.")
    var seed: UInt64 = 1
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...65535).contains(port) else { throw ValidationError("--port is a number from 0 to 65535.") }
    }

    /// A new administrator's token, which the options of the cluster must know.
    func newToken() -> String {
        var random = SystemRandomNumberGenerator()
        return Digest.hex((0..<24).map { _ in UInt8.random(in: .min ... .max, using: &random) })
    }

    /// Where the kubeconfig is written; its folder is made.
    func kubeconfigPath() throws(MartletError) -> String {
        if let kubeconfig { return kubeconfig }
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

    /// Tells a person what is passed over in what they wrote.
    static func warn(_ mistake: String) { Terminal.printToError("warning: \(mistake.terminalSafe)") }

    /// Serves the cluster, tells how to reach it, and returns when interrupted.
    func serve(_ cluster: SimulatedCluster, token: String) async throws {
        let path = try kubeconfigPath()
        let clock = SystemClock()
        let output = output
        if speed.value.isFinite { await cluster.set(speed: speed.value) }
        let (ends, end) = AsyncStream.makeStream(of: MartletError?.self)
        let server = try TwinServer(
            cluster, pacer: Pacer(cluster, real: clock, speed: speed.value), token: token, port: port, now: clock.now(),
            logger: Logger(label: "twin") { _ in SwiftLogNoOpLogHandler() },
            onReady: { config in
                do throws(MartletError) {
                    try config.write(to: path)
                    output.printElement(["kubeconfig": .string(path)]) { _ in ["export KUBECONFIG=\(path)"] }
                } catch { end.yield(error) }
            })
        let signals = [SIGINT, SIGTERM].map { TwinServing.onSignal($0) { end.yield(nil) } }
        defer { for signal in signals { signal.cancel() } }
        try await TwinServing.run(server, until: ends, port: port)
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
}
