import Core
import Testing

@testable import Twin

/// What happens to requests when more come than are answered at once.
@Suite struct RequestSeatsTests {
    private let tokens = ["robot": UserInfo.serviceAccount(namespace: "default", name: "robot"), "boss": .administrator]

    private func request(_ token: String, _ target: String = "/api/v1/pods") -> TwinRequest {
        TwinRequest("GET", target: target, headers: ["authorization": "Bearer \(token)"], certificateUser: nil)
    }

    @Test func beyondTheSeatsIsRefusedUntilOneIsFree() async throws {
        let seats = RequestSeats(limit: 1)
        let quick: @Sendable (TwinRequest) async throws -> TwinAnswer = { _ in TwinAnswer(status: 200, headers: [], body: .full([])) }
        let first = try await seats.answer(request("robot"), tokens) { [tokens] _ in
            // While this one is under way:
            let second = try await seats.answer(request("robot"), tokens, quick)
            #expect(second.status == 429 && second.headers.contains { $0.name == "Retry-After" && $0.value == "1" })
            #expect(try await seats.answer(request("boss"), tokens, quick).status == 200, "administrators are exempt")
            #expect(try await seats.answer(request("robot", "/api/v1/pods?watch=true"), tokens, quick).status == 200)
            return try await quick(request("robot"))
        }
        #expect(first.status == 200)
        #expect(try await seats.answer(request("robot"), tokens, quick).status == 200)
        await #expect(throws: CancellationError.self) {
            try await seats.answer(request("robot"), tokens) { _ in throw CancellationError() }
        }
        #expect(try await seats.answer(request("robot"), tokens, quick).status == 200, "a failed request gives its seat back")
    }
}
