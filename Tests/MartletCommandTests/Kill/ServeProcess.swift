import Core
import Foundation
import Synchronization

/// A running `martlet serve`.
final class ServeProcess: Sendable {
    let pid: Int32
    /// One element when it listens: its address. Ends when the process has ended.
    let addresses: AsyncStream<String>
    private let ends: AsyncStream<Void>
    private let process: Process

    /// The program under test: a release build where `MARTLET_PROGRAM` names one.
    static let program = ProcessInfo.processInfo.environment["MARTLET_PROGRAM"].flatMap { $0.isEmpty ? nil : $0 } ?? Program.path

    private static let starting = Mutex(())

    init(config: String, home: String, environment: [String: String]) throws {
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: ServeProcess.program)
        process.arguments = ["serve", "--config", config]
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "MARTLET_HOME": home].merging(environment) { $1 }
        process.standardOutput = output
        let log = FileHandle(
            fileDescriptor: open(home + ".log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600), closeOnDealloc: true)
        process.standardError = log
        let (addresses, address) = AsyncStream.makeStream(of: String.self)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        output.fileHandleForReading.readabilityHandler = { handle in
            let text = String(decoding: handle.availableData, as: UTF8.self)
            if text.isEmpty { handle.readabilityHandler = nil }
            for line in text.split(separator: "\n") where line.contains(" listens on ") {
                address.yield(String(line.split(separator: " ").last ?? ""))
            }
        }
        process.terminationHandler = { _ in
            output.fileHandleForReading.readabilityHandler = nil
            address.finish()
            end.finish()
        }
        // One at a time: Foundation's `run` has been seen to crash when several threads were in it.
        try ServeProcess.starting.withLock { _ in try process.run() }
        (self.process, self.addresses, self.ends, pid) = (process, addresses, ends, process.processIdentifier)
    }

    /// Waits for its end; whether it was killed.
    func wasKilled() async -> Bool {
        for await _ in ends {}
        return process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
    }

    var status: Int32 { process.terminationStatus }

    func stop() { kill(pid, SIGTERM) }
    func destroy() { kill(pid, SIGKILL) }
}
