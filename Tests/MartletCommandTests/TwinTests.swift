import Core
import Foundation
import Kubernetes
import Testing

@Suite struct TwinCommandTests {
    @Test func aFreshTwinIsHealthyAndEndsWhenInterrupted() async throws {
        let status = try await RunningTwin.run { kubeconfig in
            let diagnosis = try await Program.run("diagnose", "-A", "--kubeconfig", kubeconfig)
            #expect(diagnosis.status == 0, "\(diagnosis.output)\(diagnosis.error)")
            #expect(diagnosis.output.contains("nothing is wrong"))
            let doctor = try await Program.run("doctor", "--kubeconfig", kubeconfig, "-o", "json")
            #expect(doctor.status == 0, "\(doctor.output)")
            let checks = try JSON(parsing: doctor.output)["checks"]?.array ?? []
            let grades = Dictionary(checks.map { ($0["name"]?.string ?? "", $0["grade"]?.string ?? "") }) { $1 }
            #expect(grades["server"] == "ok")
            #expect(grades["diagnosis"] == "ok")
        }
        #expect(status == 0)
    }

    @Test func aSpeedThatIsSetChangesThePace() async throws {
        let status = try await RunningTwin.run { kubeconfig in
            let client = try KubernetesClient(Connection.resolve(ConnectionOptions(kubeconfig: kubeconfig), environment: [:]))
            func ask(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
                let answer = try await client.transport.send(
                    HTTPCall(method: method, path: "/martlet/twin/v1/\(path)", body: body.map { $0.serialized() }))
                return try JSON(parsing: try await answer.body.collect(upTo: 1 << 20))
            }
            func time() async throws -> Timestamp { try #require(Timestamp(try await ask("GET", "state")["time"]?.string ?? "")) }
            _ = try await ask("POST", "speed", ["speed": 0])
            let stopped = try await time()
            for _ in 0..<20 { #expect(try await time() == stopped) }
            // An hour, which at the first speed would take an hour.
            _ = try await ask("POST", "speed", ["speed": 36_000])
            var questions = 0
            while try await time() < stopped + .seconds(3600), questions < 20_000 { questions += 1 }
            #expect(questions < 20_000)
        }
        #expect(status == 0)
    }

    @Test func impossibleNumbersAreUsageErrors() async throws {
        for arguments in [["--nodes", "0"], ["--port", "70000"], ["--speed", "-1"], ["--speed", "nan"]] {
            #expect(try await Program.run(["twin"] + arguments).status == 2)
        }
        #expect(try await Program.run("twin", "--images", "/nonexistent.yaml").status == 1)
    }

    @Test func scenariosAreListedAndWrongOnesRefused() async throws {
        let list = try JSON(parsing: try await Program.run("twin", "scenarios", "-o", "json").output).array ?? []
        #expect(list.count >= 10)
        #expect(list.allSatisfy { $0["truth"]?[0]?["category"]?.string?.isEmpty == false })
        let schema = try JSON(parsing: try await Program.run("twin", "scenarios", "--schema").output)
        #expect(schema["title"] == "Martlet scenario")
        let folder = try TemporaryFolder()
        let mine = folder.path + "/mine.yaml"
        try (try await Program.run("twin", "scenarios", "bad-release")).output.write(toFile: mine, atomically: true, encoding: .utf8)
        #expect(try await Program.run("twin", "scenarios", mine).output == "\(mine) is valid: 1 step\n")
        try "version: 1\nabout: x\nsteps:\n- {at: 1m, inject: nonsense, target: Node/a}\n".write(
            toFile: mine, atomically: true, encoding: .utf8)
        let refused = try await Program.run("twin", "--scenario", mine)
        #expect(refused.status == 1)
        #expect(refused.error.hasPrefix("error: \(mine):4:20: steps[0].inject names no fault: \"nonsense\""))
        #expect(try await Program.run("twin", "--scenario", "nonsense").status == 1)
        #expect(try await Program.run("twin", "--truth", folder.path + "/truth.json").status == 2)
    }

    @Test func aScenarioIsPlayedAndItsTruthWritten() async throws {
        let folder = try TemporaryFolder()
        let truth = folder.path + "/truth.json"
        let status = try await RunningTwin.run(["--scenario", "bad-release", "--truth", truth]) { kubeconfig in
            let client = try KubernetesClient(Connection.resolve(ConnectionOptions(kubeconfig: kubeconfig), environment: [:]))
            _ = try await client.transport.send(
                HTTPCall(method: "POST", path: "/martlet/twin/v1/advance", body: (["by": 180] as JSON).serialized()))
            let diagnosis = try await Program.run("diagnose", "-A", "--kubeconfig", kubeconfig, "-o", "json")
            let found = try JSON(parsing: diagnosis.output)["incidents"]?[0]
            let expected = try JSON(parsing: String(contentsOfFile: truth, encoding: .utf8))
            #expect(expected["category"] == "rollout-stuck")
            #expect(found?["category"] == expected["category"])
            #expect(found?["resource"] == expected["resource"])
        }
        #expect(status == 0)
    }
}
