import Core
import HTTPTypes
import Journal
import Remediation

extension API {
    var journal: [Endpoint] {
        [
            .api(
                .get, "/journal", .role(.viewer),
                Contract(
                    operation: "listEntries", summary: "Entries of the journal, oldest first", risk: .read,
                    query: [
                        Contract.page[0], Contract.page[1],
                        .init("after", "Only entries after this number.", ["type": "integer", "minimum": 0]),
                    ], answer: "EntryList")
            ) { exchange in
                let page = try ListPage(exchange.query)
                var after = page.cursor ?? 0
                if let text = exchange.query["after"] {
                    guard let number = Int64(text), number >= 0 else { throw MartletError(.invalid, "after is the number of an entry") }
                    after = max(after, number)
                }
                let entries = try await backend.entries(after: after, limit: page.limit)
                let newest = await backend.newestEntry()
                let last = entries.last?.entry.seq
                return ListPage.answer(entries.map(\.json), next: last.flatMap { $0 < newest ? $0 : nil })
            },
            .api(
                .get, "/journal/checkpoint", .role(.viewer),
                Contract(
                    operation: "getCheckpoint",
                    summary: "The newest signed checkpoint: keep it elsewhere, and nobody can rewrite what is below it",
                    risk: .read, answer: "Any")
            ) { _ in
                guard let checkpoint = try await backend.checkpoint() else {
                    throw MartletError(.notFound, "there is no checkpoint yet", details: ["one is signed whenever a plan moves"])
                }
                return .json(checkpoint)
            },
            .api(
                .get, "/records/{plan}", .role(.viewer),
                Contract(
                    operation: "getRecord", summary: "The operation record of a plan, for people", risk: .read, answer: "Any",
                    mediaType: "text/plain")
            ) { exchange in
                let id = exchange.parameter("plan")
                guard let record = await backend.boards().plan(id)?.record else {
                    throw MartletError(
                        .notFound, "there is no operation record of \(id.prefix(40))", details: ["it is written when an operation ends"])
                }
                return .text(record + "\n")
            },
        ]
    }

    var events: [Endpoint] {
        [
            .api(
                .get, "/events", .role(.viewer),
                Contract(
                    operation: "streamEvents",
                    summary: "Entries as they are recorded (Server-Sent Events); Last-Event-ID is the number of an entry",
                    risk: .read, query: [.init("after", "As Last-Event-ID, for clients that cannot set it.", ["type": "integer"])],
                    answer: "Any", mediaType: "text/event-stream")
            ) { exchange in
                try await EventStream(backend: backend, feed: feed, detail: .entries, isWelcome: access.standing(of: exchange)).answer(
                    exchange)
            }
        ]
    }
}

extension AccessControl {
    /// Whether the caller of a long request would still be let in: sessions end and tokens are revoked while streams are open.
    func standing(of exchange: Exchange) -> @Sendable () -> Bool {
        let authorization = exchange.headers[.authorization]
        let cookie = Cookies.value(Self.cookieName, in: exchange.headers)
        return {
            let caller = try? self.caller(authorization: authorization, cookie: cookie, address: "stream")
            return (caller ?? nil)?.principal.may(.viewer) ?? false
        }
    }
}
