import Core
import Foundation
import Testing

@testable import martlet

@Suite struct SnapshotSaveTests {
    @Test func aClusterIsSavedAndDiagnosedFromTheFolder() async throws {
        let folder = try TemporaryFolder()
        let source = folder.url.appending(path: "source")
        try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
        _ = try GeneratedFolder.write(GeneratedCluster(pods: 30, faults: 0), to: source)
        let status = try await RunningTwin.run(["load", "--from-snapshot", source.path, "--speed", "0.001"]) { kubeconfig in
            let target = folder.path + "/saved"
            let outcome = try await Program.run("snapshot", "save", target, "--kubeconfig", kubeconfig)
            #expect(outcome.status == 0 && outcome.output.contains(" objects and "), "\(outcome.error)")
            let names = try FileManager.default.contentsOfDirectory(atPath: target)
            for name in ["meta.json", "pods.json", "deployments.json", "nodes.json"] { #expect(names.contains(name), "\(names)") }
            #expect(!names.contains("secrets.json"))
            let diagnosis = try await Program.run("diagnose", "--snapshot", target)
            #expect(diagnosis.status == 0 && diagnosis.output.contains("workloads looked at"), "\(diagnosis.output) \(diagnosis.error)")
            #expect(try await Program.run("snapshot", "save", target, "--kubeconfig", kubeconfig).status == 1)
        }
        #expect(status == 0)
    }
}
