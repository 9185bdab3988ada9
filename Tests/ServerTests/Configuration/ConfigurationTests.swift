import Core
import Documents
import Journal
import Remediation
import Testing

@testable import Server

@Suite struct ConfigurationTests {
    static func surroundings(_ files: [String: String] = [:], _ environment: [String: String] = ["HOME": "/home/me"])
        -> ConfigurationSurroundings
    {
        ConfigurationSurroundings(environment: environment) { files[$0].map { Array($0.utf8) } }
    }

    static func parse(_ text: String, _ environment: [String: String] = ["HOME": "/home/me"], files: [String: String] = [:])
        throws(MartletError) -> Configuration
    {
        try Configuration.parse(text, file: "martlet.yaml", surroundings(files, environment))
    }

    static func error(_ text: String) -> MartletError? {
        do { _ = try parse(text); return nil } catch { return error }
    }

    @Test func defaultsHoldWithoutAFile() throws {
        let configuration = try Configuration.load(Self.surroundings())
        #expect(configuration.server.listen.description == "127.0.0.1:8420")
        #expect(configuration.home == "/home/me/.local/state/martlet")
        #expect(configuration.file == nil)
        #expect(configuration.environment(ofCluster: "any") == "prod")
        #expect(configuration.policy(of: "prod").autonomy(for: .low) == .suggest)
    }

