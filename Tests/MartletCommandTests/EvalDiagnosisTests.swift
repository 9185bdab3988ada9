import Core
import Foundation
import Testing

@testable import martlet

@Suite struct EvalDiagnosisTests {
    @Test func eachCaseIsALineAndTheLastLineCounts() async throws {
        let folder = try TemporaryFolder()
        for (name, faults) in [("b-ill", 1), ("a-well", 0)] {
            let place = folder.url.appending(path: name)
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            _ = try GeneratedFolder.write(GeneratedCluster(pods: 30, faults: faults), to: place)
        }
        let truth = #"{"category":"rollout-stuck","resource":"Deployment/app-0","namespace":"team-0","accept":["missing-env"]}"#
        try Data(truth.utf8).write(to: folder.url.appending(path: "b-ill/expected.json"))
        try Data(#"{"category":"healthy"}"#.utf8).write(to: folder.url.appending(path: "a-well/expected.json"))
        try FileManager.default.createDirectory(at: folder.url.appending(path: "notes"), withIntermediateDirectories: true)
        let outcome = try await Program.run("eval", "diagnosis", "--cases", folder.path, "--truth")
        #expect(outcome.status == 0, "\(outcome.error)")
        let lines = try outcome.output.split(separator: "\n").map { try JSON(parsing: String($0)) }
        #expect(lines.map { $0["case"]?.string } == ["a-well", "b-ill", nil])
        #expect(lines[0]["category"] == "healthy" && lines[0]["undecided"] == false && lines[0]["right"] == true)
        #expect(lines[1]["resource"] == "Deployment/app-0" && lines[1]["namespace"] == "team-0" && lines[1]["right"] == true)
        #expect(lines[1]["incidents"]?[0]?["category"] == lines[1]["category"] && lines[1]["ms"]?.double ?? 0 > 0)
        #expect(lines[2]["cases"] == 2 && lines[2]["at1"] == 1)
    }

    @Test func aFolderThatCannotBeReadIsALineAndAnError() async throws {
        let folder = try TemporaryFolder()
        let place = folder.url.appending(path: "broken")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        try Data("{".utf8).write(to: place.appending(path: "pods.json"))
        let outcome = try await Program.run("eval", "diagnosis", "--cases", folder.path)
        #expect(outcome.status == 1)
        let line = try JSON(parsing: String(outcome.output.split(separator: "\n").first ?? ""))
        #expect(line["case"] == "broken" && line["error"]?.string?.contains("is not a snapshot folder") == true)
        #expect(try await Program.run("eval", "diagnosis", "--cases", "\(folder.path)/nowhere").status == 1)
    }
}
