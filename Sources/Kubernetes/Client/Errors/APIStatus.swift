package import Core

/// What the server said about a call that did not succeed: its `Status` object, or what can be told from a body that is none.
package struct APIStatus: JSONReadable, Equatable {
    package struct Cause: JSONReadable, Equatable {
        package var reason = ""
        package var message = ""
        package var field = ""

        package init() {}
    }

    package var code = 0
    /// `NotFound`, `Conflict`, `AlreadyExists`, …; empty where the server gives none.
    package var reason = ""
    package var message = ""
    package var causes: [Cause] = []
    package var name = ""
    package var kind = ""
    /// How long the server asks to wait, from the header or the body.
    package var retryAfter: Duration?
    /// A 410 on a list page may bring a token to go on with, at the price of consistency.
    package var continueToken: String?

    package init() {}

    /// From an answer: a `Status`, or any other text, of which the first line is kept.
    package init(code: Int, body: [UInt8], retryAfter header: String? = nil) {
        if let status = try? APIStatus(parsing: body), status.isStatus {
            self = status
        } else {
            let text = String(decoding: body.prefix(4096), as: UTF8.self)
            message = text.split(whereSeparator: \.isNewline).first.map { String($0.prefix(500)) } ?? ""
            reason = APIStatus.usualReason(code)
        }
        self.code = code
        if let header, let seconds = Int(header), seconds >= 0 { retryAfter = .seconds(min(seconds, 86_400)) }
    }

    private var isStatus = false

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "kind": isStatus = try r.text() == "Status"
            case "code": code = try r.int() ?? 0
            case "reason": reason = try r.text() ?? ""
            case "message": message = try r.text() ?? ""
            case "metadata": continueToken = (try r.read() ?? ListMeta()).continueToken
            case "details": try readDetails(&r)
            default: try r.skip()
            }
        }
    }

    private mutating func readDetails(_ reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "kind": kind = try r.text() ?? ""
            case "causes": causes = try r.list()
            case "retryAfterSeconds":
                if let seconds = try r.int(), seconds > 0 { retryAfter = .seconds(min(seconds, 86_400)) }
            default: try r.skip()
            }
        }
    }

    private static func usualReason(_ code: Int) -> String {
        switch code {
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "NotFound"
        case 409: "Conflict"
        case 410: "Gone"
        case 429: "TooManyRequests"
        case 503: "ServiceUnavailable"
        case 504: "Timeout"
        default: ""
        }
    }
}

extension APIStatus.Cause {
    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "reason": reason = try r.text() ?? ""
            case "message": message = try r.text() ?? ""
            case "field": field = try r.text() ?? ""
            default: try r.skip()
            }
        }
    }
}

extension APIStatus {
    /// 403 by missing permission; quota, policy and admission answer 403 as well.
    package var isAccessDenied: Bool { code == 403 && message.contains(" cannot ") && message.contains("User \"") }
    package var isConflict: Bool { code == 409 && reason != "AlreadyExists" }
    package var isAlreadyExists: Bool { code == 409 && reason == "AlreadyExists" }
    package var isNotFound: Bool { code == 404 }
    /// The version or token is too old: list again.
    package var isExpired: Bool { code == 410 }
    /// An eviction that a disruption budget forbids.
    package var isBlockedByBudget: Bool { code == 429 && causes.contains { $0.reason == "DisruptionBudget" } }
}
