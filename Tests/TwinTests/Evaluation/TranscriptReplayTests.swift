import Core
import Foundation
import Testing

@testable import Twin

@Suite struct TranscriptReplayTests {
    /// The share of recorded exchanges that the twin answers as the real API server did.
    @Test func recordedExchangesAgree() async throws {
        guard let folder = SharedFolder.transcripts else { print("transcripts: none run, no shared folder"); return }
        let replay = TranscriptReplay(try TranscriptFolder(path: folder.path))
        var summary = EvaluationSummary()
        for i in 0..<replay.count {
            let result = await replay.result(of: i)
            summary.add(result)
            if result.outcome != .agrees { print(result.json.text().prefix(600)) }
        }
        print(summary.json("transcripts").text())
        #expect(summary.share >= 0.97)
    }

    private static func exchange(_ method: String, _ target: String, _ body: String = "", status: Int, second: Int, _ answer: String)
        -> String
    {
        """
        # note: made for a test
        # credentials: client certificate: kubernetes-admin (system:masters)
        \(method) \(target) HTTP/1.1
        Accept: application/json
        User-Agent: capture/1.0
        Content-Type: application/json

        \(body)

        === response ===
        HTTP/1.1 \(status) X
        Content-Type: application/json
        Date: Sat, 21 Nov 2026 13:30:0\(second) GMT

        \(answer)
        """
    }

    private static func map(_ value: String, version: Int) -> String {
        """
        {"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"shop","uid":"6d7e5a6e-0e6b-4d62-8f5c-3b1d6e0f7a11",\
        "resourceVersion":"\(version)","creationTimestamp":"2026-11-21T13:20:00Z"},"data":{"k":"\(value)"}}
        """
    }

    private func outcomes(_ texts: [(name: String, text: String)]) async -> [String: EvaluationCase] {
        let replay = TranscriptReplay(TranscriptFolder(texts, index: ""))
        var out: [String: EvaluationCase] = [:]
        for i in 0..<replay.count {
            let result = await replay.result(of: i)
            out[result.name] = result
        }
        return out
    }

    private static let conflict = """
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"configmaps \\"a\\" already exists",\
        "reason":"AlreadyExists","details":{"name":"a","kind":"configmaps"},"code":409}
        """

    /// What only its own answer shows is no disagreement, and what others show is.
    @Test func aConflictWithWhatNobodyShowsIsUnseeded() async {
        let body = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"#
        let maps = "/api/v1/namespaces/shop/configmaps"
        let refused = ("refused", Self.exchange("POST", maps, body, status: 409, second: 2, Self.conflict))
        #expect(await outcomes([refused])["refused"]?.outcome == .unseeded)
        let shown = ("shown", Self.exchange("GET", "\(maps)/a", status: 200, second: 1, Self.map("v", version: 7)))
        let both = await outcomes([shown, refused])
        #expect(both["refused"]?.outcome == .agrees, "\(both["refused"]?.json ?? .null)")
    }

    /// Within a second, what names a version was answered before a deletion that names none.
    @Test func aDeletionComesAfterTheReadsOfItsSecond() async {
        let place = "/api/v1/namespaces/shop/configmaps/a"
        let gone =
            #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"a","kind":"configmaps","#
            + #""uid":"6d7e5a6e-0e6b-4d62-8f5c-3b1d6e0f7a11"}}"#
        let all = await outcomes([
            ("first", Self.exchange("GET", place, status: 200, second: 2, Self.map("v", version: 7))),
            ("second", Self.exchange("GET", place, status: 200, second: 2, Self.map("v", version: 7))),
            ("third", Self.exchange("DELETE", place, status: 200, second: 2, gone)),
        ])
        #expect(all["first"]?.outcome == .agrees && all["second"]?.outcome == .agrees, "\(all.mapValues(\.json))")
    }

    private let path = "/api/v1/namespaces/shop/configmaps/a"

    @Test func aReadIsAnsweredFromWhatAnotherExchangeShows() async {
        let read = Self.exchange("GET", path, status: 200, second: 1, Self.map("1", version: 100))
        let other = Self.exchange("GET", path, status: 200, second: 2, Self.map("1", version: 100))
        let found = await outcomes([("read", read), ("other", other)])
        #expect(found["read"]?.outcome == .agrees)
    }

    @Test func whatOnlyItsOwnAnswerShowsIsUnseeded() async {
        let found = await outcomes([("read", Self.exchange("GET", path, status: 200, second: 1, Self.map("1", version: 100)))])
        #expect(found["read"]?.outcome == .unseeded)
    }

    @Test func anotherValueIsSaidWithItsPlace() async {
        let read = Self.exchange("GET", path, status: 200, second: 1, Self.map("1", version: 100))
        let other = Self.exchange("GET", path, status: 200, second: 2, Self.map("2", version: 100))
        let found = await outcomes([("read", read), ("other", other)])
        #expect(found["read"]?.outcome == .differs)
        #expect(found["read"]?.differences == [.init("data.k", expected: "1", found: "2")])
    }

    @Test func aStaleVersionConflictsOnTheStateThatOthersShow() async {
        let body = #"{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","resourceVersion":"90"},"data":{}}"#
        let status = """
            {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Operation cannot be fulfilled on configmaps \\"a\\": \
            the object has been modified; please apply your changes to the latest version and try again","reason":"Conflict",\
            "details":{"name":"a","kind":"configmaps"},"code":409}
            """
        let found = await outcomes([
            ("write", Self.exchange("PUT", path, body, status: 409, second: 2, status)),
            ("read", Self.exchange("GET", path, status: 200, second: 1, Self.map("1", version: 100))),
        ])
        #expect(found["write"]?.outcome == .agrees)
    }

    @Test func exchangesRunInTheOrderOfTheirDates() {
        let folder = TranscriptFolder(
            [
                ("b", Self.exchange("GET", path, status: 200, second: 2, Self.map("1", version: 90))),
                ("a", Self.exchange("GET", path, status: 200, second: 1, Self.map("1", version: 100))),
                ("d", Self.exchange("GET", path, status: 404, second: 3, "{}")),
                ("c", Self.exchange("GET", path, status: 404, second: 3, "{}")), ("e", "no exchange"),
            ], index: "name\tmethod\nd\tGET\nc\tGET\n")
        #expect(folder.exchanges.map(\.name) == ["a", "b", "d", "c"])
        #expect(folder.unreadable == ["e"])
    }
}
