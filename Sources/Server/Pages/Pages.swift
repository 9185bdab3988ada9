import Core
import Documents
import HTTPTypes
import Incidents
import Journal
import Remediation

/// The pages and their forms. Forms answer with a redirect to the page they stand on, so that they work without a script.
struct Pages: Sendable {
    let backend: any ServerBackend
    let access: AccessControl
    let feed: EventFeed
    let clock: any WallClock
    let configuration: Configuration

    var endpoints: [Endpoint] { views + forms + session + assets }

    private var views: [Endpoint] {
        [
            .page(.get, "/", .role(.viewer)) { exchange in
                let filter = try IncidentFilter(exchange.query)
                let (boards, status, seq) = await state()
                let page = IncidentListPage(
                    boards: boards, status: status, filter: filter, query: exchange.query,
                    before: exchange.query["before"].flatMap(Int.init),
                    machine: clock.now())
                return render(page.html, "Incidents", .incidents, exchange, status, seq)
            },
            .page(.get, "/incidents/{incident}", .role(.viewer)) { exchange in
                let (boards, status, seq) = await state()
                guard let incident = boards.incident(exchange.parameter("incident")) else { throw missing(exchange) }
                guard let caller = exchange.caller else { throw MartletError(.unauthorized, "this needs a session") }
                let now = status.now(in: incident.cluster, machine: clock.now())
                let page = IncidentRoomPage(
                    incident: incident, boards: boards, status: status, policy: configuration.policy(of: incident.environment),
                    caller: caller, now: now)
                return render(
                    page.html, "#\(incident.number) \(incident.cause.title)", .incidents, exchange, status, seq, incident.number, now: now)
            },
            .page(.get, "/journal", .role(.viewer)) { exchange in
                let (boards, status, seq) = await state()
                let end = exchange.query["before"].flatMap(Int64.init).map { min(max(1, $0), seq + 1) } ?? seq + 1
                let start = max(0, end - 1 - Int64(JournalPage.pageSize))
                let entries = try await backend.entries(after: start, limit: Int(end - 1 - start))
                let page = JournalPage(entries: entries, newest: seq, checkpoint: try await backend.checkpoint(), boards: boards)
                return render(page.html, "Journal", .journal, exchange, status, seq)
            },
            .page(.get, "/events", .role(.viewer)) { exchange in
                try await EventStream(backend: backend, feed: feed, detail: .hints, isWelcome: access.standing(of: exchange)).answer(
                    exchange)
            },
        ]
    }

    private var forms: [Endpoint] {
        [
            incidentForm("acknowledge") { incident, _, actor in try await backend.acknowledge(incident: incident.id, actor: actor) },
            incidentForm("assign") { incident, form, actor in
                try await backend.assign(incident: incident.id, to: Self.text(form, "to", limit: 100), actor: actor)
            },
            incidentForm("suppress") { incident, form, actor in
                guard let length = form["for"].flatMap({ DurationText.parse($0) }) else {
                    throw MartletError(.invalid, "the form says not for how long")
                }
                let now = await backend.status().now(in: incident.cluster, machine: clock.now())
                try await backend.suppress(
                    incident: incident.id, until: now + length, reason: Self.text(form, "reason"), actor: actor)
            },
            incidentForm("unsuppress") { incident, _, actor in try await backend.unsuppress(incident: incident.id, actor: actor) },
            incidentForm("resolve") { incident, form, actor in
                try await backend.resolve(incident: incident.id, reason: Self.text(form, "reason"), actor: actor)
            },
            planForm("approve") { plan, form, actor in
                try await backend.approve(
                    plan: plan.plan.id, digest: Self.text(form, "digest"), accepted: API.gates(form.all("accept")), reason: form["reason"],
                    actor: actor)
            },
            planForm("reject") { plan, form, actor in
                try await backend.reject(plan: plan.plan.id, digest: form["digest"], reason: Self.text(form, "reason"), actor: actor)
            },
            planForm("undo") { plan, form, actor in
                _ = try await backend.undo(plan: plan.plan.id, accepted: [], reason: form["reason"], actor: actor)
            },
            .page(.post, "/pause", .role(.operator)) { exchange in
                try await backend.pause(reason: exchange.form["reason"]?.terminalSafe ?? "paused on the page", actor: exchange.actor)
                return .seeOther(Self.back(exchange))
            },
            .page(.post, "/resume", .role(.approver)) { exchange in
                try await backend.resume(actor: exchange.actor)
                return .seeOther(Self.back(exchange))
            },
        ]
    }

