import Core
import Kubernetes
import Testing

@testable import Twin

/// Who is let in, what may be asked about access, and in which form an answer may come.
@Suite struct AccessTests {
    let client = APIClient()
    let jane = UserInfo(name: "jane", groups: ["viewers", "system:authenticated"])

    @Test func whoShowsNothingSeesHowTheServerIsAndNothingElse() async {
        for path in ["/healthz", "/livez", "/readyz", "/version"] {
            #expect(await client.send("GET", path, user: nil).status == 200, "\(path)")
        }
        let nodes = await client.send("GET", "/api/v1/nodes", user: nil)
        #expect(nodes.status == 403)
        #expect(
            nodes.json["message"]
                == "nodes is forbidden: User \"system:anonymous\" cannot list resource \"nodes\" in API group \"\" at the cluster scope")
        let unknown = await client.send("GET", "/api/v1/nodes", headers: ["authorization": "Bearer nonsense"], user: nil)
        #expect(unknown.status == 401)
        #expect(await client.send("GET", "/martlet/twin/v1/state", user: nil).status == 401)
    }

    @Test func accessIsDecidedBeforeAResourceIsLookedFor() async {
        for (path, group) in [("/apis/ex.io/v9/namespaces/r/foos", "ex.io"), ("/apis/apps/v1/namespaces/r/foos", "apps")] {
            let answer = await client.send("GET", path, user: jane)
            #expect(answer.status == 403)
            #expect(
                answer.json["message"]?.string
                    == "foos.\(group) is forbidden: User \"jane\" cannot list resource \"foos\" in API group \"\(group)\" in the namespace \"r\""
            )
            #expect(await client.send("GET", path).status == 404, "who may is told that it is not there")
        }
    }

    @Test func groupsOfNobodyAreNotImpersonated() async {
        let answer = await client.cluster.handle(
            TwinRequest("GET", target: "/api/v1/nodes", headers: ["impersonate-group": "system:masters"]))
        #expect(answer.status == 500)
        #expect(answer.bytes.map { String(decoding: $0, as: UTF8.self) }?.contains("without impersonating a user") == true)
    }

    @Test func whoMaySeeOneObjectMayWatchForIt() async {
        let rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default"
        await client.send(
            "POST", "\(rbac)/roles",
            [
                "metadata": ["name": "one"],
                "rules": [["apiGroups": [""], "resources": ["configmaps"], "verbs": ["list", "watch"], "resourceNames": ["m"]]],
            ])
        await client.send(
            "POST", "\(rbac)/rolebindings",
            [
                "metadata": ["name": "one"], "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "one"],
                "subjects": [["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "jane"]],
            ])
        let maps = "/api/v1/namespaces/default/configmaps"
        #expect(await client.send("GET", "\(maps)?fieldSelector=metadata.name%3Dm", user: jane).status == 200)
        #expect(await client.send("GET", "\(maps)?fieldSelector=metadata.name%3Dm&watch=1&timeoutSeconds=1", user: jane).status == 200)
        #expect(await client.send("GET", "\(maps)?fieldSelector=metadata.name!%3Dm", user: jane).status == 403)
        let other = await client.send("GET", "\(maps)?fieldSelector=metadata.name%3Dn", user: jane)
        #expect(other.json["message"]?.string?.hasPrefix("configmaps \"n\" is forbidden: User \"jane\" cannot list resource") == true)
        #expect(await client.send("GET", maps, user: jane).status == 403)
    }

    @Test func aReviewSaysWhichBindingAllows() async {
        let rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings"
        let binding: JSON = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "metadata": ["name": "rb"],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"],
            "subjects": [["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "jane"]],
        ]
        #expect(await client.send("POST", rbac, binding).status == 201)
        let asked: JSON = [
            "apiVersion": "authorization.k8s.io/v1", "kind": "SubjectAccessReview",
            "spec": ["user": "jane", "resourceAttributes": ["namespace": "default", "verb": "list", "resource": "pods"]],
        ]
        let answer = await client.send("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", asked)
        #expect(
            answer.json["status"]
                == ["allowed": true, "reason": "RBAC: allowed by RoleBinding \"rb/default\" of ClusterRole \"view\" to User \"jane\""])
    }

    @Test(arguments: [
        (
            "selfsubjectaccessreviews", "SelfSubjectAccessReview", [:] as JSON, 422,
            "SelfSubjectAccessReview.authorization.k8s.io \"\" is invalid: spec.resourceAttributes: Invalid value: null: exactly one of "
                + "nonResourceAttributes or resourceAttributes must be specified"
        ),
        (
            "subjectaccessreviews", "SubjectAccessReview", ["nonResourceAttributes": ["path": "/x", "verb": "get"]] as JSON, 422,
            "SubjectAccessReview.authorization.k8s.io \"\" is invalid: spec.user: Invalid value: \"\": at least one of user or group must "
                + "be specified"
        ),
        ("selfsubjectrulesreviews", "SelfSubjectRulesReview", [:] as JSON, 400, "no namespace on request"),
    ])
    func aReviewThatAsksNothing(_ plural: String, _ kind: String, _ spec: JSON, _ status: Int, _ message: String) async {
        let body: JSON = ["apiVersion": "authorization.k8s.io/v1", "kind": .string(kind), "spec": spec]
        let answer = await client.send("POST", "/apis/authorization.k8s.io/v1/\(plural)", body)
        #expect(answer.status == status)
        #expect(answer.json["message"]?.string == message)
    }

    @Test func formsThatNobodySpeaksAreNotAcceptable() async {
        for accept in ["text/html", "application/xml", "application/json;as=Foo;v=v1;g=meta.k8s.io"] {
            let answer = await client.send("GET", "/api/v1/nodes", headers: ["accept": accept])
            #expect(answer.status == 406, "\(accept)")
            #expect(answer.json["reason"] == "NotAcceptable")
        }
        let old = await client.send("GET", "/api/v1/nodes", headers: ["accept": "application/json;as=Table;v=v1beta1;g=meta.k8s.io"])
        #expect(old.json["kind"] == "Table" && old.json["apiVersion"] == "meta.k8s.io/v1beta1")
        let either = await client.send("GET", "/api/v1/nodes", headers: ["accept": "text/html, application/json;q=0.5"])
        #expect(either.json["kind"] == "NodeList")
    }

    @Test func aBodyOfAliasesIsRefusedAtOnce() async {
        var yaml = "a: &a [x, x, x, x, x, x, x, x]\n"
        for (name, previous) in zip("bcdefghij", "abcdefghi") {
            yaml += "\(name): &\(name) [" + Array(repeating: "*\(previous)", count: 8).joined(separator: ", ") + "]\n"
        }
        let answer = await client.cluster.handle(
            TwinRequest(
                "POST", target: "/api/v1/namespaces/default/configmaps", headers: ["content-type": "application/yaml"],
                body: Array(yaml.utf8)))
        #expect(answer.status == 400)
    }
}
