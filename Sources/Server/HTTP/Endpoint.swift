import Core
import HTTPTypes

/// One way to call the server. The list of these drives routing, access and the OpenAPI document, so that none can lag behind.
struct Endpoint: Sendable {
    enum Access: Sendable, Hashable {
        /// Anybody who can connect: health, assets, the login link.
        case open
        case role(Role)
    }

    /// How a caller is told that something is wrong.
    enum Kind: Sendable, Hashable { case api, page, probe }

    let method: HTTPRequest.Method
    let path: PathTemplate
    let kind: Kind
    let access: Access
    /// Nil for what is no part of the API.
    let contract: Contract?
    let handle: @Sendable (Exchange) async throws -> Answer

    /// 64 KiB: no request of ours comes near.
    static let bodyLimit = 65_536

    /// A part of the API.
    static func api(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, _ contract: Contract,
        handle: @escaping @Sendable (Exchange) async throws -> Answer
    ) -> Endpoint {
        Endpoint(method: method, path: PathTemplate("/api/v1" + path), kind: .api, access: access, contract: contract, handle: handle)
    }

    /// A page, or a form of one.
    static func page(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access, handle: @escaping @Sendable (Exchange) async throws -> Answer
    ) -> Endpoint {
        Endpoint(method: method, path: PathTemplate(path), kind: .page, access: access, contract: nil, handle: handle)
    }

    /// One of the process' own paths.
    static func probe(_ path: String, handle: @escaping @Sendable (Exchange) async throws -> Answer) -> Endpoint {
        Endpoint(method: .get, path: PathTemplate(path), kind: .probe, access: .open, contract: nil, handle: handle)
    }

    var isChange: Bool { method != .get }
}

/// What the OpenAPI document says of an endpoint.
struct Contract: Sendable {
    enum Risk: String, Sendable { case read, propose, change }

    struct Parameter: Sendable {
        let name: String
        let about: String
        let schema: JSON
        init(_ name: String, _ about: String, _ schema: JSON = ["type": "string"]) {
            self.name = name
            self.about = about
            self.schema = schema
        }
    }

    let operation: String
    let summary: String
    let risk: Risk
    var query: [Parameter] = []
    /// The schema of the JSON body, where there is one.
    var body: JSON?
    /// The name of a schema of the document.
    var answer: String
    var status = 200
    var mediaType = "application/json"

    static let page: [Parameter] = [
        Parameter("limit", "At most so many items.", ["type": "integer", "minimum": 1, "maximum": 200, "default": 50]),
        Parameter("cursor", "`next` of the page before."),
    ]
}
