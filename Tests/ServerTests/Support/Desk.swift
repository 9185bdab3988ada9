import Core
import Foundation
import HTTPTypes
import Logging
import Testing

@testable import Server

/// A server without a socket, and whoever calls it.
final class Desk {
    let clock = SettableClock()
    let backend: ScriptedBackend
    let access: AccessControl
    let service: HTTPService
    private let folder: TemporaryFolder

    init(_ configure: (inout Configuration) -> Void = { _ in }, transport: (any WebhookTransport)? = nil) throws {
        folder = try TemporaryFolder()
        backend = ScriptedBackend(clock: clock)
        access = AccessControl(tokens: try TokenFile(directory: folder.path, clock: clock), clock: clock)
        var configuration = Configuration(home: folder.path)
        configure(&configuration)
        service = HTTPService(
            configuration: configuration, backend: backend, access: access, version: "0.1.0-test", clock: clock, transport: transport,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// A token of a role.
    func token(_ role: Role, name: String? = nil) async throws -> String {
        try await access.tokens.create(name: name ?? role.rawValue, grant: .role(role), by: "test")
    }

    /// The cookie and the form token of a session.
    func session(_ role: Role = .approver, name: String = "ana") throws -> (cookie: String, form: String) {
        let cookie = access.sessions.open(for: Principal(name: name, role: role))
        return (cookie, try #require(access.sessions.session(cookie)).formToken)
    }

    func call(
        _ method: HTTPRequest.Method, _ target: String, token: String? = nil, cookie: String? = nil, json: JSON? = nil, form: String? = nil,
        host: String? = "127.0.0.1:8420", headers: HTTPFields = [:], body: [UInt8]? = nil
    ) async -> Answer {
        var fields = headers
        if let token { fields[.authorization] = "Bearer \(token)" }
        if let cookie { fields[.cookie] = "\(AccessControl.cookieName)=\(cookie)" }
        var bytes = body ?? []
        if let json { bytes = json.serialized(); fields[.contentType] = "application/json" }
        if let form { bytes = Array(form.utf8); fields[.contentType] = "application/x-www-form-urlencoded" }
        let sent = bytes
        return await service.answer(
            Call(method: method, target: target, host: host, headers: fields, address: "127.0.0.1") { sent.count > $0 ? nil : sent })
    }
}

extension Answer {
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var json: JSON { (try? JSON(parsing: bytes)) ?? .null }
}
