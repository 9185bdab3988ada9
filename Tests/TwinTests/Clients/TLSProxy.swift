import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

@testable import Twin

/// A proxy that is spoken to by TLS and then asked by CONNECT, as `proxy-url: https://…` means it. Wherever it is asked to lead to, it
/// leads to the same port of this machine.
final class TLSProxy: Sendable {
    private typealias Pipe = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// The heads of the requests that it got, after the TLS was taken off.
    private let heads = Mutex<[String]>([])
    var requests: [String] { heads.withLock { $0 } }

    /// - Parameters:
    ///   - login: the value of `Proxy-Authorization` that is asked for; nil: none.
    ///   - body: gets the proxy and its port on 127.0.0.1.
    static func run(
        _ certificates: TwinCertificates, leadingTo port: Int, login: String? = nil, _ body: (TLSProxy, Int) async throws -> Void
    ) async throws {
        let proxy = TLSProxy()
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: NIOSSLCertificate.fromPEMBytes(Array(certificates.certificate.utf8)).map { .certificate($0) },
                privateKey: .privateKey(NIOSSLPrivateKey(bytes: Array(certificates.key.utf8), format: .pem))))
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context))
                    return try Pipe(wrappingChannelSynchronously: channel)
                }
            }
        let serving = Task {
            try? await listener.executeThenClose { callers in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await caller in callers { group.addTask { try? await proxy.serve(caller, port, login) } }
                }
            }
        }
        defer { serving.cancel() }
        try await body(proxy, listener.channel.localAddress?.port ?? 0)
    }

    private func serve(_ caller: Pipe, _ port: Int, _ login: String?) async throws {
        try await caller.executeThenClose { fromCaller, toCaller in
            var pieces = fromCaller.makeAsyncIterator()
            var head = ""
            while !head.hasSuffix("\r\n\r\n"), let piece = try await pieces.next() { head += String(buffer: piece) }
            heads.withLock { $0.append(head) }
            guard head.hasPrefix("CONNECT "), login.map({ head.lowercased().contains("proxy-authorization: \($0.lowercased())") }) ?? true
            else { return try await toCaller.write(ByteBuffer(string: "HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")) }
            let server = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connect(host: "127.0.0.1", port: port) {
                channel in channel.eventLoop.makeCompletedFuture { try Pipe(wrappingChannelSynchronously: channel) }
            }
            try await server.executeThenClose { fromServer, toServer in
                try await toCaller.write(ByteBuffer(string: "HTTP/1.1 200 OK\r\n\r\n"))
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for try await piece in fromServer { try await toCaller.write(piece) } }
                    while let piece = try await pieces.next() { try await toServer.write(piece) }
                    group.cancelAll()
                }
            }
        }
    }
}
