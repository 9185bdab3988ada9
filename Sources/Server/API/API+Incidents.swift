import Core
import Documents
import HTTPTypes
import Incidents

extension API {
    var incidents: [Endpoint] {
        [
            .api(
                .get, "/incidents", .role(.viewer),
                Contract(
                    operation: "listIncidents", summary: "Incidents, newest first", risk: .read,
                    query: Contract.page + [
                        .init("state", "`open` (not resolved or suppressed; the default), `all`, or states with commas between."),
                        .init("severity", "Severities with commas between."),
                        .init("environment", "Only of this environment."), .init("cluster", "Only of this cluster."),
                        .init("q", "Words that title or resource contain."),
                    ], answer: "IncidentList"),
                handle: list),
            .api(
                .get, "/incidents/{incident}", .role(.viewer),
                Contract(operation: "getIncident", summary: "One incident, by ULID or number", risk: .read, answer: "Incident")
            ) { .json(await shown(try await incident($0))) },
            change("acknowledge", "Say that somebody looks at it", nil) { incident, _, actor in
                try await backend.acknowledge(incident: incident.id, actor: actor)
            },
            change("assign", "Give it to somebody", Schema.object(["to": Schema.string], required: ["to"])) { incident, body, actor in
                try await backend.assign(incident: incident.id, to: Self.text(body, "to", limit: 100), actor: actor)
            },
            change(
                "suppress", "Keep quiet about it for a time",
                Schema.object(["until": Schema.string, "reason": Schema.string], required: ["until", "reason"])
            ) { incident, body, actor in
                let text = try Self.text(body, "until")
                let now = await backend.status().now(in: incident.cluster, machine: clock.now())
                guard let until = DurationText.parse(text).map({ now + $0 }) ?? Timestamp(text), until > now else {
                    throw MartletError(
                        .invalid, "\"until\" is a time in the future, such as 2026-11-22T18:00:00Z, or a span from now, such as 2h")
                }
                try await backend.suppress(incident: incident.id, until: until, reason: Self.text(body, "reason"), actor: actor)
            },
            change("unsuppress", "End the quiet", nil) { incident, _, actor in
                try await backend.unsuppress(incident: incident.id, actor: actor)
            },
            change("resolve", "Close it by hand", Schema.object(["reason": Schema.string], required: ["reason"])) { incident, body, actor in
                try await backend.resolve(incident: incident.id, reason: Self.text(body, "reason"), actor: actor)
            },
        ]
    }

    private func change(
        _ verb: String, _ summary: String, _ body: JSON?,
        _ act: @escaping @Sendable (Incident, JSON, String) async throws -> Void
    ) -> Endpoint {
        .api(
            .post, "/incidents/{incident}/\(verb)", .role(.operator),
            Contract(operation: "\(verb)Incident", summary: summary, risk: .propose, body: body ?? Schema.object([:]), answer: "Incident")
        ) { exchange in
            let incident = try await incident(exchange)
            try await act(incident, try exchange.json(), exchange.actor)
            return .json(await shown(try await self.incident(exchange)))
        }
    }

    func incident(_ exchange: Exchange) async throws -> Incident {
        let name = exchange.parameter("incident")
        guard let incident = await backend.boards().incident(name) else {
            throw MartletError(.notFound, "there is no incident \(name.prefix(40))", fix: "martlet incidents list")
        }
        return incident
    }

    private func shown(_ incident: Incident) async -> JSON { dated(incident.json, in: incident.cluster, await backend.status()) }

    private func list(_ exchange: Exchange) async throws -> Answer {
        let page = try ListPage(exchange.query)
        let filter = try IncidentFilter(exchange.query)
        let found = await backend.boards().incidents.reversed().filter { filter.admits($0) && Int64($0.number) < page.cursor ?? .max }
        let items = found.prefix(page.limit)
        let status = await backend.status()
        return ListPage.answer(
            items.map { dated($0.json, in: $0.cluster, status) }, next: found.count > page.limit ? items.last.map { Int64($0.number) } : nil
        )
    }
}

/// Which incidents are wanted.
struct IncidentFilter: Sendable {
    var states: Set<IncidentState>
    var severities: Set<Severity>
    var environment: String?
    var cluster: String?
    var words: [String]

    static let active = Set(IncidentState.allCases.filter(\.isActive))

    /// - Throws: `invalid` for a state or severity that there is not.
    init(_ query: Form) throws(MartletError) {
        states = []
        for name in (query["state"] ?? "open").split(separator: ",").map(String.init) {
            switch name {
            case "open": states.formUnion(Self.active)
            case "all": states.formUnion(IncidentState.allCases)
            default:
                guard let state = IncidentState(rawValue: name) else {
                    throw MartletError(
                        .invalid, "there is no state \"\(name.prefix(40))\"",
                        details: ["open, all, or one of \(IncidentState.allCases.map(\.rawValue).joined(separator: ", "))"])
                }
                states.insert(state)
            }
        }
        severities = []
        for name in (query["severity"] ?? "").split(separator: ",").map(String.init) {
            guard let severity = Severity(rawValue: name) else {
                throw MartletError(
                    .invalid, "there is no severity \"\(name.prefix(40))\"",
                    details: [Severity.allCases.map(\.rawValue).joined(separator: ", ")])
            }
            severities.insert(severity)
        }
        environment = query["environment"]
        cluster = query["cluster"]
        words = (query["q"] ?? "").lowercased().split(separator: " ").map(String.init)
    }

    func admits(_ incident: Incident) -> Bool {
        guard states.contains(incident.state), severities.isEmpty || severities.contains(incident.severity),
            environment == nil || environment == incident.environment, cluster == nil || cluster == incident.cluster
        else { return false }
        let text = "\(incident.number) \(incident.cause.title) \(incident.cause.resource) \(incident.cause.category)".lowercased()
        return words.allSatisfy(text.contains)
    }
}
