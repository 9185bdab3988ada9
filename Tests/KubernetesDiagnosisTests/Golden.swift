import Core
import Foundation
import Testing

/// The captured cases, unpacked once a test run.
struct GoldenCase: Sendable, CustomTestStringConvertible, CustomStringConvertible {
    let name: String
    let folder: String
    let category: String
    let resource: String
    let accepted: [String]
    let isHealthy: Bool

    var description: String { name }
    var testDescription: String { name }

    func accepts(_ category: String) -> Bool { category == self.category || accepted.contains(category) }
}

enum Golden {
    /// Empty when the archive could not be unpacked: the test that counts them then fails.
    static let cases: [GoldenCase] = load()

    static let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    private static func load() -> [GoldenCase] {
        let target = FileManager.default.temporaryDirectory.appendingPathComponent("martlet-golden-\(getpid())")
        do {
            try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
            let tar = Process()
            tar.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            tar.arguments = ["tar", "-xzf", fixtures.appendingPathComponent("golden.tar.gz").path, "-C", target.path]
            try tar.run()
            tar.waitUntilExit()
            return try FileManager.default.contentsOfDirectory(atPath: target.path).sorted().compactMap { name in
                let folder = target.appendingPathComponent(name)
                guard let data = try? Data(contentsOf: folder.appendingPathComponent("expected.json")) else { return nil }
                let expected = try JSON(parsing: Array(data))
                return GoldenCase(
                    name: name, folder: folder.path, category: expected["category"]?.string ?? "",
                    resource: expected["resource"]?.string ?? "",
                    accepted: (expected["accept"]?.array ?? []).compactMap(\.string), isHealthy: expected["healthy"]?.bool ?? false)
            }
        } catch {
            return []
        }
    }
}
