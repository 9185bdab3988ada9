import Core
import Testing

@testable import Twin

/// What a write is warned of, in the words and the order of the real server.
@Suite struct WarningTests {
    private func warnings(_ path: String, _ body: String, _ method: String = "POST") async throws -> [String] {
        let answer = await APIClient().send(method, path, try JSON(parsing: body))
        #expect(answer.status == 201, "\(answer.json["message"]?.string ?? "")")
        return answer.headers.filter { $0.name == "Warning" }.map { $0.value }
    }

    @Test func aPodIsLookedAtFromTopToBottom() async throws {
        let heard = try await warnings(
            "/api/v1/namespaces/default/pods",
            #"""
            {"metadata": {"name": "a.b", "annotations": {"seccomp.security.alpha.kubernetes.io/pod": "unconfined"}},
             "spec": {
               "nodeSelector": {"beta.kubernetes.io/os": "linux"},
               "topologySpreadConstraints": [{"maxSkew": 1, "topologyKey": "failure-domain.beta.kubernetes.io/zone", "whenUnsatisfiable": "DoNotSchedule"}],
               "hostAliases": [{"ip": "1.2.3.4"}, {"ip": "1.2.3.4"}],
               "imagePullSecrets": [{"name": "s"}, {"name": "s"}],
               "containers": [
                 {"name": "c", "image": "a:1", "resources": {"requests": {"memory": "100m"}},
                  "env": [{"name": "A", "value": "1"}, {"name": "A", "value": "$(A)2"}, {"name": "A", "value": "3"}],
                  "ports": [{"containerPort": 80}]},
                 {"name": "d", "image": "a:1", "ports": [{"containerPort": 80, "hostPort": 8080}]}]}}
            """#)
        let expected = [
            "metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [",
            "spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use \\\"kubernetes.io/os\\\" instead",
            "spec.topologySpreadConstraints[0].topologyKey: failure-domain.beta.kubernetes.io/zone is deprecated since v1.17; use",
            "spec.topologySpreadConstraints[0].labelSelector: a null labelSelector results in matching no pod",
            "spec.hostAliases[1].ip: duplicate ip \\\"1.2.3.4\\\"", "spec.imagePullSecrets[1].name: duplicate name \\\"s\\\"",
            "metadata.annotations[seccomp.security.alpha.kubernetes.io/pod]: non-functional in v1.27+; use the \\\"seccompProfile\\\" field instead",
            "spec.containers[0].resources.requests[memory]: fractional byte value \\\"100m\\\" is invalid, must be an integer",
            "spec.containers[0].env[2]: hides previous definition of \\\"A\\\", which may be dropped when using apply",
            "spec.containers[1].ports[0]: overlapping port definition with spec.containers[0].ports[0]",
        ]
        #expect(heard.count == expected.count, "\(heard)")
        for (text, wanted) in zip(heard, expected) { #expect(text.hasPrefix("299 - \"" + wanted), "\(text)") }
    }

    @Test(arguments: [
        (
            "/api/v1/namespaces/default/services",
            #"{"metadata":{"name":"s"},"spec":{"clusterIP":"None","sessionAffinity":"ClientIP","ports":[{"port":80}]}}"#,
            "spec.SessionAffinity is ignored for headless services"
        ),
        (
            "/apis/networking.k8s.io/v1/namespaces/default/ingresses",
            #"{"metadata":{"name":"i","annotations":{"kubernetes.io/ingress.class":"nginx"}},"spec":{"defaultBackend":{"service":{"name":"s","port":{"number":80}}}}}"#,
            #"annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"#
        ),
        (
            "/api/v1/namespaces/default/persistentvolumeclaims",
            #"{"metadata":{"name":"c"},"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1500m"}}}}"#,
            #"spec.resources.requests[storage]: fractional byte value \"1500m\" is invalid, must be an integer"#
        ),
        (
            "/apis/apps/v1/namespaces/default/statefulsets",
            #"{"metadata":{"name":"s"},"spec":{"selector":{"matchLabels":{"a":"b"}},"serviceName":"s","template":{"metadata":{"labels":{"a":"b"}},"spec":{"nodeSelector":{"node-role.kubernetes.io/master":""},"containers":[{"name":"c","image":"a:1"}]}}}}"#,
            #"spec.template.spec.nodeSelector[node-role.kubernetes.io/master]: use \"node-role.kubernetes.io/control-plane\" instead"#
        ),
    ])
    func otherKindsHaveTheirOwn(_ path: String, _ body: String, _ text: String) async throws {
        #expect(try await warnings(path, body) == ["299 - \"\(text)\""])
    }

    @Test func aTemplateIsWarnedOfWhenItChanges() async {
        let client = APIClient()
        var object = APIClient.deployment("web")
        object[at: "spec", "template", "spec", "nodeSelector"] = ["beta.kubernetes.io/arch": "arm64"]
        func heard(_ answer: (status: Int, json: JSON, headers: [(name: String, value: String)])) -> Int {
            answer.headers.count { $0.name == "Warning" }
        }
        let path = "/apis/apps/v1/namespaces/default/deployments"
        #expect(heard(await client.send("POST", path, object)) == 1)
        object[at: "metadata", "labels"] = ["x": "y"]
        #expect(heard(await client.send("PUT", "\(path)/web", object)) == 0)
        object[at: "spec", "minReadySeconds"] = 3
        #expect(heard(await client.send("PUT", "\(path)/web", object)) == 1)
    }
}
