import ArgumentParser
import Core

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approve a plan, after showing it.",
        discussion: """
            The digest of the plan that was shown is what is approved: if plan or cluster have changed meanwhile, the approval is void.
            Exit status 4 when it is refused by a gate, a policy, a pause or a change.

            Examples:
              martlet approve 12                                      asks
              martlet approve 12 --yes --accept policy,error-budget
              martlet approve 01JD3V8M5QK2Y7R9ZC4T6XBHNE --digest 9f2c… --yes
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Id of the plan, or number of its incident.")
    var plan: String
    @OptionGroup var acceptance: AcceptanceOptions
    @Option(help: "Approve only the plan with this digest.")
    var digest: String?
    @Option(help: "Why, for the record.")
    var reason: String?
    @Flag(name: .shortAndLong, help: "Do not ask.")
    var yes = false

    func run() async throws {
        let accepted = try acceptance.gates()
        try await server.withServer { client in
            let document = try await client.plan(plan)
            guard let id = document[at: "plan", "id"]?.string, let shown = document["digest"]?.string else {
                throw MartletError(.internalError, "the server's answer holds no plan", fix: "check that both are of the same version")
            }
            if let digest, digest != shown {
                throw MartletError(
                    .refused, "the plan is not the one you mean: its digest is \(shown)", details: ["you named \(digest)"],
                    fix: "look at it again with \(Invocation.name) plans show \(plan)")
            }
            if output.output == .table { Terminal.printLines(PlanSheet.lines(document)) }
            if !yes { try confirm("Approve this plan?") }
            var body: JSON = ["digest": .string(shown), "accept": JSON(accepted.map(\.rawValue))]
            if let reason { body["reason"] = .string(reason) }
            let answer = try await client.post("/api/v1/plans/\(id.asPathSegment)/approve", body)
            output.print(answer) { answer in
                guard let missing = answer["approvalsMissing"]?.int, missing > 0 else { return ["approved"] }
                let given = answer["approvals"]?.array?.count ?? 0
                return ["\(given) of \(given + missing) approvals; the others must come from other people"]
            }
        }
    }
}

/// The gates that a person goes without an answer of.
struct AcceptanceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Gates whose \"inconclusive\" you accept, separated by commas.", valueName: "gates"))
    var accept: String?

    /// - Throws: `usage` for a name that is no gate.
    func gates() throws(MartletError) -> [GateResult.Gate] {
        var gates: [GateResult.Gate] = []
        for name in (accept ?? "").split(separator: ",") {
            guard let gate = GateResult.Gate(rawValue: String(name)) else {
                throw MartletError(
                    .usage, "there is no gate \"\(name)\"",
                    fix: "the gates are \(GateResult.Gate.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            gates.append(gate)
        }
        return gates
    }
}

/// Asks on the terminal.
/// - Throws: `usage` where there is no terminal to ask on, `refused` for any answer but yes.
func confirm(_ question: String) throws(MartletError) {
    guard Terminal.inputIsTerminal, Terminal.errorIsTerminal else {
        throw MartletError(.usage, "this needs your word, and there is no terminal to ask on", fix: "add --yes")
    }
    Terminal.ask(question + " [y/N] ")
    let answer = readLine()?.lowercased() ?? ""
    guard answer == "y" || answer == "yes" else { throw MartletError(.refused, "nothing was done") }
}
