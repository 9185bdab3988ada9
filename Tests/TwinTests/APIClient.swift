import Core
import Kubernetes

@testable import Twin

/// Asks a cluster as a client would, with JSON in and out.
struct APIClient {
    let cluster: SimulatedCluster

    init(_ options: TwinOptions = TwinOptions(), simulation: any ClusterSimulation = NoSimulation()) {
        cluster = SimulatedCluster(options, simulation: simulation)
    }

    @discardableResult
    func send(
        _ method: String, _ target: String, _ body: JSON? = nil, type: String = "application/json", headers: [String: String] = [:],
        user: UserInfo? = .administrator
    ) async -> (status: Int, json: JSON, headers: [(name: String, value: String)]) {
        var all = headers
        all["content-type"] = all["content-type"] ?? type
        all["user-agent"] = all["user-agent"] ?? "capture/1.0"
        let answer = await cluster.handle(
            TwinRequest(method, target: target, headers: all, body: body?.serialized() ?? [], certificateUser: user))
        let json = answer.bytes.flatMap { try? JSON(parsing: $0) } ?? .null
        return (answer.status, json, answer.headers)
    }

    /// Puts an object in the place of the one that is there, whose version it names, as some kinds demand.
    @discardableResult
    func replace(_ target: String, _ object: JSON) async -> (status: Int, json: JSON, headers: [(name: String, value: String)]) {
        var object = object
        object[at: "metadata", "resourceVersion"] = await send("GET", target).json[at: "metadata", "resourceVersion"]
        return await send("PUT", target, object)
    }

    static func deployment(_ name: String, image: String = "registry.example.com/shop/web:1.4.2") -> JSON {
        [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
            "spec": [
                "replicas": 2, "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": "web", "image": .string(image), "env": [["name": "A", "value": "1"]]]]],
                ],
            ],
        ]
    }
}
