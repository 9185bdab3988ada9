import Core
import Kubernetes

/// The conditions that a kubelet reports of its node (kubelet/nodestatus/setters.go), with an event for each that turns.
enum NodeConditions {
    private struct Condition {
        let type: String
        let trouble: NodeTrouble?
        let well: (status: String, reason: String, message: String)
        let ill: (status: String, reason: String, message: String)
        let events: (well: String, ill: String)
    }

    private static let all = [
        Condition(
            type: "MemoryPressure", trouble: .memoryPressure,
            well: ("False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
            ill: ("True", "KubeletHasInsufficientMemory", "kubelet has insufficient memory available"),
            events: ("NodeHasSufficientMemory", "NodeHasInsufficientMemory")),
        Condition(
            type: "DiskPressure", trouble: .diskPressure,
            well: ("False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
            ill: ("True", "KubeletHasDiskPressure", "kubelet has disk pressure"),
            events: ("NodeHasNoDiskPressure", "NodeHasDiskPressure")),
        Condition(
            type: "PIDPressure", trouble: nil,
            well: ("False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
            ill: ("True", "KubeletHasInsufficientPID", "kubelet has insufficient PID available"),
            events: ("NodeHasSufficientPID", "NodeHasInsufficientPID")),
        Condition(
            type: "Ready", trouble: .networkNotReady,
            well: ("True", "KubeletReady", "kubelet is posting ready status"),
            ill: ("False", "KubeletNotReady", KubeletTexts.networkNotReady()), events: ("NodeReady", "NodeNotReady")),
    ]

    /// What takes the place of the last where the runtime does not answer.
    private static let runtimeDown = Condition(
        type: "Ready", trouble: .runtimeDown, well: all[3].well,
        ill: ("False", "KubeletNotReady", KubeletTexts.runtimeDown()), events: all[3].events)

    static func report(_ node: String, _ world: inout World) {
        let key = ObjectKey(type: .nodes, namespace: "", name: node)
        guard var object = world.store.get(key) else { return }
        let before = object["status"]?["conditions"]?.array ?? []
        var conditions: [JSON] = []
        for var condition in all {
            let old = before.first { $0["type"]?.string == condition.type }
            if condition.type == "Ready", world.hasTrouble(.runtimeDown, node) { condition = runtimeDown }
            let isIll = condition.trouble.map { world.hasTrouble($0, node) } ?? false
            let now = isIll ? condition.ill : condition.well
            let status = old?["status"]?.string
            // What somebody else has set stays so until whoever set it takes it back.
            if !isIll, var old, let status, status != condition.well.status, status != "Unknown",
                old["reason"]?.string != condition.ill.reason
            {
                old["lastHeartbeatTime"] = world.now.json
                conditions.append(old)
                continue
            }
            if let status, status != now.status, status != "Unknown" {
                tell(object, isIll ? condition.events.ill : condition.events.well, &world)
            }
            conditions.append([
                "type": .string(condition.type), "status": .string(now.status), "lastHeartbeatTime": world.now.json,
                "lastTransitionTime": status == now.status ? old?["lastTransitionTime"] ?? world.now.json : world.now.json,
                "reason": .string(now.reason), "message": .string(now.message),
            ])
        }
        let known = Set(all.map(\.type))
        conditions += before.filter { !known.contains($0["type"]?.string ?? "") }
        object[at: "status", "conditions"] = .array(conditions)
        world.writeStatus(object, key)
    }

    /// A kubelet says when its node has been cordoned or uncordoned.
    static func noteCordon(_ node: String, _ world: inout World) {
        guard let isCordoned = world.nodes[node]?.isUnschedulable, isCordoned != world.cordoned.contains(node),
            let object = world.store.get(ObjectKey(type: .nodes, namespace: "", name: node))
        else { return }
        if isCordoned { world.cordoned.insert(node) } else { world.cordoned.remove(node) }
        tell(object, isCordoned ? "NodeNotSchedulable" : "NodeSchedulable", &world)
    }

    /// A kubelet that has just started says what it finds.
    static func announceStart(_ node: String, _ world: inout World) {
        guard let object = world.store.get(ObjectKey(type: .nodes, namespace: "", name: node)) else { return }
        let subject = EventSubject(object)
        func record(_ type: String, _ reason: String, _ text: String) {
            world.record(subject, type, reason, text, component: Kubelet.component, host: node)
        }
        record("Normal", "Starting", KubeletTexts.starting())
        record("Warning", "CgroupV1", KubeletTexts.cgroupV1())
        record("Normal", "NodeAllocatableEnforced", KubeletTexts.allocatableEnforced())
        for condition in all where condition.type != "Ready" {
            let isIll = condition.trouble.map { world.hasTrouble($0, node) } ?? false
            if !isIll { tell(object, condition.events.well, &world) }
        }
    }

    private static func tell(_ node: JSON, _ reason: String, _ world: inout World) {
        world.record(
            EventSubject(node), "Normal", reason, KubeletTexts.nodeStatus(node.metadataName, reason), component: Kubelet.component,
            host: node.metadataName)
    }
}
