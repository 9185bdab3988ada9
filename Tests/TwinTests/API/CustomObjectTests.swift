import Core
import Testing

@testable import Twin

/// Definitions of custom kinds, and the objects of such a kind.
@Suite struct CustomObjectTests {
    private static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    private static let path = "/apis/ex.io/v1/namespaces/default/foos"

    private static func definition(_ properties: String, extra: String = "") throws -> JSON {
        try JSON(
            parsing: """
                {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "foos.ex.io"},
                 "spec": {"group": "ex.io", "scope": "Namespaced", "names": {"plural": "foos", "kind": "Foo"}\(extra),
                  "versions": [{"name": "v1", "served": true, "storage": true,
                   "subresources": {"scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas"}},
                   "additionalPrinterColumns": [{"name": "R", "type": "integer", "jsonPath": ".spec.replicas"}],
                   "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": {"type": "object", "properties": {\(properties)}}}}}}]}}
                """)
    }

    private static let properties = """
        "replicas": {"type": "integer", "maximum": 5}, "any": {"x-kubernetes-int-or-string": true},
        "lm": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["k"],
         "items": {"type": "object", "required": ["k"], "properties": {"k": {"type": "string"}, "v": {"type": "string"}}}}
        """

    private func client() async throws -> APIClient {
        let client = APIClient()
        let made = await client.send("POST", Self.definitions, try Self.definition(Self.properties))
        #expect(made.status == 201, "\(made.json["message"]?.string ?? "")")
        return client
    }

    private func foo(_ name: String, _ spec: JSON) -> JSON {
        ["apiVersion": "ex.io/v1", "kind": "Foo", "metadata": ["name": .string(name)], "spec": spec]
    }

