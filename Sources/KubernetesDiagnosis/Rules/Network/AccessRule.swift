import Core
import Diagnosis
import Kubernetes

/// The API refuses what the program does: the role of its service account lacks the rule.
struct AccessRule: Rule {
    let name = "api-access"
    let categories = ["rbac-forbidden"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The API refuses what the program does: the role of its service account lacks the rule.",
            sees: ["pods", "logs", "roles", "rolebindings"],
            evidence: ["a refusal (403) in the log naming user, verb and resource; the rules of its roles"],
            contradictedBy: ["a role that grants it"],
            next: ["add the rule to the role that is named"],
            references: ["https://kubernetes.io/docs/reference/access-authn-authz/rbac/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for trouble in examination.troubles {
            for container in trouble.containers {
                guard let clue = container.clue(.accessForbidden), let denied = AccessDenial(clue.text),
                    // A program speaks for its own service account; what it logs of others is hearsay.
                    denied.namespace == trouble.workload.namespace
                else { continue }
                let namespace = denied.namespace
                let roles = boundRoles(denied, scene)
                let resource: EntityPath
                var support = [Support(.strong, container.log(clue)), scene.statusEvidence(container, .supporting)]
                if let role = roles.first {
                    resource = role.path
                    let rules = role.allows.map { "its rules allow \($0) and not \(denied.verb) \(denied.resource)" }
                    support.append(
                        scene.spec(
                            role.path, rules == nil ? .supporting : .decisive,
                            rules ?? "it is bound to \(denied.account); its rules were not read"))
                } else {
                    resource = scene.path("ServiceAccount", namespace, denied.account)
                    let unread = ["rolebindings", "clusterrolebindings"].filter { !scene.snapshot.knows($0) }
                    support.append(
                        scene.spec(
                            resource, unread.isEmpty ? .strong : .supporting,
                            unread.isEmpty
                                ? "no role is bound to it"
                                : "no role that is bound to it was seen; not read: \(unread.joined(separator: ", "))"))
                }
                // Enough allowed now: somebody has mended it.
                if roles.contains(where: \.allowsIt) { continue }
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: "rbac-forbidden", resource: resource, depth: .external, severity: trouble.severity,
                        complaint: "lacks a permission",
                        fact: "\(denied.verb) \(denied.resource) for \(denied.account)",
                        text:
                            "the service account \(denied.account) may not \(denied.verb) \(denied.resource), so \(trouble.workload.name) fails with 403",
                        since: container.since, support: support, explains: [trouble.workload.path],
                        next: [
                            "kubectl auth can-i \(denied.verb) \(denied.resource) -n \(namespace) --as system:serviceaccount:\(namespace):\(denied.account)"
                        ]))
                draft.graph.add(trouble.workload.path, .references, resource)
            }
        }
    }

    private struct BoundRole {
        let path: EntityPath
        /// What its rules allow, in words; nil where the role could not be read.
        let allows: String?
        let allowsIt: Bool
    }

    /// Roles of the namespace first: they are the account's own more often than those of the cluster.
    private func boundRoles(_ denied: AccessDenial, _ scene: Scene) -> [BoundRole] {
        let bindings = scene.snapshot.roleBindings.compactMap { RoleBinding($0) }.filter { binding in
            binding.binds(denied.account, in: denied.namespace)
        }
        return (bindings.filter { !$0.isOfCluster } + bindings.filter(\.isOfCluster)).map { binding in
            let role = binding.role
            let rules = scene.snapshot.roles.first { role.isOf($0) }.flatMap { try? $0.json() }?["rules"]?.array
            func strings(_ rule: JSON, _ key: String) -> [String] { (rule[key]?.array ?? []).compactMap(\.string) }
            let allows = rules.map { rules in
                rules.map { "\(strings($0, "verbs").joined(separator: ",")) \(strings($0, "resources").joined(separator: ","))" }
                    .joined(separator: "; ")
            }
            let allowsIt = (rules ?? []).contains { rule in
                func has(_ key: String, _ value: String) -> Bool { strings(rule, key).contains { $0 == "*" || $0 == value } }
                return has("verbs", denied.verb) && has("resources", denied.resource) && has("apiGroups", denied.group)
            }
            return BoundRole(path: scene.path(role.kind, role.namespace, role.name), allows: allows, allowsIt: allowsIt)
        }
    }
}
