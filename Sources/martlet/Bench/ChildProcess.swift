import Core
import Foundation

/// This program once more, for what must be measured in a process of its own.
struct ChildProcess {
    let status: Int32
    let output: String
    let error: String

    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> ChildProcess {
        let process = Process()
        process.executableURL = try executable()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe(), error = Pipe()
        process.standardOutput = output
        process.standardError = error
        try process.run()
        // Standard error holds a line or two and cannot fill its pipe while the output is read.
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let message = String(decoding: error.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return ChildProcess(status: process.terminationStatus, output: text, error: message)
    }

    static func executable() throws -> URL {
        let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        guard let path = path ?? CommandLine.arguments.first else {
            throw MartletError(.internalError, "this program's own file is unknown")
        }
        return URL(fileURLWithPath: path)
    }
}