    @Test func metadataAndSchemaAreRefusedTogether() async throws {
        let client = try await client()
        let answer = await client.send("POST", Self.path, foo("I_", ["any": true, "lm": [["k": "1"], ["k": "1"]]]))
        let causes = Refusal.causes(of: answer.json)
        #expect(causes.count == 3 && causes[0].hasPrefix("metadata.name: "), "\(causes)")
        #expect(
            causes.dropFirst().map { $0 } == [
                #"spec.any: Invalid value: "boolean": spec.any in body must be of type integer,string: "boolean""#,
                #"spec.lm[1]: Duplicate value: {"k":"1"}"#,
            ])
    }

    @Test func aScaleIsCheckedAgainstTheSchema() async throws {
        let client = try await client()
        await client.send("POST", Self.path, foo("a", ["replicas": 1]))
        let merge = "application/merge-patch+json"
        let answer = await client.send("PATCH", "\(Self.path)/a/scale", ["spec": ["replicas": 9]], type: merge)
        #expect(answer.status == 422)
        #expect(
            answer.json["message"]
                == "Foo.ex.io \"a\" is invalid: spec.replicas: Invalid value: 9: spec.replicas in body should be less than or equal to 5")
    }

    @Test func serverSideApplyKnowsTheTypes() async throws {
        let client = try await client()
        func apply(_ spec: JSON, _ manager: String = "x") async -> JSON {
            await client.send("PATCH", "\(Self.path)/a?fieldManager=\(manager)", foo("a", spec), type: "application/apply-patch+yaml").json
        }
        let what = "failed to create typed patch object (/a; ex.io/v1, Kind=Foo): "
        #expect(await apply(["bogus": 1])["message"]?.string == what + ".spec.bogus: field not declared in schema")
        #expect(
            await apply(["lm": [["v": "x"]]])["message"]?.string == what
                + ".spec.lm: element 0: associative list with keys has an element that omits key field \"k\" (and doesn't have default value)"
        )
        // Two managers share a list by key.
        _ = await apply(["lm": [["k": "1", "v": "a"]]], "x")
        let both = await apply(["lm": [["k": "2", "v": "b"]]], "y")
        #expect(both[at: "spec", "lm"]?.array?.count == 2)
        #expect(await apply(["lm": []], "y")[at: "spec", "lm"]?.array?.count == 1)
    }

    @Test func columnsWithoutADescriptionSayWhereTheyCome() async throws {
        let client = try await client()
        let table = await client.send("GET", Self.path, headers: ["accept": "application/json;as=Table;v=v1;g=meta.k8s.io"]).json
        #expect(
            table["columnDefinitions"]?.array?.contains {
                $0["description"] == "Custom resource definition column (in JSONPath format): .spec.replicas"
            } == true)
    }

    @Test(arguments: [
        (#""z": {}"#, "", ".properties[spec].properties[z].type: Required value: must not be empty for specified object fields"),
        (#""z": {"type": "array"}"#, "", ".properties[spec].properties[z].items: Required value: must be specified"),
        (
            #""z": {"type": "foo"}"#, "",
            #".properties[spec].properties[z].type: Unsupported value: "foo": supported values: "array", "boolean", "integer", "number", "object", "string""#
        ),
        (
            #""z": {"type": "object", "additionalProperties": true, "properties": {"a": {"type": "string"}}}"#, "",
            ".properties[spec].properties[z].additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive"
        ),
        (
            #""z": {"type": "string", "default": 5}"#, "",
            #".properties[spec].properties[z].default: Invalid value: "integer": spec.validation.openAPIV3Schema.properties[spec].properties[z].default in body must be of type string: "integer""#
        ),
    ])
    func aSchemaIsStructural(_ properties: String, _ extra: String, _ cause: String) async throws {
        let answer = await APIClient().send("POST", Self.definitions, try Self.definition(properties, extra: extra))
        #expect(Refusal.causes(of: answer.json) == ["spec.validation.openAPIV3Schema" + cause])
    }

    @Test func aDefinitionIsLookedAtAsAWhole() async throws {
        let webhook = await APIClient().send(
            "POST", Self.definitions, try Self.definition(Self.properties, extra: #", "conversion": {"strategy": "Webhook"}"#))
        #expect(
            Refusal.causes(of: webhook.json) == [
                "spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook",
                "spec.conversion.conversionReviewVersions: Required value",
            ])
        var none = try Self.definition(Self.properties)
        none[at: "spec", "versions"] = .array(
            (none[at: "spec", "versions"]?.array ?? []).map { version in
                var version = version
                version["storage"] = false
                return version
            })
        let unstored = await APIClient().send("POST", Self.definitions, none)
        #expect(
            Refusal.causes(of: unstored.json) == [
                #"spec.versions: Invalid value: [{"Name":"v1","Served":true,"Storage":false,"Deprecated":false,"DeprecationWarning":null,"Schema":null,"Subresources":null,"AdditionalPrinterColumns":null,"SelectableFields":null}]: must have exactly one version marked as storage version"#,
                "status.storedVersions: Invalid value: []: must have at least one stored version",
            ])
    }

    @Test func namesThatAreTakenAreNotServedTwice() async throws {
        let client = try await client()
        var other = try Self.definition(Self.properties)
        other[at: "metadata", "name"] = "bars.ex.io"
        other[at: "spec", "names"] = ["plural": "bars", "kind": "Foo", "shortNames": ["foos"]]
        let made = await client.send("POST", Self.definitions, other)
        #expect(made.status == 201)
        func conditions() async -> [String] {
            (await client.send("GET", "\(Self.definitions)/bars.ex.io").json[at: "status", "conditions"]?.array ?? []).map {
                "\($0["type"]?.string ?? "")=\($0["status"]?.string ?? "") \($0["reason"]?.string ?? ""): \($0["message"]?.string ?? "")"
            }
        }
        #expect(
            await conditions() == [
                #"NamesAccepted=False ListKindConflict: "FooList" is already in use"#,
                "Established=False NotAccepted: not all names are accepted",
            ])
        #expect(await client.send("GET", "/apis/ex.io/v1/bars").status == 404)
        await client.send("DELETE", "\(Self.definitions)/foos.ex.io")
        #expect(await conditions().first == "NamesAccepted=True NoConflicts: no conflicts found")
        #expect(await client.send("GET", "/apis/ex.io/v1/bars").status == 200)
    }

    @Test func newestStableVersionsComeFirstAndDeprecatedOnesWarn() async throws {
        let client = APIClient()
        var definition = try Self.definition(Self.properties)
        let v1 = try #require(definition[at: "spec", "versions"]?[0])
        func version(_ name: String, deprecated: Bool = false) -> JSON {
            var version = v1
            version["name"] = .string(name)
            version["storage"] = .bool(name == "v1")
            if deprecated { version["deprecated"] = true }
            return version
        }
        definition[at: "spec", "versions"] = [version("v1beta1", deprecated: true), version("v1"), version("v2")]
        #expect(await client.send("POST", Self.definitions, definition).status == 201)
        let group = await client.send("GET", "/apis/ex.io").json
        #expect(group["versions"]?.array?.compactMap { $0["version"]?.string } == ["v2", "v1", "v1beta1"])
        #expect(group[at: "preferredVersion", "version"] == "v2")
        let answer = await client.send("GET", "/apis/ex.io/v1beta1/foos")
        #expect(
            answer.headers.first { $0.name == "Warning" }?.value == #"299 - "ex.io/v1beta1 Foo is deprecated; use ex.io/v2 Foo""#)
        #expect(await client.send("GET", "/apis/ex.io/v1/foos").headers.contains { $0.name == "Warning" } == false)
    }
}
