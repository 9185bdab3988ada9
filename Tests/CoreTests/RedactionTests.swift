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
