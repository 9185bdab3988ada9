import Foundation
import Kubernetes
import Testing

@testable import martlet

/// What `deploy/` holds fits the program that it deploys.
@Suite struct ManifestTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("deploy/kubernetes")

    @Test(arguments: ["reading", "acting"])
    func theConfigurationIsValid(_ variant: String) async throws {
        let manifest = try String(contentsOf: Self.folder.appendingPathComponent("\(variant)/configuration.yaml"), encoding: .utf8)
        let lines = manifest.split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex { $0.hasSuffix("martlet.yaml: |") })
        let folder = try TemporaryFolder()
        let file = try folder.write(lines[(start + 1)...].map { $0.dropFirst(4) }.joined(separator: "\n"), to: "martlet.yaml")
        let outcome = try await Program.run("config", "check", "--config", file)
        #expect(outcome.status == 0, "\(outcome.error)")
    }

    @Test func theRolesGrantWhatTheDoctorAsksFor() throws {
        let reader = try String(contentsOf: Self.folder.appendingPathComponent("reading/reader.yaml"), encoding: .utf8)
        let actor = try String(contentsOf: Self.folder.appendingPathComponent("acting/actor.yaml"), encoding: .utf8)
        let choice = try String(contentsOf: Self.folder.appendingPathComponent("error-rate.yaml"), encoding: .utf8)
        #expect(!reader.contains("secrets") && !reader.contains("proxy") && !actor.contains("proxy"))
        for access in RequiredAccess.all {
            let text = access.purpose == .act ? actor : access.purpose == .errorRate ? choice : reader
            #expect(text.contains(access.resource) || access.subresource == "log", "\(access.resource) is not granted")
        }
    }
}

@Suite struct MissingAccessManifestTests {
    @Test func groupsByAPIGroupAndVerbs() {
        let missing = [
            RequiredAccess(.pods, .diagnose), RequiredAccess(.nodes, .diagnose),
            RequiredAccess(.pods, subresource: "log", verbs: ["get"], .diagnose),
        ]
        let yaml = MissingAccessManifest.yaml(missing, user: "system:serviceaccount:ops:martlet", namespace: "shop")
        #expect(yaml.contains("kind: ClusterRole\n"))
        #expect(yaml.contains("kind: RoleBinding\n"))
        #expect(yaml.contains("- kind: ServiceAccount\n  name: martlet\n  namespace: ops"))
        #expect(yaml.components(separatedBy: "\n---\n").count == 4)
        #expect(!MissingAccessManifest.yaml([missing[0]], user: "mara", namespace: "shop").contains("ClusterRole\n"))
    }
}
