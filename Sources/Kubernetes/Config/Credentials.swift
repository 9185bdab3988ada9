import Core

/// Who we are to one server, kept fresh: tokens from files are read again, plug-ins are run again when what they gave has run out.
actor Credentials {
    /// What a request is made with.
    struct Current: Sendable {
        /// The value of `Authorization`.
        var authorization: String?
        var certificate: [UInt8]?
        var key: [UInt8]?
        /// Counts the changes of certificate and key, so that the transport knows when to connect anew.
        var identity = 0
    }

    private let connection: Connection
    private let files: LocalFiles
    private let clock: any WallClock
    private var fileToken: (token: String, readAt: Timestamp)?
    private var fromPlugin: (credential: ExecCredential, goodUntil: Timestamp?)?
    /// Since when what the plug-in handed out last had run out already.
    private var wornSince: Timestamp?
    private var running: Task<ExecCredential, any Error>?
    private var pair: (certificate: [UInt8], key: [UInt8])?
    private var identity = 0

    init(_ connection: Connection, files: LocalFiles, clock: any WallClock) {
        self.connection = connection
        self.files = files
        self.clock = clock
    }

    func current() async throws -> Current {
        let user = connection.user
        var token = user.token
        if let file = user.tokenFile { token = try readToken(file) ?? token }
        var result = Current()
        if let plugin = user.exec {
            let credential = try await credential(of: plugin)
            token = credential.token ?? token
            if let certificate = credential.certificate, let key = credential.key { keep(certificate, key) }
        }
        if pair == nil, let certificate = user.certificate, let key = user.key {
            keep(try certificate.bytes(files, "client-certificate"), try key.bytes(files, "client-key"))
        }
        if let token {
            result.authorization = "Bearer " + token
        } else if let name = user.username {
            result.authorization = "Basic " + base64(Array("\(name):\(user.password ?? "")".utf8))
        }
        result.certificate = pair?.certificate
        result.key = pair?.key
        result.identity = identity
        return result
    }

    /// The server refused what ``current()`` gave. True when a second attempt can bring something else.
    func refused() -> Bool {
        let user = connection.user
        fileToken = nil
        fromPlugin = nil
        if user.exec == nil { pair = nil }
        if case .file? = user.certificate { return true }
        return user.tokenFile != nil || user.exec != nil
    }

    /// Why a second attempt was refused as well, where that can be told.
    func reasonOfRefusal() -> MartletError? {
        guard let plugin = connection.user.exec, let wornSince else { return nil }
        let now = clock.now()
        return MartletError(
            .unauthorized, "the server at \(connection.server) refused what the credential plug-in \(plugin.command) handed out (401)",
            details: ["it had expired \(APIError.roughly(now - wornSince)) before (\(wornSince.rfc3339()))"],
            fix: "sign in again as the plug-in wants it, or put this machine's clock right: it says \(now.rfc3339())")
    }

    private func keep(_ certificate: [UInt8], _ key: [UInt8]) {
        if let pair, pair.certificate == certificate, pair.key == key { return }
        pair = (certificate, key)
        identity += 1
    }

    /// Kubernetes rotates the tokens of service accounts in place: read again after a minute, as client-go does. A file that is gone for
    /// a moment costs nothing while an older token is known.
    private func readToken(_ file: String) throws -> String? {
        let now = clock.steady()
        if let fileToken, now - fileToken.readAt < .seconds(60) { return fileToken.token }
        do {
            let text = String(decoding: try files.require(file, "tokenFile"), as: UTF8.self)
            let token = text.filter { !$0.isWhitespace }
            guard !token.isEmpty else { throw MartletError(.unauthorized, "the token file \(file) is empty", fix: "put a token there") }
            fileToken = (token, now)
            return token
        } catch {
            if let fileToken { return fileToken.token }
            if connection.user.token != nil { return nil }
            throw error
        }
    }

    /// One run of the plug-in at a time; all who wait get its result.
    private func credential(of plugin: ExecPlugin) async throws -> ExecCredential {
        if let fromPlugin, fromPlugin.goodUntil.map({ clock.now() < $0 }) ?? true { return fromPlugin.credential }
        if let running { return try await running.value }
        let task = Task { [connection, clock] in try await plugin.run(for: connection, clock: clock) }
        running = task
        defer { running = nil }
        let fresh = try await task.value
        let now = clock.now()
        wornSince = fresh.expiry.flatMap { $0 <= now ? $0 : nil }
        // What has run out already may still be taken by a server whose clock is right; the plug-in must not run for every call.
        fromPlugin = (fresh, fresh.expiry.map { max($0 - .seconds(5), now + .seconds(10)) })
        return fresh
    }
}
