import Core
import Diagnosis
import Kubernetes

/// A node that does not report, has no network, or runs out of something.
struct NodeRule: Rule {
    let name = "node-condition"
    let categories = [
        "node-not-ready", "node-network-not-ready", "node-runtime-down", "node-kubelet-down", "node-disk-pressure", "node-memory-pressure",
    ]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A node does not report, has no network, or runs out of something.",
            sees: ["nodes", "leases in kube-node-lease", "events", "units"],
            evidence: ["its conditions, lease, taints and units"],
            contradictedBy: ["conditions that are back to normal"],
            next: ["kubectl describe node NAME"],
            references: ["https://kubernetes.io/docs/concepts/architecture/nodes/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        var bad: [(node: Node, condition: Condition, category: String, fact: String)] = []
        for node in scene.snapshot.nodes {
            for condition in node.status.conditions where !NodeRule.isJoining(node, condition, at: scene.now) {
                guard var (category, fact) = NodeRule.fault(condition, of: node.metadata.name) else { continue }
                if condition.type == "Ready", let unit = scene.downUnit(ofNode: node.metadata.name) {
                    category = unit.isKubelet ? "node-kubelet-down" : "node-runtime-down"
                    fact = "its unit \(unit.name) is \(unit.activeState)"
                }
                bad.append((node, condition, category, fact))
            }
        }
        guard !bad.isEmpty else { return }
        let names = Set(bad.map(\.node.metadata.name))
        var podsOnNode: [String: [Int]] = [:]
        for (p, pod) in scene.snapshot.pods.enumerated() {
            if let node = pod.spec.nodeName, names.contains(node) { podsOnNode[node, default: []].append(p) }
        }
        for (node, condition, category, fact) in bad {
            let path = scene.path("Node", "", node.metadata.name)
            let since = condition.lastTransitionTime
            var support = [
                Support(
                    .decisive,
                    Evidence(
                        .status, source: path.resource,
                        text: "\(condition.type)=\(condition.status): \(condition.message ?? condition.reason ?? "")", time: since))
            ]
            if condition.type == "Ready", let unit = scene.downUnit(ofNode: node.metadata.name) {
                let state = unit.subState.isEmpty ? unit.activeState : "\(unit.activeState) (\(unit.subState))"
                support.append(Support(.decisive, Evidence(.unit, source: "\(path.resource) \(unit.unit)", text: state)))
            }
            if let event = scene.events(about: node.metadata, kind: "Node").last(where: { e in
                ["NodeNotReady", "NodeHasDiskPressure", "NodeHasInsufficientMemory", "EvictionThresholdMet", "FreeDiskSpaceFailed"]
                    .contains(e.reason)
                    && (since.map { (e.lastSeen ?? .distantPast) >= $0 + .seconds(-120) } ?? true)
            }) {
                support.append(Support(.supporting, scene.evidence(event)))
            }
            if let taint = node.spec.taints.first(where: { $0.key.hasPrefix("node.kubernetes.io/") }) {
                support.append(scene.spec(path, .strong, "taint \(taint.key):\(taint.effect)"))
            }
            if condition.type == "Ready",
                let lease = scene.snapshot.leases.first(where: {
                    $0.metadata.namespace == "kube-node-lease" && $0.metadata.name == node.metadata.name
                }),
                let renewed = lease.spec.renewTime, scene.now - renewed > .seconds(lease.spec.leaseDurationSeconds ?? 40)
            {
                support.append(
                    Support(
                        .strong,
                        Evidence(
                            .status, source: "Lease/\(lease.metadata.name)",
                            text: "not renewed for \(Int((scene.now - renewed).secondCount)) s", time: renewed)))
            }
            var sufferers: Set<EntityPath> = []
            for p in podsOnNode[node.metadata.name] ?? []
            where !scene.health[p].isFine || scene.health[p].isEnding
                || scene.snapshot.pods[p].status.phase == "Succeeded" && category.hasSuffix("pressure")
            {
                let workload = scene.workload(ofPod: p)
                guard workload.kind != "Job", workload.kind != "CronJob" else { continue }
                sufferers.insert(workload.path)
                draft.graph.add(workload.path, .runsOn, path)
            }
            for sufferer in sufferers.sorted() {
                draft.symptoms.append(
                    Symptom(
                        "pods-on-bad-node", sufferer, effect: "pods on \(node.metadata.name) are not ready", severity: .high,
                        since: since ?? scene.now, isReportable: false))
            }
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: category, resource: path, key: condition.type, depth: .external,
                    severity: sufferers.isEmpty ? .medium : .high,
                    complaint: condition.type == "Ready" ? "is not ready" : "is under pressure", fact: fact,
                    text: "node \(node.metadata.name): \(fact)", since: since, support: support,
                    explains: sufferers.filter { !Self.failsElsewhere($0, than: node.metadata.name, examination) }.sorted(),
                    next: ["kubectl describe node \(node.metadata.name)"]))
        }
    }

    /// Whether containers of a workload fail on other nodes, too: for that this node is no reason.
    private static func failsElsewhere(_ path: EntityPath, than node: String, _ examination: Examination) -> Bool {
        guard let trouble = examination.trouble(of: path) else { return false }
        return trouble.containers.contains { container in
            container.form != .notReady && container.pods.contains { examination.snapshot.pods[$0].spec.nodeName != node }
        }
    }

    /// A node that was made a moment ago and has not been ready yet: its network comes a little after it.
    private static func isJoining(_ node: Node, _ condition: Condition, at now: Timestamp) -> Bool {
        guard condition.type == "Ready", condition.status == "False", let made = node.metadata.creationTimestamp,
            let since = condition.lastTransitionTime
        else { return false }
        return now - made < .seconds(180) && since - made < .seconds(10)
    }

    private static func fault(_ condition: Condition, of node: String) -> (category: String, fact: String)? {
        let message = LogLine(condition.message ?? "")
        switch (condition.type, condition.status) {
        case ("Ready", "Unknown"): return ("node-not-ready", "its kubelet stopped posting status")
        case ("Ready", "False"):
            if message.hasAny("networkready=false", "network plugin", "cni") {
                return ("node-network-not-ready", "the container network plugin is not ready")
            }
            if message.hasAny("container runtime is down", "runtime is not responding", "pleg is not healthy", "runtimeready=false") {
                return ("node-runtime-down", "the container runtime does not answer")
            }
            return ("node-not-ready", String((condition.message ?? condition.reason ?? "not ready").prefix(80)))
        case ("DiskPressure", "True"):
            return ("node-disk-pressure", "it runs out of disk: pods are evicted, or will be, and none is scheduled there")
        case ("MemoryPressure", "True"):
            return ("node-memory-pressure", "it runs out of memory: pods are evicted, or will be, and none is scheduled there")
        default: return nil
        }
    }
}

extension Scene {
    /// The unit of a node that keeps it from being ready: its container runtime before its kubelet, which does not run without.
    fileprivate func downUnit(ofNode node: String) -> NodeUnit? {
        let down = snapshot.units.filter { $0.node == node && $0.isDown }.sorted { $0.unit < $1.unit }
        return down.first(where: \.isRuntime) ?? down.first(where: \.isKubelet)
    }
}
