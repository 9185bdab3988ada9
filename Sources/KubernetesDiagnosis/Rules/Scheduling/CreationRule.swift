import Core
import Diagnosis
import Kubernetes

/// Pods that are not even created: a quota, a limit range, pod security, a missing service account, a webhook that does not answer.
struct CreationRule: Rule {
    let name = "pod-creation"
    let categories = [
        "quota-exceeded", "limitrange-violation", "pod-security-violation", "serviceaccount-missing", "admission-webhook-failing",
    ]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes:
                "Pods are not even made: a quota, a limit range, pod security, a missing service account, a webhook that does not answer.",
            sees: ["replicasets", "events", "resourcequotas", "limitranges", "serviceaccounts"],
            evidence: ["FailedCreate events and the condition ReplicaFailure, of Deployments where ReplicaSets were not read"],
            contradictedBy: ["pods that were made since"],
            next: ["raise the quota, or correct what is refused"],
            references: ["https://kubernetes.io/docs/concepts/policy/resource-quotas/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for failure in CreationFailure.all(scene) {
            guard let event = failure.event else { continue }
            let workload = failure.workload
            let line = LogLine(event.message)
            let (missing, wanted) = (failure.missing, failure.wanted)
            let severity: Severity = failure.ready == 0 ? .critical : .high
            let namespace = workload.namespace
            let status = Support(
                .strong,
                Evidence(
                    .status, source: "\(failure.kind)/\(failure.maker.name)", text: "\(failure.made) of \(wanted) \(failure.things) exist"))
            let support = [Support(.decisive, scene.evidence(event)), status]
            func conclude(
                _ category: String, on resource: EntityPath, _ complaint: String, _ fact: String, _ text: String, _ more: [Support] = [],
                facts: JSON = [:]
            ) {
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: category, resource: resource, depth: resource == workload.path ? .specific : .external,
                        severity: severity, complaint: complaint,
                        fact: fact, text: text, since: event.firstSeen, support: support + more, explains: [workload.path],
                        next: ["kubectl -n \(namespace) describe \(failure.kind.lowercased()) \(failure.maker.name)"], facts: facts))
            }
            if let quota = line.word(after: "exceeded quota: ") {
                let path = scene.path("ResourceQuota", namespace, quota)
                let object = scene.snapshot.quotas.first { $0.metadata.name == quota && $0.metadata.namespace == namespace }
                let full = object.map { q in
                    q.status.hard.sorted { $0.key < $1.key }.compactMap { name, hard in
                        q.status.used[name].map { "\(name) \($0) of \(hard)" }
                    }.joined(separator: ", ")
                }
                let asked = line.text.firstRange(of: "requested:").map { String(line.text[$0.lowerBound...].prefix(160)) } ?? ""
                conclude(
                    "quota-exceeded", on: path, "is used up", "\(workload.name) cannot create \(missing) \(failure.things)",
                    "ResourceQuota \(quota) is used up, so \(missing) of \(wanted) \(failure.things) of \(workload.path.resource) cannot be created (\(asked))",
                    full.map { [Support(.strong, Evidence(.spec, source: path.resource, text: "used: \($0)"))] } ?? [])
            } else if let quota = line.word(after: "failed quota: "), line.has("must specify") {
                let lacking = line.text.firstRange(of: "must specify ").map { String(line.text[$0.upperBound...].prefix(160)) } ?? ""
                conclude(
                    "quota-exceeded", on: scene.path("ResourceQuota", namespace, quota), "refuses pods",
                    "pods of \(workload.name) do not say what it counts",
                    "ResourceQuota \(quota) counts what the pods of \(workload.path.resource) do not specify, so \(missing) of \(wanted) cannot be created: \(lacking)"
                )
            } else if line.has("violates podsecurity") {
                let why = line.text.firstRange(of: "violates PodSecurity").map { String(line.text[$0.lowerBound...].prefix(220)) } ?? ""
                conclude(
                    "pod-security-violation", on: workload.path, "gets no pods", "Pod Security forbids them",
                    "no pod of \(workload.name) can be created: it \(why)")
            } else if line.has("serviceaccount"), line.has("not found"), let account = line.word(after: "serviceaccount \"") {
                var more: [Support] = []
                if scene.snapshot.knows("serviceaccounts"),
                    !scene.snapshot.serviceAccounts.contains(where: { $0.metadata.name == account && $0.metadata.namespace == namespace })
                {
                    more.append(scene.spec(workload.path, .strong, "serviceAccountName \(account); there is none in the namespace"))
                }
                conclude(
                    "serviceaccount-missing", on: workload.path, "gets no pods", "ServiceAccount \(account) does not exist",
                    "ServiceAccount \(account) does not exist, so no pod of \(workload.name) can be created", more,
                    facts: ["missing": .string("ServiceAccount/\(account)")])
            } else if line.has("failed calling webhook ") {
                guard let failure = WebhookFailure(event.message, scene) else { continue }
                conclude(
                    "admission-webhook-failing", on: failure.path, "does not answer", "\(workload.name) cannot create pods",
                    "the admission webhook \(failure.webhook) \(failure.why), and its failurePolicy is Fail, so pods of \(workload.name) cannot be created",
                    failure.support)
            } else if line.hasAny(
                "maximum cpu usage", "maximum memory usage", "minimum cpu usage", "minimum memory usage", "limit to request ratio")
            {
                conclude(
                    "limitrange-violation", on: workload.path, "gets no pods", "a LimitRange forbids them",
                    "a LimitRange forbids the pods of \(workload.name): \(line.text.suffix(160))")
            }
        }
    }
}
