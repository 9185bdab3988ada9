package import Core
package import Foundation

/// Captured cases, each a folder with `manifest.yaml`, `expected.json`, `meta.json`, the captured lists and perhaps `steps.txt`.
package enum ScenarioFolder {
    /// The cases of a folder, in the order of their names.
    package static func cases(in folder: URL) throws(MartletError) -> [URL] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        let cases = names.sorted().map { folder.appending(path: $0) }.filter {
            FileManager.default.fileExists(atPath: $0.appending(path: "manifest.yaml").path)
                && FileManager.default.fileExists(atPath: $0.appending(path: "meta.json").path)
        }
        guard !cases.isEmpty else {
            throw MartletError(
                .notFound, "there are no cases in \(folder.path)", fix: "name a folder whose sub-folders have manifest.yaml and meta.json")
        }
        return cases
    }

    /// Makes one case again and compares. What its programs do is read from `images.yaml` in its folder, else beside it, else `images`.
    package static func evaluate(_ folder: URL, images: BehaviourCatalogue = BehaviourCatalogue()) async -> EvaluationCase {
        do throws(MartletError) {
            var catalogue = try described(in: folder)
            if catalogue == nil { catalogue = try described(in: folder.deletingLastPathComponent()) }
            return try await ScenarioReplay(try RecordedCase(folder), images: catalogue ?? images).run()
        } catch {
            return EvaluationCase(
                folder.lastPathComponent, .differs,
                differences: [
                    EvaluationCase.Difference("the case could not be made again", expected: nil, found: .string(error.description))
                ])
        }
    }

    private static func described(in folder: URL) throws(MartletError) -> BehaviourCatalogue? {
        let file = folder.appending(path: "images.yaml")
        guard let bytes = FileManager.default.contents(atPath: file.path) else { return nil }
        return try BehaviourCatalogue(yaml: String(decoding: bytes, as: UTF8.self), place: file.path)
    }
}
