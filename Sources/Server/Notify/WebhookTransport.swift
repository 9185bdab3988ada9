import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// What carries a post to its receiver.
package protocol WebhookTransport: Sendable {
    /// The status of the answer.
    /// - Throws: when there is none.
    func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async throws -> Int
}

/// Over HTTP, with a limit of ten seconds. It follows no redirect: a signed post goes where the configuration says.
package struct HTTPWebhookTransport: WebhookTransport {
    private let client: HTTPClient

    /// Runs `body` with a transport whose connections are closed afterwards, however it ends.
    package static func using(_ body: (HTTPWebhookTransport) async throws -> Void) async throws {
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
        do { try await body(HTTPWebhookTransport(client: client)) } catch {
            try? await client.shutdown()
            throw error
        }
        try await client.shutdown()
    }

    package func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async throws -> Int {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(body)
        return Int(try await client.execute(request, timeout: .seconds(10)).status.code)
    }
}
