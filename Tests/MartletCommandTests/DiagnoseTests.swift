import Core
import Foundation
import Testing

@testable import martlet

@Suite struct DiagnoseTests {
    private func folder(faults: Int) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try GeneratedFolder.write(GeneratedCluster(pods: 60, faults: faults), to: folder.url)
        return folder
    }

    @Test func problemsExitWithThree() async throws {
        let folder = try folder(faults: 1)
        let outcome = try await Program.run("diagnose", "--snapshot", folder.path)
        #expect(outcome.status == 3, "\(outcome.error)")
        #expect(outcome.output.contains("team-0/Deployment/app-0"))
        #expect(outcome.output.contains("PAYMENTS_URL"))
        #expect(outcome.output.contains("1 incident · "))
        #expect(!outcome.output.contains("\u{1B}"))
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "-n", "team-1").status == 0)
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "-n", "team-0", "deploy/app-0").status == 3)
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "-l", "app=app-0").status == 3)
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "-l", "app!=app-0").status == 0)
    }

    @Test func theReasoningIsShownOnDemand() async throws {
        let folder = try folder(faults: 1)
        let plain = try await Program.run("diagnose", "--snapshot", folder.path)
        let explained = try await Program.run("diagnose", "--snapshot", folder.path, "--explain")
        for word in ["chain", "seen by", "container-failing: team-0/Deployment/app-0"] {
            #expect(explained.output.contains(word) && !plain.output.contains(word), "\(word): \(explained.output)")
        }
    }

    /// Symptoms are told of the workload: a pod of it, or its ReplicaSet, suffers from the same.
    @Test func whatHasAnOwnerSuffersWithIt() async throws {
        let folder = try folder(faults: 1)
        func name(_ file: String) throws -> String {
            let list = try JSON(parsing: Array(Data(contentsOf: folder.url.appending(path: file))))
            let owned = list["items"]?.array?.first { $0[at: "metadata", "name"]?.string?.hasPrefix("app-0-") == true }
            return try #require(owned?[at: "metadata", "name"]?.string)
        }
        for object in ["pod/\(try name("pods.json"))", "rs/\(try name("replicasets.json"))"] {
            let outcome = try await Program.run("diagnose", "--snapshot", folder.path, "-n", "team-0", object)
            #expect(outcome.status == 3 && outcome.output.contains("PAYMENTS_URL"), "\(object): \(outcome.output)")
        }
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "-n", "team-0", "deployment.apps/app-0").status == 3)
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "-n", "team-0", "rs/nobody").status == 1)
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "netpol/any").status == 2)
    }

    /// An all-clear for a slip of the finger would be believed.
    @Test func whatIsNotThereIsNotWell() async throws {
        let folder = try folder(faults: 0)
        let namespace = try await Program.run("diagnose", "--snapshot", folder.path, "-n", "taem-1")
        #expect(namespace.status == 1 && namespace.error.contains("there is no namespace taem-1"))
        let labels = try await Program.run("diagnose", "--snapshot", folder.path, "-l", "app=nope")
        #expect(labels.status == 1 && labels.error.contains("no object is labelled app=nope"))
        let one = try await Program.run("diagnose", "--snapshot", folder.path, "-n", "team-1", "-l", "app=app-1")
        #expect(one.status == 0 && one.output.contains("1 workload looked at"), "\(one.output)")
    }

    @Test func jsonHasTheFormOfTheDocument() async throws {
        let folder = try folder(faults: 3)
        let outcome = try await Program.run("diagnose", "--snapshot", folder.path, "-o", "json")
        let report = try JSON(parsing: outcome.output)
        #expect(report["version"] == 1)
        let found = (report["incidents"]?.array ?? []).map { "\($0["resource"]?.string ?? "") \($0["category"]?.string ?? "")" }.sorted()
        #expect(found == ["Deployment/app-0 missing-env", "Deployment/app-1 oom-killed", "Deployment/app-2 image-not-found"])
    }

    @Test func whatTheConfigurationCallsSecretIsNotShown() async throws {
        let folder = try folder(faults: 1)
        let logs = folder.url.appendingPathComponent("logs")
        for name in try FileManager.default.contentsOfDirectory(atPath: logs.path) {
            let file = logs.appendingPathComponent(name)
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(text.replacing("is not set", with: "is not set, iban=DE89370400440532013000").utf8).write(to: file)
        }
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "-o", "json").output.contains("iban=DE89"))
        let file = folder.url.appendingPathComponent("martlet.yaml")
        try Data("version: 1\nredaction: {names: [iban]}\n".utf8).write(to: file)
        for format in ["json", "table"] {
            let outcome = try await Program.run("diagnose", "--snapshot", folder.path, "-o", format, "--config", file.path)
            #expect(outcome.status == 3)
            #expect(!outcome.output.contains("DE89"), "\(format)")
            if format == "json" { #expect(outcome.output.contains("iban=<redacted:1>")) }
        }
    }

    @Test func healthyIsFine() async throws {
        let folder = try folder(faults: 0)
        let outcome = try await Program.run("diagnose", "--snapshot", folder.path)
        #expect(outcome.status == 0)
        #expect(outcome.output.contains("nothing is wrong"))
    }

    @Test func failOnSetsTheThreshold() async throws {
        let folder = try folder(faults: 1)
        let severity = try JSON(parsing: try await Program.run("diagnose", "--snapshot", folder.path, "-o", "json").output)[
            at: "incidents"]?[0]?[
                "severity"]?.string
        let outcome = try await Program.run("diagnose", "--snapshot", folder.path, "--fail-on", "critical")
        #expect(outcome.status == (severity == "critical" ? 3 : 0))
    }

    @Test func whatCannotBeReadIsSaid() async throws {
        let missing = try await Program.run("diagnose", "--snapshot", "/nonexistent/folder")
        #expect(missing.status == 1)
        #expect(missing.error.hasPrefix("error: "))
        let folder = try folder(faults: 0)
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "deployment/nobody").status == 1)
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "nothing").status == 2)
        #expect(try await Program.run("diagnose", "--snapshot", folder.path, "-l", "a=b=c").status == 2)
        let empty = try TemporaryFolder()
        _ = try empty.write(
            #"{"version":1,"time":"2026-11-21T12:41:30Z","cluster":"c","forbidden":["pods","deployments"]}"#, to: "meta.json")
        _ = try empty.write(#"{"kind":"ServiceList","apiVersion":"v1","items":[]}"#, to: "services.json")
        #expect(try await Program.run("diagnose", "--snapshot", empty.path).status == 1)
    }
}
