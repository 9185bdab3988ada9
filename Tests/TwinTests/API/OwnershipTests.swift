import Core
import Testing

@testable import Twin

/// Applies, patches and the writes below an object.
@Suite struct OwnershipTests {
    let client = APIClient()
    private let maps = "/api/v1/namespaces/default/configmaps"
    private let merge = "application/merge-patch+json"

    private func apply(_ manager: String, _ data: JSON?) async -> JSON {
        var document: JSON = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "m"]]
        document["data"] = data
        return await client.send("PATCH", "\(maps)/m?fieldManager=\(manager)", document, type: "application/apply-patch+yaml").json
    }

    /// Who gives up the last field owns nothing, and takes nothing from others when it comes back.
    @Test func whoGaveUpEverythingTakesNothingFromOthers() async {
        _ = await apply("a", ["x": "1", "y": "1"])
        _ = await apply("b", ["z": "2"])
        let less = await apply("b", nil)
        #expect(less["data"] == ["x": "1", "y": "1"])
        #expect(less[at: "metadata", "managedFields"]?.array?.compactMap { $0["manager"]?.string } == ["a"])
        #expect(await apply("b", ["z": "2"])["data"] == ["x": "1", "y": "1", "z": "2"])
    }

    @Test func aDocumentOfSomethingElseIsRefused() async {
        await client.send("POST", maps, ["metadata": ["name": "m"]])
        let version = await client.send(
            "PATCH", "\(maps)/m?fieldManager=a", ["metadata": ["name": "m"]], type: "application/apply-patch+yaml")
        #expect(version.json["message"] == "invalid object type: /, Kind=")
        let patches: [(JSON, String)] = [
            (["metadata": ["name": "z"]], "the name of the object (z) does not match the name on the URL (m)"),
            (["metadata": ["namespace": "z"]], "the namespace of the provided object does not match the namespace sent on the request"),
            ([], "error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}"),
        ]
        for (patch, message) in patches {
            let answer = await client.send("PATCH", "\(maps)/m", patch, type: merge)
            #expect(answer.status == 400 && answer.json["message"]?.string == message)
        }
        let uid = await client.send("PATCH", "\(maps)/m", ["metadata": ["uid": "zzz"]], type: merge)
        #expect(Refusal.causes(of: uid.json) == [#"metadata.uid: Invalid value: "zzz": field is immutable"#])
    }

    /// Nothing is scaled, evicted or bound by a request that does not say so.
    @Test func whatIsBelowAnObjectIsAskedForItsOwnKind() async {
        let deployments = "/apis/apps/v1/namespaces/default/deployments"
        await client.send("POST", deployments, APIClient.deployment("web"))
        #expect(await client.send("POST", "\(deployments)/web/scale", [:]).status == 405)
        #expect(await client.send("DELETE", "\(deployments)/web/scale").status == 405)
        let other = await client.send("PUT", "\(deployments)/web/scale", ["metadata": ["name": "other"], "spec": ["replicas": 9]])
        #expect(other.json["message"] == "the name of the object (other) does not match the name on the URL (web)")
        let word = await client.send("PATCH", "\(deployments)/web/scale", ["spec": ["replicas": "x"]], type: merge)
        #expect(
            word.json["message"]?.string?.hasSuffix(
                "json: cannot unmarshal string into Go struct field ScaleSpec.spec.replicas of type int32") == true)
        #expect(await client.send("GET", "\(deployments)/web").json[at: "spec", "replicas"] == 2)
        let pods = "/api/v1/namespaces/default/pods"
        await client.send(
            "POST", pods, ["metadata": ["name": "p"], "spec": ["nodeName": "n", "containers": [["name": "c", "image": "a:1"]]]])
        #expect(
            await client.send("POST", "\(pods)/p/eviction", [:]).json["message"] == "name in URL does not match name in Eviction object")
        let bound = await client.send("POST", "\(pods)/p/binding", ["metadata": ["name": "p"], "target": ["name": "m"]])
        #expect(
            bound.json["message"] == "Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"n\"")
        #expect(await client.send("PATCH", pods, [:], type: merge).status == 405)
        #expect(await client.send("POST", "/api/v1/pods", [:]).status == 405)
    }

    @Test func aListByKeyHasEachKeyOnce() async {
        func message(_ containers: JSON) async -> String? {
            var document = APIClient.deployment("web")
            document[at: "spec", "template", "spec", "containers"] = containers
            return await client.send(
                "PATCH", "/apis/apps/v1/namespaces/default/deployments/web?fieldManager=a", document, type: "application/apply-patch+yaml"
            ).json["message"]?.string
        }
        let what = "failed to create typed patch object (/web; apps/v1, Kind=Deployment): .spec.template.spec.containers: "
        #expect(
            await message([["name": "c", "image": "a:1"], ["name": "c", "image": "a:2"]])
                == what + #"duplicate entries for key [name="c"]"#)
        #expect(
            await message([["image": "a:1"]]) == what
                + #"element 0: associative list with keys has an element that omits key field "name" (and doesn't have default value)"#)
    }

    /// Who holds a lease must say which version he renews; some kinds are made by the update that finds none.
    @Test func anUpdateOfALeaseNamesItsVersion() async {
        let leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
        let lease: JSON = ["metadata": ["name": "l"], "spec": ["holderIdentity": "a"]]
        #expect(await client.send("PUT", "\(leases)/l", lease).status == 201)
        let blind = await client.send("PUT", "\(leases)/l", lease)
        #expect(blind.status == 422)
        #expect(
            blind.json["message"]
                == "leases.coordination.k8s.io \"l\" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update"
        )
        #expect(await client.send("PUT", "\(maps)/none", ["metadata": ["name": "none"]]).status == 404)
    }

    static let reads: [(query: String, status: Int, message: String)] = [
        (
            "resourceVersionMatch=Exact", 422,
            "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided"
        ),
        ("sendInitialEvents=true", 422, "sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list"),
        ("limit=abc", 400, #"strconv.ParseInt: parsing "abc": invalid syntax"#),
        ("fieldSelector=data.a%3D1", 400, #""data.a" is not a known field selector: only "metadata.name", "metadata.namespace""#),
        ("labelSelector=a%3Db,,", 400, "found ',', expected: identifier after ','"),
        ("labelSelector=%3D", 400, "found '=', expected: !, identifier, or 'end of string'"),
        ("labelSelector=a%20in%20x", 400, "unable to parse requirement: found 'x', expected: '('"),
        ("labelSelector=a%20b", 400, "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
        ("labelSelector=a%3D%3D%3Db", 400, "unable to parse requirement: found '=', expected: identifier"),
    ]

    @Test(arguments: reads) func aReadThatCannotBeUnderstoodTellsWhy(_ one: (query: String, status: Int, message: String)) async {
        let answer = await client.send("GET", "\(maps)?\(one.query)")
        #expect(answer.status == one.status)
        let wanted = one.status == 422 ? "ListOptions.meta.k8s.io \"\" is invalid: \(one.message)" : one.message
        #expect(answer.json["message"]?.string == wanted)
    }
}
