import HTTPTypes
import Hummingbird
import NIOCore

/// Hummingbird's side of the ``Gateway``: turns its requests into calls and answers into its responses.
struct Responder: HTTPResponder {
    struct Context: RequestContext {
        var coreContext: CoreRequestContextStorage
        let channel: any Channel

        init(source: ApplicationRequestContextSource) {
            coreContext = .init(source: source)
            channel = source.channel
        }
    }

    let gateway: Gateway

    func respond(to request: Request, context: Context) async throws -> Response {
        let call = Call(
            method: request.method, target: request.uri.string, host: request.head.authority, headers: request.headers,
            address: context.channel.remoteAddress?.ipAddress ?? "local"
        ) { limit in
            do {
                let buffer = try await request.body.collect(upTo: limit)
                return Array(buffer.readableBytesView)
            } catch is NIOTooManyBytesError {
                return nil
            }
        }
        let answer = await gateway.answer(call)
        let status = HTTPResponse.Status(code: answer.status)
        switch answer.body {
        case .bytes(let bytes):
            var headers = answer.headers
            headers[.contentLength] = String(bytes.count)
            return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .events(let frames):
            let body = ResponseBody { writer in
                // When the reader goes away, so does the stream, even while it waits for something to say.
                try? await request.body.consumeWithCancellationOnInboundClose { _ in
                    for try await bytes in frames { try await writer.write(ByteBuffer(bytes: bytes)) }
                }
                try await writer.finish(nil)
            }
            return Response(status: status, headers: answer.headers, body: body)
        }
    }
}
