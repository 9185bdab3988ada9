import ArgumentParser
import Core
import Documents

/// What people say about an incident: each is one POST that answers with the incident.
private func change(_ incident: String, _ verb: String, _ body: JSON, _ server: ServerOptions, _ output: OutputOptions, says: String)
    async throws
{
    let document = try await server.withServer {
        try await $0.post("/api/v1/incidents/\(incident.asPathSegment)/\(verb)", body)
    }
    output.print(document) { document in ["incident \(document["number"]?.int.map(String.init) ?? incident) \(says)".terminalSafe] }
}

struct IncidentsAcknowledge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Say that you have seen an incident.", discussion: "Example: martlet incidents ack 12")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Number or id of the incident.")
    var incident: String

    func run() async throws { try await change(incident, "acknowledge", [:], server, output, says: "acknowledged") }
}

struct IncidentsAssign: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Say who looks after an incident.", discussion: "Example: martlet incidents assign 12 mara")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Number or id of the incident.")
    var incident: String
    @Argument(help: "Who.")
    var to: String

    func run() async throws { try await change(incident, "assign", ["to": .string(to)], server, output, says: "assigned to \(to)") }
}

struct IncidentsSuppress: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "suppress", abstract: "Set an incident aside until a time, with a reason.",
        discussion: """
            Examples:
              martlet incidents suppress 12 --until 2h --reason "load test"
              martlet incidents suppress 12 --until 2026-12-01T08:00:00Z --reason "known, fixed by the December release"
            """)

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Number or id of the incident.")
    var incident: String
    @Option(help: "A time as RFC 3339, or a span from now such as 30m, 2h or 3d.")
    var until: String
    @Option(help: "Why.")
    var reason: String

    func run() async throws {
        // A span is counted by the server, on the cluster's clock.
        let isSpan = DurationText.parse(until) != nil
        guard isSpan || Timestamp(until) != nil else {
            throw MartletError(
                .usage, "--until \"\(until)\" is neither a time nor a span", fix: "write 30m, 2h, 3d or a time such as 2026-12-01T08:00:00Z"
            )
        }
        try await change(
            incident, "suppress", ["until": .string(until), "reason": .string(reason)], server, output,
            says: "suppressed \(isSpan ? "for" : "until") \(until)")
    }
}

struct IncidentsUnsuppress: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unsuppress", abstract: "End a suppression before its time.", discussion: "Example: martlet incidents unsuppress 12")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Number or id of the incident.")
    var incident: String

    func run() async throws { try await change(incident, "unsuppress", [:], server, output, says: "no longer suppressed") }
}

struct IncidentsResolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resolve", abstract: "Close an incident that was put right by other means.",
        discussion: "Example: martlet incidents resolve 12 --reason \"restored the ConfigMap by hand\"")

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Number or id of the incident.")
    var incident: String
    @Option(help: "What was done.")
    var reason: String

    func run() async throws { try await change(incident, "resolve", ["reason": .string(reason)], server, output, says: "resolved") }
}
