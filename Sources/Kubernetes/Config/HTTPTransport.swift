import AsyncHTTPClient
package import Core
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL

/// Speaks HTTP(S) to the server of one connection. A refused credential is read anew once before the refusal is passed on.
package actor HTTPTransport: Transport {
    private let connection: Connection
    private let address: ServerAddress
    private let credentials: Credentials
    private let clock: any WallClock
    private var client: (identity: Int, made: Task<SharedClient, any Error>)?

    /// How long an ordinary call waits for the head of its answer, and then for each further piece.
    private let patience: TimeAmount

    /// Throws for an address that is none. The server itself gives up after 60 s, hence the usual `patience`.
    package init(
        _ connection: Connection, files: LocalFiles = .system, clock: any WallClock = SystemClock(), patience: Duration = .seconds(75)
    ) throws(MartletError) {
        guard let address = ServerAddress(connection.server) else {
            throw MartletError(
                .invalid, "\(ProxyAddress.shown(connection.server)) is no address of a server", fix: "write https://host:port")
        }
        self.connection = connection
        self.address = address
        self.clock = clock
        self.patience = .nanoseconds(patience.nanosecondCount)
        credentials = Credentials(connection, files: files, clock: clock)
    }

    nonisolated package func send(_ call: HTTPCall) async throws -> HTTPAnswer {
        let answer = try await attempt(call)
        guard answer.status == 401, await credentials.refused() else { return answer }
        let second = try await attempt(call)
        if second.status == 401, let reason = await credentials.reasonOfRefusal() { throw reason }
        return second
    }

    nonisolated private func attempt(_ call: HTTPCall) async throws -> HTTPAnswer {
        let current = try await credentials.current()
        let client = try await client(for: current)
        let request = request(call, current)
        do {
            let http = call.isLongRunning ? client.streams : client.calls
            let response = try await http.execute(request, deadline: call.isLongRunning ? .distantFuture : .now() + patience)
            let headers = response.headers.map { (name: $0.name, value: $0.value) }
            return HTTPAnswer(
                status: Int(response.status.code), headers: headers, body: HTTPBody(Pieces(body: response.body, client: client)))
        } catch {
            let said = TransportError.from(error)
            guard let broken = said as? TransportError else { throw said }
            throw await explain(broken, client.tunnel?.takeFailure())
        }
    }

    /// Adds what the failed call itself does not tell: the proxy that stands between, what is wrong with the server's certificate.
    nonisolated private func explain(_ error: TransportError, _ before: TransportError?) async -> TransportError {
        if let proxy = connection.proxy.flatMap(ProxyAddress.init), error.kind == .unreachable || before != nil {
            let isTLS = before?.kind == .untrusted || before?.kind == .tls
            let text = (before ?? error).text.replacing("the server's certificate", with: "its certificate")
            return TransportError(
                isTLS ? .tls : .unreachable, "by way of the proxy \(proxy.host):\(proxy.port): \(text)",
                fix: "check proxy-url of the cluster in the kubeconfig, HTTPS_PROXY and NO_PROXY, and whether the proxy lets it through")
        }
        guard error.kind == .untrusted, connection.proxy == nil,
            let shown = await ShownCertificate.read(from: address, serverName: connection.tlsServerName)
        else { return error }
        let objection = shown.objection(
            host: connection.tlsServerName ?? address.host, hasAuthority: connection.authority != nil, now: clock.now())
        return TransportError(.untrusted, objection.text, fix: objection.fix)
    }

    nonisolated private func request(_ call: HTTPCall, _ current: Credentials.Current) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: address.url(host: connection.tlsServerName ?? address.host) + call.path)
        request.method = HTTPMethod(rawValue: call.method)
        for (name, value) in call.headers { request.headers.add(name: name, value: value) }
        request.headers.add(name: "User-Agent", value: "martlet")
        if connection.tlsServerName != nil {
            request.headers.add(name: "Host", value: "\(address.host.contains(":") ? "[\(address.host)]" : address.host):\(address.port)")
        }
        if let authorization = current.authorization { request.headers.add(name: "Authorization", value: authorization) }
        for (name, value) in connection.user.impersonation.headers { request.headers.add(name: name, value: value) }
        if let body = call.body { request.body = .bytes(ByteBuffer(bytes: body)) }
        return request
    }

    /// One HTTP client is one TLS identity: a new certificate needs a new one; the old ends with its last stream.
    private func client(for current: Credentials.Current) async throws -> SharedClient {
        if let client, client.identity == current.identity { return try await client.made.value }
        let made = Task { try await makeClient(for: current) }
        client = (current.identity, made)
        do { return try await made.value } catch {
            // The next call may have more luck.
            if client?.made == made { client = nil }
            throw error
        }
    }

    private func makeClient(for current: Credentials.Current) async throws -> SharedClient {
        guard let proxy = connection.proxy.flatMap(ProxyAddress.init), proxy.kind == .https else {
            return SharedClient(try configuration(for: current), patience: patience)
        }
        let tunnel = try await ProxyTunnel.open(to: proxy, tls: try proxyTLS(for: current))
        return SharedClient(try configuration(for: current, tunnel), patience: patience, tunnel: tunnel)
    }

    private func configuration(for current: Credentials.Current, _ tunnel: ProxyTunnel? = nil) throws -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(10)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 128
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        if let name = connection.tlsServerName {
            configuration.dnsOverride = [name: address.host]
        }
        if let name = nameToRequire, address.isSecure, !connection.skipsVerification {
            configuration.http1_1ConnectionDebugInitializer = { ShownCertificate.require(name, of: $0) }
        }
        if let proxy = connection.proxy.flatMap(ProxyAddress.init) {
            switch proxy.kind {
            case .socks: configuration.proxy = .socksServer(host: proxy.host, port: proxy.port)
            case .http, .https:
                let login = proxy.username.map { HTTPClient.Authorization.basic(username: $0, password: proxy.password ?? "") }
                let (host, port) = tunnel.map { ("127.0.0.1", $0.port) } ?? (proxy.host, proxy.port)
                configuration.proxy = .server(host: host, port: port, authorization: login)
            }
        }
        if address.isSecure { configuration.tlsConfiguration = try tls(for: current) }
        return configuration
    }

    /// What the certificate must hold for, where the TLS library does not see to it: it compares a name with the address that was
    /// connected to as well, and an address only with that, which by way of a proxy is the proxy's.
    private var nameToRequire: String? { connection.tlsServerName ?? (isAddressBehindProxy ? address.host : nil) }

    private var isAddressBehindProxy: Bool {
        connection.proxy != nil && connection.tlsServerName == nil && (try? SocketAddress(ipAddress: address.host, port: 0)) != nil
    }

    /// For an `https` proxy: what the cluster's connection trusts and shows, as kubectl has it, and also what the system trusts; the name
    /// is the proxy's own.
    private func proxyTLS(for current: Credentials.Current) throws -> TLSConfiguration {
        var tls = try tls(for: current)
        if case .certificates(let roots)? = tls.trustRoots {
            tls.trustRoots = .default
            tls.additionalTrustRoots = [.certificates(roots)]
        }
        tls.certificateVerification = connection.skipsVerification ? .none : .fullVerification
        tls.applicationProtocols = ["http/1.1"]
        return tls
    }

    private func tls(for current: Credentials.Current) throws -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        let owner = connection.contextName.map { " of context \"\($0)\"" } ?? ""
        if connection.skipsVerification {
            tls.certificateVerification = .none
        } else if isAddressBehindProxy {
            tls.certificateVerification = .noHostnameVerification
        }
        if let authority = connection.authority {
            guard let roots = try? NIOSSLCertificate.fromPEMBytes(authority), !roots.isEmpty else {
                throw MartletError(
                    .invalid, "the certificate authority\(owner) is not a certificate in PEM", fix: "correct certificate-authority")
            }
            tls.trustRoots = .certificates(roots)
        }
        if let certificate = current.certificate, let key = current.key {
            guard let chain = try? NIOSSLCertificate.fromPEMBytes(certificate), !chain.isEmpty,
                let secret = try? NIOSSLPrivateKey(bytes: key, format: .pem)
            else {
                throw MartletError(
                    .unauthorized, "the client certificate or key\(owner) is not in PEM", fix: "correct client-certificate and client-key")
            }
            tls.certificateChain = chain.map { .certificate($0) }
            tls.privateKey = .privateKey(secret)
            // Taken together only by the first connection, in the library's words.
            guard (try? NIOSSLContext(configuration: tls)) != nil else {
                throw MartletError(
                    .unauthorized, "the client certificate and the client key\(owner) do not belong together",
                    fix: "correct client-certificate and client-key")
            }
        }
        return tls
    }
}

