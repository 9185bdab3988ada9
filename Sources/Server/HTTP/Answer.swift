import Core
import HTTPTypes

/// What is answered.
struct Answer: Sendable {
    enum Body: Sendable {
        case bytes([UInt8])
        /// Piece after piece, for as long as somebody reads.
        case events(EventFrames)
    }

    var status: Int
    var headers: HTTPFields
    var body: Body

    init(status: Int, headers: HTTPFields = [:], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    static func json(_ json: JSON, status: Int = 200) -> Answer {
        Answer(status: status, headers: [.contentType: "application/json"], body: .bytes(json.serialized() + [0x0A]))
    }

    static func html(_ html: HTML, status: Int = 200) -> Answer {
        Answer(status: status, headers: [.contentType: "text/html; charset=utf-8"], body: .bytes(Array(html.text.utf8)))
    }

    static func text(_ text: String, status: Int = 200) -> Answer {
        Answer(status: status, headers: [.contentType: "text/plain; charset=utf-8"], body: .bytes(Array(text.utf8)))
    }

    /// To another page of ours, to be fetched with GET.
    static func seeOther(_ path: String) -> Answer { Answer(status: 303, headers: [.location: path]) }

    var bytes: [UInt8] { if case .bytes(let bytes) = body { bytes } else { [] } }
}
