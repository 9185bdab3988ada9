import ArgumentParser
import Core
import Remediation

struct PlansCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plans",
        abstract: "See the plans that were prepared for incidents.",
        discussion: """
            Examples:
              martlet plans
              martlet plans show 12
            """,
        subcommands: [PlansList.self, PlansShow.self], defaultSubcommand: PlansList.self)
}

struct PlansList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List plans: of the newest incident first, of each incident the best first.",
        discussion: """
            Examples:
              martlet plans list --state awaiting
              martlet plans list --incident 12 -o json
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "Only the plans of this incident (number or id).")
    var incident: String?
    @Option(help: "Only this state: proposed, awaiting, approved, acting, verifying, rolling-back, done, rejected, expired, void, failed.")
    var state: String?

    func run() async throws {
        let query = [("incident", incident), ("state", state)].compactMap { name, value in value.map { (name, $0) } }
        let items = try await server.withServer { try await $0.plans(query) }
        output.print(["items": .array(items)]) { _ in
            if items.isEmpty { return ["no plans"] }
            var table = TerminalTable("PLAN", "STATE", "GATES", "RISK", "PROPOSED", "WHAT")
            for item in items {
                let age = item["proposedAt"]?.string.flatMap { Timestamp($0) }.map { (item.clusterNow - $0).age } ?? "-"
                table.add(
                    .init(item[at: "plan", "id"]?.string ?? "-"), .init(item["state"]?.string ?? "-"), gates(item),
                    .init(item[at: "plan", "risk"]?.string ?? "-"), .init(age), .init(item[at: "plan", "title"]?.string ?? ""))
            }
            return table.lines()
        }
    }

    /// What stands between a plan and its approval: a plan with a gate that failed is `proposed` and goes no further.
    private func gates(_ item: JSON) -> TerminalTable.Cell {
        let gates = (item["gates"]?.array ?? []).compactMap(GateResult.init(json:))
        for (verdict, word) in [(Verdict.fail, "failed"), (.inconclusive, "undecided")] {
            let names = gates.filter { $0.verdict == verdict }.map(\.gate.rawValue)
            if !names.isEmpty { return .init("\(names.joined(separator: ", ")) \(word)", TerminalStyle(verdict)) }
        }
        return gates.isEmpty ? "-" : .init("passed", TerminalStyle(.pass))
    }
}

struct PlansShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one plan: what it changes, its gates, how it is undone.",
        discussion: """
            Examples:
              martlet plans show 12                          the plan of incident 12 that matters now
              martlet plans show 01JD3V8M5QK2Y7R9ZC4T6XBHNE
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Id of the plan, or number of its incident.")
    var plan: String

    func run() async throws {
        let document = try await server.withServer { try await $0.plan(plan) }
        output.print(document) { PlanSheet.lines($0) }
    }
}

extension ServerClient {
    /// Plans with the newest first, but those of one incident that stand together as a person looks at them.
    func plans(_ query: [(String, String)]) async throws -> [JSON] {
        var rest = try await list("/api/v1/plans", query: query)[...]
        var plans: [JSON] = []
        while let incident = rest.first.map({ $0[at: "plan", "incident"] }) {
            let ofOne = rest.prefix { $0[at: "plan", "incident"] == incident }
            rest = rest.dropFirst(ofOne.count)
            plans += Array(ofOne.reversed()).inOrderOfInterest { $0["state"]?.string.flatMap(PlanState.init(rawValue:)) ?? .void }
        }
        return plans
    }

    /// The plan with this id, or the one that matters now of the incident with this number or id.
    func plan(_ reference: String) async throws -> JSON {
        if ULID(reference) != nil {
            do { return try await get("/api/v1/plans/\(reference)") } catch let error as MartletError where error.code == .notFound {
                // It may be the incident's id.
            }
        }
        let incident = try await get("/api/v1/incidents/\(reference.asPathSegment)")
        guard let id = incident["id"]?.string, let plan = try await plans([("incident", id)]).first else {
            throw MartletError(
                .notFound, "incident \(incident["number"]?.int.map(String.init) ?? reference) has no plan",
                details: [incident["escalationReason"]?.string].compactMap { $0 },
                fix: "\(Invocation.name) incidents show \(reference) says what is known")
        }
        return plan
    }
}
