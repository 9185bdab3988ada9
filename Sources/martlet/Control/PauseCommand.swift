import ArgumentParser
import Core

struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause", abstract: "Stop Martlet from changing anything, everywhere, until it is resumed.",
        discussion: "Example: martlet pause --reason \"network maintenance\"")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Why.")
    var reason: String

    func run() async throws {
        let answer = try await server.withServer { try await $0.post("/api/v1/pause", ["reason": .string(reason)]) }
        output.print(answer) { _ in ["paused: nothing is changed until \(Invocation.name) resume"] }
    }
}

struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "resume", abstract: "End a pause.", discussion: "Example: martlet resume")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await server.withServer { try await $0.post("/api/v1/resume") }
        output.print(answer) { _ in ["resumed"] }
    }
}