    @Test func readsEverything() throws {
        let text = """
            version: 1
            server:
              listen: 0.0.0.0:8443
              tls: {certificate: /tls.crt, key: /tls.key}
              publicURL: https://martlet.example.com/
              probes: ":8421"
            clusters:
              - name: eu-1
                context: eu
                environment: staging
                credentials: {read: {as: reader}, act: {token: "${env:ACT_TOKEN}"}}
                namespaces: [shop, pay]
                secrets: keys
              - name: local
                inCluster: true
            environments:
              staging:
                autonomy: {low: auto, medium: approve}
                optionalGates: [policy, error-budget]
                approvals: 2
                verification: {window: 2m30s}
                limits: {cooldown: 5m, attempts: 4, breaker: 1}
                freeze: [{from: "2026-12-20T00:00:00Z", until: "2027-01-02T00:00:00Z", reason: holidays}]
              dev: {autonomy: auto}
            storage: {home: /data}
            notify:
              - webhook: {url: "${file:/hook}", secret: "${env:HOOK}"}
                on: [closed]
            redaction: {names: [iban], keep: [TOKEN_TTL]}
            """
        let configuration = try Self.parse(
            text, ["ACT_TOKEN": "t0p", "HOOK": "k"], files: ["/hook": "https://hooks.example.com/x/SECRETPART\n"])
        #expect(configuration.server.publicURL == "https://martlet.example.com")
        #expect(configuration.server.probes == ListenAddress(host: "", port: 8421))
        #expect(configuration.clusters.map(\.name) == ["eu-1", "local"])
        #expect(configuration.clusters[0].act.token?.value == "t0p")
        #expect(configuration.clusters[0].read.impersonate == "reader")
        #expect(configuration.environment(ofCluster: "local") == "prod")
        #expect(configuration.readsSecrets(ofContext: "eu"))
        #expect(!configuration.readsSecrets(ofContext: "in-cluster") && !configuration.readsSecrets(ofContext: "us"))
        let staging = configuration.policy(of: "staging")
        #expect(staging.autonomy(for: .low) == .auto)
        #expect(staging.autonomy(for: .high) == .suggest)
        #expect(staging.optionalGates == [.policy, .errorBudget])
        #expect(staging.verificationWindow == .seconds(150))
        let policy = Policy(environment: "staging", configured: staging)
        #expect(policy.freeze(at: try #require(Timestamp("2026-12-24T18:00:00Z")))?.reason == "holidays")
        #expect(policy.freeze(at: try #require(Timestamp("2027-01-02T00:00:00Z"))) == nil)
        #expect(policy.approvals == 2)
        #expect(configuration.redaction.sensitiveNames.contains("CUSTOMER_IBAN"))
        #expect(!configuration.redaction.sensitiveNames.contains("TOKEN_TTL"))
        #expect(configuration.policy(of: "dev").autonomy(for: .high) == .auto)
        #expect(configuration.notifications[0].occasions == [.closed])

        let shown = configuration.shown.text()
        for secret in ["t0p", "SECRETPART"] { #expect(!shown.contains(secret)) }
        #expect(shown.contains("*** (${env:ACT_TOKEN})"))
        #expect(shown.contains("https://hooks.example.com/***"))
    }

    /// What a configured name must not cover is what the journal is made of.
    @Test func everyMemberOfTheJournalIsKnownToTheCheckOfNames() async throws {
        let backend = ScriptedBackend(clock: SettableClock())
        try await Story.begin(backend)
        try await Story.act(backend)
        var members: Set<String> = []
        func collect(_ json: JSON) {
            switch json {
            case .array(let elements): for element in elements { collect(element) }
            case .object(let object):
                for (key, value) in object where !key.contains("/") {
                    members.insert(key)
                    // What stands in these is the cluster's.
                    if !["facts", "patch", "inverse", "parameters", "verification", "before", "after", "write"].contains(key) {
                        collect(value)
                    }
                }
            default: break
            }
        }
        for entry in try await backend.entries(after: 0, limit: 1000) { collect(entry.payload ?? [:]) }
        #expect(members.count > 40)
        #expect(members.subtracting(RedactionSettings.ownMembers.map { $0 } + ["uid", "hash"]).sorted() == [])
    }

    @Test(
        arguments: [
            ("version: 1\nclustrs: []\n", "martlet.yaml:2:1: unknown key \"clustrs\"; did you mean \"clusters\"?"),
            ("version: 1\nserver:\n  lisen: 127.0.0.1:1\n", "martlet.yaml:3:3: unknown key \"lisen\" in server; did you mean \"listen\"?"),
            ("version: 1\nserver:\n  zzzzzzzzzz: 1\n", "martlet.yaml:3:3: unknown key \"zzzzzzzzzz\" in server"),
            ("version: 2\n", "martlet.yaml:1:10: version must be a whole number from 1 to 1, not \"2\""),
            ("server: {}\n", "martlet.yaml:1:1: the file has no \"version\" (a whole number from 1 to 1)"),
            ("version: 1\nsources: []\n", "martlet.yaml:2:1: \"sources\" is not supported by this version"),
            (
                "version: 1\nredaction: {names: [iban, Digest]}\n",
                "martlet.yaml:2:27: \"Digest\" would hide \"digest\" of Martlet's own records; name the setting more exactly"
            ),
            (
                "version: 1\nserver: {listen: nowhere}\n",
                "martlet.yaml:2:18: server.listen must be an address such as 127.0.0.1:8420, not \"nowhere\""
            ),
            (
                "version: 1\nclusters:\n  - name: a\n    secrets: helm\n",
                "martlet.yaml:4:14: secrets: helm is not supported by this version, which would read no more than with keys; write keys or none"
            ),
            ("version: 1\nclusters:\n  - context: a\n", "martlet.yaml:3:5: clusters[0] has no \"name\" (text such as eu-1)"),
            (
                "version: 1\nclusters:\n  - name: a\n  - name: a\n", "martlet.yaml:4:11: two clusters are called \"a\""
            ),
            (
                "version: 1\nclusters: [{name: a, environment: stagin}]\nenvironments: {staging: {}}\n",
                "martlet.yaml:2:35: environment \"stagin\" is not described in environments; did you mean \"staging\"?"
            ),
            (
                "version: 1\nnotify: [{webhook: {url: \"http://x\", secret: plain}}]\n",
                "martlet.yaml:2:46: notify[0].webhook.secret must be a reference, ${env:NAME} or ${file:PATH}, not \"plain\""
            ),
            (
                "version: 1\nstorage: {home: \"${env:HOME}\"}\n",
                "martlet.yaml:2:17: storage.home must be text such as /var/lib/martlet, not \"${env:HOME}\""
            ),
            (
                "version: 1\nclusters: [{name: a, credentials: {act: {token: \"${env:NONE}\"}}}]\n",
                "martlet.yaml:2:49: the environment variable NONE is not set"
            ),
            (
                "version: 1\nserver: {listen: 0.0.0.0:8420}\n",
                "martlet.yaml:2:18: server.listen: 0.0.0.0:8420 can be reached from other machines"
            ),
            ("- a\n", "martlet.yaml:1:1: the file must be a table with version"),
            ("version: 1\na: [", "martlet.yaml:3:1: this is not YAML: "),
            ("version: 1\nversion: 1\n", "martlet.yaml:1:1: this is not YAML: \"version\" is there twice"),
        ])
    func saysWhatIsWrongAndWhere(_ text: String, _ expected: String) {
        let error = Self.error(text)
        #expect(error?.code == .invalid)
        #expect(error?.message.hasPrefix(expected) == true, "\(error?.description ?? "no error")")
    }

    @Test func reportsEveryProblemAtOnce() {
        let error = Self.error("version: 1\nserver:\n  lisen: x\n  tls: {certificate: a}\nnotfy: []\n")
        #expect(error?.details.count == 2)
    }

    @Test func aLongWrongValueIsNotRepeated() {
        let secret = String(repeating: "s3cr3t", count: 10)
        #expect(
            Self.error("version: 1\nnotify: [{webhook: {url: \"http://x\", secret: \(secret)}}]\n")?.description.contains("s3cr3t") == false
        )
    }

