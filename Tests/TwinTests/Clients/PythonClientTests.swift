import Foundation
import Testing

/// The Python client `kubernetes` against a twin on a socket, where a Python that has it can be found.
@Suite struct PythonClientTests {
    /// The interpreter that `scripts/deps test` has made, or the system's.
    private static let interpreter: String? = {
        let environment = ProcessInfo.processInfo.environment
        let home = environment["HOME"] ?? ""
        let scratch = environment["MARTLET_SCRATCH"] ?? "\(home)/.cache/martlet"
        return ["\(scratch)/python/bin/python", "\(home)/.cache/martlet/python/bin/python", "/usr/bin/python3"].first { path in
            FileManager.default.isExecutableFile(atPath: path) && (try? run(path, ["-c", "import kubernetes"]).status) == 0
        }
    }()

    private static func run(_ executable: String, _ arguments: [String]) throws -> (status: Int32, text: String) {
        let output = Pipe()
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    @Test(.timeLimit(.minutes(2))) func listsWatchesPatchesAndDeletes() async throws {
        guard let interpreter = Self.interpreter else {
            print("Python client: 1 session not run, no Python with the package kubernetes (scripts/deps test)")
            return
        }
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "session.py").path
        try await TwinOnSocket.run { folder in
            let config = folder.appending(path: "kubeconfig").path
            let result = try await Task.detached { try Self.run(interpreter, [script, config]) }.value
            #expect(result.status == 0, "\(result.text)")
            #expect(
                result.text.split(separator: "\n") == [
                    "namespace created", "deployment created", "watched 2 pods running", "patched to 3", "paged True", "refused 404",
                    "namespace deleted",
                ])
        }
    }
}
