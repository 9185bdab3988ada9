import Foundation
import Testing

/// `death.c`, compiled: a library that ends the process it is loaded into at a chosen append.
struct DeathLibrary: Sendable {
    let path: String

    /// - Parameter folder: where the library goes.
    static func build(in folder: String) async throws -> DeathLibrary {
        let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("death.c").path
        // Swift's own package builds C with the clang beside it.
        let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
        let compilers = ["clang", "cc", "gcc"].flatMap { name in folders.map { "\($0)/\(name)" } }
        let compiler = try #require(
            compilers.first { FileManager.default.isExecutableFile(atPath: $0) }, "there is no C compiler on the PATH: \(folders)")
        let library = folder + "/death.so"
        let built = try await Program.run(["-shared", "-fPIC", "-O1", "-o", library, source], executable: compiler)
        try #require(built.status == 0, "\(built.error)")
        return DeathLibrary(path: library)
    }

    /// What makes a process die at a point, and note its appends.
    func environment(_ point: KillPoint?, below folder: String, log: String) -> [String: String] {
        var environment = ["LD_PRELOAD": path, "MARTLET_DEATH_FOLDER": folder, "MARTLET_DEATH_LOG": log]
        if case .append(let number, let moment) = point { environment["MARTLET_DEATH"] = "\(moment.rawValue):\(number)" }
        return environment
    }
}
