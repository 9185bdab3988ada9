import Core
import Kubernetes

/// Notices nodes whose kubelet is silent, and takes their pods out of service (node lifecycle controller).
enum NodeMonitor {
    static let grace = Duration.seconds(50)
    static let component = "node-controller"

    static func look(_ world: inout World) {
        guard world.runs(.controllers) else { return }
        for node in world.nodes.names {
            let isSilent = !world.nodes.runsKubelet(node)
            guard let object = world.store.get(ObjectKey(type: .nodes, namespace: "", name: node)) else { continue }
            let isUnknown = object.condition("Ready")?["status"]?.string == "Unknown"
            if isSilent, !isUnknown { lose(node, object, &world) }
            if !isSilent, isUnknown { regain(node, object, &world) }
        }
    }

    private static func lose(_ node: String, _ object: JSON, _ world: inout World) {
        let key = ObjectKey(type: .nodes, namespace: "", name: node)
        var changed = object
        changed[at: "status", "conditions"] = .array(
            (object["status"]?["conditions"]?.array ?? []).map { condition in
                var condition = condition
                condition["status"] = "Unknown"
                condition["lastTransitionTime"] = world.now.json
                condition["reason"] = "NodeStatusUnknown"
                condition["message"] = .string(ControllerTexts.kubeletSilent())
                return condition
            })
        world.writeStatus(changed, key)
        world.record(
            EventSubject(object), "Normal", "NodeNotReady", ControllerTexts.nodeStatus(node, "NodeNotReady"), component: component)
        for entry in world.index.pods(onNode: node) where entry.isReady {
            guard var pod = world.store.get(entry.key) else { continue }
            world.record(EventSubject(pod), "Warning", "NodeNotReady", ControllerTexts.nodeNotReady(), component: component)
            pod[at: "status", "conditions"] = .array(
                (pod["status"]?["conditions"]?.array ?? []).map { condition in
                    guard condition["type"]?.string == "Ready" else { return condition }
                    var condition = condition
                    condition["status"] = "False"
                    condition["lastTransitionTime"] = world.now.json
                    return condition
                })
            world.writeStatus(pod, entry.key)
        }
    }

    /// Says that a node has come.
    static func register(_ node: JSON, _ world: inout World) {
        let name = node.metadataName
        world.record(
            EventSubject(node), "Normal", "RegisteredNode", ControllerTexts.registeredNode(name, name), component: component)
    }

    private static func regain(_ node: String, _ object: JSON, _ world: inout World) {
        NodeConditions.report(node, &world)
        world.record(
            EventSubject(object), "Normal", "NodeReady", ControllerTexts.nodeStatus(node, "NodeReady"), component: "kubelet", host: node)
        for entry in world.index.pods(onNode: node) {
            world.enqueue(.kubelet, entry.key)
            if let worker = world.pods[entry.uid] { PodStatus.write(worker, &world) }
        }
    }
}
