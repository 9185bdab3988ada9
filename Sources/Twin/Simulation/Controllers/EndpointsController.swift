import Core
import Kubernetes

/// Keeps Endpoints and EndpointSlices of Services that select pods.
enum EndpointsController {
    /// Endpoints a slice holds, as the real controller.
    static let sliceSize = 100
    /// Changes of many pods within this time become one write.
    static let batch = Duration.milliseconds(100)

    private struct Endpoint {
        let pod: PodEntry
        let worker: PodWorker?
        var isReady: Bool { pod.isReady && !pod.isDeleting }
    }

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        world.pendingEndpoints.remove(key)
        guard let service = world.store.get(key), !service.isBeingDeleted else { return remove(key, &world) }
        guard let selector = service["spec"]?["selector"]?.stringMap, !selector.isEmpty, service["spec"]?["type"]?.string != "ExternalName"
        else { return }
        let selection = Selection(labels: selector)
        let publishAll = service["spec"]?["publishNotReadyAddresses"]?.bool == true
        let found = world.index.pods(inNamespace: key.namespace).filter {
            !$0.addresses.isEmpty && !$0.isFinished && selection.matches($0.labels)
        }.map { Endpoint(pod: $0, worker: world.pods[$0.uid]) }
        writeEndpoints(service, key, found, publishAll, &world)
        writeSlices(service, key, found, publishAll, &world)
    }

    private static func ports(_ service: JSON, _ sample: PodWorker?, named field: String) -> [JSON] {
        (service["spec"]?["ports"]?.array ?? []).compactMap { port in
            let target: Int?
            if let sample { target = Network.targetPort(port, in: sample) } else { target = port["targetPort"]?.int ?? port["port"]?.int }
            guard let target else { return nil }
            var entry: JSON = [:]
            if field == "slice" {
                entry["name"] = port["name"] ?? ""
                entry["protocol"] = port["protocol"] ?? "TCP"
                entry["port"] = JSON(target)
            } else {
                if let name = port["name"] { entry["name"] = name }
                entry["port"] = JSON(target)
                entry["protocol"] = port["protocol"] ?? "TCP"
            }
            return entry
        }
    }

    private static func target(_ pod: PodEntry) -> JSON {
        ["kind": "Pod", "namespace": .string(pod.key.namespace), "name": .string(pod.key.name), "uid": .string(pod.uid)]
    }

    private static func writeEndpoints(_ service: JSON, _ key: ObjectKey, _ found: [Endpoint], _ publishAll: Bool, _ world: inout World) {
        func addresses(_ list: [Endpoint]) -> JSON {
            .array(
                list.prefix(1000).map { endpoint in
                    [
                        "ip": .string(endpoint.pod.addresses[0]), "nodeName": .string(endpoint.pod.node), "targetRef": target(endpoint.pod),
                    ]
                })
        }
        let live = found.filter { !$0.pod.isDeleting }
        let ready = live.filter { $0.isReady || publishAll }
        let notReady = live.filter { !($0.isReady || publishAll) }
        let own = ObjectKey(type: .endpoints, namespace: key.namespace, name: key.name)
        var subset: JSON = [:]
        if !ready.isEmpty { subset["addresses"] = addresses(ready) }
        if !notReady.isEmpty { subset["notReadyAddresses"] = addresses(notReady) }
        if !live.isEmpty { subset["ports"] = .array(ports(service, live.first?.worker, named: "endpoints")) }
        let subsets: JSON? = JSON.unlessEmpty(live.isEmpty ? [] : [subset])
        if var object = world.store.get(own) {
            guard object["subsets"] != subsets else { return }
            object["subsets"] = subsets
            object[at: "metadata", "annotations", trigger] = world.now.json
            return world.write(object, own)
        }
        var labels = service["metadata"]?["labels"]?.object ?? [:]
        labels["endpoints.kubernetes.io/managed-by"] = "endpoint-controller"
        var object: JSON = [
            "apiVersion": "v1", "kind": "Endpoints",
            "metadata": [
                "name": .string(key.name), "namespace": .string(key.namespace), "labels": .object(labels),
                "annotations": [trigger: world.now.json],
            ],
        ]
        object["subsets"] = subsets
        _ = try? world.create(object, type: .endpoints)
    }

    private static let trigger = "endpoints.kubernetes.io/last-change-trigger-time"

    private static func writeSlices(_ service: JSON, _ key: ObjectKey, _ found: [Endpoint], _ publishAll: Bool, _ world: inout World) {
        let endpoints: [JSON] = found.map { endpoint in
            var entry: JSON = [
                "addresses": [.string(endpoint.pod.addresses[0])],
                "conditions": [
                    "ready": .bool(publishAll || endpoint.isReady), "serving": .bool(endpoint.pod.isReady),
                    "terminating": .bool(endpoint.pod.isDeleting),
                ],
                "targetRef": target(endpoint.pod), "nodeName": .string(endpoint.pod.node),
            ]
            entry.set("zone", world.nodes[endpoint.pod.node]?.labels["topology.kubernetes.io/zone"])
            return entry
        }
        let list = ports(service, found.first?.worker, named: "slice")
        let existing = world.index.dependants(of: service.uid, type: .endpointSlices)
        let chunks =
            endpoints.isEmpty
            ? [[]] : stride(from: 0, to: endpoints.count, by: sliceSize).map { Array(endpoints[$0..<min($0 + sliceSize, endpoints.count)]) }
        for (i, chunk) in chunks.enumerated() {
            let ports: JSON = chunk.isEmpty ? .null : .array(list)
            if existing.indices.contains(i), var slice = world.store.get(existing[i]) {
                guard slice["endpoints"] != JSON.array(chunk) || slice["ports"] != ports else { continue }
                slice["endpoints"] = .array(chunk)
                slice["ports"] = ports
                slice[at: "metadata", "annotations", trigger] = world.now.json
                world.write(slice, existing[i])
                continue
            }
            var labels = service["metadata"]?["labels"]?.object ?? [:]
            labels["endpointslice.kubernetes.io/managed-by"] = "endpointslice-controller.k8s.io"
            labels["kubernetes.io/service-name"] = .string(key.name)
            let slice: JSON = [
                "apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice",
                "metadata": [
                    "generateName": .string(key.name + "-"), "namespace": .string(key.namespace), "labels": .object(labels),
                    "annotations": [trigger: world.now.json], "ownerReferences": [service.controllerReference()],
                ],
                "addressType": "IPv4", "endpoints": .array(chunk), "ports": ports,
            ]
            _ = try? world.create(slice, type: .endpointSlices)
        }
        for extra in existing.dropFirst(chunks.count) { world.delete(extra) }
    }

    private static func remove(_ key: ObjectKey, _ world: inout World) {
        let own = ObjectKey(type: .endpoints, namespace: key.namespace, name: key.name)
        if world.store.get(own) != nil { world.delete(own) }
    }

    /// Asks for a pass over the Services that select a pod, now or before its change.
    static func note(_ pod: PodEntry, _ world: inout World) {
        for key in world.services.matches(pod.labels, in: pod.key.namespace) where world.pendingEndpoints.insert(key).inserted {
            world.enqueue(.endpoints, key, after: batch)
        }
    }
}
