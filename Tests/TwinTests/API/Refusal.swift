import Core
import Testing

@testable import Twin

/// An object that the API server refuses, and the causes that it gives: `field: message`, in order.
struct Refusal: Sendable, CustomTestStringConvertible {
    let path: String
    let body: String
    let causes: [String]
    var testDescription: String { "\(path) \(body)" }

    init(_ path: String, _ body: String, _ causes: String...) { self.init(path, body, all: causes) }

    init(_ path: String, _ body: String, all causes: [String]) {
        self.path = path
        self.body = body
        self.causes = causes
    }

    /// Sends it and compares.
    func check(_ client: APIClient = APIClient(), sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = await client.send("POST", "\(path)?dryRun=All", try JSON(parsing: body))
        #expect(answer.status == 422, "\(answer.json["message"]?.string ?? "accepted")", sourceLocation: sourceLocation)
        #expect(Refusal.causes(of: answer.json) == causes, sourceLocation: sourceLocation)
    }

    static func causes(of status: JSON) -> [String] {
        (status[at: "details", "causes"]?.array ?? []).map { "\($0["field"]?.string ?? ""): \($0["message"]?.string ?? "")" }
    }
}
