import ArgumentParser
import Core

struct LoginCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "login", abstract: "Print a link that opens the pages in a browser, once, within ten minutes.",
        discussion: "The session has the name and the role of the token that asks for it. Example: martlet login")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let answer = try await server.withServer { try await $0.post("/api/v1/login") }
        output.print(answer) { [$0["url"]?.string ?? ""] }
    }
}
