import Core
import HTTPTypes
import Logging

/// The one way in: checks where a request comes from and who sent it, finds its endpoint, and answers, whatever happens.
struct Gateway: Sendable {
    private let endpoints: [Endpoint]
    private let access: AccessControl
    /// Nil where any name will do.
    private let site: SiteRule?
    private let isTLS: Bool
    private let secrets: SecretGenerator
    private let idempotency: IdempotencyKeys
    private let counts: RequestCounts
    private let logger: Logger
    /// How a page says that something is wrong.
    private let errorPage: @Sendable (MartletError, Int, Exchange?) async -> Answer

    init(
        endpoints: [Endpoint], access: AccessControl, settings: ListenerSettings, secrets: SecretGenerator, clock: any WallClock,
        counts: RequestCounts, logger: Logger, checksSite: Bool = true,
        errorPage: @escaping @Sendable (MartletError, Int, Exchange?) async -> Answer
    ) {
        self.endpoints = endpoints
        self.access = access
        site = checksSite ? SiteRule(settings) : nil
        isTLS = settings.tls != nil
        self.secrets = secrets
        idempotency = IdempotencyKeys(clock: clock)
        self.counts = counts
        self.logger = logger
        self.errorPage = errorPage
    }

    func answer(_ call: Call) async -> Answer {
        let requestID = Self.acceptable(call.headers[.requestID]) ?? secrets.secret()
        let halves = call.target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(halves.first ?? "/")
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        let segments = parts == [""] ? [] : Array(parts)
        let method = call.method == .head ? HTTPRequest.Method.get : call.method
        let fitting = endpoints.compactMap { endpoint in endpoint.path.match(segments).map { (endpoint, $0) } }
        let found = fitting.first { $0.0.method == method }
        let kind = found?.0.kind ?? fitting.first?.0.kind ?? (path.hasPrefix("/api/") ? .api : .page)

        var exchange: Exchange?
        var answer: Answer
        do {
            try site?.check(
                host: call.host, origin: call.headers[.origin], fetchSite: call.headers[.fetchSite], isChange: method != .get)
            guard let (endpoint, parameters) = found else {
                guard !fitting.isEmpty else { throw MartletError(.notFound, "there is nothing at \(path.prefix(200))") }
                throw Refusal(
                    status: 405, error: MartletError(.invalid, "\(call.method.rawValue) is not possible here"),
                    headers: [.allow: Set(fitting.map(\.0.method.rawValue)).sorted().joined(separator: ", ")])
            }
            let caller = try self.caller(of: call, endpoint)
            func make(_ body: [UInt8]) -> Exchange {
                Exchange(
                    method: method, path: path, parameters: parameters, query: Form(encoded: halves.count > 1 ? halves[1] : ""),
                    headers: call.headers, body: body, caller: caller, requestID: requestID, address: call.address)
            }
            exchange = make([])
            try Self.admit(caller, to: endpoint)
            var ready = make([])
            if endpoint.isChange {
                guard let body = try await call.body(Endpoint.bodyLimit) else {
                    throw Refusal(status: 413, error: MartletError(.invalid, "the body is larger than \(Endpoint.bodyLimit / 1024) KiB"))
                }
                ready = make(body)
                try Self.checkForm(ready, endpoint)
            }
            answer = try await respond(ready, endpoint)
        } catch {
            let refusal = error as? Refusal
            if !(error is MartletError), refusal == nil {
                logger.error("a request failed", metadata: ["path": "\(path)", "request": "\(requestID)", "error": "\(error)"])
            }
            let told = refusal?.error ?? Problem.error(error)
            let status = refusal?.status ?? Problem.status(of: told.code)
            switch kind {
            case .page: answer = await errorPage(told, status, exchange)
            case .api, .probe: answer = Problem.answer(told, status: status, requestID: requestID)
            }
            answer.headers.merge(Problem.headers(status))
            answer.headers.merge(refusal?.headers ?? [:])
        }
        if call.method == .head { answer.body = .bytes([]) }
        answer.headers[.requestID] = requestID
        SecurityHeaders.add(to: &answer.headers, isTLS: isTLS)
        counts.count(call.method.rawValue.count > 7 ? "other" : call.method.rawValue, found?.0.path.description ?? "none", answer.status)
        return answer
    }

    private struct Refusal: Error {
        let status: Int
        let error: MartletError
        var headers: HTTPFields = [:]
    }

    private func caller(of call: Call, _ endpoint: Endpoint) throws(MartletError) -> AccessControl.Caller? {
        if endpoint.kind == .probe { return nil }
        return try access.caller(
            authorization: call.headers[.authorization], cookie: Cookies.value(AccessControl.cookieName, in: call.headers),
            address: call.address)
    }

    private static func admit(_ caller: AccessControl.Caller?, to endpoint: Endpoint) throws(MartletError) {
        guard case .role(let role) = endpoint.access else { return }
        guard let caller else {
            throw MartletError(
                .unauthorized, "this needs a token or a session",
                fix: "open the link that `martlet login` prints, or send a token of `martlet token create`")
        }
        guard caller.principal.may(role) else {
            throw MartletError(
                .forbidden, "\"\(caller.principal.name)\" may not do this", details: ["it needs the role \(role.rawValue)"],
                fix: "ask an administrator for a token of that role")
        }
    }

    /// A browser sends the session's cookie by itself, so a change must also carry the token of that session's forms.
    private static func checkForm(_ exchange: Exchange, _ endpoint: Endpoint) throws(MartletError) {
        guard let session = exchange.caller?.session else { return }
        let sent = exchange.headers[.formToken] ?? (endpoint.kind == .page ? exchange.form["form"] : nil)
        guard let sent, Digest.constantTimeEquals(sent, session.formToken) else {
            throw MartletError(.forbidden, "the form does not belong to this session", fix: "load the page again")
        }
    }

    private func respond(_ exchange: Exchange, _ endpoint: Endpoint) async throws -> Answer {
        guard endpoint.isChange, endpoint.kind == .api, let key = exchange.headers[.idempotencyKey], let caller = exchange.caller else {
            return try await endpoint.handle(exchange)
        }
        guard Self.acceptable(key) != nil else { throw MartletError(.invalid, "an Idempotency-Key has 1 to 100 letters, digits and - _ .") }
        let name = "\(caller.principal.name)\n\(key)"
        let request = Digest.sha256Hex(Array("\(exchange.method.rawValue) \(exchange.path)\n".utf8) + exchange.body)
        if case .replay(var answer) = try await idempotency.begin(name, request: request) {
            answer.headers[.idempotentReplayed] = "true"
            return answer
        }
        let answer: Answer
        do { answer = try await endpoint.handle(exchange) } catch {
            answer = Problem.answer(Problem.error(error), requestID: exchange.requestID)
            await idempotency.end(name, request: request, answer)
            throw error
        }
        await idempotency.end(name, request: request, answer)
        return answer
    }

    /// Short and harmless enough for a header and a log.
    private static func acceptable(_ text: String?) -> String? {
        guard let text, (1...100).contains(text.utf8.count) else { return nil }
        let isFine = text.utf8.allSatisfy {
            switch $0 {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
        return isFine ? text : nil
    }
}
