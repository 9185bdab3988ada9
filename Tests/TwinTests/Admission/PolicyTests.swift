import Core
import Kubernetes
import Testing

@testable import Twin

/// `ValidatingAdmissionPolicy` (kubernetes.io "Validating Admission Policy").
@Suite struct PolicyTests {
    let client = APIClient()
    let group = "/apis/admissionregistration.k8s.io/v1"
    let deployments = "/apis/apps/v1/namespaces/default/deployments"

    func policy(_ name: String = "replicas", _ spec: JSON = [:], validations: JSON) -> JSON {
        var merged: JSON = [
            "matchConstraints": [
                "resourceRules": [
                    ["apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["CREATE", "UPDATE"], "resources": ["deployments"]]
                ]
            ], "validations": validations,
        ]
        for (key, value) in spec.object ?? [:] { merged[key] = value }
        return [
            "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicy", "metadata": ["name": .string(name)],
            "spec": merged,
        ]
    }

    func bind(_ name: String = "replicas", _ spec: JSON = [:]) async {
        var merged: JSON = ["policyName": .string(name), "validationActions": ["Deny"]]
        for (key, value) in spec.object ?? [:] { merged[key] = value }
        let made = await client.send(
            "POST", "\(group)/validatingadmissionpolicybindings",
            [
                "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding",
                "metadata": ["name": .string(name + "-all")], "spec": merged,
            ])
        #expect(made.status == 201, "\(made.json.text())")
    }

    func make(_ policy: JSON) async {
        let made = await client.send("POST", "\(group)/validatingadmissionpolicies", policy)
        #expect(made.status == 201, "\(made.json.text())")
    }

    func deploy(_ name: String = "web", replicas: Int, user: UserInfo? = .administrator) async -> (
        status: Int, json: JSON, headers: [(name: String, value: String)]
    ) {
        var deployment = APIClient.deployment(name)
        deployment[at: "spec", "replicas"] = JSON(replicas)
        return await client.send("POST", deployments, deployment, user: user)
    }

    @Test func aPolicyDeniesAsTheRealServerDoes() async {
        await make(
            policy(validations: [
                ["expression": "object.spec.replicas <= 5", "message": "at most 5 replicas are allowed", "reason": "Forbidden"]
            ]))
        #expect(await deploy("free", replicas: 6).status == 201)
        await bind()
        let denied = await deploy(replicas: 6)
        let why =
            "ValidatingAdmissionPolicy 'replicas' with binding 'replicas-all' denied request: at most 5 replicas are allowed"
        #expect(
            denied.json == [
                "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure",
                "message": .string("deployments.apps \"web\" is forbidden: \(why)"), "reason": "Forbidden",
                "details": ["name": "web", "group": "apps", "kind": "deployments", "causes": [["message": .string(why)]]], "code": 403,
            ])
        #expect(await deploy(replicas: 5).status == 201)
        var changed = APIClient.deployment("web")
        changed[at: "spec", "replicas"] = 9
        #expect(await client.send("PUT", "\(deployments)/web", changed).status == 403)
        #expect(await client.send("PUT", "\(deployments)/web?dryRun=All", changed).status == 403)
        #expect(
            await client.send("PATCH", "\(deployments)/web", ["spec": ["replicas": 7]], type: "application/merge-patch+json").status == 403)
    }

    @Test func withoutAReasonItIsInvalidAndTheMessageTellsTheExpression() async {
        await make(policy(validations: [["expression": " object.spec.replicas <= 5 "]]))
        await bind()
        let denied = await deploy(replicas: 6)
        #expect(denied.status == 422 && denied.json["reason"] == "Invalid")
        #expect(denied.json["message"]?.string?.hasSuffix("denied request: failed expression: object.spec.replicas <= 5") == true)
    }

    @Test func warningsLetThrough() async {
        await make(policy(validations: [["expression": "object.spec.replicas <= 5", "message": "many"]]))
        await bind("replicas", ["validationActions": ["Warn", "Audit"]])
        let warned = await deploy(replicas: 6)
        #expect(warned.status == 201)
        #expect(
            warned.headers.filter { $0.name.lowercased() == "warning" }.map(\.value) == [
                "299 - \"Validation failed for ValidatingAdmissionPolicy 'replicas' with binding 'replicas-all': many\""
            ])
    }

    @Test func variablesMessagesAndConditions() async {
        await make(
            policy(
                "replicas",
                [
                    "matchConditions": [["name": "not-kube", "expression": "!request.userInfo.username.startsWith('system:')"]],
                    "variables": [
                        ["name": "count", "expression": "object.spec.?replicas.orValue(1)"],
                        ["name": "limit", "expression": "variables.count > 100 ? 1 / 0 : 5"],
                    ],
                ],
                validations: [
                    [
                        "expression": "variables.count <= variables.limit",
                        "messageExpression":
                            "object.metadata.name + ' has ' + string(variables.count) + ' in ' + namespaceObject.metadata.name",
                    ]
                ]))
        await bind()
        #expect(await deploy(replicas: 6).json["message"]?.string?.hasSuffix("denied request: web has 6 in default") == true)
        let failed = await deploy(replicas: 101)
        #expect(
            failed.json["message"]?.string?.hasSuffix(
                "denied request: expression 'variables.count <= variables.limit' resulted in error: "
                    + "composited variable \"limit\" fails to evaluate: division by zero") == true)
        let kube = UserInfo(name: "system:admin", groups: ["system:masters"])
        #expect(await deploy(replicas: 6, user: kube).status == 201)
    }

    @Test func errorsFollowTheFailurePolicy() async {
        let validations: JSON = [["expression": "object.spec.nothing > 5"]]
        await make(policy(validations: validations))
        await bind()
        let failed = await deploy(replicas: 1)
        #expect(failed.status == 422)
        #expect(
            failed.json["message"]?.string?.hasSuffix(
                "denied request: expression 'object.spec.nothing > 5' resulted in error: no such key: nothing") == true)
        let lenient = policy("replicas", ["failurePolicy": "Ignore"], validations: validations)
        #expect(await client.replace("\(group)/validatingadmissionpolicies/replicas", lenient).status == 200)
        #expect(await deploy(replicas: 1).status == 201)
    }

    @Test func parametersComeFromTheBinding() async {
        await make(
            policy(
                "replicas", ["paramKind": ["apiVersion": "v1", "kind": "ConfigMap"]],
                validations: [
                    ["expression": "object.spec.replicas <= int(params.data.max)", "messageExpression": "'max ' + params.data.max"]
                ]))
        await bind("replicas", ["paramRef": ["name": "limits", "namespace": "default", "parameterNotFoundAction": "Deny"]])
        #expect(
            await deploy(replicas: 1).json["message"]?.string?.hasSuffix(
                "failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction") == true)
        await client.send(
            "POST", "/api/v1/namespaces/default/configmaps",
            ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "limits"], "data": ["max": "3"]])
        #expect(await deploy(replicas: 3).status == 201)
        #expect(await deploy("other", replicas: 4).json["message"]?.string?.hasSuffix("denied request: max 3") == true)
    }

    @Test func onlyWhatMatchesIsJudged() async {
        var narrow = policy(validations: [["expression": "false", "message": "no"]])
        narrow[at: "spec", "matchConstraints", "namespaceSelector"] = ["matchLabels": ["kubernetes.io/metadata.name": "default"]]
        narrow[at: "spec", "matchConstraints", "objectSelector"] = ["matchLabels": ["strict": "yes"]]
        narrow[at: "spec", "matchConstraints", "excludeResourceRules"] = [
            [
                "apiGroups": ["apps"], "apiVersions": ["v1"], "operations": ["*"], "resources": ["deployments"],
                "resourceNames": ["spared"],
            ]
        ]
        await make(narrow)
        await bind()
        #expect(await deploy(replicas: 1).status == 201)
        for (name, home, status) in [("a", "default", 422), ("spared", "default", 201), ("a", "kube-system", 201)] {
            var strict = APIClient.deployment(name)
            strict[at: "metadata", "labels"] = ["strict": "yes"]
            #expect(await client.send("POST", "/apis/apps/v1/namespaces/\(home)/deployments", strict).status == status, "\(name) \(home)")
        }
    }

    @Test func deletionsAndAuthorityAreSeen() async {
        await make(
            policy(
                "replicas",
                [
                    "matchConstraints": [
                        "resourceRules": [
                            ["apiGroups": [""], "apiVersions": ["v1"], "operations": ["DELETE"], "resources": ["configmaps"]]
                        ]
                    ]
                ],
                validations: [
                    [
                        "expression": """
                        object == null && oldObject.data.locked != 'true' &&
                        authorizer.group('').resource('configmaps').namespace('default').check('delete').allowed()
                        """,
                        "message": "locked",
                    ]
                ]))
        await bind()
        for (name, locked, status) in [("kept", "true", 422), ("gone", "false", 200)] {
            let maps = "/api/v1/namespaces/default/configmaps"
            await client.send(
                "POST", maps,
                ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)], "data": ["locked": .string(locked)]])
            #expect(await client.send("DELETE", "\(maps)/\(name)").status == status)
        }
    }

    @Test func policiesAreCheckedThemselves() async {
        let refused = await client.send(
            "POST", "\(group)/validatingadmissionpolicies",
            policy(
                validations: [
                    ["expression": "objekt.spec.replicas <= 5"], ["expression": "object.spec.replicas"],
                    ["expression": "true", "reason": "Gone"],
                    ["expression": "request.foo == ''"],
                ]))
        #expect(refused.status == 422)
        let causes = refused.json[at: "details", "causes"]?.array ?? []
        #expect(
            causes.map { $0["field"]?.string } == [
                "spec.validations[0].expression", "spec.validations[1].expression", "spec.validations[2].reason",
                "spec.validations[3].expression",
            ])
        #expect(
            causes.first?["message"]?.string
                == "Invalid value: \"objekt.spec.replicas <= 5\": compilation failed: ERROR: <input>:1:1: undeclared reference to 'objekt' "
                + "(in container '')\n | objekt.spec.replicas <= 5\n | ^")
        #expect(causes[1]["message"]?.string?.hasSuffix("must evaluate to bool but got dyn") == true)
        let binding = await client.send(
            "POST", "\(group)/validatingadmissionpolicybindings",
            [
                "apiVersion": "admissionregistration.k8s.io/v1", "kind": "ValidatingAdmissionPolicyBinding", "metadata": ["name": "b"],
                "spec": ["policyName": "", "validationActions": ["Deny", "Warn"]],
            ])
        #expect(
            (binding.json[at: "details", "causes"]?.array ?? []).map { $0["field"]?.string } == [
                "spec.policyName", "spec.validationActions",
            ])
    }
}
