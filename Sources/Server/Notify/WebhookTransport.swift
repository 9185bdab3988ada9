package import AsyncHTTPClient
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

    /// The client must not follow redirects.
    package init(client: HTTPClient) { self.client = client }

    /// A client as this transport needs it; shut it down after use.
    package static func makeClient() -> HTTPClient {
        HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPClient.Configuration(redirectConfiguration: .disallow))
    }

    package func post(_ body: [UInt8], headers: [(name: String, value: String)], to url: String) async throws -> Int {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        for header in headers { request.headers.add(name: header.name, value: header.value) }
        request.body = .bytes(body)
        return Int(try await client.execute(request, timeout: .seconds(10)).status.code)
    }
}