    @Test func anAliasBombIsRefused() {
        var text = "version: 1\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        for i in 1..<7 { text += "a\(i): &a\(i) [\(Array(repeating: "*a\(i - 1)", count: 10).joined(separator: ","))]\n" }
        text += "clusters: *a6\n"
        #expect(Self.error(text) != nil)
    }

    @Test func anEmptyListIsFine() throws {
        #expect(try Self.parse("version: 1\nclusters:\nserver:\n").clusters.isEmpty)
        #expect(try Self.parse("# nothing\n").server.listen.port == 8420)
    }

    @Test func findsTheFileInOrder() throws {
        let all = ["/etc/martlet/martlet.yaml": "", "/x/martlet/martlet.yaml": "", "/m.yaml": "", "/o.yaml": ""]
        let variables = ["XDG_CONFIG_HOME": "/x", "MARTLET_CONFIG": "/m.yaml"]
        #expect(try Configuration.locate(option: "/o.yaml", Self.surroundings(all, variables)) == "/o.yaml")
        #expect(try Configuration.locate(option: nil, Self.surroundings(all, variables)) == "/m.yaml")
        #expect(try Configuration.locate(option: nil, Self.surroundings(all, ["XDG_CONFIG_HOME": "/x"])) == "/x/martlet/martlet.yaml")
        #expect(try Configuration.locate(option: nil, Self.surroundings(all, [:])) == "/etc/martlet/martlet.yaml")
        #expect(throws: MartletError.self) { try Configuration.locate(option: "/none", Self.surroundings(all, variables)) }
    }

    @Test func theSchemaKnowsWhatTheReaderKnows() {
        let schema = Configuration.schema
        #expect(schema["additionalProperties"] == false)
        #expect(schema[at: "properties", "server", "properties", "listen", "type"] == "string")
        #expect(schema[at: "properties", "sources"] == nil)
        #expect(schema["required"] == ["version"])
    }

    @Test(arguments: [("90s", 90.0), ("1h30m", 5400), ("7d", 604_800), ("250ms", 0.25), ("1.5h", 5400)])
    func durations(_ text: String, _ seconds: Double) throws {
        let duration = try #require(DurationText.parse(text))
        #expect(duration.secondCount == seconds)
        #expect(DurationText.parse(DurationText.text(duration)) == duration)
    }

    @Test(arguments: ["", "5", "m", "5 m", "5y", "-5m", "99999999999d", "5m\u{0}"])
    func noDurations(_ text: String) { #expect(DurationText.parse(text) == nil) }

    /// As in behaviours of the twin and in scripts.
    @Test func aPlainNumberIsSecondsWhereThatIsSaid() {
        #expect(DurationText.parse("5", plainIsSeconds: true) == .seconds(5))
        #expect(DurationText.parse("0.25", plainIsSeconds: true) == .milliseconds(250))
        #expect(DurationText.parse("1m5", plainIsSeconds: true) == nil)
        #expect(DurationText.parse("5x", plainIsSeconds: true) == nil)
    }

    @Test func documentsOfAnyShape() throws {
        #expect(try DocumentReader.json("", place: "x") == [:])
        #expect(try DocumentReader.json("a: [1, '1', true, 1.5, null]", place: "x") == ["a": [1, "1", true, 1.5, nil]])
        let malformed = #expect(throws: MartletError.self) { try DocumentReader.json("a: [", place: "mine.yaml") }
        #expect(malformed?.message.hasPrefix("mine.yaml:2:1: this is not YAML") == true)
        // Each line makes ten of the one above.
        let bomb = (1...6).map { "l\($0): &l\($0) [\(Array(repeating: $0 == 1 ? "x" : "*l\($0 - 1)", count: 10).joined(separator: ","))]" }
        let refused = #expect(throws: MartletError.self) { try DocumentReader.json(bomb.joined(separator: "\n"), place: "bomb.yaml") }
        #expect(refused?.message.hasSuffix("unfolds to more than 50,000 values") == true)
    }

    @Test func slipsAreFound() {
        #expect(Nearest.match("namspaces", among: ["name", "namespaces"]) == "namespaces")
        #expect(Nearest.match("tsl", among: ["tls"]) == "tls")
        #expect(Nearest.match("zzz", among: ["server"]) == nil)
        #expect(Nearest.distance("ab", "ba") == 1)
    }
}
