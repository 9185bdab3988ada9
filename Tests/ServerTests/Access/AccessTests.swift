import Core
import Foundation
import Testing

@testable import Server

@Suite struct AccessTests {
    let clock = SettableClock()
    let folder: TemporaryFolder
    let control: AccessControl

    init() throws {
        folder = try TemporaryFolder()
        control = AccessControl(tokens: try TokenFile(directory: folder.path, clock: clock), clock: clock)
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: folder.path + "/" + name)[.posixPermissions] as? Int
    }

    @Test func theLocalTokenIsMadeOnceAndPrivate() throws {
        let text = try String(contentsOfFile: folder.path + "/token", encoding: .utf8)
        #expect(try mode("token") == 0o600)
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(
            try control.caller(authorization: "Bearer \(token)", cookie: nil, address: "a")?.principal
                == Principal(name: "local", role: .administrator))
        _ = try TokenFile(directory: folder.path, clock: clock)
        #expect(try String(contentsOfFile: folder.path + "/token", encoding: .utf8) == text)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: folder.path + "/token")
        #expect(throws: MartletError.self) { try TokenFile(directory: folder.path, clock: clock) }
    }

    @Test func namedTokensAreKeptHashedAndSurviveARestart() async throws {
        let token = try await control.tokens.create(name: "ci", grant: .role(.viewer), by: "local")
        let ingest = try await control.tokens.create(name: "prom", grant: .ingest(source: "prometheus"), by: "local")
        let stored = try String(contentsOfFile: folder.path + "/tokens.json", encoding: .utf8)
        #expect(!stored.contains(token))
        #expect(try mode("tokens.json") == 0o600)
        let again = try TokenFile(directory: folder.path, clock: clock)
        #expect(again.principal(presenting: token) == Principal(name: "ci", role: .viewer))
        #expect(again.principal(presenting: ingest)?.may(.viewer) == false)
        try await again.revoke(name: "ci")
        #expect(again.principal(presenting: token) == nil)
        await #expect(throws: MartletError.self) { try await again.revoke(name: "ci") }
        await #expect(throws: MartletError.self) { try await again.create(name: "prom", grant: .role(.viewer), by: "local") }
    }

    @Test(arguments: ["", "local", "martlet", "a b", "policy:x", "<script>", String(repeating: "a", count: 65)])
    func badTokenNames(_ name: String) { #expect(throws: MartletError.self) { try TokenFile.check(name) } }

    /// Taken for an empty list it would be written over with the next token that is made.
    @Test(arguments: [
        ("{", "no list of tokens"), ("", "no list of tokens"), (#"{"version":2,"tokens":[]}"#, "its version is not 1"),
        (#"{"version":1,"tokens":[{"name":"ci","role":"king","sha256":"00"}]}"#, "entry 1 of 1"),
    ])
    func aTokenFileThatIsNotUnderstoodIsNamedAndNotTouched(_ text: String, _ why: String) throws {
        let file = folder.path + "/tokens.json"
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        let error = #expect(throws: MartletError.self) { try TokenFile(directory: folder.path, clock: clock) }
        #expect(error?.code == .corrupt)
        #expect(error?.message.contains(file) == true && error?.message.contains(why) == true, "\(String(describing: error))")
        #expect(error?.fix != nil)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    }

    @Test(arguments: ["token", "tokens.json"]) func aTokenFileThatCannotBeReadIsNoEmptyOne(_ name: String) throws {
        let file = folder.path + "/" + name
        try? FileManager.default.removeItem(atPath: file)
        try FileManager.default.createDirectory(atPath: file, withIntermediateDirectories: false)
        let error = #expect(throws: MartletError.self) { try TokenFile(directory: folder.path, clock: clock) }
        #expect(error?.message.contains(file) == true && error?.fix != nil, "\(String(describing: error))")
        var isFolder: ObjCBool = false
        #expect(FileManager.default.fileExists(atPath: file, isDirectory: &isFolder) && isFolder.boolValue)
    }

    @Test func aRevocationThatCannotBeWrittenCanBeRepeated() async throws {
        let token = try await control.tokens.create(name: "ci", grant: .role(.viewer), by: "local")
        let blocked = folder.path + "/tokens.json.new"
        try FileManager.default.createDirectory(atPath: blocked + "/full", withIntermediateDirectories: true)
        let error = await #expect(throws: MartletError.self) { try await control.tokens.revoke(name: "ci") }
        #expect(error?.message.contains("still holds") == true)
        #expect(control.tokens.principal(presenting: token) != nil, "what a restart would bring back holds now, too")
        try FileManager.default.removeItem(atPath: blocked)
        try await control.tokens.revoke(name: "ci")
        #expect(control.tokens.principal(presenting: token) == nil)
    }

    @Test func aLinkWorksOnceAndForTenMinutes() throws {
        let me = Principal(name: "ana", role: .approver)
        let link = control.links.issue(for: me)
        let cookie = try control.logIn(secret: link, address: "a")
        #expect(try control.caller(authorization: nil, cookie: cookie, address: "a")?.principal == me)
        #expect(throws: MartletError.self) { try control.logIn(secret: link, address: "a") }
        let late = control.links.issue(for: me)
        clock.advance(by: .seconds(601))
        #expect(throws: MartletError.self) { try control.logIn(secret: late, address: "a") }
    }

    @Test func unusedLinksEndWithTheirToken() throws {
        let link = control.links.issue(for: Principal(name: "ana", role: .approver))
        let other = control.links.issue(for: Principal(name: "ben", role: .viewer))
        control.links.revoke(name: "ana")
        #expect(throws: MartletError.self) { try control.logIn(secret: link, address: "a") }
        #expect(throws: Never.self) { try control.logIn(secret: other, address: "a") }
    }

    @Test func sessionsEnd() throws {
        let cookie = try control.logIn(secret: control.links.issue(for: Principal(name: "ana", role: .viewer)), address: "a")
        clock.advance(by: .seconds(11 * 3600))
        #expect(control.sessions.session(cookie) != nil)
        clock.advance(by: .seconds(11 * 3600))
        #expect(control.sessions.session(cookie) != nil, "use keeps it alive")
        clock.advance(by: .seconds(13 * 3600))
        #expect(control.sessions.session(cookie) == nil)
        let other = control.sessions.open(for: Principal(name: "ben", role: .viewer))
        control.sessions.close(name: "ben")
        #expect(control.sessions.session(other) == nil)
    }

    @Test func guessingIsSlowedDownAndNobodyIsLockedOut() throws {
        func code() -> MartletError.Code? {
            do { _ = try control.caller(authorization: "Bearer no", cookie: nil, address: "10.0.0.1"); return nil } catch {
                return error.code
            }
        }
        #expect((0..<10).map { _ in code() } == Array(repeating: .unauthorized, count: 10))
        #expect(code() == .tooMany)
        let token = try String(contentsOfFile: folder.path + "/token", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try control.caller(authorization: "Bearer \(token)", cookie: nil, address: "10.0.0.1") != nil)
        clock.advance(by: .seconds(7))
        #expect(code() == .unauthorized)
    }

    @Test func roles() {
        #expect(Principal(name: "a", role: .approver).may(.operator))
        #expect(!Principal(name: "a", role: .operator).may(.approver))
        #expect(!Principal(name: "a", grant: .ingest(source: "x")).may(.viewer))
    }

    @Test(
        arguments: [
            ("127.0.0.1:8420", nil, true), ("localhost:9000", nil, true), ("[::1]:8420", nil, true), ("10.1.2.3", nil, true),
            ("martlet.example.com", nil, true), ("evil.example.com", nil, false), ("localhost.evil.com", nil, false), (nil, nil, false),
            ("127.0.0.1.evil.com", nil, false), ("", nil, false), ("a/b", nil, false),
            ("localhost:8420", "http://localhost:8420", true), ("localhost:8420", "http://localhost:8421", false),
            ("localhost:8420", "http://evil.com", false), ("localhost:8420", "null", false),
            ("localhost:8420", "https://martlet.example.com", true),
            ("localhost", "http://localhost", true), ("martlet.example.com", "https://martlet.example.com", true),
            ("[::1]:8420", "http://[::1]:8420", true),
        ] as [(String?, String?, Bool)])
    func onlyOwnSites(_ host: String?, _ origin: String?, _ isFine: Bool) {
        var settings = ListenerSettings()
        settings.publicURL = "https://martlet.example.com"
        let rule = SiteRule(settings)
        let passes = (try? rule.check(host: host, origin: origin, fetchSite: nil, isChange: true)) != nil
        #expect(passes == isFine)
    }

    @Test func crossSiteChangesAreRefused() {
        let rule = SiteRule(ListenerSettings())
        #expect(throws: MartletError.self) { try rule.check(host: "localhost", origin: nil, fetchSite: "cross-site", isChange: true) }
        #expect(throws: Never.self) { try rule.check(host: "localhost", origin: nil, fetchSite: "cross-site", isChange: false) }
    }

    @Test(arguments: [[], [0], [1, 2], [255, 254, 253], [1, 2, 3, 4]] as [[UInt8]])
    func base64URL(_ bytes: [UInt8]) { #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes) }
}
