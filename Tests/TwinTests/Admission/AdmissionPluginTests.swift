import Core
import Testing

@testable import Twin

/// What admission plug-ins add to objects, refuse and warn of.
@Suite struct AdmissionPluginTests {
    let client = APIClient()
    private let pods = "/api/v1/namespaces/default/pods"

    private func pod(_ name: String, _ spec: JSON = [:], resources: JSON = [:]) -> JSON {
        var spec = spec
        spec["containers"] = [["name": "c", "image": "a:1", "resources": resources]]
        return ["metadata": ["name": .string(name)], "spec": spec]
    }

    @Test func anIngressGetsTheNewestDefaultClass() async {
        for (name, isDefault) in [("old", "true"), ("new", "true"), ("other", "false")] {
            await client.send(
                "POST", "/apis/networking.k8s.io/v1/ingressclasses",
                [
                    "metadata": [
                        "name": .string(name), "annotations": ["ingressclass.kubernetes.io/is-default-class": .string(isDefault)],
                    ], "spec": ["controller": "example.com/c"],
                ])
            await client.cluster.advance(by: .seconds(1))
        }
        let ingress: JSON = [
            "metadata": ["name": "i"], "spec": ["defaultBackend": ["service": ["name": "web", "port": ["number": 80]]]],
        ]
        let made = await client.send("POST", "/apis/networking.k8s.io/v1/namespaces/default/ingresses", ingress)
        #expect(made.json[at: "spec", "ingressClassName"] == "new")
    }