extension HTTPTransport {
    /// When a client certificate in PEM ends; nil when it cannot be read.
    static func expiry(ofCertificate pem: [UInt8]) -> Timestamp? {
        guard let certificate = try? NIOSSLCertificate.fromPEMBytes(pem).first else { return nil }
        return Timestamp(seconds: Int64(certificate.notValidAfter))
    }
}

/// The pieces of a body, with the client kept alive until the stream ends.
private struct Pieces: AsyncSequence, Sendable {
    let body: HTTPClientResponse.Body
    let client: SharedClient

    struct Iterator: AsyncIteratorProtocol {
        var base: HTTPClientResponse.Body.AsyncIterator
        let client: SharedClient

        mutating func next() async throws -> [UInt8]? {
            do {
                return try await base.next().map { Array(buffer: $0) }
            } catch { throw TransportError.from(error) }
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(base: body.makeAsyncIterator(), client: client) }
}

/// The HTTP clients of one identity, shut down when nobody uses them any more.
private final class SharedClient: Sendable {
    /// For ordinary calls. The deadline of a call ends with the head of its answer: what may stall behind it is bounded here.
    let calls: HTTPClient
    /// For watches and followed logs, which may be silent; who reads them watches over that.
    let streams: HTTPClient
    /// What they reach their proxy through.
    let tunnel: ProxyTunnel?

    init(_ configuration: HTTPClient.Configuration, patience: TimeAmount, tunnel: ProxyTunnel? = nil) {
        self.tunnel = tunnel
        streams = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        var bounded = configuration
        bounded.timeout.read = patience
        calls = HTTPClient(eventLoopGroupProvider: .singleton, configuration: bounded)
    }

    deinit {
        let (all, tunnel) = ([calls, streams], tunnel)
        Task {
            for http in all { try? await http.shutdown() }
            withExtendedLifetime(tunnel) {}
        }
    }
}
