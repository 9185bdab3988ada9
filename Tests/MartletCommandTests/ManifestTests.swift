import Core
import Foundation
import Kubernetes
import Testing
import Twin

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

    /// Not one right more than is used (`RequiredAccessTests`), and none less.
    @Test func theRolesGrantExactlyWhatTheDoctorAsksFor() throws {
        func asked(_ purposes: RequiredAccess.Purpose...) -> Set<Right> {
            Right.all(of: RequiredAccess.all().filter { purposes.contains($0.purpose) })
        }
        #expect(try Self.granted(by: "martlet-reader", in: "reading/reader.yaml") == asked(.diagnose, .detail))
        #expect(try Self.granted(by: "martlet-actor", in: "acting/actor.yaml") == asked(.act))
        #expect(try Self.granted(by: "martlet-error-rate", in: "error-rate.yaml") == asked(.errorRate))
    }

    private static func granted(by role: String, in file: String) throws -> Set<Right> {
        let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
        let found = try Manifest.read(text, place: file).first { $0["kind"] == "ClusterRole" && $0[at: "metadata", "name"]?.string == role }
        var rights: Set<Right> = []
        for rule in try #require(found)["rules"]?.array ?? [] {
            func strings(_ key: String) -> [String] { (rule[key]?.array ?? []).compactMap(\.string) }
            for group in strings("apiGroups") {
                for resource in strings("resources") {
                    for verb in strings("verbs") {
                        #expect(rights.insert(Right(verb, group, resource)).inserted, "granted twice: \(verb) \(resource)")
                    }
                }
            }
        }
        return rights
    }
}

@Suite struct MissingAccessManifestTests {
    private func missing(_ access: RequiredAccess, in namespace: String?) -> MissingAccess {
        MissingAccess(access, verbs: access.verbs, namespace: namespace)
    }

    @Test func groupsByAPIGroupAndVerbs() {
        let pods = missing(RequiredAccess(.pods, .diagnose), in: "shop")
        let all = [
            pods, missing(RequiredAccess(.nodes, .diagnose), in: nil),
            missing(RequiredAccess(.pods, subresource: "log", verbs: ["get"], .diagnose), in: "shop"),
        ]
        let yaml = MissingAccessManifest.yaml(all, user: "system:serviceaccount:ops:martlet")
        #expect(yaml.contains("kind: ClusterRole\n"))
        #expect(yaml.contains("kind: RoleBinding\n"))
        #expect(yaml.contains("- kind: ServiceAccount\n  name: martlet\n  namespace: ops"))
        #expect(yaml.components(separatedBy: "\n---\n").count == 4)
        #expect(!MissingAccessManifest.yaml([pods], user: "mara").contains("ClusterRole\n"))
    }

    @Test func eachNamespaceGetsWhatIsMissingThere() {
        let deployments = RequiredAccess(.deployments, .diagnose)
        let documents = MissingAccessManifest.yaml(
            [missing(RequiredAccess(.pods, .diagnose), in: "web"), missing(deployments, in: "shop"), missing(deployments, in: "web")],
            user: "mara"
        ).components(separatedBy: "\n---\n").filter { $0.contains("rules:") }
        #expect(documents.map { $0.contains("namespace: shop\n") } == [true, false])
        #expect(documents.map { $0.contains("- pods") } == [false, true])
    }
}
