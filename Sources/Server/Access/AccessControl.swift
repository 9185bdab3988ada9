package import Core

/// Who is it, and may they: tokens, sessions and login links in one place.
package final class AccessControl: Sendable {
    /// A caller that was recognised. `session` is nil for those who came with a token: no browser sends one by itself, so their
    /// changes need no form token.
    package struct Caller: Sendable, Hashable {
        package let principal: Principal
        package let session: Sessions.Session?
    }

    package static let cookieName = "martlet_session"

    package let tokens: TokenFile
    package let sessions: Sessions
    package let links: LoginLinks
    private let limit: AttemptLimit

    package init(tokens: TokenFile, clock: any WallClock, secrets: SecretGenerator = .system) {
        self.tokens = tokens
        sessions = Sessions(clock: clock, secrets: secrets)
        links = LoginLinks(clock: clock, secrets: secrets)
        limit = AttemptLimit(clock: clock)
    }

    /// Recognises a caller by the `Authorization` header, or else by the session cookie; nil when there is neither.
    /// - Throws: `unauthorized` for a wrong token, `tooMany` after several.
    package func caller(authorization: String?, cookie: String?, address: String) throws(MartletError) -> Caller? {
        if let authorization {
            let parts = authorization.split(separator: " ", maxSplits: 1)
            if parts.count == 2, parts[0].lowercased() == "bearer", let principal = tokens.principal(presenting: String(parts[1])) {
                return Caller(principal: principal, session: nil)
            }
            throw failure(address, "the token is not valid", fix: "martlet token create NAME --role ROLE, on the server's machine")
        }
        guard let cookie, let session = sessions.session(cookie) else { return nil }
        return Caller(principal: session.principal, session: session)
    }

    /// Exchanges the secret of a login link for a session's cookie.
    /// - Throws: `unauthorized` when it is used up or too old, `tooMany` after several.
    package func logIn(secret: String, address: String) throws(MartletError) -> String {
        guard let principal = links.redeem(secret) else {
            throw failure(address, "this link was used already, or is older than ten minutes", fix: "get a new one: martlet login")
        }
        return sessions.open(for: principal)
    }

    private func failure(_ address: String, _ message: String, fix: String) -> MartletError {
        guard let wait = limit.failed(address) else { return MartletError(.unauthorized, message, fix: fix) }
        return MartletError(.tooMany, "too many wrong credentials from this address", fix: "wait \(wait) s")
    }
}
