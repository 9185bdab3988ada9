import ArgumentParser
import Core

struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke tokens for the API.",
        discussion: """
            Examples:
              martlet token create ci --role viewer
              martlet token create alerts --ingest alertmanager
              martlet token revoke ci
            """,
        subcommands: [TokenCreate.self, TokenList.self, TokenRevoke.self])
}

struct TokenCreate: AsyncParsableCommand {
    enum Role: String, ExpressibleByArgument, CaseIterable { case viewer, `operator`, approver, administrator }

    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token. It is printed once and stored only as a hash.",
        discussion: "Example: martlet token create ci --role viewer")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Name: the actor of whatever is done with the token.")
    var name: String
    @Option(help: "viewer, operator, approver or administrator.")
    var role: Role?
    @Option(help: ArgumentHelp("For sending signals only, as this source.", valueName: "source"))
    var ingest: String?

    func validate() throws {
        guard (role == nil) != (ingest == nil) else { throw ValidationError("Give either --role or --ingest.") }
    }

    func run() async throws {
        var body: JSON = ["name": .string(name)]
        if let role { body["role"] = .string(role.rawValue) }
        if let ingest { body["ingest"] = .string(ingest) }
        let request = body
        let answer = try await server.withServer { try await $0.post("/api/v1/tokens", request) }
        output.print(answer) { [($0["token"]?.string ?? "").terminalSafe] }
    }
}

struct TokenList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the tokens, without the tokens themselves.", discussion: "Example: martlet token list")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let items = try await server.withServer { try await $0.list("/api/v1/tokens") }
        output.print(["items": .array(items)]) { _ in
            if items.isEmpty { return ["no tokens"] }
            var table = TerminalTable("NAME", "ROLE", "CREATED")
            for item in items {
                let role = item["role"]?.string ?? item["ingest"]?.string.map { "ingest \($0)" } ?? "-"
                table.add(.init(item["name"]?.string ?? "-"), .init(role), .init(item["createdAt"]?.string ?? "-"))
            }
            return table.lines()
        }
    }
}

struct TokenRevoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Make a token worthless at once.", discussion: "Example: martlet token revoke ci")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Name of the token.")
    var name: String

    func run() async throws {
        let answer = try await server.withServer { try await $0.delete("/api/v1/tokens/\(name.asPathSegment)") }
        output.print(answer) { _ in ["revoked \(name)".terminalSafe] }
    }
}
