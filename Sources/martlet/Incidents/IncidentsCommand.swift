import ArgumentParser
import Core

struct IncidentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incidents",
        abstract: "See incidents and say who looks after them.",
        discussion: """
            Examples:
              martlet incidents
              martlet incidents show 12
              martlet incidents watch -o json
              martlet incidents suppress 12 --until 2h --reason "load test"
            """,
        subcommands: [
            IncidentsList.self, IncidentsShow.self, IncidentsWatch.self, IncidentsAcknowledge.self, IncidentsAssign.self,
            IncidentsSuppress.self, IncidentsUnsuppress.self, IncidentsResolve.self,
        ],
        defaultSubcommand: IncidentsList.self)
}

struct IncidentsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List incidents that are not over, newest first.",
        discussion: """
            Examples:
              martlet incidents list
              martlet incidents list --all
              martlet incidents list --state escalated,awaiting-approval
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    @Option(help: "Only these states, separated by commas: open, diagnosed, awaiting-approval, …")
    var state: String?

    @Flag(help: "Resolved ones too.")
    var all = false

    func run() async throws {
        let state = state ?? (all ? "all" : nil)
        let (items, status) = try await server.withServer { client in
            (
                try await client.list("/api/v1/incidents", query: state.map { [("state", $0)] } ?? []),
                try await client.get("/api/v1/status")
            )
        }
        BlindSpots.warn(status)
        output.print(["items": .array(items)]) { _ in
            if items.isEmpty { return [self.state == nil && !all ? "no incident is open" : "no incidents"] }
            var table = TerminalTable("ID", "SEVERITY", "STATE", "SINCE", "WHAT")
            for incident in items.map(IncidentSummary.init) {
                table.add(
                    "\(incident.number)", .init(incident.severity?.rawValue ?? "-", incident.severity.map(TerminalStyle.init) ?? .plain),
                    "\(incident.stateText)", "\(incident.age)", .init(incident.title))
            }
            return table.lines()
        }
    }
}

struct IncidentsShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show one incident: cause, evidence, plans and what happened so far.",
        discussion: "Example: martlet incidents show 12")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Number or id of the incident.")
    var incident: String

    func run() async throws {
        try await server.withServer { client in
            let document = try await client.get("/api/v1/incidents/\(incident.asPathSegment)")
            let plans = output.output == .table ? try await plans(of: document, client) : []
            output.print(document) { IncidentSheet.lines($0, plans: plans) }
        }
    }

    private func plans(of incident: JSON, _ client: ServerClient) async throws -> [JSON] {
        guard let id = incident["id"]?.string, incident["plans"]?.array?.isEmpty == false else { return [] }
        return try await client.plans([("incident", id)])
    }
}
