import Core
import Testing

@testable import Twin

/// `x-kubernetes-validations` (kubernetes.io "Extend the Kubernetes API with CustomResourceDefinitions", "Validation rules").
@Suite struct ValidationRuleTests {
    let client = APIClient()
    let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    let widgets = "/apis/example.com/v1/namespaces/default/widgets"

    func define(_ spec: JSON, root: JSON? = nil) async -> (status: Int, json: JSON, headers: [(name: String, value: String)]) {
        var schema: JSON = ["type": "object", "properties": ["spec": spec]]
        schema["x-kubernetes-validations"] = root
        return await client.send(
            "POST", definitions,
            [
                "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": ["name": "widgets.example.com"],
                "spec": [
                    "group": "example.com", "scope": "Namespaced", "names": ["plural": "widgets", "kind": "Widget"],
                    "versions": [["name": "v1", "served": true, "storage": true, "schema": ["openAPIV3Schema": schema]]],
                ],
            ])
    }

    func widget(_ spec: JSON, name: String = "w") -> JSON {
        ["apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": .string(name)], "spec": spec]
    }

    /// `field: message` of each cause of a refusal.
    func causes(_ answer: (status: Int, json: JSON, headers: [(name: String, value: String)])) -> [String] {
        (answer.json[at: "details", "causes"]?.array ?? []).map { "\($0["field"]?.string ?? ""): \($0["message"]?.string ?? "")" }
    }

    @Test func rulesRefuseWhatTheyDoNotHoldFor() async {
        let made = await define(
            [
                "type": "object",
                "properties": [
                    "min": ["type": "integer"], "max": ["type": "integer"], "x-size": ["type": "string"],
                    "parts": [
                        "type": "array",
                        "items": [
                            "type": "object", "properties": ["name": ["type": "string"]],
                            "x-kubernetes-validations": [
                                [
                                    "rule": "self.name.startsWith('p-')", "messageExpression": "'bad part ' + self.name",
                                    "fieldPath": ".name",
                                ]
                            ],
                        ],
                    ],
                    "limits": [
                        "type": "object",
                        "additionalProperties": ["type": "integer", "x-kubernetes-validations": [["rule": "self > 0"]]],
                    ],
                ],
                "x-kubernetes-validations": [
                    ["rule": "!has(self.max) || self.min <= self.max", "message": "min must not be above max"],
                    ["rule": "self.x__dash__size != 'huge'", "reason": "FieldValueForbidden", "message": "too big"],
                ],
            ], root: [["rule": "self.metadata.name.size() < 5"]])
        #expect(made.status == 201, "\(made.json.text())")
        let refused = await client.send(
            "POST", widgets,
            widget(
                ["min": 3, "max": 2, "x-size": "huge", "parts": [["name": "p-1"], ["name": "q"]], "limits": ["cpu": 0]], name: "widget"))
        #expect(refused.status == 422 && refused.json["reason"] == "Invalid")
        #expect(
            causes(refused) == [
                "<nil>: Invalid value: \"object\": failed rule: self.metadata.name.size() < 5",
                "spec: Invalid value: \"object\": min must not be above max", "spec: Forbidden: too big",
                "spec.limits[cpu]: Invalid value: \"integer\": failed rule: self > 0",
                "spec.parts[1].name: Invalid value: \"object\": bad part q",
            ])
        #expect(await client.send("POST", widgets, widget(["min": 1, "max": 2, "x-size": "m"])).status == 201)
        #expect(
            causes(await client.send("POST", widgets, widget(["min": 1], name: "v"))) == [
                "spec: Invalid value: \"object\": no such key: x__dash__size evaluating rule: too big"
            ])
    }

    @Test func transitionsCompareWithWhatWasThere() async {
        let made = await define([
            "type": "object",
            "properties": [
                "size": ["type": "integer", "x-kubernetes-validations": [["rule": "self >= oldSelf", "message": "may only grow"]]],
                "name": [
                    "type": "string",
                    "x-kubernetes-validations": [
                        ["rule": "oldSelf.hasValue() || self != 'late'", "optionalOldSelf": true, "message": "not at first"]
                    ],
                ],
                "tag": ["type": "string", "x-kubernetes-validations": [["rule": "self != 'old'", "message": "outdated"]]],
            ],
        ])
        #expect(made.status == 201, "\(made.json.text())")
        #expect(
            causes(await client.send("POST", widgets, widget(["name": "late"]))) == ["spec.name: Invalid value: \"string\": not at first"])
        #expect(await client.send("POST", widgets, widget(["size": 3, "name": "a"])).status == 201)
        #expect(
            causes(await client.replace("\(widgets)/w", widget(["size": 2, "name": "late"]))) == [
                "spec.size: Invalid value: \"integer\": may only grow"
            ])
        #expect(await client.replace("\(widgets)/w", widget(["size": 4, "name": "late"])).status == 200)
    }

    @Test func whatAWriteLeavesAsItWasIsOnlyWarnedOf() async {
        _ = await define(["type": "object", "properties": ["tag": ["type": "string"], "n": ["type": "integer"]]])
        #expect(await client.send("POST", widgets, widget(["tag": "old", "n": 1])).status == 201)
        let path = "\(definitions)/widgets.example.com"
        var definition = await client.send("GET", path).json
        var versions = definition[at: "spec", "versions"]?.array ?? []
        versions[0][at: "schema", "openAPIV3Schema", "properties", "spec", "properties", "tag", "x-kubernetes-validations"] = [
            ["rule": "self != 'old'", "message": "outdated"]
        ]
        definition[at: "spec", "versions"] = .array(versions)
        #expect(await client.replace(path, definition).status == 200)
        let kept = await client.replace("\(widgets)/w", widget(["tag": "old", "n": 2]))
        #expect(kept.status == 200)
        #expect(kept.headers.contains { $0.value.contains("spec.tag: Invalid value: \\\"string\\\": outdated") }, "\(kept.headers)")
        #expect(await client.send("POST", widgets, widget(["tag": "old"], name: "x")).status == 422)
    }

    @Test func rulesThatAreNoneAreRefusedWithTheDefinition() async throws {
        let refused = await define([
            "type": "object",
            "properties": [
                "size": ["type": "integer"],
                "list": [
                    "type": "array",
                    "items": ["type": "string", "x-kubernetes-validations": [["rule": "self == oldSelf"]]],
                ],
            ],
            "x-kubernetes-validations": [["rule": "self.sise > 1", "message": "m"], ["rule": "self.size"], ["rule": " "]],
        ])
        #expect(refused.status == 422)
        let spec = "spec.validation.openAPIV3Schema.properties[spec]"
        let causes = causes(refused)
        try #require(causes.count == 4)
        #expect(
            causes[1]
                == "\(spec).x-kubernetes-validations[0].rule: Invalid value: {\"Rule\":\"self.sise \\u003e 1\",\"Message\":\"m\",\"MessageExpression\":\"\","
                + "\"Reason\":null,\"FieldPath\":\"\",\"OptionalOldSelf\":null}: compilation failed: ERROR: <input>:1:5: undefined field 'sise'\n"
                + " | self.sise > 1\n | ....^")
        #expect(causes[2].hasSuffix("cel expression must evaluate to a bool"))
        #expect(causes[3] == "\(spec).x-kubernetes-validations[2].rule: Required value: rule is not specified")
        #expect(
            causes[0]
                == "\(spec).properties[list].items.x-kubernetes-validations[0].rule: Invalid value: \"self == oldSelf\": "
                + "oldSelf cannot be used on the uncorrelatable portion of the schema within \(spec).properties[list]")
    }
}
