/// Which names say that their value is a secret: `DB_PASSWORD`, `apiKey`, `client-secret`, `dsn`, and what an operator adds.
package struct SensitiveNames: Sendable, Hashable {
    /// The words of each name that was added.
    private let further: [[String]]
    private let kept: Set<String>

    /// - Parameters:
    ///   - names: further ones; `iban` covers `customerIban` and `IBAN_CODE`, not `libano`.
    ///   - keep: exact names whose values are not secret although they look so. All of a Secret stays one.
    package init(names: [String] = [], keep: [String] = []) {
        further = names.map { SensitiveNames.words(of: $0) }.filter { !$0.isEmpty }
        kept = Set(keep)
    }

    package static let standard = SensitiveNames()

    /// Whether there are names that the sieve of ``SecretShapes`` does not know.
    var hasFurther: Bool { !further.isEmpty }

    /// Names are compared word by word, so that `tokenizer`, `keyboard` and `monkey` are not taken for secrets.
    package func contains(_ name: some StringProtocol) -> Bool {
        guard name.utf8.count <= 120, kept.isEmpty || !kept.contains(String(name)) else { return false }
        let words = SensitiveNames.words(of: name)
        if further.contains(where: { part in words.indices.contains { words[$0...].starts(with: part) } }) { return true }
        return SensitiveNames.looksSecret(words)
    }

    private static func looksSecret(_ words: [String]) -> Bool {
        guard let last = words.last else { return false }
        // What points to a secret is not one: secretName, tokenFile, passwordPath, keyRef, token_expiration_seconds.
        if references.contains(last) { return false }
        for (i, word) in words.enumerated() {
            if always.contains(word) { return true }
            if word == "key" || word == "keys" {
                if i > 0, keyOwners.contains(words[i - 1]) { return true }
            }
            if word == "connection", i + 1 < words.count, words[i + 1] == "string" { return true }
        }
        return false
    }

    /// `dbPassword`, `DB_PASSWORD` and `db-password` are the words `db` and `password`.
    static func words(of name: some StringProtocol) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        var previousWasLower = false
        func end() {
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word = []
        }
        for byte in name.utf8 {
            switch byte {
            case 0x41...0x5A:
                if previousWasLower { end() }
                word.append(byte | 0x20)
                previousWasLower = false
            case 0x61...0x7A, 0x30...0x39:
                word.append(byte)
                previousWasLower = true
            default:
                end()
                previousWasLower = false
            }
        }
        end()
        return words
    }

    private static let always: Set<String> = [
        "password", "passwords", "passwd", "passphrase", "pwd", "pass", "pw", "token", "tokens", "secret", "secrets", "credential",
        "credentials", "creds", "dsn", "apikey", "apitoken", "accesskey", "secretkey", "privatekey", "clientsecret", "authtoken",
        "accesstoken", "refreshtoken", "bearer", "authorization", "cookie", "pgpassword", "sshkey", "masterkey", "signingkey",
        "encryptionkey", "sas", "otp", "hmac", "salt", "pepper", "jwt", "dbpassword", "mysqlpassword", "redispassword",
    ]
    /// `<word>_KEY` is a secret after these; `partition_key`, `topologyKey` and `cache_key` are not.
    private static let keyOwners: Set<String> = [
        "api", "access", "secret", "private", "master", "encryption", "signing", "account", "storage", "ssh", "auth", "session",
        "service", "client", "license", "shared", "crypto", "app", "application", "deploy", "hmac", "jwt", "aes", "rsa", "tls", "ssl",
        "license", "stripe", "webhook", "admin", "root", "write", "ingest", "instrumentation",
    ]
    private static let references: Set<String> = [
        "name", "names", "namespace", "file", "files", "path", "paths", "dir", "ref", "refs", "seconds", "ttl", "expiry", "expires",
        "expiration", "type", "kind", "count", "length", "size", "limit", "enabled", "required", "audience", "issuer", "version",
        "projection", "mode",
    ]
}