    @Test func thereIsOneDefaultPriority() async {
        let classes = "/apis/scheduling.k8s.io/v1/priorityclasses"
        func priority(_ name: String) -> JSON { ["metadata": ["name": .string(name)], "value": 5, "globalDefault": true] }
        #expect(await client.send("POST", classes, priority("normal")).status == 201)
        let second = await client.send("POST", classes, priority("high"))
        #expect(second.status == 403)
        #expect(
            second.json["message"]?.string == #"priorityclasses.scheduling.k8s.io "high" is forbidden: "#
                + "PriorityClass normal is already marked as default. Only one default can exist")
        #expect(
            await client.send("PATCH", "\(classes)/normal", ["description": "x"], type: "application/merge-patch+json").status == 200)
    }

    @Test func quotasCountWhatTheirScopesTakeIn() async {
        func quota(_ name: String, _ spec: JSON) async {
            var spec = spec
            spec["hard"] = ["pods": "1"]
            await client.send("POST", "/api/v1/namespaces/default/resourcequotas", ["metadata": ["name": .string(name)], "spec": spec])
        }
        await quota("effort", ["scopes": ["BestEffort"]])
        await quota(
            "high", ["scopeSelector": ["matchExpressions": [["scopeName": "PriorityClass", "operator": "In", "values": ["high"]]]]])
        await client.send("POST", "/apis/scheduling.k8s.io/v1/priorityclasses", ["metadata": ["name": "high"], "value": 5])
        #expect(await client.send("POST", pods, pod("a")).status == 201)
        let second = await client.send("POST", pods, pod("b"))
        #expect(
            second.json["message"]?.string
                == #"pods "b" is forbidden: exceeded quota: effort, requested: pods=1, used: pods=1, limited: pods=1"#)
        let some: JSON = ["requests": ["cpu": "100m"]]
        #expect(await client.send("POST", pods, pod("c", resources: some)).status == 201)
        #expect(await client.send("POST", pods, pod("d", ["priorityClassName": "high"], resources: some)).status == 201)
        let third = await client.send("POST", pods, pod("e", ["priorityClassName": "high"], resources: some))
        #expect(third.json["message"]?.string?.contains("exceeded quota: high") == true)
    }

    @Test(
        arguments: [
            (["requests": ["cpu": "100m"], "limits": ["cpu": "400m"]], "provided ratio is 4.000000"),
            (["limits": ["memory": "1Gi"]], "no request is specified or request is 0"),
            (["requests": ["cpu": "100m"]], "no limit is specified or limit is 0"),
            (["requests": ["cpu": "100m"], "limits": ["cpu": "200m"]], ""),
        ] as [(JSON, String)])
    func aRangeLimitsTheRatioOfLimitToRequest(_ resources: JSON, _ problem: String) async {
        let range: JSON = ["limits": [["type": "Container", "maxLimitRequestRatio": ["cpu": "2"]]]]
        await client.send("POST", "/api/v1/namespaces/default/limitranges", ["metadata": ["name": "l"], "spec": range])
        let answer = await client.send("POST", pods, pod("p", resources: resources))
        let wanted = #"pods "p" is forbidden: cpu max limit to request ratio per Container is 2, but \#(problem)"#
        #expect(answer.json["message"]?.string == (problem.isEmpty ? nil : wanted))
    }

    @Test func aStricterNamespaceWarnsOfThePodsThatAreThere() async {
        for name in ["a", "b"] { await client.send("POST", pods, pod(name)) }
        await client.send("POST", pods, pod("host", ["hostNetwork": true]))
        func label(_ level: String) async -> [String] {
            await client.send(
                "PATCH", "/api/v1/namespaces/default",
                ["metadata": ["labels": ["pod-security.kubernetes.io/enforce": .string(level)]]], type: "application/merge-patch+json"
            ).headers.filter { $0.name == "Warning" }.map { String($0.value.dropFirst("299 - ".count)) }
        }
        #expect(
            await label("restricted") == [
                #""existing pods in namespace \"default\" violate the new PodSecurity enforce level \"restricted:latest\"""#,
                #""a (and 1 other pod): allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, seccompProfile""#,
                #""host: host namespaces, allowPrivilegeEscalation != false, unrestricted capabilities, runAsNonRoot != true, "#
                    + #"seccompProfile""#,
            ])
        #expect(await label("baseline").isEmpty, "it has become less strict")
    }

    @Test(arguments: [
        ("https://hooks.example.com/check", "dial tcp: lookup hooks.example.com: no such host"),
        ("https://192.0.2.7:8443/check", "dial tcp 192.0.2.7:8443: connect: connection refused"),
    ])
    func aWebhookOutsideIsNeverCalledAndFails(_ url: String, _ why: String) async {
        let webhook: JSON = [
            "name": "check.example.com", "clientConfig": ["url": .string(url)], "sideEffects": "None",
            "admissionReviewVersions": ["v1"], "timeoutSeconds": 5,
            "rules": [["apiGroups": [""], "apiVersions": ["v1"], "resources": ["configmaps"], "operations": ["CREATE"]]],
        ]
        let path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations"
        await client.send("POST", path, ["metadata": ["name": "w"], "webhooks": [webhook]])
        let refused = await client.send("POST", "/api/v1/namespaces/default/configmaps", ["metadata": ["name": "m"]])
        #expect(refused.status == 500)
        #expect(
            refused.json["message"]?.string == #"Internal error occurred: failed calling webhook "check.example.com": "#
                + #"failed to call webhook: Post "\#(url)?timeout=5s": \#(why)"#)
    }

    @Test func aPodGetsTheOverheadAndTheNodesOfItsRuntimeClass() async {
        let missing = await client.send("POST", pods, pod("p", ["runtimeClassName": "nope"]))
        #expect(missing.status == 403)
        #expect(missing.json["message"] == #"pods "p" is forbidden: pod rejected: RuntimeClass "nope" not found"#)
        let alone = await client.send("POST", pods, pod("p", ["overhead": ["cpu": "1"]]))
        #expect(
            alone.json["message"]?.string == #"pods "p" is forbidden: pod rejected: "#
                + "Pod Overhead set without corresponding RuntimeClass defined Overhead")
        await client.send(
            "POST", "/apis/node.k8s.io/v1/runtimeclasses",
            [
                "metadata": ["name": "small"], "handler": "small", "overhead": ["podFixed": ["cpu": "50m"]],
                "scheduling": ["nodeSelector": ["vm": "yes"]],
            ])
        let made = await client.send("POST", pods, pod("p", ["runtimeClassName": "small"]))
        #expect(made.json[at: "spec", "overhead"] == ["cpu": "50m"] && made.json[at: "spec", "nodeSelector"] == ["vm": "yes"])
    }
}
