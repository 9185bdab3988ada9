import Core
import Kubernetes

/// A workload loses its place to a pod that is more important.
enum PriorityFaults {
    static let all: [Fault] = [
        Fault("preempted", "is made the least important on its node, and a minute later a batch takes all that is left there", on: form) {
            (target, scene) throws(MartletError) in
            let key = try WorkloadFaults.key(target)
            guard key.type != .daemonSets else {
                throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name a \(form)")
            }
            let (node, free) = try room(of: key, scene)
            let (low, high) = ("\(key.name)-spare", "\(key.name)-batch")
            // Both are below everything else, so that no other workload's pods are in question.
            for (name, value) in [(low, -100), (high, -10)] {
                try scene.make(["metadata": ["name": .string(name)], "value": JSON(value)], .priorityClasses, in: "")
            }
            try scene.recreate(key)
            try scene.changeTemplate(of: key) { (template) throws(MartletError) in
                pin(&template, to: node, low)
                var containers = template["spec"]?["containers"]?.array ?? []
                guard !containers.isEmpty else { throw FaultScene.missing(key) }
                if containers[0][at: "resources", "requests", "cpu"] == nil {
                    containers[0][at: "resources", "requests", "cpu"] = .string("\(leastRequest)m")
                }
                template[at: "spec", "containers"] = .array(containers)
            }
            try scene.make(batch(high, on: node, cpu: free, image: image(of: key, scene), at: scene.now), .cronJobs, in: key.namespace)
        }
    ]

    private static let form = "Deployment or StatefulSet/NAME"
    /// Thousandths of a core that a pod is given which asks for none.
    private static let leastRequest: Int64 = 50

    /// The node of its first pod, and the thousandths of a core that are left there by all others.
    private static func room(of key: ObjectKey, _ scene: FaultScene) throws(MartletError) -> (node: String, cpu: Int64) {
        let world = scene.simulation.world
        let own = Set(scene.simulation.pods(of: key, in: scene.store))
        let placed = world.index.pods(inNamespace: key.namespace).filter { own.contains($0.uid) && !$0.node.isEmpty }
        guard let first = placed.min(by: { $0.key.name < $1.key.name }), let node = world.nodes[first.node] else {
            throw MartletError(.invalid, "no pod of \(key.type.kind)/\(key.name) runs", fix: "name a workload that runs")
        }
        let others = world.index.pods(onNode: node.name).filter { !own.contains($0.uid) && !$0.isFinished }
        let free = node.allocatable.cpu - others.reduce(into: ResourceAmounts()) { $0.add($1.requests, sign: 1) }.cpu
        let wanted = placed.reduce(into: ResourceAmounts()) { $0.add(ResourceAmounts(cpu: max(leastRequest, $1.requests.cpu)), sign: 1) }
            .cpu
        guard wanted <= free else {
            throw MartletError(
                .invalid, "the pods of \(key.type.kind)/\(key.name) do not fit on \(node.name) together", fix: "name a smaller workload")
        }
        return (node.name, free)
    }

    private static func pin(_ template: inout JSON, to node: String, _ priority: String) {
        template[at: "spec", "nodeSelector", "kubernetes.io/hostname"] = .string(node)
        template[at: "spec", "priorityClassName"] = .string(priority)
        template[at: "spec", "priority"] = nil
    }

    private static func image(of key: ObjectKey, _ scene: FaultScene) -> String {
        let text = scene.store.get(key)?["spec"]?["template"]?["spec"]?["containers"]?.array?.first?["image"]?.string ?? ""
        let host = (try? ImageReference(text))?.host ?? "registry.example.com"
        return "\(host)/batch/import:1"
    }

    /// Runs once, at the next full minute that is a minute away.
    private static func batch(_ name: String, on node: String, cpu: Int64, image: String, at now: Timestamp) -> JSON {
        let text = Timestamp(seconds: ((now.wholeSeconds + 119) / 60) * 60).rfc3339()
        func part(_ range: Range<Int>) -> String { String(Int(text.dropFirst(range.lowerBound).prefix(range.count)) ?? 0) }
        var template: JSON = [
            "spec": [
                "restartPolicy": "Never",
                "containers": [
                    ["name": "import", "image": .string(image), "resources": ["requests": ["cpu": .string("\(cpu)m")]]]
                ],
            ]
        ]
        pin(&template, to: node, name)
        return [
            "metadata": ["name": .string(name)],
            "spec": [
                "schedule": .string("\(part(14..<16)) \(part(11..<13)) \(part(8..<10)) \(part(5..<7)) *"),
                "concurrencyPolicy": "Forbid", "jobTemplate": ["spec": ["template": template]],
            ],
        ]
    }
}
