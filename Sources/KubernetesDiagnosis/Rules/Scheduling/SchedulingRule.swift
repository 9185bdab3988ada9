import Core
import Diagnosis
import Kubernetes

/// No node takes the pod. The scheduler's message says what; each node is checked against the pod to say which and why.
struct SchedulingRule: Rule {
    let name = "scheduling"
    let categories = [
        "insufficient-cpu", "insufficient-memory", "node-selector-mismatch", "taint-not-tolerated", "anti-affinity", "host-port-conflict",
        "node-cordoned", "pvc-missing", "preempted", "scheduling-gated",
    ]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "No node takes the pod: CPU, memory, labels, taints, affinity, claims, ports, gates, or a pod of higher priority.",
            sees: ["pods", "nodes", "events"],
            evidence: ["the scheduler's message; each node checked against the pod"],
            contradictedBy: ["a node that fits", "a node with room that is cordoned, lost or under pressure: then that is the cause"],
            next: ["change what is named, or add a node that fits"],
            references: [
                "https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/",
                "https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/",
            ])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for trouble in examination.troubles {
            if let hypothesis = gated(trouble, scene) { draft.hypotheses.append(hypothesis) }
            guard let p = trouble.unschedulable.first else { continue }
            let pod = scene.snapshot.pods[p]
            guard let condition = pod.status.conditions.first(where: { $0.type == "PodScheduled" && $0.status == "False" }),
                let text = condition.message ?? scene.events(aboutPod: p).last(where: { $0.reason == "FailedScheduling" })?.message,
                let message = SchedulerMessage(text)
            else { continue }
            let status = Support(
                .decisive, Evidence(.status, source: scene.podName(p), text: String(text.prefix(300)), time: condition.lastTransitionTime))
            var support = [status]
            if let event = scene.eventEvidence([p], .strong, where: { $0.reason == "FailedScheduling" }) { support.append(event) }
            let since = trouble.unschedulable.compactMap { scene.snapshot.pods[$0].metadata.creationTimestamp }.min()
            func conclude(
                _ category: String, _ fact: String, _ text: String, _ support: [Support], on resource: EntityPath? = nil,
                depth: Hypothesis.Depth = .specific,
                facts: JSON = [:]
            ) {
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: category, resource: resource ?? trouble.workload.path, depth: depth,
                        severity: trouble.severity,
                        complaint: resource == nil ? "finds no node" : "takes no pods", fact: fact, text: text, since: since,
                        support: support,
                        explains: resource == nil ? [] : [trouble.workload.path],
                        next: ["kubectl -n \(trouble.workload.namespace) describe \(scene.podName(p).lowercased())"],
                        facts: facts))
            }
            if preempted(trouble, message, p, support, scene, &draft) { continue }
            // A claim that is missing is said before any node is looked at.
            if case .claimMissing(let claim)? = message.reasons.first(where: { if case .claimMissing = $0.reason { true } else { false } })?
                .reason
            {
                conclude(
                    "pvc-missing", "PersistentVolumeClaim \(claim) does not exist",
                    "the pod wants PersistentVolumeClaim \(claim), which does not exist", support)
                continue
            }
            let fits = scene.snapshot.nodes.sorted { $0.metadata.name < $1.metadata.name }.map {
                (node: $0, fit: NodeFit(pod: pod, node: $0))
            }
            let allowed = fits.filter { $0.fit.matchesSelector }
            let lacks = message.reasons.compactMap { reason -> String? in
                if case .insufficient(let what) = reason.reason { what } else { nil }
            }
            // Where others are full, a node that would have room and is cordoned or lost is what is wrong.
            let candidates = lacks.isEmpty ? allowed : allowed.filter { $0.fit.isKeptOffByState && NodeRoom($0.node, scene).takes(pod) }
            let isKeptOff = message.reasons.contains {
                if case .taint = $0.reason { true } else { $0.reason == .unschedulable }
            }
            if let resource = ["cpu", "memory"].first(where: lacks.contains), candidates.isEmpty || !isKeptOff {
                let wanted = Requests.total(of: pod, resource)
                let free = scene.snapshot.nodes.compactMap { $0.status.allocatable[resource] }.max()
                if let wanted {
                    support.append(
                        scene.spec(
                            trouble.workload.path, .strong,
                            "the pod asks for \(resource) \(wanted)" + (free.map { "; the largest node has \($0)" } ?? "")))
                }
                let size = wanted.map { "asks for \($0)" } ?? "asks for more"
                conclude(
                    resource == "cpu" ? "insufficient-cpu" : "insufficient-memory", "no node has the \(resource) (\(size))",
                    "no node has enough \(resource == "cpu" ? "CPU" : "memory"): the pod \(size)"
                        + (free.map { ", the largest node has \($0)" } ?? ""), support)
                continue
            }
            if message.reasons.contains(where: { $0.reason == .antiAffinity }) {
                support.append(
                    scene.spec(
                        trouble.workload.path, .supporting,
                        "required pod anti-affinity, \(trouble.desired) replicas, \(message.nodes) nodes"))
                conclude(
                    "anti-affinity", "its pods may not share a node",
                    "required pod anti-affinity leaves no node for \(trouble.unschedulable.count) of \(trouble.desired) pods on \(message.nodes) nodes",
                    support)
                continue
            }
            if message.reasons.contains(where: { $0.reason == .hostPort }) {
                let ports = pod.spec.containers.flatMap { $0.ports.compactMap(\.hostPort) }
                support.append(scene.spec(trouble.workload.path, .strong, "host ports \(ports.map(String.init).joined(separator: ", "))"))
                conclude(
                    "host-port-conflict", "its host port is taken on every node",
                    "host port \(ports.map(String.init).joined(separator: ", ")) is taken on every node that would fit", support)
                continue
            }
            let tainted = candidates.filter { !$0.fit.taints.isEmpty }
            let cordoned = candidates.filter { $0.node.spec.unschedulable }
            if let bad = tainted.first(where: {
                $0.fit.taints.contains { $0.key.hasPrefix("node.kubernetes.io/") && $0.key != "node.kubernetes.io/unschedulable" }
            }) {
                // The node's own fault keeps the pod off: the rule for nodes blames it.
                let path = scene.path("Node", "", bad.node.metadata.name)
                draft.graph.add(trouble.workload.path, .runsOn, path)
                draft.hypotheses.append(
                    Hypothesis(
                        rule: "waiting-for-node", category: "taint-not-tolerated", resource: trouble.workload.path, depth: .surface,
                        severity: trouble.severity,
                        complaint: "finds no node", fact: "\(bad.node.metadata.name) is \(bad.fit.taints[0].key.dropFirst(19))",
                        text: "the pod may only run on \(bad.node.metadata.name), which has taint \(bad.fit.taints[0].key)", since: since,
                        support: [Support(.supporting, status.evidence)], dependsOn: [path]))
                continue
            }
            if !cordoned.isEmpty, cordoned.count == allowed.count || message.reasons.contains(where: { $0.reason == .unschedulable }),
                tainted.count <= cordoned.count
            {
                for c in cordoned {
                    let path = scene.path("Node", "", c.node.metadata.name)
                    let since = c.node.spec.taints.first { $0.key == "node.kubernetes.io/unschedulable" }?.timeAdded
                    conclude(
                        "node-cordoned", "it is cordoned and \(trouble.workload.name) fits nowhere else",
                        "node \(c.node.metadata.name) is cordoned" + (since.map { " since \($0)" } ?? "")
                            + ", so pods of \(trouble.workload.name) find no node",
                        support + [scene.spec(path, .decisive, "spec.unschedulable is true")], on: path, depth: .external)
                }
                continue
            }
            let taintReason = message.reasons.first { if case .taint = $0.reason { true } else { false } }
            if taintReason != nil {
                let named: [String] = tainted.flatMap { entry in
                    entry.fit.taints.map { "\(entry.node.metadata.name): \($0.key)\($0.value.map { "=\($0)" } ?? ""):\($0.effect)" }
                }
                var told: String?
                if case .taint(let inside)? = taintReason?.reason { told = inside }
                // Which taint it is cannot be seen, or it is a state of a node that cannot be looked at.
                if named.isEmpty, told.map({ $0.hasPrefix("node.kubernetes.io/") }) ?? true { continue }
                if !named.isEmpty {
                    support.append(
                        scene.spec(trouble.workload.path, .strong, "taints not tolerated: \(named.prefix(4).joined(separator: ", "))"))
                }
                let which =
                    tainted.first?.fit.taints.first.map { "\($0.key)\($0.value.map { "=\($0)" } ?? ""):\($0.effect)" } ?? told ?? ""
                let where_ = tainted.map(\.node.metadata.name).prefix(3).joined(separator: ", ")
                conclude(
                    "taint-not-tolerated", "taint \(which) is not tolerated",
                    "\(where_.isEmpty ? "the nodes that would fit" : "node \(where_)") \(tainted.count > 1 ? "have" : "has") the taint \(which), which the pod does not tolerate",
                    support,
                    facts: ["taint": .string(which)])
                continue
            }
            if message.reasons.contains(where: { $0.reason == .selectorMismatch }) {
                let selector = pod.spec.nodeSelector.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                let wanted = selector.isEmpty ? "its node affinity" : selector.joined(separator: ",")
                if allowed.isEmpty, !scene.snapshot.nodes.isEmpty {
                    support.append(scene.spec(trouble.workload.path, .strong, "none of \(scene.snapshot.nodes.count) nodes has \(wanted)"))
                }
                conclude(
                    "node-selector-mismatch", "no node has \(wanted)", "no node has the label that the pod asks for: \(wanted)", support)
                continue
            }
            if message.reasons.contains(where: { $0.reason == .unboundClaims }) {
                draft.hypotheses.append(
                    Hypothesis(
                        rule: "waiting-for-claim", category: "pvc-no-volume", resource: trouble.workload.path, depth: .surface,
                        severity: trouble.severity,
                        complaint: "waits for a volume", fact: "its claim is not bound",
                        text: "the pod waits for a PersistentVolumeClaim that is not bound", since: since,
                        support: [Support(.supporting, status.evidence)],
                        dependsOn: pod.spec.volumes.compactMap {
                            $0.persistentVolumeClaim.map { scene.path("PersistentVolumeClaim", trouble.workload.namespace, $0.claimName) }
                        }))
            }
        }
    }

    private func gated(_ trouble: Trouble, _ scene: Scene) -> Hypothesis? {
        guard let p = trouble.gated.first else { return nil }
        let gates = scene.snapshot.pods[p].spec.schedulingGates
        let since = scene.snapshot.pods[p].metadata.creationTimestamp ?? scene.now
        // Whoever owns the gate gets a minute.
        guard scene.now - since > .seconds(60) else { return nil }
        let named = gates.joined(separator: ", ")
        return Hypothesis(
            rule: name, category: "scheduling-gated", resource: trouble.workload.path, depth: .specific, severity: trouble.severity,
            complaint: "is held back",
            fact: "scheduling gate \(named) is not removed",
            text: "\(trouble.gated.count) pods are held by the scheduling gate \(named), which nobody removes", since: since,
            support: [
                Support(.decisive, Evidence(.status, source: scene.podName(p), text: "PodScheduled is False: SchedulingGated")),
                scene.spec(trouble.workload.path, .strong, "schedulingGates: \(named)"),
            ], next: ["find the controller that owns \(named)"])
    }

    /// Pods that lost their place to a higher priority and do not fit any more.
    private func preempted(
        _ trouble: Trouble, _ message: SchedulerMessage, _ p: Int, _ support: [Support], _ scene: Scene, _ draft: inout Draft
    ) -> Bool {
        guard let events = scene.preemptions[trouble.workload.path], let event = events.last,
            message.reasons.contains(where: { if case .insufficient = $0.reason { true } else { false } })
        else { return false }
        let uid = LogLine(event.message).word(after: "preempted by pod ") ?? ""
        let winner = scene.podIndex(uid: uid).map { scene.workload(ofPod: $0) }
        let name = winner.map { $0.path.resource } ?? "a pod of higher priority"
        var all = support + [Support(.decisive, scene.evidence(event))]
        if let winner, let w = winner.pods.first {
            let theirs = scene.snapshot.pods[w].spec.priority ?? 0, ours = scene.snapshot.pods[p].spec.priority ?? 0
            all.append(scene.spec(trouble.workload.path, .strong, "priority \(ours) against \(theirs) of \(name)"))
        }
        draft.hypotheses.append(
            Hypothesis(
                rule: "preemption", category: "preempted", resource: trouble.workload.path, depth: .external, severity: trouble.severity,
                complaint: "lost its place",
                fact: "\(winner?.name ?? "another workload") has a higher priority",
                text:
                    "\(events.count) pods of \(trouble.workload.name) were preempted by \(name), which has a higher priority, and do not fit any more",
                since: events.first?.firstSeen, support: all, facts: ["related": .string(name)]))
        return true
    }
}
