import Core
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

    private func kubeconfig(_ address: String, in folder: TemporaryFolder) throws -> String {
        try folder.write(
            """
            current-context: c
            clusters: [{name: c, cluster: {server: "\(address)"}}]
            contexts: [{name: c, context: {cluster: c}}]
            """, to: "config")
    }

    @Test func whatIsNoAPIServerIsCalledSo() async throws {
        try await FakeServer.run([:]) { _, address in
            let folder = try TemporaryFolder()
            let file = try kubeconfig(address, in: folder)
            let diagnose = try await Program.run("diagnose", "--kubeconfig", file)
            #expect(diagnose.status == 1)
            #expect(diagnose.error.contains("offers no pods") && diagnose.error.contains(address) && diagnose.error.contains("fix:"))
            let doctor = try await Program.run("doctor", "--kubeconfig", file, environment: ["MARTLET_HOME": folder.path + "/home"])
            #expect(doctor.status == 1)
            #expect(doctor.output.contains("has nothing at /version") && doctor.output.contains("fix:"))
        }
    }

    /// Permission to read is not the same as being able to.
    @Test func aServerThatGivesNoListsIsNotWell() async throws {
        let allowed = FakeServer.Answer.json(["kind": "SelfSubjectAccessReview", "status": ["allowed": true]])
        let broken = FakeServer.Answer.problem(500, ["kind": "Status", "code": 500, "message": "etcdserver: no leader"])
        let answers = [
            "GET /version": [.json(["gitVersion": "v1.36.2"])],
            "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews": [allowed],
            "GET /apis/apps/v1/namespaces/default/deployments?limit=500": [broken],
        ]
        try await FakeServer.run(answers) { _, address in
            let folder = try TemporaryFolder()
            let outcome = try await Program.run(
                "doctor", "--kubeconfig", try kubeconfig(address, in: folder), environment: ["MARTLET_HOME": folder.path + "/home"])
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("etcdserver: no leader"), "\(outcome.output)")
        }
    }

    /// What is asked about is what the other commands look at: nobody needs rights in a whole cluster to watch a namespace.
    @Test func theDoctorAsksAboutWhatIsLookedAt() async throws {
        let review = "POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        let answers = [
            "GET /version": [FakeServer.Answer.json(["gitVersion": "v1.36.2"])],
            review: [.json(["kind": "SelfSubjectAccessReview", "status": ["allowed": false]])],
        ]
        try await FakeServer.run(answers) { server, address in
            let folder = try TemporaryFolder()
            let file = try folder.write(
                """
                current-context: c
                clusters: [{name: c, cluster: {server: "\(address)"}}]
                contexts: [{name: c, context: {cluster: c, namespace: shop}}, {name: other, context: {cluster: c}}]
                """, to: "config")
            let configuration = try folder.write(
                "version: 1\nclusters: [{name: eu, context: c, namespaces: [web, api]}]\n", to: "martlet.yaml")
            /// The namespaces in which pods were asked about; an empty name is all of them.
            func asked(_ options: String...) async throws -> (Set<String>, output: String) {
                let before = server.calls.count
                let outcome = try await Program.run(
                    ["doctor", "--kubeconfig", file, "-o", "json"] + options, environment: ["MARTLET_HOME": folder.path + "/home"])
                #expect(outcome.status == 1)
                let questions = server.calls.dropFirst(before).filter { $0.line == review }
                    .compactMap { $0.body?[at: "spec", "resourceAttributes"] }
                #expect(questions.filter { $0["resource"] == "nodes" }.allSatisfy { $0["namespace"] == nil })
                let pods = questions.filter { $0["resource"] == "pods" }
                return (Set(pods.map { $0["namespace"]?.string ?? "" }), outcome.output)
            }
            #expect(try await asked().0 == ["shop"])
            #expect(try await asked("--context", "other").0 == ["default"])
            #expect(try await asked("-n", "web").0 == ["web"])
            #expect(try await asked("-A").0 == [""])
            #expect(try await asked("--config", configuration, "-A").0 == [""])
            #expect(try await asked("--config", configuration, "--context", "other").0 == ["default"])
            let configured = try await asked("--config", configuration)
            #expect(configured.0 == ["web", "api"])
            let rbac = try JSON(parsing: configured.output)["rbac"]?.string ?? ""
            #expect(rbac.contains("namespace: api") && rbac.contains("namespace: web"))
            #expect(configured.output.contains("in namespaces api, web"))
        }
    }

    @Test func contradictoryScopesAreUsageErrors() async throws {
        #expect(try await Program.run("doctor", "-A", "-n", "shop").status == 2)
        #expect(try await Program.run("diagnose", "-A", "-n", "shop").status == 2)
        #expect(try await Program.run("diagnose", "--snapshot", "/tmp", "--watch").status == 2)
        #expect(try await Program.run("diagnose", "--fail-on", "dreadful").status == 2)
    }
}
