import AsyncHTTPClient
import Core
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Martlet's own API, as the command line uses it. Every failure is a `MartletError` that says what to do.
struct ServerClient: Sendable {
    /// Without a slash at the end.
    let address: String
    private let token: String?
    private let client: HTTPClient

    /// - Throws: `usage` when the address or the certificate authority cannot be used.
    init(address: String, token: String?, certificateAuthority: String?) throws(MartletError) {
        guard let url = URL(string: address), url.scheme == "http" || url.scheme == "https", url.host != nil else {
            throw MartletError(
                .usage, "\"\(address)\" is not the address of a server", fix: "write it as http://host:port or https://host:port")
        }
        self.address = address.hasSuffix("/") ? String(address.dropLast()) : address
        self.token = token
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        // Whether a server is there is said at once, not after five seconds of trying.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let certificateAuthority {
            do {
                var tls = TLSConfiguration.makeClientConfiguration()
                tls.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(certificateAuthority))
                configuration.tlsConfiguration = tls
            } catch {
                throw MartletError(.usage, "\(certificateAuthority) holds no PEM certificate that can be read", details: ["\(error)"])
            }
        }
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func shutdown() async { try? await client.shutdown() }

    func get(_ path: String, query: [(String, String)] = []) async throws -> JSON { try await call("GET", path, query: query) }
    func post(_ path: String, _ body: JSON = [:]) async throws -> JSON { try await call("POST", path, body: body) }
    func delete(_ path: String) async throws -> JSON { try await call("DELETE", path) }

    /// The items of all pages of a list.
    func list(_ path: String, query: [(String, String)] = []) async throws -> [JSON] {
        var items: [JSON] = []
        var cursor: String?
        repeat {
            let page = try await get(path, query: query + (cursor.map { [("cursor", $0)] } ?? []))
            items += page["items"]?.array ?? []
            cursor = page["next"]?.string
        } while cursor != nil
        return items
    }

    /// Asks a path for its status alone. Any but success is an error.
    func probe(_ path: String) async throws {
        let answer = try await send(request("GET", path, query: []), deadline: .now() + .seconds(10))
        let bytes = try await collect(answer, limit: 1 << 20)
        guard answer.status == .ok else { throw failure(answer.status.code, bytes) }
    }

    private func call(_ method: String, _ path: String, query: [(String, String)] = [], body: JSON? = nil) async throws -> JSON {
        var request = request(method, path, query: query)
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: body.serialized()))
        }
        let answer = try await send(request, deadline: .now() + .seconds(60))
        let bytes = try await collect(answer, limit: 64 << 20)
        guard (200..<300).contains(answer.status.code) else { throw failure(answer.status.code, bytes) }
        if bytes.isEmpty { return [:] }
        do { return try JSON(parsing: bytes) } catch {
            throw MartletError(
                .unavailable, "what answers at \(address) is not Martlet: \(method) \(path) gave no JSON", details: ["\(error)"],
                fix: "check --server")
        }
    }

    /// Opens the stream of events after `lastEventID`; the caller reads its bytes.
    func events(after lastEventID: String?) async throws -> HTTPClientResponse {
        var request = request("GET", "/api/v1/events", query: [])
        request.headers.replaceOrAdd(name: "Accept", value: "text/event-stream")
        if let lastEventID { request.headers.add(name: "Last-Event-ID", value: lastEventID) }
        let answer = try await send(request, deadline: .distantFuture)
        guard answer.status == .ok else { throw failure(answer.status.code, try await collect(answer, limit: 1 << 20)) }
        return answer
    }

    private func request(_ method: String, _ path: String, query: [(String, String)]) -> HTTPClientRequest {
        var url = address + path
        for (index, (name, value)) in query.enumerated() { url += (index == 0 ? "?" : "&") + name + "=" + value.asPathSegment }
        var request = HTTPClientRequest(url: url)
        request.method = .init(rawValue: method)
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "martlet/\(Version.number)")
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        return request
    }

    private func send(_ request: HTTPClientRequest, deadline: NIODeadline) async throws -> HTTPClientResponse {
        do { return try await client.execute(request, deadline: deadline) } catch let error as CancellationError { throw error } catch {
            throw MartletError(
                .unavailable, "no Martlet server answers at \(address)", details: [ServerClient.reason(error)],
                fix: "start one with \(Invocation.name) serve, or name another with --server or MARTLET_SERVER")
        }
    }

    private func collect(_ answer: HTTPClientResponse, limit: Int) async throws -> [UInt8] {
        do { return Array(try await answer.body.collect(upTo: limit).readableBytesView) } catch {
            throw MartletError(.unavailable, "the answer of \(address) broke off", details: [ServerClient.reason(error)], fix: "try again")
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as HTTPClientError where error == .connectTimeout: "the connection timed out"
        case let error as HTTPClientError where error == .deadlineExceeded: "it took longer than 60 s to answer"
        default:
            String(describing: error).contains("ECONNREFUSED") || String(describing: error).contains("Connection refused")
                ? "connection refused" : String(describing: error)
        }
    }

    /// What the server says is wrong (RFC 9457), or what the status alone tells.
    private func failure(_ status: UInt, _ bytes: [UInt8]) -> MartletError {
        let problem = (try? JSON(parsing: bytes)) ?? [:]
        let code = problem["code"]?.string.flatMap(MartletError.Code.init(rawValue:)) ?? ServerClient.code(of: status)
        let text = problem["detail"]?.string ?? problem["title"]?.string ?? "\(address) answered with status \(status)"
        var fix = problem["fix"]?.string
        if status == 401 {
            fix =
                token == nil
                ? "set MARTLET_TOKEN, or run this as the user who started the server: its token is in \(Invocation.home)/token"
                : "the token in MARTLET_TOKEN or \(Invocation.home)/token is not one of this server's; make one with \(Invocation.name) token create"
        }
        return MartletError(code, text, details: (problem["details"]?.array ?? []).compactMap(\.string), fix: fix)
    }

    private static func code(of status: UInt) -> MartletError.Code {
        switch status {
        case 400, 422: .invalid
        case 401: .unauthorized
        case 403: .forbidden
        case 404: .notFound
        case 409: .conflict
        case 429: .tooMany
        case 503: .unavailable
        case 504: .timeout
        default: .internalError
        }
    }
}

extension String {
    /// Percent-encoded for one segment of a path or one value of a query (RFC 3986 section 2.3).
    var asPathSegment: String {
        let unreserved = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
        return addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
