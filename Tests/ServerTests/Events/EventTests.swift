import Core
import HTTPTypes
import Testing

@testable import Server

@Suite struct EventTests {
    let desk: Desk
    init() async throws {
        desk = try Desk()
        try await Story.begin(desk.backend)
    }

    private func frames(_ target: String = "/api/v1/events", headers: HTTPFields = [:]) async throws -> EventFrames {
        let answer = await desk.call(.get, target, token: try await desk.token(.viewer), headers: headers)
        guard case .events(let frames) = answer.body else { throw MartletError(.invalid, answer.text) }
        #expect(answer.headers[.contentType] == "text/event-stream; charset=utf-8")
        return frames
    }

    private func text(_ iterator: inout EventFrames.Iterator) async throws -> String? {
        try await iterator.next().map { String(decoding: $0, as: UTF8.self) }
    }

    @Test func whatWasMissedIsReplayed() async throws {
        var iterator = try await frames(headers: [.lastEventID: "1"]).makeAsyncIterator()
        #expect(try await text(&iterator)?.contains("id: 1\n") == true)
        let replay = try #require(try await text(&iterator))
        #expect(replay.hasPrefix("id: 2\nevent: incident.diagnosed\ndata: {"))
        #expect(replay.contains("\n\nid: 3\nevent: plan.proposed\ndata: {"))
        #expect(replay.contains("\"incident\":12"))
        #expect(replay.hasSuffix("\n\n"))
    }

    @Test func aNewReaderBeginsWithTheNextEntry() async throws {
        let stream = try await frames()
        var iterator = stream.makeAsyncIterator()
        #expect(try await text(&iterator)?.contains("id: 3\n") == true)
        #expect(try await text(&iterator) == ": alive\n\n")
    }

    @Test func aSlowReaderLosesNothing() async throws {
        var iterator = try await frames(headers: [.lastEventID: "3"]).makeAsyncIterator()
        _ = try await text(&iterator)
        for number in 0..<500 { try await desk.backend.play(.incidentAssigned, Story.incident, ["to": JSON(String(number))]) }
        var ids: [String] = []
        while ids.count < 500, let piece = try await text(&iterator) {
            ids += piece.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
        }
        #expect(ids == (4..<504).map(String.init))
    }

    @Test func hintsForPagesTellLittle() async throws {
        let cookie = try desk.session(.viewer).cookie
        let answer = await desk.call(.get, "/events?after=2", cookie: cookie)
        guard case .events(let frames) = answer.body else { Issue.record("no stream"); return }
        var iterator = frames.makeAsyncIterator()
        _ = try await iterator.next()
        #expect(try await text(&iterator) == "id: 3\ndata: {\"seq\":3,\"type\":\"plan.proposed\",\"incident\":12}\n\n")
    }

    @Test func aRevokedReaderIsLetGo() async throws {
        var iterator = try await frames(headers: [.lastEventID: "0"]).makeAsyncIterator()
        _ = try await iterator.next()
        try await desk.access.tokens.revoke(name: "viewer")
        #expect(try await iterator.next() == nil)
    }

    @Test(arguments: ["x", "-1", "1.5"])
    func badPositions(_ id: String) async throws {
        #expect(await desk.call(.get, "/api/v1/events", token: try await desk.token(.viewer), headers: [.lastEventID: id]).status == 400)
    }

    @Test func aPositionOfAnotherStoreBeginsAtTheEnd() async throws {
        var iterator = try await frames(headers: [.lastEventID: "999999"]).makeAsyncIterator()
        #expect(try await text(&iterator)?.contains("id: 3\n") == true)
    }
}
