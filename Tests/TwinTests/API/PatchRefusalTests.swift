import Core
import Foundation
import Testing

@testable import Twin

/// What the three patches and server-side apply are refused with, and what they are warned of.
@Suite struct PatchRefusalTests {
    let client = APIClient()
    private let maps = "/api/v1/namespaces/default/configmaps"

    private func patch(_ type: String, _ body: String, _ query: String = "", path: String? = nil) async -> (Int, String, [String]) {
        await client.send("POST", maps, ["metadata": ["name": "m"], "data": ["a": "1"]])
        let types = [
            "json": "application/json-patch+json", "merge": "application/merge-patch+json",
            "strategic": "application/strategic-merge-patch+json", "apply": "application/apply-patch+yaml",
        ]
        let answer = await client.cluster.handle(
            TwinRequest(
                "PATCH", target: "\(path ?? "\(maps)/m")\(query)", headers: ["content-type": types[type] ?? ""], body: Array(body.utf8)))
        let message = answer.bytes.flatMap { try? JSON(parsing: $0) }?["message"]?.string ?? ""
        return (answer.status, message, answer.headers.filter { $0.name == "Warning" }.map(\.value))
    }

    @Test func eachPatchHasItsOwnWordsForWhatItCannotRead() async {
        #expect(await patch("strategic", "{bad").1 == "invalid character 'b' looking for beginning of object key string")
        #expect(await patch("strategic", "").1 == "unexpected end of JSON input")
        #expect(await patch("strategic", "[]").1 == "json: cannot unmarshal array into Go value of type map[string]interface {}")
        #expect(await patch("merge", "{bad").1 == "error decoding patch: invalid character 'b' looking for beginning of object key string")
        #expect(await patch("merge", "null").1 == "Invalid JSON Patch")
        #expect(
            await patch("json", "{}").1
                == "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp")
        let many = "[" + Array(repeating: #"{"op":"test","path":"/kind","value":"ConfigMap"}"#, count: 10_001).joined(separator: ",") + "]"
        let (status, message, _) = await patch("json", many)
        #expect(status == 413 && message.hasSuffix("The allowed maximum operations in a JSON patch is 10000, got 10001"))
    }

    @Test func anUnknownMemberOfAnOperationIsWarnedOf() async {
        let body = #"[{"op":"add","path":"/data/q","value":"1","foo":1}]"#
        let (status, _, warnings) = await patch("json", body)
        #expect(status == 200 && warnings == [#"299 - "json patch unknown field \"[0].foo\"""#])
        #expect(await patch("json", body, "?fieldValidation=Strict").0 == 422)
        #expect(await patch("json", body, "?fieldValidation=Ignore").2.isEmpty)
    }

    @Test func noPatchMakesSomethingElseOfAnObject() async {
        let kind = await patch("merge", #"{"kind":"Secret"}"#)
        #expect(kind.0 == 422 && kind.1.hasPrefix(#" "" is invalid: patch: Invalid value: "{\"apiVersion\":\"v1\",\"data\":"#), "\(kind.1)")
        #expect(kind.1.hasSuffix("converting (v1.Secret) to (core.ConfigMap): unknown conversion"))
        let version = await patch("merge", #"{"apiVersion":"v2"}"#)
        #expect(
            version.1.hasSuffix(#"no kind "ConfigMap" is registered for version "v2" in scheme "pkg/api/legacyscheme/scheme.go:30""#),
            "\(version.1)")
        for type in ["merge", "strategic"] {
            #expect(
                await patch(type, #"{"metadata":{"namespace":"zz"}}"#).1
                    == "the namespace of the provided object does not match the namespace sent on the request")
        }
    }

    @Test(arguments: [
        (#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"m"}}"#, 400, "invalid object type: /v1, Kind=Secret"),
        ("{}", 400, "invalid object type: /, Kind="),
        (#"{"apiVersion":"apps/v1beta1","kind":"ConfigMap"}"#, 400, "invalid object type: apps/v1beta1, Kind=ConfigMap"),
        ("{bad", 400, "error decoding YAML: error converting YAML to JSON: yaml: line 1: did not find expected ',' or '}'"),
    ])
    func anApplySaysWhatItIs(_ body: String, _ status: Int, _ message: String) async {
        let answer = await patch("apply", body, "?fieldManager=x")
        #expect(answer.0 == status && answer.1 == message, "\(answer)")
    }

    @Test func anApplyBringsOnlyWhatCanBeRead() async {
        let fresh = #"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"new","uid":"abc"}}"#
        let uid = await patch("apply", fresh, "?fieldManager=x", path: "\(maps)/new")
        #expect(
            uid.0 == 409
                && uid.1
                    == "Operation cannot be fulfilled on configmaps \"new\": uid mismatch: the provided object specified uid abc, and no "
                    + "existing object was found"
        )
        let pod =
            #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p"},"spec":{"containers":[{"name":"c","image":"a:1","resources":{"limits":{"cpu":"abc"}}}]}}"#
        let amount = await patch("apply", pod, "?fieldManager=x", path: "/api/v1/namespaces/default/pods/p")
        #expect(
            amount.0 == 500
                && amount.1.hasPrefix(
                    "failed to convert new object (default/p; /v1, Kind=Pod) to proper version (v1): unable to convert unstructured object to "
                        + "/v1, Kind=Pod: quantities must match"),
            "\(amount)")
    }

    @Test func namespacedKindsHaveNoRouteWithoutTheirNamespace() async {
        #expect(await client.send("DELETE", "/api/v1/configmaps").status == 405)
        #expect(await client.send("GET", "/api/v1/namespaces/default/configmaps/kube-root-ca.crt").status == 200)
        let one = await client.send("GET", "/api/v1/configmaps/m")
        #expect(one.status == 404 && one.json["message"] == "the server could not find the requested resource")
        #expect(await client.send("GET", "/api/v1/configmaps").status == 200)
        #expect(await client.send("GET", "/apis/authentication.k8s.io/v1/tokenreviews").status == 405)
    }

    @Test func aPageOfAVersionIsOfThatVersion() async throws {
        for name in ["a", "b"] { await client.send("POST", maps, ["metadata": ["name": .string(name)]]) }
        let version = try #require(await client.send("GET", maps).json[at: "metadata", "resourceVersion"]?.string)
        await client.send("DELETE", "\(maps)/a")
        let page = await client.send("GET", "\(maps)?resourceVersion=\(version)&limit=500")
        #expect(page.json[at: "metadata", "resourceVersion"]?.string == version)
        #expect(page.json["items"]?.array?.contains { $0[at: "metadata", "name"] == "a" } == true)
        for (text, why) in [("-1", "invalid syntax"), ("18446744073709551616", "value out of range")] {
            let answer = await client.send("GET", "\(maps)?resourceVersion=\(text)")
            #expect(answer.json["message"]?.string?.hasSuffix(": \(why)") == true)
        }
        #expect(await client.send("GET", "\(maps)?resourceVersion=18446744073709551615").status == 504)
    }
}
