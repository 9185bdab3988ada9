import ArgumentParser
import Foundation
import Testing

@testable import martlet

/// What every command of the program owes to whoever asks for its help.
@Suite struct HelpTests {
    struct Listed: CustomStringConvertible {
        let command: any ParsableCommand.Type
        let words: [String]
        var description: String { words.joined(separator: " ") }
        var isLeaf: Bool { command.configuration.subcommands.isEmpty }
        var help: String { Martlet.helpMessage(for: command, columns: 400) }
    }

    /// All that `--help` shows, the program itself left out.
    static let all: [Listed] = {
        func below(_ parent: Listed) -> [Listed] {
            parent.command.configuration.subcommands.filter { $0.configuration.shouldDisplay }.flatMap { command in
                let listed = Listed(command: command, words: parent.words + [command._commandName])
                return [listed] + below(listed)
            }
        }
        return below(Listed(command: Martlet.self, words: ["martlet"]))
    }()

    @Test func allAreFound() {
        let names = Self.all.map(\.description)
        #expect(names.contains("martlet diagnose") && names.contains("martlet twin inject") && names.contains("martlet config migrate"))
        #expect(!names.contains("martlet bench"))
    }

    /// The examples of a help text: lines that begin with the program's name, without what the shell or a reader makes of them.
    static func examples(in help: String) -> [[String]] {
        help.split(separator: "\n").compactMap { line in
            var text = line.trimmingCharacters(in: .whitespaces)[...]
            if let mark = text.range(of: "Example: ") { text = text[mark.upperBound...] }
            guard text.hasPrefix("martlet ") || text == "martlet" else { return nil }
            for end in [" > ", " | ", " && ", "   "] { text = text.range(of: end).map { text[..<$0.lowerBound] } ?? text }
            // Words as a shell divides them; an even number of quotes closes each.
            return text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
                index.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [String(part)]
            }
        }
    }

    @Test(arguments: all)
    func examplesAreThereAndAreUnderstood(_ listed: Listed) throws {
        let examples = Self.examples(in: listed.help)
        #expect(examples.contains { $0.starts(with: listed.words) }, "no example of \(listed)")
        for example in examples {
            #expect(throws: Never.self, "\(example.joined(separator: " "))") { try Martlet.parseAsRoot(Array(example.dropFirst())) }
        }
    }

    @Test(arguments: all.filter(\.isLeaf))
    func theFormatOfTheOutputIsChosenWithO(_ listed: Listed) {
        // A script for a shell has the one format that the shell reads.
        guard listed.description != "martlet completions" else { return }
        #expect(listed.help.contains("-o, --output <output>"), "\(listed)")
        #expect(listed.help.contains("(values: table, json, yaml; default: table)"), "\(listed)")
    }

    @Test(arguments: [["help", "nonsense"], ["help", "plans", "nonsense"], ["help", "dignose"]])
    func helpForWhatIsNoCommandIsAUsageError(_ arguments: [String]) async throws {
        let outcome = try await Program.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.hasPrefix("error: there is no command \""))
        #expect(arguments.last != "dignose" || outcome.error.contains("did you mean \"diagnose\"?"))
    }

    @Test func helpForACommandIsItsHelp() async throws {
        let outcome = try await Program.run("help", "plans", "list")
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("USAGE: martlet plans list"))
    }

    @Test func theFormatIsNeverAFile() async throws {
        let folder = try TemporaryFolder()
        let outcome = try await Program.run(["journal", "export", "-o", "json", "--home", folder.path + "/home"])
        #expect(outcome.status == 1 && outcome.error.hasPrefix("error: "))
        #expect(try await Program.run("journal", "export", "-o", "pack.jsonl").status == 2)
        #expect(try await Program.run("journal", "export", "-o", "yaml").status == 2)
    }

    @Test func migrateSaysInEveryFormatThatThereIsNothingToDo() async throws {
        #expect(try await Program.run("config", "migrate").output == "there is no configuration file\n")
        let json = try await Program.run("config", "migrate", "-o", "json").output
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(object?["changed"] as? Bool == false)
    }

    @Test func aTwinTellsAsJSONHowItIsReached() async throws {
        let folder = try TemporaryFolder()
        let process = Process(), output = Pipe()
        process.executableURL = URL(fileURLWithPath: Program.path)
        process.arguments = ["twin", "-o", "json", "--kubeconfig", folder.path + "/kubeconfig"]
        process.environment = ["MARTLET_HOME": folder.path]
        process.standardOutput = output
        try process.run()
        defer { process.terminate() }
        let line = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(returning: output.fileHandleForReading.availableData) }
        }
        #expect(try JSONSerialization.jsonObject(with: line) as? [String: String] == ["kubeconfig": folder.path + "/kubeconfig"])
    }
}
