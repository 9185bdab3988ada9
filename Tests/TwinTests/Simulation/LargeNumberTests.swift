import Core
import Kubernetes
import Testing

@testable import Twin

/// Numbers that nobody means, which anybody may send: the twin goes on.
@Suite struct LargeNumberTests {
    @Test func podsThatAskForAllThereIs() async {
        let client = APIClient(TwinOptions(), simulation: Simulation())
        let most: JSON = ["cpu": "9223372036854775807", "memory": "99999999999999999999999Ei", "example.com/gpu": "9223372036854775807"]
        for name in ["a", "b", "c"] {
            let pod: JSON = [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name)],
                "spec": [
                    "nodeName": "worker-1",
                    "containers": [["name": "c", "image": "x:1", "resources": ["requests": most, "limits": most]]],
                ],
            ]
            #expect(await client.send("POST", "/api/v1/namespaces/default/pods", pod).status == 201)
        }
        await client.cluster.advance(by: .seconds(60))
        #expect(await client.send("GET", "/api/v1/namespaces/default/pods").json["items"]?.array?.isEmpty == false)
    }

    @Test(arguments: [
        ("deployments", "Deployment", ["replicas": 9_223_372_036_854_775_807] as JSON),
        ("statefulsets", "StatefulSet", ["ordinals": ["start": 9_223_372_036_854_775_807], "serviceName": "s"] as JSON),
    ])
    func numbersBeyondTheirField(_ plural: String, _ kind: String, _ more: JSON) async {
        var object = APIClient.deployment("web")
        object["kind"] = .string(kind)
        for (key, value) in more.object ?? [:] { object[at: "spec", key] = value }
        let answer = await APIClient().send("POST", "/apis/apps/v1/namespaces/default/\(plural)", object)
        #expect(answer.status == 400)
        #expect(answer.json["message"]?.string?.contains("of type int32") == true, "\(answer.json["message"]?.string ?? "")")
    }

    /// Nobody gets more than five hundred pods at once, and the twin answers in between.
    @Test(arguments: ["deployments", "statefulsets", "jobs"])
    func asManyPodsAsFitTheField(_ plural: String) async {
        let client = APIClient(TwinOptions(), simulation: Simulation())
        var object = APIClient.deployment("web")
        object["kind"] = .string(["deployments": "Deployment", "statefulsets": "StatefulSet", "jobs": "Job"][plural] ?? "")
        object[at: "spec", "replicas"] = 2_147_483_647
        if plural == "statefulsets" { object[at: "spec", "podManagementPolicy"] = "Parallel" }
        if plural == "jobs" {
            object["apiVersion"] = "batch/v1"
            object["spec"] = [
                "parallelism": 2_147_483_647, "completions": 2_147_483_647,
                "template": object[at: "spec", "template"] ?? [:],
            ]
            object[at: "spec", "template", "spec", "restartPolicy"] = "Never"
        }
        let path = plural == "jobs" ? "/apis/batch/v1" : "/apis/apps/v1"
        #expect(await client.send("POST", "\(path)/namespaces/default/\(plural)", object).status == 201)
        #expect(await client.cluster.store.count(.pods) == 500)
        await client.cluster.advance(by: .seconds(24))
        #expect(await client.cluster.store.count(.pods) == 500)
        await client.cluster.advance(by: .seconds(2))
        #expect(await client.cluster.store.count(.pods) == 1000)
    }
}
