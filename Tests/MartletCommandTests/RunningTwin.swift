import Foundation
import Testing

/// `martlet twin` as a process.
enum RunningTwin {
    /// A twin that runs until the test is over; `body` gets its kubeconfig.
    static func run(
        _ arguments: [String] = [], standardError: FileHandle? = nil, _ body: (String) async throws -> Void
    ) async throws -> Int32 {
        let folder = try TemporaryFolder()
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["twin"] + arguments + ["--kubeconfig", folder.path + "/kubeconfig"]
        process.environment = ["MARTLET_HOME": folder.path]
        process.standardOutput = output
        if let standardError { process.standardError = standardError }
        try process.run()
        defer { if process.isRunning { process.terminate() } }
        let line = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: String(decoding: output.fileHandleForReading.availableData, as: UTF8.self))
            }
        }
        #expect(line == "export KUBECONFIG=\(folder.path)/kubeconfig\n")
        try await body(folder.path + "/kubeconfig")
        process.interrupt()
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                process.waitUntilExit()
                continuation.resume(returning: process.terminationStatus)
            }
        }
    }
}
