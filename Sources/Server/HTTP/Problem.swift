import Core
import HTTPTypes

/// Errors as RFC 9457 problem details.
enum Problem {
    static func status(of code: MartletError.Code) -> Int {
        switch code {
        case .invalid, .usage: 400
        case .unauthorized: 401
        case .forbidden: 403
        case .notFound: 404
        case .conflict, .refused: 409
        case .tooMany: 429
        case .corrupt, .internalError: 500
        case .unavailable, .busy, .io: 503
        case .timeout: 504
        }
    }

    private static func title(_ status: Int) -> String {
        switch status {
        case 400: "Invalid request"
        case 401: "Not signed in"
        case 403: "Not allowed"
        case 404: "Not found"
        case 405: "Method not allowed"
        case 409: "Conflict"
        case 413: "Too large"
        case 429: "Too many requests"
        case 503: "Not available"
        case 504: "Timed out"
        default: "Internal error"
        }
    }

    /// What any thrown error says to the outside: the text of one that is not ours may hold anything, so it stays in the log.
    static func error(_ error: any Error) -> MartletError {
        (error as? MartletError) ?? MartletError(.internalError, "the request could not be answered", fix: "see the server's log")
    }

    static func answer(_ error: MartletError, status: Int? = nil, requestID: String) -> Answer {
        let status = status ?? self.status(of: error.code)
        var json: JSON = [
            "type": .string("urn:martlet:problem:\(error.code.rawValue)"), "title": .string(title(status)), "status": JSON(status),
            "detail": .string(error.message), "instance": .string("urn:martlet:request:\(requestID)"), "code": .string(error.code.rawValue),
            "details": JSON(error.details),
        ]
        if let fix = error.fix { json["fix"] = .string(fix) }
        var answer = Answer.json(json, status: status)
        answer.headers[.contentType] = "application/problem+json"
        answer.headers.merge(headers(status))
        return answer
    }

    /// What HTTP asks for beside the status.
    static func headers(_ status: Int) -> HTTPFields {
        switch status {
        case 401: [.wwwAuthenticate: "Bearer realm=\"martlet\""]
        case 429, 503: [.retryAfter: "6"]
        default: [:]
        }
    }
}

extension HTTPFields {
    mutating func merge(_ others: HTTPFields) { for field in others { self[field.name] = field.value } }
}
