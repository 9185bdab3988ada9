package import Core
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
package import Logging
import NIOCore
import NIOPosix
import NIOSSL
import ServiceLifecycle

/// The twin behind a TLS socket on loopback: any Kubernetes client can use it.
package struct TwinServer {
    package let cluster: SimulatedCluster
    package let pacer: Pacer
    private let certificates: TwinCertificates
    private let token: String
    private let port: Int
    private let seats: RequestSeats
    private let logger: Logger
    private let handling: @Sendable (TwinRequest) async throws -> TwinAnswer
    private let onReady: @Sendable (TwinKubeconfig) async -> Void

    /// Larger bodies are refused with 413, as the real server's limit for requests (3 MiB) would.
    private static let bodyLimit = 3 << 20

    /// - Parameters:
    ///   - token: the administrator's bearer token; the cluster's options must know it.
    ///   - port: 0 for any free one.
    ///   - requestsAtOnce: more than these are refused with 429, except an administrator's. A real server allows 400 that read and 200 that
    ///     write where nothing else is configured.
    ///   - handling: answers each request at the present virtual time, the cluster by itself unless something stands before it that
    ///     watches, holds or loses requests; when it throws, the connection breaks without an answer.
    ///   - onReady: called once requests are answered, with the kubeconfig that leads here.
    package init(
        _ cluster: SimulatedCluster, pacer: Pacer, token: String, port: Int = 0, requestsAtOnce: Int = 600, now: Timestamp,
        logger: Logger, handling: (@Sendable (TwinRequest) async throws -> TwinAnswer)? = nil,
        onReady: @escaping @Sendable (TwinKubeconfig) async -> Void
    ) throws(MartletError) {
        self.cluster = cluster
        self.pacer = pacer
        self.token = token
        self.port = port
        self.logger = logger
        seats = RequestSeats(limit: requestsAtOnce)
        self.handling = handling ?? { await cluster.handle($0) }
        self.onReady = onReady
        certificates = try TwinCertificates(now: now)
    }

    /// Serves until cancelled or asked to shut down.
    package func run() async throws {
        var tls = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(certificates.certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(certificates.key.utf8), format: .pem)))
        tls.minimumTLSVersion = .tlsv12
        // As the real server: a certificate is asked for and looked at with each request. One that is not good ends with 401, not here.
        tls.certificateVerification = .optionalVerification
        let (cluster, pacer, seats, handling) = (cluster, pacer, seats, handling)
        let clients = ClientCertificates(certificates, clock: pacer.real)
        // The server is used without Hummingbird's `Application`, which puts the machine's own time into `Date`.
        let secured = TLSChannelConfiguration(tlsConfiguration: tls) { _, promise in promise.succeed(.certificateVerified) }
        let server = try HTTPServerBuilder.tls(.http1(), configuration: secured).buildServer(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: port), serverName: nil),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger,
            responder: { (request, writer: consuming ResponseWriter, channel) in
                let certificate = try? await channel.nioSSL_peerCertificate().get()
                let user = try clients.user(certificate?.toDERBytes())
                let response = try await TwinServer.answer(request, from: user, cluster, pacer) { request in
                    try await seats.answer(request, cluster.options.tokens, handling)
                }
                try await writer.write(response: response.head, body: response.body)
            },
            onServerRunning: { channel in
                let bound = channel.localAddress?.port ?? port
                await onReady(
                    TwinKubeconfig(
                        server: "https://127.0.0.1:\(bound)", authority: certificates.authority, token: token,
                        client: certificates.administrator))
            })
        var services = ServiceGroupConfiguration(services: [server], logger: logger)
        services.maximumGracefulShutdownDuration = .seconds(3)
        let group = ServiceGroup(configuration: services)
        // Ending it is always graceful: a connection that was accepted and not yet served when its task is cancelled is a crash in NIO
        // (swift-nio issue 2637). Hence a task that cancellation does not reach.
        let serving = Task { try await group.run() }
        let end: @Sendable () -> Void = {
            Task {
                await group.triggerGracefulShutdown()
                // An open watch would hold the shutdown up for as long as its client likes.
                await cluster.closeStreams()
            }
        }
        let time = Task { await pacer.run() }
        defer { time.cancel() }
        try await withTaskCancellationHandler {
            try await withGracefulShutdownHandler {
                try await serving.value
            } onGracefulShutdown: {
                end()
            }
        } onCancel: {
            end()
        }
    }

    private static func answer(
        _ request: Request, from user: UserInfo?, _ cluster: SimulatedCluster, _ pacer: Pacer,
        _ handling: @Sendable (TwinRequest) async throws -> TwinAnswer
    ) async throws -> Response {
        var headers: [String: String] = [:]
        for field in request.headers {
            let name = field.name.canonicalName
            headers[name] = headers[name].map { "\($0),\(field.value)" } ?? field.value
        }
        // The body of a GET is left alone: it is what tells a watch that its client has gone.
        var body = ByteBuffer()
        if request.method != .get {
            do { body = try await request.body.collect(upTo: bodyLimit) } catch {
                let refusal = APIFailure(
                    413, "RequestEntityTooLarge", "Request entity too large: limit is \(bodyLimit)")
                return Response(
                    status: .contentTooLarge, headers: [.contentType: "application/json"],
                    body: .init(byteBuffer: ByteBuffer(bytes: refusal.status.serialized())))
            }
        }
        await pacer.catchUp()
        let answer = try await handling(
            TwinRequest(
                request.method.rawValue, target: request.head.path ?? "/", headers: headers, body: Array(buffer: body),
                certificateUser: user))
        switch request.uri.path {
        case "/martlet/twin/v1/speed" where request.method == .post && answer.status == 200:
            await pacer.change(speed: await cluster.speed)
        case "/martlet/twin/v1/advance": pacer.rebase()
        default: break
        }
        var fields = HTTPFields()
        for (name, value) in answer.headers {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        let status = HTTPResponse.Status(code: answer.status)
        switch answer.body {
        case .full(let bytes): return Response(status: status, headers: fields, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
        case .list(let list):
            return Response(
                status: status, headers: fields,
                body: ResponseBody { writer in
                    for piece in list.pieces { try await writer.write(ByteBuffer(bytes: piece)) }
                    try await writer.finish(nil)
                })
        case .stream(let frames):
            // Listening for the client's end uses the connection up. Said so, no client sends its next call into a closed one.
            fields[.connection] = "close"
            return Response(
                status: status, headers: fields,
                body: ResponseBody { writer in
                    try await request.body.consumeWithCancellationOnInboundClose { _ in
                        for await frames in frames {
                            try await writer.write(ByteBuffer(bytes: frames))
                            try await pacer.pauseBetweenWrites()
                        }
                    }
                    try await writer.finish(nil)
                })
        }
    }
}
