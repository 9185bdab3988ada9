import Core
import Kubernetes
import Synchronization
import Testing

@testable import Twin

/// A behaviour that cannot be read is said: to who writes it, on the pod, and to who runs the twin.
@Suite struct BehaviourMistakeTests {
    private final class Heard: Sendable {
        let texts = Mutex<[String]>([])
    }

    private static func pod(_ name: String, _ behaviour: String) -> JSON {
        [
            "metadata": ["name": .string(name), "annotations": ["twin.martlet/behaviour": .string(behaviour)]],
            "spec": ["containers": [["name": "web", "image": "a:1"]]],
        ]
    }

    @Test(arguments: [
        ("web: {listn: 80}", "web.listn is not a known key"), ("web: {memory: lots}", "web.memory"), ("web: [", "is not YAML"),
        ("wbe: {listen: 80}", #"there is no container "wbe"; did you mean "web"?"#),
    ])
    func isSaidEverywhere(_ behaviour: String, _ text: String) async {
        let heard = Heard()
        let cluster = SimulatedCluster(TwinOptions(nodes: 1), images: BehaviourCatalogue()) { text in
            heard.texts.withLock { $0.append(text) }
        }
        for name in ["a", "b"] {
            let answer = await cluster.handle(
                TwinRequest(
                    "POST", target: "/api/v1/namespaces/default/pods", headers: ["content-type": "application/json"],
                    body: Self.pod(name, behaviour).serialized()))
            #expect(answer.status == 201)
            #expect(answer.headers.contains { $0.name == "Warning" && $0.value.contains("annotation twin.martlet/behaviour") })
        }
        await cluster.advance(by: .seconds(30))
        let events = await cluster.store.list(.events, namespace: "default").filter { $0["reason"] == "BehaviourIgnored" }
        #expect(events.count == 2 && events.allSatisfy { $0["message"]?.string?.contains(text) == true }, "\(events)")
        let told = heard.texts.withLock { $0 }
        #expect(told.count == 1 && told[0].hasPrefix("Pod default/a: ") && told[0].contains(text), "\(told)")
        #expect(await cluster.store.list(.pods, namespace: "default").allSatisfy { $0["status"]?["phase"] == "Running" })
    }

    @Test func whatCanBeReadIsNoMistake() {
        #expect(BehaviourMistake.find(in: Self.pod("a", "web: {listen: 80}")) == nil)
        #expect(BehaviourMistake.find(in: ["spec": ["template": Self.pod("a", "x: {}")]]) != nil)
    }
}
