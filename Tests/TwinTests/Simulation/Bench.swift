import Core
import Documents
import Kubernetes

@testable import Twin

/// A cluster on the bench: a store and a simulation over it, moved by hand.
struct Bench {
    var store: ObjectStore
    var simulation: Simulation
    var now = Timestamp(seconds: Int64(1_767_225_600))

    init(nodes: Int = 2, options: SimulationOptions = SimulationOptions(), nodeCPU: String = "1800m") {
        store = ObjectStore(seed: options.seed)
        simulation = Simulation(options: options)
        for i in 1...max(1, nodes) where nodes > 0 { create(Bench.node(i, cpu: nodeCPU)) }
        for name in ["default", "kube-system", "kube-node-lease"] {
            create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)], "spec": ["finalizers": ["kubernetes"]]])
        }
        settle()
    }

    static func node(_ i: Int, cpu: String) -> JSON {
        let amounts: JSON = ["cpu": .string(cpu), "memory": "8967740Ki", "pods": "110", "ephemeral-storage": "263163508Ki"]
        return [
            "apiVersion": "v1", "kind": "Node",
            "metadata": [
                "name": .string("worker-\(i)"),
                "labels": [
                    "kubernetes.io/hostname": .string("worker-\(i)"), "kubernetes.io/os": "linux",
                    "topology.kubernetes.io/zone": .string(i % 2 == 1 ? "lab-a" : "lab-b"),
                ],
            ],
            "spec": ["podCIDR": .string("10.244.\(i - 1).0/24")],
            "status": [
                "capacity": amounts, "allocatable": amounts,
                "addresses": [["type": "InternalIP", "address": .string("10.10.0.\(10 + i)")]],
            ],
        ]
    }

    /// Stores an object of any known kind, its namespace first.
    @discardableResult
    mutating func create(_ object: JSON) -> JSON? {
        guard let type = ResourceType.of(apiVersion: object.apiVersion, kind: object.kind) else { return nil }
        let namespace = object.metadataNamespace
        if type.isNamespaced, store.get(ObjectKey(type: .namespaces, namespace: "", name: namespace)) == nil {
            create([
                "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(namespace)], "spec": ["finalizers": ["kubernetes"]],
            ])
        }
        return try? store.create(object, type: type, now: now)
    }

    mutating func apply(yaml: String, namespace: String = "shop", behaviour: String? = nil) throws {
        for document in ("\n" + yaml).split(separator: "\n---") {
            var object = try DocumentReader.json(String(document), place: "manifest")
            guard object["kind"] != nil else { continue }
            if object["metadata"]?["namespace"] == nil, object.kind != "Namespace" {
                object[at: "metadata", "namespace"] = .string(namespace)
            }
            if let behaviour, object["spec"]?["template"] != nil {
                object[at: "spec", "template", "metadata", "annotations", PodWorker.behaviourAnnotation] = .string(behaviour)
            }
            create(object)
        }
        settle()
    }

    mutating func settle() { simulation.advance(to: now, store: &store) }

    mutating func run(_ seconds: Double) {
        now += .seconds(seconds)
        settle()
    }

    mutating func change(_ type: ResourceType, _ name: String, namespace: String = "shop", _ change: (inout JSON) -> Void) {
        let key = ObjectKey(type: type, namespace: namespace, name: name)
        guard var object = store.get(key) else { return }
        change(&object)
        _ = try? store.update(object, key: key, now: now)
        settle()
    }

    mutating func delete(_ type: ResourceType, _ name: String, namespace: String = "shop", grace: Int? = nil) {
        _ = try? store.delete(
            ObjectKey(type: type, namespace: namespace, name: name), options: DeleteOptions(gracePeriodSeconds: grace), now: now)
        settle()
    }

    func get(_ type: ResourceType, _ name: String, namespace: String = "shop") -> JSON? {
        store.get(ObjectKey(type: type, namespace: namespace, name: name))
    }

    func pods(_ namespace: String = "shop") -> [JSON] { store.list(.pods, namespace: namespace) }
    func events(_ namespace: String = "shop") -> [JSON] { store.list(.events, namespace: namespace) }
    func reasons(_ namespace: String = "shop") -> Set<String> { Set(events(namespace).compactMap { $0["reason"]?.string }) }
    func messages(_ reason: String, _ namespace: String = "shop") -> [String] {
        events(namespace).filter { $0["reason"]?.string == reason }.compactMap { $0["message"]?.string }
    }

    /// The state of the first container of the first pod.
    func container(_ namespace: String = "shop") -> JSON? { pods(namespace).first?["status"]?["containerStatuses"]?[0] }

    static func deployment(
        _ name: String = "web", replicas: Int = 1, image: String = "registry.example.com/shop/web:1.4.2", extra: String = ""
    ) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: shop}
        spec:
          replicas: \(replicas)
          selector: {matchLabels: {app: \(name)}}
          template:
            metadata: {labels: {app: \(name)}}
            spec:
              containers:
              - name: \(name)
                image: \(image)
                ports: [{name: http, containerPort: 8080}]
                resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {memory: 64Mi}}
        \(extra)
        """
    }
}
