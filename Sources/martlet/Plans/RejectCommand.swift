import ArgumentParser
import Core

struct RejectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject a plan, with a reason.",
        discussion: "Example: martlet reject 12 --reason \"we roll forward\"")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Id of the plan, or number of its incident.")
    var plan: String
    @Option(help: "Why.")
    var reason: String

    func run() async throws {
        let answer = try await server.withServer { client in
            let id = try await client.plan(plan)[at: "plan", "id"]?.string ?? plan
            return try await client.post("/api/v1/plans/\(id.asPathSegment)/reject", ["reason": .string(reason)])
        }
        output.print(answer) { _ in ["rejected"] }
    }
}

struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Take back an operation that was carried out.",
        discussion: """
            The inverse that was computed before the operation ran becomes a plan of its own, with its own gates.

            Examples:
              martlet undo 01JD3V8M5QK2Y7R9ZC4T6XBHNE --reason "the old revision has the leak"
              martlet undo 12 --reason "not wanted after all" --yes --accept policy,error-budget
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Id of the operation's plan, or number of its incident.")
    var operation: String
    @OptionGroup var acceptance: AcceptanceOptions
    @Option(help: "Why.")
    var reason: String
    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func run() async throws {
        let accepted = try acceptance.gates()
        let answer = try await server.withServer { client in
            let document = try await client.plan(operation)
            let id = document[at: "plan", "id"]?.string ?? operation
            if output.output == .table { Terminal.printLines(PlanSheet.lines(document)) }
            if !yes { try confirm("Undo this operation?") }
            return try await client.post(
                "/api/v1/plans/\(id.asPathSegment)/undo", ["reason": .string(reason), "accept": JSON(accepted.map(\.rawValue))])
        }
        output.print(answer) { PlanSheet.lines($0) }
    }
}
