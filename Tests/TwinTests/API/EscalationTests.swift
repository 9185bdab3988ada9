import Core
import Testing

@testable import Twin

/// Who may give which rights.
@Suite struct EscalationTests {
    let client = APIClient()
    private let ana = UserInfo(name: "ana", groups: ["system:authenticated"])
    private let rbac = "/apis/rbac.authorization.k8s.io/v1"
    private var roles: String { "\(rbac)/namespaces/default/roles" }

    private func role(_ name: String, _ rules: JSON) -> JSON { ["metadata": ["name": .string(name)], "rules": rules] }

    private func binding(_ name: String, to role: String, kind: String = "ClusterRole") -> JSON {
        [
            "metadata": ["name": .string(name)],
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(role)],
            "subjects": [["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "ana"]],
        ]
    }

    private func makeAnaAdministratorOfDefault() async {
        await client.send("POST", "\(rbac)/namespaces/default/rolebindings", binding("ana", to: "admin"))
    }

    @Test func aRoleSaysNoMoreThanItsWriterMay() async {
        await makeAnaAdministratorOfDefault()
        let rule: JSON = ["apiGroups": [""], "resources": ["pods"], "verbs": ["get", "create"]]
        #expect(await client.send("POST", roles, role("fine", [rule]), user: ana).status == 201)
        let more: JSON = ["apiGroups": [""], "resources": ["nodes", "pods"], "verbs": ["get", "list"]]
        let refused = await client.send("POST", roles, role("more", [more]), user: ana)
        #expect(refused.status == 403)
        #expect(
            refused.json["message"]?.string == #"roles.rbac.authorization.k8s.io "more" is forbidden: user "ana" "#
                + #"(groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:"# + "\n"
                + #"{APIGroups:[""], Resources:["nodes"], Verbs:["get" "list"]}"#)
        let change = await client.send(
            "PATCH", "\(roles)/fine", ["rules": [more]], type: "application/merge-patch+json", user: ana)
        #expect(change.status == 403)
        #expect(await client.send("POST", roles, role("more", [more])).status == 201, "an administrator may give anything")
    }

    @Test func aBindingBindsNoRoleThatItsWriterDoesNotHold() async {
        await makeAnaAdministratorOfDefault()
        let bindings = "\(rbac)/namespaces/default/rolebindings"
        #expect(await client.send("POST", bindings, binding("view", to: "view"), user: ana).status == 201)
        let refused = await client.send("POST", bindings, binding("all", to: "cluster-admin"), user: ana)
        #expect(refused.status == 403)
        #expect(refused.json["message"]?.string?.hasSuffix(#"{NonResourceURLs:["*"], Verbs:["*"]}"#) == true)
        let missing = await client.send("POST", bindings, binding("none", to: "nothing"), user: ana)
        #expect(missing.json["message"] == #"clusterroles.rbac.authorization.k8s.io "nothing" not found"#)
        // Who may bind a role may do so without holding it.
        await client.send(
            "POST", roles,
            role("binder", [["apiGroups": ["rbac.authorization.k8s.io"], "resources": ["clusterroles"], "verbs": ["bind"]]]))
        await client.send("POST", bindings, binding("binder", to: "binder", kind: "Role"))
        #expect(await client.send("POST", bindings, binding("all", to: "cluster-admin"), user: ana).status == 201)
    }

    @Test func rolesGatherTheRulesOfOthers() async {
        let client = APIClient(simulation: Simulation.admitted(SimulationOptions()))
        let roles = "\(rbac)/clusterroles"
        let rule: JSON = ["apiGroups": ["example.com"], "resources": ["widgets"], "verbs": ["get"]]
        let own: JSON = [
            "metadata": ["name": "own"], "rules": [],
            "aggregationRule": ["clusterRoleSelectors": [["matchLabels": ["rbac.authorization.k8s.io/aggregate-to-view": "true"]]]],
        ]
        await client.send("POST", roles, own)
        let labels: JSON = ["rbac.authorization.k8s.io/aggregate-to-view": "true"]
        await client.send("POST", roles, ["metadata": ["name": "widgets-view", "labels": labels], "rules": [rule]])
        for name in ["own", "view", "edit", "admin"] {
            let rules = await client.send("GET", "\(roles)/\(name)").json["rules"]?.array ?? []
            #expect(rules.contains(rule) && rules.count > 1, "\(name)")
        }
        await client.send("DELETE", "\(roles)/widgets-view")
        #expect(await client.send("GET", "\(roles)/own").json["rules"]?.array?.contains(rule) == false)
    }
}
