package import Core
import Documents
import Foundation

extension Scenario {
    /// The scenario that a command line names: a built-in one, or a file, which has a slash or ends in `.yaml` or `.yml`.
    /// - Parameter nodes: how many workers there will be; nil: as many as the scenario says.
    package static func load(_ word: String, nodes: Int? = nil) async throws(MartletError) -> Scenario {
        if builtInNames.contains(word) {
            return try await read(builtInText(word), name: word, file: "\(word).yaml", nodes: nodes)
        }
        let isFile = word.contains("/") || word.hasSuffix(".yaml") || word.hasSuffix(".yml")
        guard isFile else {
            let near = Nearest.hint(word, among: builtInNames)
            throw MartletError(
                .notFound, "there is no scenario \"\(word)\"\(near)",
                fix: "martlet twin scenarios lists them; a file of your own is named with its ending, .yaml")
        }
        guard let text = fileText(word) else {
            throw MartletError(.notFound, "the scenario \(word) cannot be read", fix: "name a readable file of at most 4 MiB")
        }
        let file = URL(fileURLWithPath: word)
        let folder = file.deletingLastPathComponent()
        return try await read(text, name: file.deletingPathExtension().lastPathComponent, file: word, nodes: nodes) { name in
            fileText(URL(fileURLWithPath: name, relativeTo: folder).path)
        }
    }

    /// The text of a regular file of at most 4 MiB.
    private static func fileText(_ path: String) -> String? {
        let path = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let facts = try? FileManager.default.attributesOfItem(atPath: path), facts[.type] as? FileAttributeType == .typeRegular,
            let size = facts[.size] as? Int, size <= 4 << 20, let bytes = FileManager.default.contents(atPath: path)
        else { return nil }
        return String(decoding: bytes, as: UTF8.self)
    }
}
