import Core
import HTTPTypes

/// A request as it came in, before anything was decided about it.
struct Call: Sendable {
    var method: HTTPRequest.Method
    /// Path and query, still encoded.
    var target: String
    var host: String?
    var headers: HTTPFields
    /// Where it came from, for limits and logs.
    var address: String
    /// Reads the body up to a number of bytes; nil when it is longer.
    var body: @Sendable (_ limit: Int) async throws -> [UInt8]?

    init(
        method: HTTPRequest.Method, target: String, host: String?, headers: HTTPFields, address: String,
        body: @escaping @Sendable (_ limit: Int) async throws -> [UInt8]?
    ) {
        self.method = method
        self.target = target
        self.host = host
        self.headers = headers
        self.address = address
        self.body = body
    }
}

/// A request that may be answered: its endpoint is known, its caller was let in, its body is read.
struct Exchange: Sendable {
    let method: HTTPRequest.Method
    let path: String
    /// The decoded parts of the path that the template names.
    let parameters: [String: String]
    let query: Form
    let headers: HTTPFields
    let body: [UInt8]
    let caller: AccessControl.Caller?
    let requestID: String
    let address: String

    /// The actor of what this leads to.
    var actor: String { caller?.principal.name ?? "nobody" }

    func parameter(_ name: String) -> String { parameters[name] ?? "" }

    /// The body as a form (`application/x-www-form-urlencoded`).
    var form: Form { Form(encoded: String(decoding: body, as: UTF8.self)) }

    /// The body as a JSON object; an empty body is an empty object.
    /// - Throws: `invalid`.
    func json() throws(MartletError) -> JSON {
        if body.isEmpty { return [:] }
        let type = headers[.contentType]?.prefix { $0 != ";" }.lowercased()
        guard type == "application/json" else {
            throw MartletError(.invalid, "the body is not declared as JSON", fix: "send Content-Type: application/json")
        }
        do {
            let json = try JSON(parsing: body)
            guard json.object != nil else { throw MartletError(.invalid, "the body must be a JSON object") }
            return json
        } catch let error as JSONError {
            throw MartletError(.invalid, "the body is \(error)")
        } catch let error as MartletError {
            throw error
        } catch {
            throw MartletError(.internalError, "\(error)")
        }
    }
}
