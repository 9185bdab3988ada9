import Foundation

/// The `kubectl` of the PATH, run against one kubeconfig with a home folder of its own.
struct Kubectl: Sendable {
    struct Output: Sendable {
        let status: Int32
        let text: String
        let errors: String
    }

    let executable: String
    let folder: URL

    /// Nil where there is none.
    init?(folder: URL) {
        let paths = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/kubectl" }
        guard let found = paths.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else { return nil }
        executable = found
        self.folder = folder
    }

    /// Runs one command line; `input` goes to its standard input. Output goes through files, so that no pipe can fill up.
    func run(_ arguments: [String], input: String? = nil) async throws -> Output {
        let id = UUID().uuidString
        let (out, errors, stdin) = (
            folder.appending(path: "\(id).out"), folder.appending(path: "\(id).err"), folder.appending(path: "\(id).in")
        )
        try Data((input ?? "").utf8).write(to: stdin)
        try Data().write(to: out)
        try Data().write(to: errors)
        let process = Process()
        process.executableURL = URL(filePath: executable)
        process.arguments = arguments
        process.environment = [
            "HOME": folder.path, "KUBECONFIG": folder.appending(path: "kubeconfig").path, "PATH": "/usr/bin:/bin",
            "KUBECACHEDIR": folder.appending(path: "cache").path,
            // What `kubectl edit` opens.
            "KUBE_EDITOR": "sed -i s/blue/green/",
        ]
        process.standardInput = try FileHandle(forReadingFrom: stdin)
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: errors)
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Output(
            status: status, text: String(decoding: try Data(contentsOf: out), as: UTF8.self),
            errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
    }
}
