import Core
import Foundation
import Kubernetes
import Testing

@testable import Twin

/// Texts are those of a real cluster.
@Suite struct SimulationTextTests {
    static let folder: URL? = {
        let shared =
            ProcessInfo.processInfo.environment["MARTLET_SHARED"].map { URL(fileURLWithPath: $0) }
            ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../../../shared").standardizedFileURL
        let golden = shared.appending(path: "k8s-golden")
        return FileManager.default.fileExists(atPath: golden.path) ? golden : nil
    }()

    static func json(_ scenario: String, _ file: String) throws -> [JSON] {
        guard let folder, let data = try? Data(contentsOf: folder.appending(path: "\(scenario)/\(file)")) else { return [] }
        return try JSON(parsing: Array(data))["items"]?.array ?? []
    }

    /// Every message that was captured from a part that is simulated has a template here.
    @Test func everyCapturedMessageHasATemplate() throws {
        guard let folder = Self.folder else {
            print("not run: the captured cases are not beside the repository")
            return
        }
        var unknown: Set<String> = []
        var known = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            for event in try Self.json(name, "events.json") {
                guard let reason = event["reason"]?.string, let templates = TextCatalogue.templates[reason] else { continue }
                var message = event["message"]?.string ?? ""
                let prefix = "(combined from similar events): "
                if message.hasPrefix(prefix) { message.removeFirst(prefix.count) }
                if templates.contains(where: { $0.matches(message) }) { known += 1 } else { unknown.insert("\(reason): \(message)") }
            }
        }
        #expect(unknown.sorted() == [])
        #expect(known > 500)
    }
}
