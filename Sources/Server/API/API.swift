import Core
import HTTPTypes

/// `/api/v1`: the table that routes, guards and describes it.
struct API: Sendable {
    let backend: any ServerBackend
    let access: AccessControl
    let feed: EventFeed
    let clock: any WallClock
    /// What links begin with.
    let baseURL: @Sendable () -> String
    let version: String

    var endpoints: [Endpoint] {
        let described = incidents + plans + control + journal + tokens + events
        let document = OpenAPI.document(of: described, version: version)
        return described + [
            .api(
                .get, "/openapi.json", .open,
                Contract(operation: "describe", summary: "This document", risk: .read, answer: "Any")
            ) { _ in .json(document) }
        ]
    }

    /// An incident or plan with the time of its cluster: the ages of the times in it are counted on that clock, not on the reader's.
    func dated(_ json: JSON, in cluster: String, _ status: ServerStatus) -> JSON {
        var json = json
        json["now"] = .string(status.now(in: cluster, machine: clock.now()).description)
        return json
    }

    /// A member of a JSON body that must be there.
    static func text(_ json: JSON, _ key: String, limit: Int = 1000) throws(MartletError) -> String {
        guard let text = json[key]?.string?.terminalSafe, !text.allSatisfy(\.isWhitespace) else {
            throw MartletError(.invalid, "the body has no text \"\(key)\"")
        }
        guard text.utf8.count <= limit else { throw MartletError(.invalid, "\"\(key)\" is longer than \(limit) bytes") }
        return text
    }

    static func optionalText(_ json: JSON, _ key: String) throws(MartletError) -> String? {
        guard let value = json[key], !value.isNull else { return nil }
        if value.string?.isEmpty == true { return nil }
        return try text(json, key)
    }
}

/// A part of a list. Cursors name the last item that was given, so that new items on top move nothing.
struct ListPage {
    let limit: Int
    let cursor: Int64?

    /// - Throws: `invalid` for a limit or cursor that is none.
    init(_ query: Form) throws(MartletError) {
        if let text = query["limit"] {
            guard let number = Int(text), (1...200).contains(number) else {
                throw MartletError(.invalid, "limit is a number from 1 to 200")
            }
            limit = number
        } else {
            limit = 50
        }
        if let text = query["cursor"] {
            guard let bytes = Base64URL.decode(text), let number = Int64(String(decoding: bytes, as: UTF8.self)) else {
                throw MartletError(.invalid, "the cursor is none of this server", fix: "use `next` of the page before, unchanged")
            }
            cursor = number
        } else {
            cursor = nil
        }
    }

    static func cursor(_ position: Int64) -> String { Base64URL.encode(Array(String(position).utf8)) }

    static func answer(_ items: [JSON], next: Int64?) -> Answer {
        var json: JSON = ["items": .array(items)]
        if let next { json["next"] = .string(cursor(next)) }
        return .json(json)
    }
}
