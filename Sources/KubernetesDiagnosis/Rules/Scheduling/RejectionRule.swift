import Core
import Diagnosis
import Kubernetes

/// The kubelet turns away pods that were given to its node: what it lacks, or what the pod must not ask for.
struct RejectionRule: Rule {
    let name = "pods-turned-away"
    let categories = ["node-selector-mismatch", "insufficient-cpu", "insufficient-memory"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A node turns away the pods that it is given: it lacks the label, the CPU or the memory.",
            sees: ["pods", "events"],
            evidence: ["failed pods with the reason of the kubelet (NodeAffinity, OutOfcpu, OutOfmemory)"],
            contradictedBy: ["as many ready pods as are wanted"],
            next: ["compare what the pods ask for with the node", "see who names the node: nodeName, another scheduler"],
            references: ["https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for trouble in examination.troubles where trouble.ready < trouble.desired {
            guard let p = trouble.rejected.last else { continue }
            let pod = scene.snapshot.pods[p]
            let (reason, message) = (pod.status.reason ?? "", pod.status.message ?? "")
            let status = Evidence(.status, source: scene.podName(p), text: "\(reason): \(message.shortened)", time: pod.status.startTime)
            draft.symptoms.append(
                Symptom(
                    name, trouble.workload.path, effect: "its node turns away \(trouble.rejected.count) pods (\(reason))",
                    severity: trouble.severity, since: pod.metadata.creationTimestamp ?? scene.now, evidence: [status]))
            let category: String? =
                switch reason {
                case "NodeAffinity": "node-selector-mismatch"
                case "OutOfcpu": "insufficient-cpu"
                case "OutOfmemory": "insufficient-memory"
                default: nil
                }
            guard let category else { continue }
            let node = pod.spec.nodeName ?? "its node"
            let lack = reason == "NodeAffinity" ? "does not carry the labels" : "has not the room"
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: category, resource: trouble.workload.path, depth: .specific, severity: trouble.severity,
                    complaint: "is turned away", fact: "node \(node) \(lack) that its pods ask for",
                    text: "node \(node) turns away the pods of \(trouble.workload.name): it \(lack) that they ask for",
                    since: pod.metadata.creationTimestamp, support: [Support(.decisive, status)],
                    next: ["kubectl -n \(trouble.workload.namespace) describe \(scene.podName(p).lowercased())"]))
        }
    }
}
