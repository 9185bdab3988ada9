import Core
import HTTPTypes
import Incidents
import Journal

/// Server-Sent Events (WHATWG HTML section 9.2) of the journal's entries: the id of an event is the entry's number, so that a reader
/// who comes back with `Last-Event-ID` misses none.
struct EventStream: Sendable {
    /// What a reader gets of an entry.
    enum Detail: Sendable {
        /// All of it, named by its type: the API.
        case entries
        /// Number, type and incident, unnamed: what a page needs to know what to fetch again.
        case hints
    }

    static let batch = 200

    let backend: any ServerBackend
    let feed: EventFeed
    let detail: Detail
    /// Whether the caller may still read; asked before each batch.
    let isWelcome: @Sendable () -> Bool

    /// Where to begin: behind the event that the reader saw last, else with the next entry.
    func start(_ exchange: Exchange) async throws -> Int64 {
        let newest = await backend.newestEntry()
        guard let text = exchange.headers[.lastEventID] ?? exchange.query["after"] else { return newest }
        guard let seen = Int64(text), seen >= 0 else { throw MartletError(.invalid, "Last-Event-ID is the number of a journal entry") }
        // A number beyond the end comes from another store: begin at the end rather than wait for ever.
        return min(seen, newest)
    }

    func frame(_ recorded: RecordedEntry, _ boards: Boards) -> [UInt8] {
        let id = recorded.payload?["incident"]?.string ?? recorded.entry.subject
        let number = boards.incident(id)?.number
        switch detail {
        case .entries:
            var json = recorded.json
            if let number { json["incident"] = JSON(number) }
            return Array("id: \(recorded.entry.seq)\nevent: \(recorded.entry.type.terminalSafe)\ndata: ".utf8) + json.serialized() + [
                0x0A, 0x0A,
            ]
        case .hints:
            var json: JSON = ["seq": .integer(recorded.entry.seq), "type": .string(recorded.entry.type)]
            if let number { json["incident"] = JSON(number) }
            return Array("id: \(recorded.entry.seq)\ndata: ".utf8) + json.serialized() + [0x0A, 0x0A]
        }
    }

    /// The answer that streams.
    func answer(_ exchange: Exchange) async throws -> Answer {
        let frames = EventFrames(stream: self, start: try await start(exchange))
        return Answer(status: 200, headers: [.contentType: "text/event-stream; charset=utf-8"], body: .events(frames))
    }
}
