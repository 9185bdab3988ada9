import Core
import Testing

@testable import Twin

/// Bodies that say something twice or something unknown, and what is typed of custom objects.
@Suite struct StrictDecodingTests {
    let client = APIClient()
    private let deployments = "/apis/apps/v1/namespaces/default/deployments"
    private let maps = "/api/v1/namespaces/default/configmaps"

    /// The words of a body as it is written, which a value could not hold.
    private func send(
        _ method: String, _ target: String, _ body: String, type: String = "application/json"
    ) async -> (status: Int, message: String, warnings: [String]) {
        let answer = await client.cluster.handle(
            TwinRequest(method, target: target, headers: ["content-type": type], body: Array(body.utf8)))
        let message = answer.bytes.flatMap { try? JSON(parsing: $0) }?["message"]?.string ?? ""
        return (answer.status, message, answer.headers.filter { $0.name == "Warning" }.map { String($0.value.dropFirst("299 - ".count)) })
    }

    private static let twice =
        #"{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"unknown1":1,"unknown1":2,"paused":true,"#
        + #""paused":false,"selector":{"matchLabels":{"a":"b"}},"template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":"#
        + #"[{"name":"c","image":"a:1","nested":{"x":1,"x":2},"imagePullPolicy":"Always","imagePullPolicy":"Never"}]}}}}"#

