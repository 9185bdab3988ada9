import Core
import Diagnosis
import Kubernetes

/// A volume cannot be mounted: a ConfigMap, Secret or path is not there.
struct VolumeRule: Rule {
    let name = "volume-mount"
    let categories = ["volume-configmap-missing", "volume-secret-missing", "volume-hostpath-missing", "config-key-missing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A volume cannot be mounted: a ConfigMap, a Secret, a key of them or a path on the node is not there.",
            sees: ["pods", "events", "configmaps", "secrets (names)"],
            evidence: ["FailedMount events naming what is missing"],
            contradictedBy: ["the object is there"],
            next: ["create what is missing, or correct the reference"],
            references: ["https://kubernetes.io/docs/concepts/storage/volumes/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for trouble in examination.troubles {
            guard let (p, event) = trouble.unmountable.last else { continue }
            let line = LogLine(event.message)
            let volume = line.word(after: "for volume ") ?? ""
            let pod = scene.snapshot.pods[p]
            var support = [
                Support(.decisive, scene.evidence(event)),
                Support(
                    .supporting,
                    Evidence(.status, source: scene.podName(p), text: "the pod is \(pod.status.phase) and its containers are not created")),
            ]
            var against: [Support] = []
            let category: String, fact: String, text: String
            var facts: JSON = ["volume": .string(volume)]
            let namespace = trouble.workload.namespace
            if line.has("not found"), line.has("configmap \"") || line.has("secret \"") {
                let isSecret = line.has("secret \"")
                let kind = isSecret ? "Secret" : "ConfigMap"
                let missing = line.word(after: isSecret ? "secret \"" : "configmap \"") ?? ""
                let names = (isSecret ? scene.snapshot.secrets.map(\.metadata) : scene.snapshot.configMaps.map(\.metadata)).filter {
                    $0.namespace == namespace
                }.map(\.name)
                if names.contains(missing) {
                    against.append(scene.spec(scene.path(kind, namespace, missing), .strong, "\(kind) \(missing) exists now"))
                } else if scene.snapshot.knows(isSecret ? "secrets" : "configmaps") {
                    support.append(
                        scene.spec(scene.path(kind, namespace, missing), .strong, "there is no \(kind) \(missing) in the namespace"))
                }
                category = isSecret ? "volume-secret-missing" : "volume-configmap-missing"
                fact = "\(kind) \(missing) of volume \(volume) does not exist"
                text =
                    "the pod waits for volume \(volume): \(kind) \(missing) does not exist"
                    + (NearMiss.of(missing, among: names).map { "; there is \($0)" } ?? "")
                facts["missing"] = .string("\(kind)/\(missing)")
            } else if let key = line.word(after: "references non-existent config key: ")
                ?? line.word(after: "references non-existent secret key: ")
            {
                category = "config-key-missing"
                fact = "key \(key) of volume \(volume) does not exist"
                text = "the pod waits for volume \(volume): what it is made from has no key \(key)"
                facts["missing"] = .string(key)
            } else if line.has("hostpath type check failed") {
                let path = LogReading.path(in: line) ?? ""
                if let spec = pod.spec.volumes.first(where: { $0.name == volume })?.hostPath {
                    support.append(scene.spec(trouble.workload.path, .strong, "hostPath \(spec.path), type \(spec.type ?? "any")"))
                }
                category = "volume-hostpath-missing"
                fact = "hostPath \(path) is not on the node"
                text =
                    "the pod waits for volume \(volume): hostPath \(path) on node \(pod.spec.nodeName ?? "?") does not exist or is of another type"
            } else {
                continue
            }
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: category, resource: trouble.workload.path, key: volume, depth: .specific,
                    severity: trouble.severity,
                    complaint: "does not start", fact: fact, text: text, since: event.firstSeen, support: support, against: against,
                    next: ["kubectl -n \(namespace) describe \(scene.podName(p).lowercased())"], facts: facts))
        }
    }
}
