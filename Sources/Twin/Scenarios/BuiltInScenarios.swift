package import Core

extension Scenario {
    /// The names of the scenarios that come with Martlet.
    package static let builtInNames: [String] = BuiltInFile.names.compactMap { file in
        let folder = "scenarios/", ending = ".yaml"
        guard file.hasPrefix(folder), file.hasSuffix(ending) else { return nil }
        return String(file.dropFirst(folder.count).dropLast(ending.count))
    }.sorted()

    /// The file of a built-in scenario; empty where there is none of this name.
    package static func builtInText(_ name: String) -> String { BuiltInFile.text("scenarios/\(name).yaml") }

    /// What the files of the built-in scenarios say, in the order of their names.
    package static func builtIn() throws(MartletError) -> [Scenario] {
        var all: [Scenario] = []
        for name in builtInNames {
            var reader = ScenarioReader(open: { _ in nil })
            all.append(try reader.read(builtInText(name), name: name, file: "\(name).yaml"))
        }
        return all
    }
}