    private var session: [Endpoint] {
        let isTLS = configuration.server.tls != nil
        return [
            .page(.get, "/login", .open) { exchange in
                // A look at the link is not its use.
                guard let secret = exchange.query["secret"] else { throw MartletError(.unauthorized, "the link has no secret") }
                var answer = Answer.seeOther(exchange.query["to"].flatMap { URLPath(path: $0) }?.path ?? "/")
                answer.headers[.setCookie] = Cookies.session(try access.logIn(secret: secret, address: exchange.address), isTLS: isTLS)
                return answer
            },
            .page(.post, "/logout", .role(.viewer)) { exchange in
                if let id = Cookies.value(AccessControl.cookieName, in: exchange.headers) { access.sessions.close(id) }
                var answer = Answer.seeOther("/")
                answer.headers[.setCookie] = Cookies.end(isTLS: isTLS)
                return answer
            },
        ]
    }

    private var assets: [Endpoint] {
        [
            .page(.get, "/assets/{name}", .open) { exchange in
                guard let asset = Asset.all.first(where: { $0.name == exchange.parameter("name") }) else { throw missing(exchange) }
                let keep = exchange.query["v"] == asset.version ? "public, max-age=31536000, immutable" : "public, max-age=3600"
                return Answer(status: 200, headers: [.contentType: asset.mediaType, .cacheControl: keep], body: .bytes(asset.bytes))
            }
        ]
    }

    /// How pages say that something is wrong.
    func error(_ error: MartletError, _ status: Int, _ exchange: Exchange?) async -> Answer {
        let page = MessagePage(error: error, status: status)
        let layout = Layout(
            title: page.title, place: .none, now: clock.now(), status: await backend.status(),
            caller: status == 401 ? nil : exchange?.caller)
        return .html(layout.page(page.html), status: status)
    }

    // MARK: Parts

    /// The number first: what is recorded after it was read is told by the stream, at worst twice.
    private func state() async -> (Boards, ServerStatus, Int64) {
        let seq = await backend.newestEntry()
        return (await backend.boards(), await backend.status(), seq)
    }

    private func render(
        _ content: HTML, _ title: String, _ place: Layout.Place, _ exchange: Exchange, _ status: ServerStatus, _ seq: Int64,
        _ incident: Int? = nil, now: Timestamp? = nil
    ) -> Answer {
        let layout = Layout(
            title: title, place: place, now: now ?? clock.now(), status: status, caller: exchange.caller, seq: seq, incident: incident)
        return .html(layout.page(content, onlyPart: exchange.query["part"] == "page"))
    }

    private func incidentForm(_ verb: String, _ act: @escaping @Sendable (Incident, Form, String) async throws -> Void) -> Endpoint {
        .page(.post, "/incidents/{incident}/\(verb)", .role(.operator)) { exchange in
            guard let incident = await backend.boards().incident(exchange.parameter("incident")) else { throw missing(exchange) }
            try await act(incident, exchange.form, exchange.actor)
            return .seeOther("/incidents/\(incident.number)")
        }
    }

    private func planForm(_ verb: String, _ act: @escaping @Sendable (PlanRecord, Form, String) async throws -> Void) -> Endpoint {
        .page(.post, "/plans/{plan}/\(verb)", .role(.approver)) { exchange in
            let boards = await backend.boards()
            guard let plan = boards.plan(exchange.parameter("plan")) else { throw missing(exchange) }
            try await act(plan, exchange.form, exchange.actor)
            return .seeOther(boards.incident(plan.plan.incident).map { "/incidents/\($0.number)" } ?? "/")
        }
    }

    private func missing(_ exchange: Exchange) -> MartletError {
        MartletError(.notFound, "there is nothing at \(exchange.path.prefix(200))")
    }

    private static func text(_ form: Form, _ name: String, limit: Int = 1000) throws(MartletError) -> String {
        guard let text = form[name]?.terminalSafe, !text.allSatisfy(\.isWhitespace), text.utf8.count <= limit else {
            throw MartletError(.invalid, "the form has no \"\(name)\", or a very long one", fix: "go back and fill it in")
        }
        return text
    }

    /// The page that the form stood on: only the path of a page of ours.
    private static func back(_ exchange: Exchange) -> String {
        guard let address = exchange.headers[.referer].flatMap({ URLPath($0) }) else { return "/" }
        return address.path
    }
}

/// Path and query of an absolute address, so that a redirect can only lead to ourselves.
struct URLPath {
    let path: String

    /// The part of an absolute address behind its host.
    init?(_ address: String) {
        guard WebAddress(address) != nil else { return nil }
        self.init(path: String(address.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }))
    }

    /// A path that begins with one slash: `//host` and `/\host` would lead elsewhere.
    init?(path: String) {
        guard path.first == "/", !path.hasPrefix("//"), !path.contains("\\"), path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return nil
        }
        self.path = path
    }
}
