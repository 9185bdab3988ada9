import Core
import Diagnosis
import Kubernetes

/// kube-proxy does not run on some nodes: Services cannot be reached from the pods there, however healthy those look.
struct ProxyRule: Rule {
    let name = "kube-proxy"
    let categories = ["kube-proxy-down"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "kube-proxy does not run on a node, so its pods reach no Services.",
            sees: ["nodes", "pods", "logs"],
            evidence: ["the state of the unit, or of the pod of the DaemonSet on that node", "calls from that node that fail"],
            contradictedBy: ["the node does not report; kube-proxy fails on every node"],
            next: ["look at the log of kube-proxy on that node"],
            references: ["https://kubernetes.io/docs/reference/command-line-tools-reference/kube-proxy/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        var down: [String: (evidence: Support, workload: EntityPath?, since: Timestamp)] = [:]
        for unit in scene.snapshot.units where unit.isDown && unit.name == "kube-proxy" {
            let text = unit.subState.isEmpty ? unit.activeState : "\(unit.activeState) (\(unit.subState))"
            down[unit.node] = (Support(.decisive, Evidence(.unit, source: "Node/\(unit.node) \(unit.unit)", text: text)), nil, scene.now)
        }
        for trouble in examination.troubles where trouble.workload.kind == "DaemonSet" && trouble.workload.name.hasPrefix("kube-proxy") {
            for container in trouble.containers {
                let nodes = Set(container.pods.compactMap { scene.snapshot.pods[$0].spec.nodeName })
                // Where none of them works, it is the DaemonSet that is wrong, and no node.
                guard nodes.count < max(2, trouble.workload.pods.count) else { continue }
                for node in nodes { down[node] = (scene.statusEvidence(container, .strong), trouble.workload.path, container.since) }
            }
        }
        for node in down.keys.sorted() {
            guard let (evidence, workload, since) = down[node], let object = scene.node(node) else { continue }
            // A node that does not report has a deeper reason.
            guard object.status.conditions.contains(where: { $0.type == "Ready" && $0.status == "True" }) else { continue }
            let path = scene.path("Node", "", node)
            var support = [evidence]
            if let workload {
                support.append(
                    Support(
                        .strong, Evidence(.spec, source: workload.resource, text: "its pod on \(node) fails, those on other nodes run")))
            }
            var victims: Set<EntityPath> = []
            for complaint in examination.complaints
            where scene.snapshot.pods[complaint.pod].spec.nodeName == node && complaint.workload != workload
                && [.connectionRefused, .connectionTimedOut, .nameServiceDown].contains(complaint.clue.kind)
            {
                victims.insert(complaint.workload)
                draft.noteCalls(of: complaint, effect: "its calls from \(node) fail")
                draft.graph.add(complaint.workload, .runsOn, path)
                if support.count < 5 { support.append(Support(.supporting, complaint.evidence)) }
            }
            // Whose requests suffer and who has pods there calls through Services in vain.
            let calls = examination.traffic?.signals
            for w in calls?.affected ?? [] where calls?.callees[w]?.isEmpty == false {
                guard scene.workloads[w].pods.contains(where: { scene.snapshot.pods[$0].spec.nodeName == node }) else { continue }
                victims.insert(scene.workloads[w].path)
                draft.graph.add(scene.workloads[w].path, .runsOn, path)
            }
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "kube-proxy-down", resource: path, key: "kube-proxy", depth: .external, severity: .high,
                    complaint: "reaches no Services", fact: "its kube-proxy does not run",
                    text: "kube-proxy does not run on node \(node), so its pods reach no Services", since: since, support: support,
                    explains: victims.sorted() + (workload.map { [$0] } ?? []),
                    next: ["kubectl -n kube-system logs -l k8s-app=kube-proxy --field-selector spec.nodeName=\(node)"]))
        }
    }
}
