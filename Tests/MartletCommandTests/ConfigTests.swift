import Foundation
import Testing

@Suite struct ConfigTests {
    @Test func withoutAFileTheDefaultsHold() async throws {
        #expect(try await Program.run("config", "check").status == 0)
        let shown = try await Program.run("config", "show", "-o", "json")
        let object = try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [String: Any]
        #expect((object?["server"] as? [String: Any])?["listen"] as? String == "127.0.0.1:8420")
    }

    @Test func unknownKeysAreRefusedWithPlaceAndNearestKey() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("version: 1\nserver:\n  lissten: 127.0.0.1:9000\n", to: "martlet.yaml")
        let outcome = try await Program.run("config", "check", "--config", file)
        #expect(outcome.status == 1)
        #expect(outcome.output.isEmpty)
        #expect(outcome.error.contains("martlet.yaml:3:3:"))
        #expect(outcome.error.contains("listen"))
        #expect(outcome.error.contains("fix: "))
    }

    @Test func secretsAreMasked() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write(
            "version: 1\nnotify:\n- webhook:\n    url: https://hooks.example/x\n    secret: ${env:HOOK_SECRET}\n", to: "martlet.yaml")
        let outcome = try await Program.run("config", "show", "--config", file, environment: ["HOOK_SECRET": "tulip-9000"])
        #expect(outcome.status == 0)
        #expect(!outcome.output.contains("tulip-9000"))
    }

    @Test func theVariableNamesTheFile() async throws {
        let outcome = try await Program.run("config", "check", environment: ["MARTLET_CONFIG": "/nonexistent/martlet.yaml"])
        #expect(outcome.status == 1)
        #expect(outcome.error.contains("$MARTLET_CONFIG"))
    }

    @Test func schemaIsJSON() async throws {
        let schema = try await Program.run("config", "schema").output
        let object = try JSONSerialization.jsonObject(with: Data(schema.utf8)) as? [String: Any]
        #expect(object?["additionalProperties"] as? Bool == false)
    }
}