    @Test func whatStandsTwiceIsRefusedWarnedOfOrDropped() async {
        let texts = [
            #"unknown field "spec.unknown1""#, #"duplicate field "spec.paused""#,
            #"unknown field "spec.template.spec.containers[0].nested""#,
            #"duplicate field "spec.template.spec.containers[0].imagePullPolicy""#,
        ]
        let strict = await send("POST", "\(deployments)?fieldValidation=Strict", Self.twice)
        #expect(strict.status == 400)
        #expect(
            strict.message == #"Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: "#
                + texts.joined(separator: ", "))
        let ignored = await send("POST", "\(deployments)?fieldValidation=Ignore&dryRun=All", Self.twice)
        #expect(ignored.status == 201 && ignored.warnings.isEmpty)
        let warned = await send("POST", deployments, Self.twice)
        #expect(warned.status == 201)
        #expect(warned.warnings == texts.map { JSON.string($0).text() })
    }

    @Test func aPatchIsReadAsStrictly() async {
        await client.send("POST", maps, ["metadata": ["name": "m"]])
        let merge = "application/merge-patch+json"
        let body = #"{"data":{"a":"1","a":"2"}}"#
        #expect(await send("PATCH", "\(maps)/m", body, type: merge).warnings == [#""duplicate field \"data.a\"""#])
        let strict = await send("PATCH", "\(maps)/m?fieldValidation=Strict", body, type: merge)
        #expect(strict.status == 422 && strict.message.hasSuffix(#": strict decoding error: duplicate field "data.a""#))
        let steps = #"[{"op":"add","path":"/data/b","path":"/data/c","value":"1","why":"x"}]"#
        let step = await send("PATCH", "\(maps)/m", steps, type: "application/json-patch+json")
        #expect(step.warnings == [#""json patch duplicate field \"[0].path\"""#, #""json patch unknown field \"[0].why\"""#])
        let apply = "{\n\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\n\"data\":{\"a\":\"1\",\n\"a\":\"2\"}}"
        let applied = await send(
            "PATCH", "\(maps)/m?fieldManager=x&fieldValidation=Strict", apply, type: "application/apply-patch+yaml")
        #expect(
            applied.message == "error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n"
                + #"  line 4: key "a" already set in map"#)
    }

    // MARK: Custom objects

    private let widgets = "/apis/example.com/v1/namespaces/default/widgets"

    private func define(_ spec: JSON, subresources: JSON = [:]) async {
        let schema: JSON = ["type": "object", "properties": ["spec": ["type": "object", "properties": spec]]]
        let version: JSON = [
            "name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema], "subresources": subresources,
        ]
        let answer = await client.send(
            "POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": ["name": "widgets.example.com"],
                "spec": [
                    "group": "example.com", "scope": "Namespaced", "names": ["plural": "widgets", "kind": "Widget"], "versions": [version],
                ],
            ])
        #expect(answer.status == 201, "\(answer.json)")
    }

    private func widget(_ spec: JSON, metadata: JSON = ["name": "w"]) -> JSON {
        ["apiVersion": "example.com/v1", "kind": "Widget", "metadata": metadata, "spec": spec]
    }

    @Test func metadataOfCustomObjectsHasTypes() async {
        await define(["size": ["type": "integer"]])
        let number = await client.send("POST", widgets, widget([:], metadata: ["name": "w", "labels": ["a": 1]]))
        #expect(number.status == 400)
        #expect(
            number.json["message"]?.string == #"Widget in version "v1" cannot be handled as a Widget: json: cannot unmarshal number into "#
                + "Go struct field ObjectMeta.labels of type string")
        let odd = await client.send("POST", "\(widgets)?fieldValidation=Strict", widget([:], metadata: ["name": "w", "colour": "red"]))
        #expect(odd.json["message"]?.string?.hasSuffix(#"strict decoding error: unknown field "metadata.colour""#) == true)
        let kept = await client.send("POST", widgets, widget([:], metadata: ["name": "w", "colour": "red"]))
        #expect(kept.status == 201 && kept.json[at: "metadata", "colour"] == nil)
        let patched = await client.send(
            "PATCH", "\(widgets)/w", ["metadata": ["labels": ["a": true]]], type: "application/merge-patch+json")
        #expect(patched.status == 400 || patched.status == 422)
    }

    @Test(arguments: [
        ("date-time", "2026-01-01T00:00:00Z", "yesterday"), ("date", "2026-01-01", "2026-13-01"), ("ipv4", "10.0.0.1", "::1"),
        ("ipv6", "fd00::1", "10.0.0.1"), ("cidr", "10.0.0.0/8", "10.0.0.0"), ("uuid", "7d444840-9dc0-11d1-b245-5ffdce74fad2", "7d44"),
        ("email", "a@example.com", "a.example.com"), ("uri", "https://example.com/a", "example"), ("byte", "YQ==", "?"),
        ("duration", "1h30m", "soon"), ("hostname", "a.example.com", "_a"), ("mac", "01:23:45:67:89:ab", "01:23"),
    ])
    func formatsAreChecked(_ format: String, _ good: String, _ bad: String) async {
        await define(["value": ["type": "string", "format": .string(format)]])
        #expect(await client.send("POST", "\(widgets)?dryRun=All", widget(["value": .string(good)])).status == 201)
        let refused = await client.send("POST", widgets, widget(["value": .string(bad)]))
        #expect(
            Refusal.causes(of: refused.json)
                == [#"spec.value: Invalid value: "\#(bad)": spec.value in body must be of type \#(format): "\#(bad)""#])
    }

    @Test func elementsOfSetsAndKeysOfMapsStandOnce() async {
        await define([
            "names": ["type": "array", "x-kubernetes-list-type": "set", "items": ["type": "string"]],
            "ports": [
                "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["port"],
                "items": ["type": "object", "required": ["port"], "properties": ["port": ["type": "integer"]]],
            ],
        ])
        let refused = await client.send(
            "POST", widgets, widget(["names": ["a", "b", "a", "a"], "ports": [["port": 80], ["port": 81], ["port": 80]]]))
        #expect(
            Refusal.causes(of: refused.json)
                == [#"spec.names[2]: Duplicate value: "a""#, #"spec.ports[2]: Duplicate value: {"port":80}"#])
    }

    @Test func scalesStandWhereTheDefinitionSays() async {
        await define(
            ["size": ["type": "integer"], "picks": ["type": "string"]],
            subresources: [
                "scale": ["specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size", "labelSelectorPath": ".spec.picks"]
            ])
        await client.send("POST", widgets, widget(["picks": "a=b"]))
        let missing = await client.send("GET", "\(widgets)/w/scale")
        #expect(missing.status == 500)
        #expect(missing.json["message"] == #"Internal error occurred: the spec replicas field ".spec.size" does not exist"#)
        let set = await client.send("PATCH", "\(widgets)/w/scale", ["spec": ["replicas": 3]], type: "application/merge-patch+json")
        #expect(set.json["spec"] == ["replicas": 3] && set.json["status"] == ["replicas": 0, "selector": "a=b"])
        #expect(await client.send("GET", "\(widgets)/w").json[at: "spec", "size"] == 3)
    }

    // MARK: Managers and statuses

    @Test func theOldestOfManyManagersBecomeOne() async {
        await client.send("POST", "\(maps)?fieldManager=m00", ["metadata": ["name": "m"]])
        for number in 1...12 {
            let patch: JSON = ["data": ["k\(number)": "v"]]
            await client.send(
                "PATCH", "\(maps)/m?fieldManager=m\(number)", patch, type: "application/merge-patch+json")
            await client.cluster.advance(by: .seconds(1))
        }
        let entries = await client.send("GET", "\(maps)/m").json[at: "metadata", "managedFields"]?.array ?? []
        #expect(entries.count == 10)
        let old = entries.filter { $0["manager"] == "ancient-changes" }
        #expect(old.map { $0[at: "fieldsV1", "f:data"]?.object?.keys.filter { $0 != "." } } == [["f:k1", "f:k2", "f:k3"]])
    }

    @Test func statusesAreChecked() async {
        await client.send("POST", deployments, APIClient.deployment("web"))
        let bad = await client.send(
            "PATCH", "\(deployments)/web/status", ["status": ["replicas": 1, "readyReplicas": 2, "updatedReplicas": -1]],
            type: "application/merge-patch+json")
        #expect(bad.status == 422)
        #expect(
            Refusal.causes(of: bad.json) == [
                "status.updatedReplicas: Invalid value: -1: must be greater than or equal to 0",
                "status.readyReplicas: Invalid value: 2: cannot be greater than status.replicas",
            ])
        let pods = "/api/v1/namespaces/default/pods"
        await client.send("POST", "/api/v1/namespaces/default/serviceaccounts", ["metadata": ["name": "default"]])
        let pod: JSON = ["metadata": ["name": "p"], "spec": ["restartPolicy": "Never", "containers": [["name": "c", "image": "a:1"]]]]
        #expect(await client.send("POST", pods, pod).status == 201)
        func state(_ state: JSON) -> JSON { ["status": ["containerStatuses": [["name": "c", "state": state]]]] }
        let merge = "application/merge-patch+json"
        #expect(await client.send("PATCH", "\(pods)/p/status", state(["terminated": ["exitCode": 1]]), type: merge).status == 200)
        let back = await client.send(
            "PATCH", "\(pods)/p/status", state(["running": [:], "terminated": .null]), type: merge)
        #expect(
            Refusal.causes(of: back.json)
                == ["status.containerStatuses[0].state: Forbidden: may not be transitioned to non-terminated state"])
    }
}
