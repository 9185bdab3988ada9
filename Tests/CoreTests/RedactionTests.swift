import Core
import Testing

@Suite struct Redaction {
    @Test(arguments: [
        ("DB_PASSWORD=hunter2 next", "DB_PASSWORD=<redacted:1> next"),
        ("password: hunter2", "password: <redacted:1>"),
        (#"{"password":"a b","user":"x"}"#, #"{"password":"<redacted:1>","user":"x"}"#),
        (#"said {\"token\":\"abc\"}"#, #"said {\"token\":\"<redacted:1>\"}"#),
        ("--api-key s3cr3t --verbose", "--api-key <redacted:1> --verbose"),
        ("postgres://app:p%40ss@db:5432/x", "postgres://app:<redacted:1>@db:5432/x"),
        ("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer <redacted:1>"),
        ("key AKIAIOSFODNN7EXAMPLE used", "key <redacted:1> used"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end", "jwt <redacted:1> end"),
        ("secret key wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY x", "secret key <redacted:1> x"),
        ("clientSecret=abc&user=me", "clientSecret=<redacted:1>&user=me"),
        ("logged in as app with password hunter2 at db", "logged in as app with password <redacted:1> at db"),
        ("connecting with password swordfish.", "connecting with password <redacted:1>."),
        ("the new password is s3cr3t!, keep it", "the new password is <redacted:1>, keep it"),
        ("ALTER USER app WITH PASSWORD 'open sesame';", "ALTER USER app WITH PASSWORD '<redacted:1>';"),
        ("wrong password: hunter2", "wrong password: <redacted:1>"),
        ("sh -c \"mysql -uroot -phunter2 shop\"", "sh -c \"mysql -uroot -p<redacted:1> shop\""),
        ("/usr/bin/mysqldump -h db -p'a b' shop | gzip -phunter2", "/usr/bin/mysqldump -h db -p'<redacted:1>' shop | gzip -phunter2"),
        ("redis-cli -h cache -a hunter2 ping", "redis-cli -h cache -a <redacted:1> ping"),
        ("curl -u app:hunter2 http://db/", "curl -u app:<redacted:1> http://db/"),
        ("sshpass -p hunter2 ssh app@db", "sshpass -p <redacted:1> ssh app@db"),
        (#"exec ["mysqld","--password","hunter2"]: exit 1"#, #"exec ["mysqld","--password","<redacted:1>"]: exit 1"#),
        (#"exec ["mysqld" "--password" "hunter2"]: exit 1"#, #"exec ["mysqld" "--password" "<redacted:1>"]: exit 1"#),
        ("GET /c/b?sv=2024&sig=a%2Fb%3D&se=1 403", "GET /c/b?sv=2024&sig=<redacted:1>&se=1 403"),
        ("https://s3/x?X-Amz-Signature=0a1b2c failed", "https://s3/x?X-Amz-Signature=<redacted:1> failed"),
        ("Cookie: theme=dark; session=abc123\nHost: web", "Cookie: <redacted:1>\nHost: web"),
        ("curl -H 'Cookie: theme=dark; session=abc' http://web", "curl -H 'Cookie: <redacted:1>' http://web"),
        ("Set-Cookie: sid=abc; Path=/; HttpOnly", "Set-Cookie: <redacted:1>"),
        ("using wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY for s3", "using <redacted:1> for s3"),
        ("aws_secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "aws_secret=<redacted:1>"),
        ("token=q1 token=q2 token=q1", "token=<redacted:1> token=<redacted:2> token=<redacted:1>"),
    ])
    func secretsAreTakenOut(_ text: String, _ redacted: String) {
        var redactor = Redactor(.numbered)
        #expect(redactor.text(text) == redacted)
    }

    @Test(arguments: [
        #"secret "db-credentials" not found"#, "couldn't find key DATABASE_URL in ConfigMap ns/api-settings",
        "configmap \"nginx-conf\" not found", "required environment variable PAYMENTS_URL is not set", "http://payments:8080/healthz",
        "invalid token: unexpected end", "monkey=1 keyboard: qwerty tokenizer=fast", "2026-11-21T12:38:05Z ERROR x",
        "dial tcp 10.96.132.170:8080: connect: connection refused", "partition_key=7 topologyKey: zone",
        #"FATAL: password authentication failed for user "app""#, "with password authentication", "password is required",
        "Access denied for user 'app'@'10.1.2.3' (using password: YES)", "fe_sendauth: no password supplied",
        "password for user postgres is not set", "using password file /run/secrets/pw", "password SCRAM-SHA-256 required",
        "the password is 12 characters long", "password was changed 2 days ago", "missing password 'DB_PASSWORD'",
        "no password 10.0.0.5:5432", "password db-credentials missing", "wrong password InvalidPasswordException",
        "cookie: invalid signature for session", "kubectl logs -p mysql-0", "mysql -P 3306 -p shop", "nginx -p8080 mysql",
        "curl -u app http://db:8080/", "expected sig=1 and signature=2", "/usr/local/share/Shop/Release/v12/conf.d",
        "commit 32b5708fc87d258930f9f86b41d9e6a067cb698d checked out",
        "registry.example.com/shop/web@sha256:32b5708fc87d258930f9f86b41d9e6a067cb698d4e69b508541758676467c11a",
    ])
    func whatIsNoSecretStays(_ text: String) {
        var redactor = Redactor(.numbered)
        #expect(redactor.text(text) == text)
    }

    @Test func objects() throws {
        let json = try JSON(
            parsing: #"""
                {"env":[{"name":"DB_PASSWORD","value":"x1"},{"name":"MODE","value":"x1"}],"args":["--token","t1","--port=80"],
                "data":{"app.yaml":"db:\n  password: p1\n","API_KEY":"k1"},"secretName":"s","secretKeyRef":{"name":"n","key":"k"},
                "metadata":{"annotations":{"last":"{\"password\":\"p2\"}"}},"fields":[{"path":"spec.env[DB_PASSWORD]","from":"o","to":"x1"}]}
                """#)
        var redactor = Redactor(.numbered)
        let out = redactor.json(json).text()
        for secret in ["\"t1\"", "p1", "k1", "p2", "\"o\""] { #expect(!out.contains(secret), "\(secret) in \(out)") }
        #expect(out.contains(#"{"name":"MODE","value":"x1"}"#))
        #expect(out.contains(#""secretName":"s""#) && out.contains(#"{"name":"n","key":"k"}"#) && out.contains("--port=80"))
        #expect(redactor.json(json).text() == out)
    }

    @Test func argumentsOfPrograms() throws {
        let json = try JSON(
            parsing: #"""
                {"containers":[{"command":["/usr/bin/mysqladmin"],"args":["ping","-ps1","-P","3306"]},{"args":["--pin-token",4711,"-ps2"]},
                {"command":["redis-cli","-a","s3","ping"]},{"command":["curl","-u","app:s4","http://db"]},
                {"command":["sh","-c","mysql -ps5 -e 'select 1'"]}]}
                """#)
        var redactor = Redactor(.numbered)
        let out = redactor.json(json).text()
        for secret in ["s1", "4711", "s3", "s4", "s5"] { #expect(!out.contains(secret), "\(secret) in \(out)") }
        #expect(out.contains(#"{"command":["/usr/bin/mysqladmin"],"args":["ping","-p<redacted:1>","-P","3306"]}"#), "\(out)")
        #expect(out.contains("-ps2") && out.contains(#""-u","app:<redacted:"#) && out.contains("-e 'select 1'"), "\(out)")
    }

    /// Text of a megabyte that is made of beginnings only: a search that starts over at each of them would not come back.
    @Test(arguments: [
        "password ", "Cookie: a=b ", "mysql -p", "?sig=", "Aa1/", "password \"", "mysql -p'", "eyJa", "eyJ=", "Cookie:", "Cookie: a ",
        "password:${",
    ])
    func longTextIsReadOnce(_ beginning: String) {
        var redactor = Redactor(.numbered)
        let text = String(repeating: beginning, count: (1 << 20) / beginning.utf8.count)
        #expect(!redactor.text(text).isEmpty)
    }

    @Test func whatAnOperatorAddsAndKeeps() throws {
        var redactor = Redactor(.numbered, names: SensitiveNames(names: ["iban", "card number"], keep: ["PAGE_TOKEN"]))
        #expect(
            redactor.text("customerIban=DE00 libano=x PAGE_TOKEN=30 TOKEN=t9")
                == "customerIban=<redacted:1> libano=x PAGE_TOKEN=30 TOKEN=<redacted:2>")
        let out = redactor.json(
            try JSON(
                parsing: #"""
                    {"env":[{"name":"IBAN","value":"DE01"},{"name":"CARD_NUMBER","value":"4111"},{"name":"PAGE_TOKEN","value":"30"}],
                    "args":["--iban","DE02"],"secret":{"kind":"Secret","data":{"PAGE_TOKEN":"MzA="}}}
                    """#)
        ).text()
        for secret in ["DE01", "4111", "DE02", "MzA="] { #expect(!out.contains(secret), "\(secret) in \(out)") }
        #expect(out.contains(#""name":"PAGE_TOKEN","value":"30""#))
    }

    @Test func allOfASecretIsSecret() throws {
        var redactor = Redactor(.keyed([1, 2, 3]))
        let out = redactor.json(try JSON(parsing: #"{"kind":"Secret","data":{"user":"YWRtaW4="}}"#))
        #expect(out[at: "data", "user"]?.string?.hasPrefix("<redacted:") == true)
        var other = Redactor(.keyed([9]))
        #expect(other.replacement(of: "x") != redactor.replacement(of: "x"))
        #expect(redactor.replacement(of: "x") == redactor.replacement(of: "x"))
    }

    @Test func aPrivateKeyThatWasCutOffIsTakenOutToTheEnd() {
        var redactor = Redactor(.numbered)
        #expect(redactor.text("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIabc\nxyz") == "a\n<redacted:1>")
    }

    @Test func anyBytesAreSurvived() {
        var generator = SeededGenerator(seed: 7)
        var redactor = Redactor(.numbered)
        for _ in 0..<300 {
            let bytes = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
                "pas=:\"'\\-token://@{} \n".utf8.randomElement(using: &generator) ?? 0
            }
            _ = redactor.text(String(decoding: bytes, as: UTF8.self))
        }
    }
}
