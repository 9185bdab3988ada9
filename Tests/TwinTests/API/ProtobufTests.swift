import Core
import Foundation
import Kubernetes
import Testing

@testable import Twin

/// Bodies in protocol buffers, as kubectl and the typed clients of client-go send and prefer them.
struct ProtobufTests {
    /// What kubectl 1.32 and 1.36 send alike: path and body.
    static let captured: [(path: String, body: [UInt8])] = {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/kubectl-bodies.txt")
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            return words.count == 2 ? Base64.decode(words[1]).map { (words[0], $0) } : nil
        }
    }()

    static let protobuf = ["content-type": ProtobufBody.mediaType, "accept": ProtobufBody.mediaType]

    private func target(_ path: String) throws -> RequestTarget.Object {
        guard case .object(let target) = RequestTarget(path: path, resources: .served) else { throw ProtobufError(path) }
        return target
    }

    @Test func whatKubectlSendsIsReadAndWrittenByteForByte() throws {
        #expect(ProtobufTests.captured.count == 16)
        for (path, body) in ProtobufTests.captured {
            let json = try ProtobufBody.json(body, for: target(path), verb: "create")
            #expect(ProtobufBody.encode(json) == body, "\(path): \(json.text())")
        }
        let deployment = try ProtobufBody.json(ProtobufTests.captured[0].body, for: target(ProtobufTests.captured[0].path), verb: "create")
        #expect(deployment[at: "metadata", "name"] == "web")
        #expect(deployment[at: "spec", "replicas"] == 3)
        #expect(deployment[at: "spec", "template", "spec", "containers"]?[0]?["ports"]?[0]?["containerPort"] == 80)
    }

    @Test func everyBuiltInKindComesBackAsItWasSent() throws {
        let schema = WireSchema.builtIn
        var count = 0
        for resource in APIResources.served.all where resource.type.group != "metrics.k8s.io" {
            let name = try #require(schema.name(kind: resource.type.kind, apiVersion: resource.groupVersion), "\(resource.type)")
            var object = Sample(schema: schema).message(name, depth: 0)
            object["kind"] = .string(resource.type.kind)
            object["apiVersion"] = .string(resource.groupVersion)
            let path = "/api/v1/namespaces/default/pods"
            let body = try #require(ProtobufBody.encode(object))
            #expect(try ProtobufBody.json(body, for: target(path), verb: "create") == object, "\(resource.type)")
            count += 1
        }
        #expect(count > 60)
    }

    /// An object of a message with all its members set.
    struct Sample {
        let schema: WireSchema

        func message(_ name: String, depth: Int) -> JSON {
            var out: JSON = [:]
            for field in schema.messages[name]?.fields ?? [] {
                guard let value = value(field.form, field.number, depth) else { continue }
                if field.isInline { for (key, member) in value.object ?? [:] { out[key] = member } } else { out[field.name] = value }
            }
            return out
        }

        private func value(_ form: WireSchema.Form, _ number: Int, _ depth: Int) -> JSON? {
            switch form {
            case .string: .string("text-\(number)")
            case .integer: .integer(Int64(number) * 1000 - 3)
            case .boolean: true
            case .double: .number(Double(number) + 0.5)
            case .bytes: "AAEC/w=="
            case .quantity: "100m"
            case .integerOrString: number % 2 == 0 ? 8080 : "25%"
            case .time: "2026-11-27T02:35:00Z"
            case .microTime: "2026-11-27T02:35:00.123456Z"
            case .json: ["f:spec": ["x": [1, "two", nil]]]
            case .wrappedTexts: ["get", "list"]
            case .schemaOrBool: false
            case .schemaOrTexts: ["other"]
            case .schemaOrList: depth > 4 ? nil : .array([message("apiextensions.JSONSchemaProps", depth: 9)])
            // The one message that may hold itself.
            case .message("apiextensions.JSONSchemaProps") where depth > 4: nil
            case .message(let name): message(name, depth: depth + 1)
            case .list(let element): value(element, number, depth).map { [$0, $0] }
            case .map(let element): value(element, number, depth).map { ["a": $0, "b": $0] }
            }
        }
    }

    @Test func whatIsNoMessageIsRefusedInTheWordsOfTheServer() async throws {
        let client = APIClient()
        let (path, body) = ProtobufTests.captured[0]
        func message(_ body: [UInt8]) async -> (Int, String) {
            let answer = await client.cluster.handle(
                TwinRequest("POST", path: path, headers: ["content-type": ProtobufBody.mediaType], body: body))
            return (answer.status, answer.bytes.flatMap { try? JSON(parsing: $0) }?["message"]?.string ?? "")
        }
        #expect(
            await message(Array("{}".utf8)) == (
                400,
                "the object provided is unrecognized (must be of type Deployment): provided data does not appear to be a protobuf message, "
                    + "expected prefix [107 56 115 0] (7b7d)"
            ))
        #expect(
            await message(Array(body.dropLast(8))) == (
                400, "Deployment in version \"v1\" cannot be handled as a Deployment: unexpected EOF"
            )
                || body.isEmpty == false)
        for length in 1..<body.count where length > 30 {
            let (status, text) = await message(Array(body.prefix(length)))
            // Without its last two, empty fields the envelope is whole.
            #expect(
                status == 400 && text.hasSuffix(" ...)") || status == 201 && length >= body.count - 4 || status == 409, "\(length): \(text)"
            )
        }
    }

    private static func envelope(_ kind: String, _ apiVersion: String, _ message: [UInt8]) -> [UInt8] {
        var type = ProtobufWriter()
        type.bytes(1, Array(apiVersion.utf8))
        type.bytes(2, Array(kind.utf8))
        var out = ProtobufWriter()
        out.bytes(1, type.bytes)
        out.bytes(2, message)
        return [0x6B, 0x38, 0x73, 0x00] + out.bytes
    }

    @Test(
        arguments: [
            ([0x0A, 0x05, 0x41], "unexpected EOF"), ([0x0F], "proto: illegal wireType 7"),
            ([0x00, 0x00], "proto: Pod: illegal tag 0 (wire type 0)"),
            ([0x0C], "proto: Pod: wiretype end group for non-group"), ([0x08, 0x01], "proto: wrong wireType = 0 for field Metadata"),
            ([0x0A] + Array(repeating: 0xFF, count: 9) + [0x01], "proto: negative length found during unmarshaling"),
            (Array(repeating: 0xFF, count: 11), "proto: integer overflow"),
        ] as [([UInt8], String)])
    func aBrokenMessageIsNamed(_ bytes: [UInt8], _ why: String) throws {
        let target = try target("/api/v1/namespaces/default/pods")
        #expect {
            _ = try ProtobufBody.json(ProtobufTests.envelope("Pod", "v1", bytes), for: target, verb: "create")
        } throws: { error in
            (error as? APIFailure)?.message == "Pod in version \"v1\" cannot be handled as a Pod: \(why)"
        }
    }

    @Test func depthIsBoundedAndLaterFieldsArePassedOver() throws {
        let target = try target("/apis/apiextensions.k8s.io/v1/customresourcedefinitions")
        var schema: [UInt8] = []
        for _ in 0..<20_000 {
            var outer = ProtobufWriter()
            outer.bytes(28, Array(schema.prefix(100_000)))
            schema = outer.bytes
        }
        func wrapped(_ numbers: [Int], _ inner: [UInt8]) -> [UInt8] {
            numbers.reduce(inner) { inner, number in
                var writer = ProtobufWriter()
                writer.bytes(number, inner)
                return writer.bytes
            }
        }
        let deep = ProtobufTests.envelope("CustomResourceDefinition", "apiextensions.k8s.io/v1", wrapped([1, 4, 7, 2], schema))
        #expect(throws: APIFailure.self) { try ProtobufBody.json(deep, for: target, verb: "create") }
        var later = ProtobufWriter()
        later.bytes(900, [1, 2, 3])
        later.bytes(1, wrapped([1], Array("x".utf8)))
        // A group, with a group in it.
        let groups: [UInt8] = [0xF3, 0x06, 0xF3, 0x06, 0xF4, 0x06, 0xF4, 0x06]
        let read = try ProtobufBody.json(ProtobufTests.envelope("Pod", "v1", later.bytes + groups), for: target, verb: "create")
        #expect(read[at: "metadata", "name"] == "x")
    }

    @Test func aTypedClientWritesReadsAndWatchesInProtocolBuffers() async throws {
        let client = APIClient()
        let leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
        let lease: JSON = [
            "kind": "Lease", "apiVersion": "coordination.k8s.io/v1", "metadata": ["name": "leader"],
            "spec": ["holderIdentity": "a", "leaseDurationSeconds": 15, "renewTime": "2026-11-27T02:35:00.000001Z"],
        ]
        func send(_ method: String, _ path: String, _ body: [UInt8] = [], _ headers: [String: String] = ProtobufTests.protobuf) async
            -> TwinAnswer
        {
            await client.cluster.handle(TwinRequest(method, target: path, headers: headers, body: body))
        }
        let made = await send("POST", leases, try #require(ProtobufBody.encode(lease)))
        #expect(made.status == 201)
        #expect(made.headers.contains { $0 == ("Content-Type", ProtobufBody.mediaType) })
        let object = try ProtobufBody.json(try #require(made.bytes), for: target(leases), verb: "get")
        #expect(object["spec"] == lease["spec"])
        #expect(object == (await client.send("GET", "\(leases)/leader")).json)

        let list = try #require(await send("GET", leases).bytes)
        #expect(list == ProtobufBody.encode(await client.send("GET", leases).json))
        let missing = try #require(await send("GET", "\(leases)/none").bytes)
        #expect(missing == ProtobufBody.encode(await client.send("GET", "\(leases)/none").json))
        let gone = await send(
            "DELETE", "\(leases)/leader", try #require(ProtobufBody.encode(["kind": "DeleteOptions", "apiVersion": "v1"])))
        #expect(gone.status == 200)

        let watch = await send("GET", "\(leases)?watch=true&resourceVersion=1&timeoutSeconds=1")
        #expect(watch.headers.contains { $0 == ("Content-Type", "application/vnd.kubernetes.protobuf;stream=watch") })
        guard case .stream(let stream) = watch.body else { Issue.record("no stream"); return }
        await client.cluster.advance(by: .seconds(2))
        var bytes: [UInt8] = []
        for await piece in stream { bytes += piece }
        var types: [String] = []
        while bytes.count > 4 {
            let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            var event = ProtobufReader(bytes.dropFirst(4).prefix(length), of: "WatchEvent")
            if case .bytes(let type)? = try event.next()?.value { types.append(String(decoding: type, as: UTF8.self)) }
            bytes.removeFirst(4 + length)
        }
        #expect(types == ["ADDED", "DELETED"])
        #expect(bytes.isEmpty)
    }

    @Test func theFirstFormOfAcceptThatThereIsIsTaken() async throws {
        let client = APIClient()
        func type(_ accept: String, _ path: String = "/api/v1/namespaces/default") async -> (Int, String?) {
            let answer = await client.cluster.handle(TwinRequest("GET", path: path, headers: ["accept": accept]))
            return (answer.status, answer.headers.first { $0.name == "Content-Type" }?.value)
        }
        let protobuf = ProtobufBody.mediaType
        #expect(await type("\(protobuf),application/json") == (200, protobuf))
        #expect(await type("application/json,\(protobuf)") == (200, "application/json"))
        #expect(await type("\(protobuf);as=Table;v=v1;g=meta.k8s.io,application/json") == (200, "application/json"))
        #expect(await type("\(protobuf);as=PartialObjectMetadata;v=v1;g=meta.k8s.io") == (200, protobuf))
        let crd: JSON = [
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": ["name": "cups.example.com"],
            "spec": [
                "group": "example.com", "scope": "Cluster", "names": ["plural": "cups", "kind": "Cup"],
                "versions": [
                    [
                        "name": "v1", "served": true, "storage": true,
                        "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
                    ]
                ],
            ],
        ]
        let body = try #require(ProtobufBody.encode(crd))
        let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        let made = await client.cluster.handle(TwinRequest("POST", path: definitions, headers: ProtobufTests.protobuf, body: body))
        #expect(made.status == 201)
        #expect(await type(protobuf, "/apis/example.com/v1/cups").0 == 406)
        #expect(await type("\(protobuf),application/json", "/apis/example.com/v1/cups") == (200, "application/json"))
        let refused = await client.cluster.handle(
            TwinRequest(
                "POST", path: "/apis/example.com/v1/cups", headers: ["content-type": protobuf],
                body: ProtobufTests.envelope("Cup", "example.com/v1", [])))
        #expect(refused.status == 400)
    }
}
