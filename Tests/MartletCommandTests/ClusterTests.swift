import Foundation
import Testing

@Suite struct ClusterTests {
    @Test func withoutAKubeconfigItSaysWhatToDo() async throws {
        let outcome = try await Program.run("diagnose")
        #expect(outcome.status == 1)
        #expect(outcome.error.hasPrefix("error: there is no kubeconfig"))
        #expect(outcome.error.contains("fix: "))
    }

    @Test func aServerThatIsNotThereIsNamed() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            """
            apiVersion: v1
            kind: Config
            current-context: gone
            clusters: [{name: gone, cluster: {server: "https://127.0.0.1:9"}}]
            users: [{name: me, user: {token: t}}]
            contexts: [{name: gone, context: {cluster: gone, user: me}}]
            """, to: "config")
        let outcome = try await Program.run("doctor", "--kubeconfig", file, environment: ["MARTLET_HOME": folder.path + "/home"])
        #expect(outcome.status == 1)
        #expect(outcome.output.contains("https://127.0.0.1:9"))
        #expect(outcome.output.contains("context \"gone\""))
    }

    @Test func contradictoryScopesAreUsageErrors() async throws {
        #expect(try await Program.run("diagnose", "-A", "-n", "shop").status == 2)
        #expect(try await Program.run("diagnose", "--snapshot", "/tmp", "--watch").status == 2)
        #expect(try await Program.run("diagnose", "--fail-on", "dreadful").status == 2)
    }
}
