import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The way to a proxy that is itself spoken to by TLS (`proxy-url: https://…`). The HTTP library knows proxies in plain TCP only: it is
/// given a port of this machine's loopback address, and what it says there reaches the proxy encrypted.
///
/// The port gives nobody a right: whoever else finds it stands before the proxy, which asks for its login, as he would without it.
final class ProxyTunnel: Sendable {
    private typealias Pipe = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// On 127.0.0.1.
    let port: Int
    private let running: Task<Void, Never>
    private let failures: Failures

    /// - Parameters:
    ///   - proxy: of kind `https`.
    ///   - tls: what is trusted, and with what certificate a proxy that asks for one is answered.
    /// - Throws: when the certificates cannot be used, or no port is free.
    static func open(to proxy: ProxyAddress, tls: TLSConfiguration) async throws -> ProxyTunnel {
        let context = try NIOSSLContext(configuration: tls)
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .bind(host: "127.0.0.1", port: 0) { channel in channel.eventLoop.makeCompletedFuture { try pipe(channel) } }
        return ProxyTunnel(listener, proxy, context)
    }

    private init(_ listener: NIOAsyncChannel<Pipe, Never>, _ proxy: ProxyAddress, _ context: NIOSSLContext) {
        port = listener.channel.localAddress?.port ?? 0
        let failures = Failures()
        self.failures = failures
        running = Task {
            try? await listener.executeThenClose { callers in
                try await withThrowingDiscardingTaskGroup { group in
                    for try await caller in callers {
                        group.addTask { try? await ProxyTunnel.join(caller, proxy, context, failures) }
                    }
                }
            }
        }
    }

    deinit { running.cancel() }

    /// Why the proxy was not reached, when it was not since this was asked last.
    func takeFailure() -> TransportError? {
        failures.last.withLock { last in
            defer { last = nil }; return last
        }
    }

    private final class Failures: Sendable {
        let last = Mutex<TransportError?>(nil)

        func noting<Value>(_ body: () async throws -> Value) async throws -> Value {
            do { return try await body() } catch {
                if let known = TransportError.from(error) as? TransportError { last.withLock { $0 = known } }
                throw error
            }
        }
    }

    private static func pipe(_ channel: any Channel) throws -> Pipe {
        try Pipe(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    /// Carries what either side says to the other until the caller goes; what the proxy said last is delivered before it goes. Why the
    /// proxy did not answer is noted before the caller is hung up on, who asks for it then.
    private static func join(_ caller: Pipe, _ proxy: ProxyAddress, _ context: NIOSSLContext, _ failures: Failures) async throws {
        try await caller.executeThenClose { fromCaller, toCaller in
            let far = try await failures.noting { try await connect(to: proxy, context) }
            try await far.executeThenClose { fromProxy, toProxy in
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    group.addTask {
                        for try await piece in fromCaller { try await toProxy.write(piece) }
                        return true
                    }
                    group.addTask {
                        var pieces = fromProxy.makeAsyncIterator()
                        while let piece = try await failures.noting({ try await pieces.next() }) { try await toCaller.write(piece) }
                        toCaller.finish()
                        return false
                    }
                    while let hasGone = try await group.next(), !hasGone {}
                    group.cancelAll()
                }
            }
        }
    }

    private static func connect(to proxy: ProxyAddress, _ context: NIOSSLContext) async throws -> Pipe {
        // An address is no server name: the certificate is compared with where the connection leads.
        let isAddress = (try? SocketAddress(ipAddress: proxy.host, port: proxy.port)) != nil
        return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup).connectTimeout(.seconds(10))
            .connect(host: proxy.host, port: proxy.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : proxy.host))
                    return try pipe(channel)
                }
            }
    }
}
