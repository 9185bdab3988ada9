import Core
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// A server that answers what the test wrote down and remembers what it was asked.
final class FakeServer: Sendable {
    struct Call: Equatable {
        let line: String
        let authorization: String?
        let lastEventID: String?
        let body: JSON?
    }

    struct Answer: Sendable {
        var status = 200
        var type = "application/json"
        var body: String

        static func json(_ json: JSON) -> Answer { Answer(body: json.text()) }
        static func problem(_ status: Int, _ json: JSON) -> Answer {
            Answer(status: status, type: "application/problem+json", body: json.text())
        }
    }

    private let log = Mutex<[Call]>([])
    private let answers: [String: [Answer]]

    var calls: [Call] { log.withLock { $0 } }

    /// By `METHOD /path?query`; of several answers each is given once, the last for ever.
    private init(_ answers: [String: [Answer]]) { self.answers = answers }

    static func run(_ answers: [String: [Answer]], _ body: @Sendable @escaping (FakeServer, String) async throws -> Void) async throws {
        let fake = FakeServer(answers)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let responder = CallbackResponder { (request: Request, _: BasicRequestContext) in try await fake.answer(request) }
        let application = Application(
            responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) },
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.runService(gracefulShutdownSignals: []) }
            for await number in ports {
                try await body(fake, "http://127.0.0.1:\(number)")
                break
            }
            group.cancelAll()
        }
    }

    private func answer(_ request: Request) async throws -> Response {
        let bytes = try await request.body.collect(upTo: 1 << 20)
        let line = "\(request.method.rawValue) \(request.uri.description)"
        let call = Call(
            line: line, authorization: request.headers[.authorization],
            lastEventID: HTTPField.Name("Last-Event-ID").flatMap { request.headers[$0] },
            body: bytes.readableBytes == 0 ? nil : try JSON(parsing: Array(bytes.readableBytesView)))
        let earlier = log.withLock { log in
            defer { log.append(call) }
            return log.count { $0.line == line }
        }
        guard let given = answers[line], let answer = given.indices.contains(earlier) ? given[earlier] : given.last else {
            return Response(
                status: .notFound, headers: [.contentType: "application/problem+json"],
                body: .init(byteBuffer: ByteBuffer(string: #"{"title":"no \#(line)"}"#)))
        }
        return Response(
            status: .init(code: answer.status), headers: [.contentType: answer.type],
            body: .init(byteBuffer: ByteBuffer(string: answer.body)))
    }
}
