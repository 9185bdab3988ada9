import Foundation

/// Recorded data beside the repository, or where `MARTLET_SHARED` says; nil where there is none.
package enum SharedData {
    /// Where it is.
    package static let root: String? = {
        let named = ProcessInfo.processInfo.environment["MARTLET_SHARED"]
        let beside = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "shared").path
        return [named, beside].compactMap { $0 }.first { FileManager.default.fileExists(atPath: $0 + "/k8s-golden") }
    }()

    /// All files under a folder with that ending, sorted; empty where there is no shared data.
    package static func files(under folder: String, ending: String) -> [String] {
        guard let root, let all = FileManager.default.enumerator(atPath: root + "/" + folder) else { return [] }
        return all.compactMap { $0 as? String }.filter { $0.hasSuffix(ending) }.map { "\(root)/\(folder)/\($0)" }.sorted()
    }

    /// The content of a file.
    package static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }
}
