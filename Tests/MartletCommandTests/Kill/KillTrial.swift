import AsyncHTTPClient
import Core
import Foundation
import Journal
import Logging
import NIOCore
import Twin

@testable import martlet

/// One scenario, with `martlet serve` killed at the given points, one process after the other, and a last one that is left alone.
struct KillTrial: Sendable, CustomStringConvertible {
    struct Report: Sendable {
        /// How many of the points were reached.
        var kills = 0
        /// Appends and writes of the last process.
        var appends = 0
        var writes = 0
        /// What is not as it must be; empty when all is.
        var faults: [String] = []
    }

    private enum Ending { case finished, ended, stuck }

    let scenario: KillScenario
    let points: [KillPoint]

    var description: String { "\(scenario), killed at \(points.map(\.description).joined(separator: ", then at "))" }

    /// Seconds of the cluster in one of ours.
    static let speed = 60.0
    /// How long a process may take, of the cluster's time.
    static let patience = Duration.seconds(10_800)
    /// How long a finished one is watched, of the cluster's time: nothing more may be done.
    static let quiet = Duration.seconds(60)

    func run(_ library: DeathLibrary) async throws -> Report {
        let folder = try TemporaryFolder()
        let token = "twin-token-of-the-kill-trial"
        let cluster = try await scenario.makeCluster(token: token)
        let before = await cluster.requestLog.count
        await cluster.set(speed: KillTrial.speed)
        let watch = WriteWatch(cluster)
        let (kubeconfigs, kubeconfig) = AsyncStream.makeStream(of: TwinKubeconfig.self)
        let server = try TwinServer(
            cluster, pacer: Pacer(cluster, real: SystemClock(), speed: KillTrial.speed), token: token, now: SystemClock().now(),
            logger: Logger(label: "twin") { _ in SwiftLogNoOpLogHandler() }, handling: { try await watch.handle($0) },
            onReady: { kubeconfig.yield($0) })
        var report = Report()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await config in kubeconfigs {
                try config.write(to: folder.path + "/kubeconfig")
                break
            }
            report = try await processes(folder, cluster, watch, library)
            group.cancelAll()
        }
        let log = await cluster.requestLog.dropFirst(before)
        report.faults += try await Judge(scenario: scenario, home: folder.path + "/home").faults(log: Array(log), cluster: cluster)
        return report
    }

    /// Starts one process after the other until one has come to the end.
    private func processes(
        _ folder: TemporaryFolder, _ cluster: SimulatedCluster, _ watch: WriteWatch, _ library: DeathLibrary
    ) async throws -> Report {
        let home = folder.path + "/home"
        let config = try folder.write(KillTrial.configuration(kubeconfig: folder.path + "/kubeconfig"), to: "martlet.yaml")
        var report = Report()
        for (number, point) in (points.map(Optional.some) + [nil]).enumerated() {
            let log = "\(folder.path)/appends-\(number)"
            watch.expect(point)
            let process = try ServeProcess(
                config: config, home: home, environment: library.environment(point, below: home, log: log))
            watch.watch(process.pid)
            defer { process.destroy() }
            let ending = try await follow(process, home: home, cluster)
            if ending == .finished { process.stop() }
            if ending == .stuck { process.destroy() }
            let wasKilled = await process.wasKilled()
            let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            (report.appends, report.writes) = (text.split(separator: "\n").count, watch.count)
            if ending == .stuck {
                report.faults.append("process \(number + 1) did not come to an end")
                return report
            }
            if wasKilled {
                report.kills += 1
                continue
            }
            if process.status != 0 { report.faults.append("process \(number + 1) ended with status \(process.status)") }
            break
        }
        if !report.faults.isEmpty { report.faults.append((try? String(contentsOfFile: home + ".log", encoding: .utf8)) ?? "") }
        return report
    }

    private func follow(_ process: ServeProcess, home: String, _ cluster: SimulatedCluster) async throws -> Ending {
        try await withThrowingTaskGroup(of: Ending.self) { group in
            group.addTask {
                for await address in process.addresses where try await isOver(at: address, home: home) {
                    try await cluster.clock.sleep(for: KillTrial.quiet)
                    return .finished
                }
                return .ended
            }
            group.addTask {
                try await cluster.clock.sleep(for: KillTrial.patience)
                return .stuck
            }
            defer { group.cancelAll() }
            return try await group.next() ?? .ended
        }
    }

    /// Follows the server's events until the incident is over; false when the stream breaks off.
    private func isOver(at address: String, home: String) async throws -> Bool {
        let token = (try? String(contentsOfFile: home + "/token", encoding: .utf8)).map { $0.filter { !$0.isWhitespace } }
        let client = try ServerClient(address: address, token: token, certificateAuthority: nil)
        var isOver = false
        do {
            var parser = EventStreamParser()
            for try await chunk in try await client.events(after: "0").body {
                isOver = parser.append(chunk.readableBytesView).contains { $0.name == scenario.end.rawValue }
                if isOver { break }
            }
        } catch {
            // It was killed.
        }
        await client.shutdown()
        return isOver
    }

    /// A rehearsal may be inconclusive: one of the repairs rests on a need that was never measured, and is not to help.
    private static func configuration(kubeconfig: String) -> String {
        """
        version: 1
        server: {listen: "127.0.0.1:0"}
        clusters: [{name: twin, kubeconfig: "\(kubeconfig)", environment: demo}]
        environments:
          demo: {autonomy: auto, optionalGates: [policy, error-budget, rehearsal], verification: {window: 60s}}
        """
    }
}
