import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix
import NIOSSL

extension TransportError {
    /// What the network libraries throw, in our words; a cancellation stays one.
    static func from(_ error: any Error) -> any Error {
        switch error {
        case let error as HTTPClientError where error == .cancelled: return CancellationError()
        case let error as HTTPClientError where error == .deadlineExceeded || error == .readTimeout:
            return TransportError(.timeout, "no answer in time")
        case let error as HTTPClientError where error == .connectTimeout || error == .getConnectionFromPoolTimeout:
            return TransportError(.unreachable, "no connection within 10 seconds")
        case let error as HTTPClientError where error == .tlsHandshakeTimeout: return TransportError(.tls, "no handshake within 10 seconds")
        case let error as HTTPClientError
        where error == .httpProxyHandshakeTimeout || error == .socksHandshakeTimeout
            || error == .proxyAuthenticationRequired || error == .invalidProxyResponse:
            return TransportError(.unreachable, "the proxy did not let the connection through (\(error))")
        case let error as HTTPClientError where error == .remoteConnectionClosed:
            return TransportError(.closed, "it was closed before an answer came")
        case let error as HTTPClientError: return TransportError(.closed, "\(error)")
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: return tls(error)
        case let error as NIOConnectionError:
            let why =
                error.connectionErrors.first.map { TransportError.words($0.error) } ?? error.dnsAError.map { "\($0)" }
                ?? error.dnsAAAAError.map { "\($0)" }
            return TransportError(.unreachable, why ?? "the name \(error.host) is not known")
        case let error as ChannelError:
            if case .connectTimeout = error { return TransportError(.unreachable, "no connection within 10 seconds") }
            return TransportError(.closed, "\(error)")
        case let error as IOError:
            let refused = [ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, ETIMEDOUT, ENOENT].contains(error.errnoCode)
            return TransportError(refused ? .unreachable : .closed, String(cString: strerror(error.errnoCode)).lowercased())
        case is CancellationError: return error
        default: return TransportError(.closed, "\(error)")
        }
    }

    private static func words(_ error: any Error) -> String { (from(error) as? TransportError)?.text ?? "\(error)" }
}
