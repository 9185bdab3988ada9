import Core
import Testing

@testable import Twin

/// Bodies and options that cannot be read, in the words of the real server.
@Suite struct DecodingTests {
    let client = APIClient()
    static let pods = "/api/v1/namespaces/default/pods"

    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let body: String
        let message: String
        var testDescription: String { body.isEmpty ? path : body }
    }

    private static func pod(_ spec: String, _ metadata: String = #""name":"p""#) -> String {
        #"{"apiVersion":"v1","kind":"Pod","metadata":{\#(metadata)},"spec":{"containers":[{"name":"c","image":"a:1"\#(spec)"#
    }

    private static let cannot = #"Pod in version "v1" cannot be handled as a Pod: "#
    private static let unread = "the object provided is unrecognized (must be of type Pod): couldn't get version/kind; json parse error: "
    private static let head = #"struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }"#

    static let bodies: [Case] = [
        .init(path: pods, body: "", message: unread + "unexpected end of JSON input (<empty>)"),
        .init(path: pods, body: "[]", message: unread + "json: cannot unmarshal array into Go value of type \(head) (5b5d)"),
        .init(
            path: pods, body: #"{"apiVersion":"v1","kind":"Pod","metadata":{}"#,
            message: unread + #"unexpected end of JSON input ({"apiVersion":"v1","kind":"Pod ...)"#),
        .init(
            path: pods, body: #"{"apiVersion":"v2","kind":"Pod"}"#,
            message: #"Pod in version "v2" cannot be handled as a Pod: no kind "Pod" is registered for version "v2" in scheme "#
                + #""pkg/api/legacyscheme/scheme.go:30""#),
        .init(
            path: "/apis/apps/v1/namespaces/default/deployments", body: #"{"apiVersion":"v1","kind":"Service"}"#,
            message: #"Service in version "v1" cannot be handled as a Deployment: converting (v1.Service) to (apps.Deployment): "#
                + "unknown conversion"),
        .init(
            path: pods, body: pod(#","resources":{"requests":{"cpu":"abc"}}}]}}"#),
            message: cannot + "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"),
        .init(
            path: pods, body: pod(#","resources":{"limits":{"memory":"5mm"}}}]}}"#), message: cannot + "unable to parse quantity's suffix"),
        .init(
            path: pods, body: pod("}]}}", #""creationTimestamp":"yesterday""#),
            message: cannot + #"parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006""#),
        .init(
            path: pods, body: pod("}]}}", #""creationTimestamp":"2026-02-30T10:00:00Z""#),
            message: cannot + #"parsing time "2026-02-30T10:00:00Z": day out of range"#),
        .init(
            path: pods, body: pod("}]}}", #""creationTimestamp":"2026-02-03""#),
            message: cannot + #"parsing time "2026-02-03" as "2006-01-02T15:04:05Z07:00": cannot parse "" as "T""#),
        .init(
            path: pods, body: pod(#"}],"terminationGracePeriodSeconds":"5"}}"#),
            message: cannot + "json: cannot unmarshal string into Go struct field PodSpec.spec.terminationGracePeriodSeconds of type int64"),
        .init(
            path: pods, body: pod(#","ports":[{"containerPort":5.5}]}]}}"#),
            message: cannot + "json: cannot unmarshal number 5.5 into Go struct field ContainerPort.spec.containers.ports.containerPort of "
                + "type int32"),
        .init(
            path: pods, body: pod("}]}}", #""labels":{"a":5}"#),
            message: cannot + "json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string"),
        .init(
            path: pods, body: pod(#"}],"restartPolicy":5}}"#),
            message: cannot + "json: cannot unmarshal number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy"),
        .init(
            path: pods, body: #"{"apiVersion":"v1","kind":"Pod","spec":{"containers":{}}}"#,
            message: cannot + "json: cannot unmarshal object into Go struct field PodSpec.spec.containers of type []v1.Container"),
        .init(
            path: "/api/v1/namespaces/default/secrets", body: #"{"apiVersion":"v1","kind":"Secret","data":{"a":"YWJj!A=="}}"#,
            message: #"Secret in version "v1" cannot be handled as a Secret: illegal base64 data at input byte 4"#),
    ]

    @Test(arguments: bodies) func aBodyThatCannotBeReadIsABadRequest(_ one: Case) async {
        let answer = await client.cluster.handle(
            TwinRequest("POST", target: one.path, headers: ["content-type": "application/json"], body: Array(one.body.utf8)))
        let json = answer.bytes.flatMap { try? JSON(parsing: $0) }
        #expect(answer.status == 400 && json?["reason"] == "BadRequest")
        #expect(json?["message"]?.string == one.message)
    }

    static let options: [(method: String, query: String, kind: String, cause: String)] = [
        ("POST", "dryRun=Foo", "CreateOptions", #"dryRun: Unsupported value: ["Foo"]: supported values: "All""#),
        (
            "POST", "fieldValidation=Foo", "CreateOptions",
            #"fieldValidation: Unsupported value: "Foo": supported values: "", "Ignore", "Strict", "Warn""#
        ),
        (
            "PUT", "fieldManager=" + String(repeating: "x", count: 129), "UpdateOptions",
            "fieldManager: Too long: may not be more than 128 bytes"
        ),
        ("PATCH", "force=true", "PatchOptions", "force: Forbidden: may not be specified for non-apply patch"),
        (
            "DELETE", "propagationPolicy=Foo", "DeleteOptions",
            #"propagationPolicy: Unsupported value: "Foo": supported values: "Foreground", "Background", "Orphan", "nil""#
        ),
    ]

    @Test(arguments: options) func optionsThatAreUnknownAreInvalid(
        _ one: (method: String, query: String, kind: String, cause: String)
    ) async {
        let path = "/api/v1/namespaces/default/configmaps" + (one.method == "POST" ? "" : "/a")
        let answer = await client.send(
            one.method, "\(path)?\(one.query)", one.method == "DELETE" ? nil : [:],
            type: one.method == "PATCH" ? "application/merge-patch+json" : "application/json")
        #expect(answer.status == 422)
        #expect(answer.json["message"]?.string == "\(one.kind).meta.k8s.io \"\" is invalid: \(one.cause)")
        #expect(answer.json[at: "details", "kind"] == .string(one.kind))
    }

    /// However deep a body is, it is answered.
    @Test func aDocumentThatIsDeeperThanAnyIsRefused() async {
        let deep = Array(String(repeating: "[", count: 200_000).utf8)
        let answer = await client.cluster.handle(
            TwinRequest("POST", target: Self.pods, headers: ["content-type": "application/json"], body: deep))
        #expect(answer.status == 400)
        #expect(GoJSONError.text(deep) == "invalid character '[' exceeded max depth")
        let texts: [(String, String?)] = [
            (#"{"a":[1,{"b":null}],"c":"d"}"#, nil), ("[1 2]", "invalid character '2' after array element"),
            (#"{"a":1 "b"}"#, "invalid character '\"' after object key:value pair"),
            ("[[],{}] x", "invalid character 'x' after top-level value"),
            (#"{"a":{"b":[}}"#, "invalid character '}' looking for beginning of value"), ("[1,", "unexpected end of JSON input"),
        ]
        for (text, why) in texts { #expect(GoJSONError.text(Array(text.utf8)) == why, "\(text)") }
    }

    /// Nothing is deleted by options that cannot be read.
    @Test func aDeleteWhoseOptionsAreWrongDeletesNothing() async {
        let path = "/api/v1/namespaces/default/configmaps/kept"
        await client.send("POST", "/api/v1/namespaces/default/configmaps", ["metadata": ["name": "kept"]])
        let bodies: [(String, String, Int)] = [
            (#"{"dryRun":["Foo"]}"#, "application/json", 422), ("xx", "application/json", 500), ("[]", "application/json", 500),
            (#"{"kind":"Foo","apiVersion":"v1"}"#, "application/json", 500), (#"{"gracePeriodSeconds":"x"}"#, "application/json", 500),
            ("{}", "text/plain", 415), (#"{"propagationPolicy":"Orphan","orphanDependents":true}"#, "application/json", 422),
        ]
        for (body, type, status) in bodies {
            let answer = await client.cluster.handle(
                TwinRequest("DELETE", target: path, headers: ["content-type": type], body: Array(body.utf8)))
            #expect(answer.status == status, "\(body)")
        }
        #expect(await client.send("DELETE", "\(path)?gracePeriodSeconds=abc").status == 400)
        #expect(await client.send("GET", path).status == 200)
        #expect(await client.send("PUT", path, ["metadata": [:]]).status == 400)
    }

    /// What everybody does with a namespace that does not go: its finalizers are taken by the subresource.
    @Test func aNamespaceGoesWhenItIsFinalized() async {
        let namespaces = "/api/v1/namespaces"
        await client.send("POST", namespaces, ["metadata": ["name": "dying"]])
        let dying = await client.send("DELETE", "\(namespaces)/dying")
        #expect(dying.json[at: "status", "phase"] == "Terminating" && dying.json[at: "metadata", "deletionGracePeriodSeconds"] == nil)
        await client.send("PUT", "\(namespaces)/dying/finalize", ["metadata": ["name": "dying"], "spec": ["finalizers": []]])
        #expect(await client.send("GET", "\(namespaces)/dying").status == 404)
    }

    @Test func anAppliedDocumentThatDoesNotFitTellsThePlace() async {
        var document = APIClient.deployment("web")
        document[at: "spec", "replicas"] = "three"
        let answer = await client.send(
            "PATCH", "/apis/apps/v1/namespaces/default/deployments/web?fieldManager=a", document, type: "application/apply-patch+yaml")
        #expect(answer.status == 500)
        #expect(
            answer.json["message"]
                == "failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.replicas: expected numeric (int or float), got string"
        )
    }

    @Test func amountsAreWrittenInOneForm() async {
        let answer = await client.send(
            "POST", Self.pods,
            [
                "metadata": ["name": "p"],
                "spec": [
                    "containers": [
                        [
                            "name": "c", "image": "a:1",
                            "resources": ["requests": ["cpu": 0.5, "memory": "1024Mi"], "limits": ["cpu": "2000m", "memory": "1.5Gi"]],
                        ]
                    ]
                ],
            ])
        let resources = answer.json[at: "spec", "containers"]?[0]?["resources"]
        #expect(resources == ["requests": ["cpu": "500m", "memory": "1Gi"], "limits": ["cpu": "2", "memory": "1536Mi"]])
        #expect(answer.json["status"] == ["phase": "Pending", "qosClass": "Burstable"])
    }
}
