import Core
import Foundation

/// A process of this or another program that runs until it is told to end.
final class RunningProgram {
    private let process = Process()
    private let output = Pipe()
    let startedAt = ContinuousClock.now

    init(_ executable: URL, _ arguments: [String], environment: [String: String] = [:]) throws {
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
    }

    convenience init(martlet arguments: [String], environment: [String: String] = [:]) throws {
        try self.init(ChildProcess.executable(), arguments, environment: environment)
    }

    deinit { end() }

    /// Asks it to end and waits until it has.
    func end() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    /// Reads its output up to the first line that begins with `prefix`, and returns what follows it on that line.
    func line(beginning prefix: String) throws -> String {
        var text = ""
        while true {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw MartletError(.internalError, "the measured process ended before it wrote \"\(prefix)\"") }
            text += String(decoding: data, as: UTF8.self)
            let complete = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            if let line = complete.first(where: { $0.hasPrefix(prefix) }) { return String(line.dropFirst(prefix.count)) }
        }
    }

    /// MB that it holds resident now.
    var residentMemory: Double { Cost.memory("VmRSS:", of: "\(process.processIdentifier)") }
    /// The most MB that it ever held resident.
    var peakMemory: Double { Cost.memory("VmHWM:", of: "\(process.processIdentifier)") }
}
