import Foundation
import Testing

/// The debug binary beside the test bundle, run as a user runs it.
struct Program {
    struct Outcome {
        let status: Int32
        let output: String
        let error: String
    }

    /// Set for every run: no terminal, no colour decision, no server and no configuration of the machine.
    private static let environment = ["PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "MARTLET_SERVER": "http://127.0.0.1:9"]

    static let path: String = {
        // `swift test` runs `<build folder>/martletPackageTests.xctest`; the program lies beside it.
        let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? CommandLine.arguments[0]
        return URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent("martlet").path
    }()

    static func run(
        _ arguments: String..., executable: String = path, environment: [String: String] = [:]
    ) async throws -> Outcome {
        try await run(arguments, executable: executable, environment: environment)
    }

    static func run(
        _ arguments: [String], executable: String = path, environment: [String: String] = [:], input: String = ""
    ) async throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: executable)
        process.arguments = arguments
        process.environment = Program.environment.merging(environment) { $1 }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-run-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // Files, not pipes: a program that writes more than a pipe holds would wait for a reader.
        let output = folder.appendingPathComponent("out"), error = folder.appendingPathComponent("err")
        let source = folder.appendingPathComponent("in")
        for file in [output, error] { try Data().write(to: file) }
        try Data(input.utf8).write(to: source)
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: error)
        process.standardInput = try FileHandle(forReadingFrom: source)
        // Not `waitUntilExit`: that would hold a thread on which a server of the test may have to answer.
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            error: try String(contentsOf: error, encoding: .utf8))
    }
}

/// A folder that goes away with the test.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var path: String { url.path }

    func write(_ text: String, to name: String) throws -> String {
        let file = url.appendingPathComponent(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
