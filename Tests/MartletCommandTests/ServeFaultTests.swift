import Foundation
import Testing

/// A server that cannot start says why and ends with status 1; it does not crash.
@Suite struct ServeFaultTests {
    private func serve(_ home: TemporaryFolder, listen: String = "127.0.0.1:0") async throws -> Program.Outcome {
        let kubeconfig = try home.write(
            """
            current-context: c
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:9"}}]
            contexts: [{name: c, context: {cluster: c}}]
            """, to: "kubeconfig")
        return try await Program.run(
            "serve", "--listen", listen,
            environment: ["MARTLET_HOME": home.path, "KUBECONFIG": kubeconfig])
    }

    @Test func aFileThatIsNoDatabaseIsNamed() async throws {
        let home = try TemporaryFolder()
        _ = try home.write(String(repeating: "not a database\n", count: 100), to: "journal.db")
        let outcome = try await serve(home)
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("journal.db") && outcome.error.contains("fix:"))
        #expect(try String(contentsOfFile: home.path + "/journal.db", encoding: .utf8).hasPrefix("not a database"), "it is not touched")
    }

    @Test func aTokenThatOthersCanReadIsRefused() async throws {
        let home = try TemporaryFolder()
        let token = try home.write("martlet_0123456789012345678901234567890123456789\n", to: "token")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: token)
        let outcome = try await serve(home)
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("chmod 600"))
    }

    /// Tokens and links for signing in would travel in clear.
    @Test(arguments: ["0.0.0.0:0", "[::]:0", "192.0.2.7:8420"]) func otherMachinesAreServedUnderTLSOnly(_ listen: String) async throws {
        let outcome = try await serve(try TemporaryFolder(), listen: listen)
        #expect(outcome.status == 2)
        #expect(outcome.error.contains("which needs server.tls") && outcome.error.contains("fix:"), "\(outcome.error)")
    }
}
