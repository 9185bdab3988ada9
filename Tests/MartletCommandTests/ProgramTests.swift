import Foundation
import Testing

@Suite struct ProgramTests {
    @Test func helpIsFine() async throws {
        let help = try await Program.run("--help")
        #expect(help.status == 0)
        #expect(help.output.contains("USAGE: martlet"))
        #expect(help.output.contains("3 problems found"))
        #expect(help.error.isEmpty)
    }

    @Test(arguments: [["--frobnicate"], ["version", "-o", "xml"], ["completions"], ["nonsense"], ["version", "extra"]])
    func usageErrorsExitWithTwo(_ arguments: [String]) async throws {
        let outcome = try await Program.run(arguments)
        #expect(outcome.status == 2)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.hasPrefix("error: "))
    }

    @Test func versionInEveryFormat() async throws {
        #expect(try await Program.run("version").output.hasPrefix("martlet "))
        let json = try await Program.run("version", "-o", "json").output
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: String]
        #expect(object?["build"] == "debug")
        #expect(try await Program.run("version", "-o", "yaml").output.hasPrefix("version: \"0."))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func completions(_ shell: String) async throws {
        let outcome = try await Program.run("completions", shell)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("martlet"))
    }

    @Test func answersAsAKubectlPlugin() async throws {
        let folder = try TemporaryFolder()
        let plugin = folder.url.appendingPathComponent("kubectl-martlet")
        try FileManager.default.createSymbolicLink(at: plugin, withDestinationURL: URL(fileURLWithPath: Program.path))
        let help = try await Program.run("version", "--help", executable: plugin.path)
        #expect(help.output.contains("USAGE: kubectl martlet version"))
        #expect(try await Program.run("completions", "bash", executable: plugin.path).status == 2)
    }
}
