import ArgumentParser
import Core
import Documents

/// What stands behind `martlet help`. The parser shows the help of the program for whatever it does not know.
enum HelpTopic {
    /// - Throws: `usage` for words that lead to no command.
    static func check(_ words: [String]) throws {
        var command: any ParsableCommand.Type = Martlet.self
        for word in words where !word.hasPrefix("-") {
            let known = command.configuration.subcommands
            let names = known.map { $0._commandName }
            guard let index = names.firstIndex(of: word) else {
                throw MartletError(
                    .usage, "there is no command \"\(word)\"\(Nearest.hint(word, among: names))",
                    fix: "\(Invocation.name) --help lists all commands")
            }
            command = known[index]
        }
    }
}
