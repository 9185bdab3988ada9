import Core
import Kubernetes

/// Notices nodes whose kubelet is silent, and takes their pods away (node lifecycle and taint eviction controllers).
enum NodeMonitor {
    static let grace = Duration.seconds(50)
    static let component = "node-controller"
    static let unreachable = "node.kubernetes.io/unreachable"

    static func look(_ world: inout World) {
        guard world.runs(.controllers) else { return }
        for node in world.nodes.names {
            let isSilent = !world.nodes.runsKubelet(node)
            guard let object = world.store.get(ObjectKey(type: .nodes, namespace: "", name: node)) else { continue }
            let isUnknown = object.condition("Ready")?["status"]?.string == "Unknown"
            if isSilent, !isUnknown { lose(node, object, &world) }
            if isSilent, isUnknown { evict(node, object, &world) }
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
        setTaints(key, isSilent: true, &world)
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
        world.queue.put(.nodeMonitor, at: world.now + .seconds(300))
    }

    /// Pods go once they have tolerated the silence as long as they say.
    private static func evict(_ node: String, _ object: JSON, _ world: inout World) {
        guard let since = object.condition("Ready")?["lastTransitionTime"]?.string.flatMap({ Timestamp($0) }) else { return }
        for entry in world.index.pods(onNode: node) where entry.isActive {
            guard let pod = world.store.get(entry.key) else { continue }
            let tolerations = (pod["spec"]?["tolerations"]?.array ?? []).filter {
                ($0["key"]?.string ?? "").isEmpty || $0["key"]?.string == unreachable
            }
            if tolerations.contains(where: { $0["tolerationSeconds"] == nil }) { continue }
            let seconds = tolerations.compactMap { $0["tolerationSeconds"]?.int }.min() ?? 0
            let due = since + .seconds(seconds)
            if due > world.now { world.queue.put(.nodeMonitor, at: due); continue }
            world.record(
                EventSubject(pod), "Normal", "TaintManagerEviction", ControllerTexts.markedForDeletion(entry.key.namespace, entry.key.name),
                component: "taint-eviction-controller")
            world.delete(entry.key)
        }
    }

    private static func regain(_ node: String, _ object: JSON, _ world: inout World) {
        NodeConditions.report(node, &world)
        setTaints(ObjectKey(type: .nodes, namespace: "", name: node), isSilent: false, &world)
        world.record(
            EventSubject(object), "Normal", "NodeReady", ControllerTexts.nodeStatus(node, "NodeReady"), component: "kubelet", host: node)
        for entry in world.index.pods(onNode: node) {
            world.enqueue(.kubelet, entry.key)
            if let worker = world.pods[entry.uid] { PodStatus.write(worker, &world) }
        }
    }

    private static func setTaints(_ key: ObjectKey, isSilent: Bool, _ world: inout World) {
        guard var node = world.store.get(key) else { return }
        var taints = (node["spec"]?["taints"]?.array ?? []).filter { $0["key"]?.string != unreachable }
        if isSilent {
            for effect in ["NoSchedule", "NoExecute"] {
                taints.append(["key": .string(unreachable), "effect": .string(effect), "timeAdded": world.now.json])
            }
        }
        node[at: "spec", "taints"] = JSON.unlessEmpty(taints)
        world.write(node, key)
    }
}
