import Core
import Diagnosis
import Kubernetes

/// The API refuses what the program does: the role of its service account lacks the rule.
struct AccessRule: Rule {
    let name = "api-access"
    let categories = ["rbac-forbidden"]

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for trouble in examination.troubles {
            for container in trouble.containers {
                guard let clue = container.clue(.accessForbidden), let denied = Denial(clue.text) else { continue }
                let namespace = denied.namespace
                let roles = boundRoles(denied, scene)
                let resource: EntityPath
                var support = [Support(.strong, container.log(clue)), scene.statusEvidence(container, .supporting)]
                if let role = roles.first {
                    resource = role.path
                    support.append(
                        scene.spec(role.path, .decisive, "its rules allow \(role.allows) and not \(denied.verb) \(denied.resource)"))
                } else {
                    resource = scene.path("ServiceAccount", namespace, denied.account)
                    let known = scene.snapshot.knows("rolebindings")
                    support.append(
                        scene.spec(
                            resource, known ? .strong : .supporting, known ? "no role is bound to it" : "its role bindings were not read"))
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

    /// `User "system:serviceaccount:NS:NAME" cannot VERB resource "R" in API group "G"`
    private struct Denial {
        let namespace: String, account: String, verb: String, resource: String, group: String

        init?(_ text: String) {
            let line = LogLine(text)
            guard let user = line.word(after: "system:serviceaccount:"), let verb = line.word(after: "cannot "),
                let resource = line.word(after: "resource ")
            else { return nil }
            let parts = user.split(separator: ":")
            guard parts.count == 2 else { return nil }
            (namespace, account) = (String(parts[0]), String(parts[1]))
            (self.verb, self.resource) = (verb, resource)
            group = text.firstRange(of: "API group \"").map { String(text[$0.upperBound...].prefix { $0 != "\"" && $0 != "\\" }) } ?? ""
        }
    }

    private struct BoundRole {
        let path: EntityPath
        let allows: String
        let allowsIt: Bool
    }

    private func boundRoles(_ denied: Denial, _ scene: Scene) -> [BoundRole] {
        var found: [BoundRole] = []
        for binding in scene.snapshot.roleBindings
        where binding.kind == "ClusterRoleBinding" || binding.metadata.namespace == denied.namespace {
            guard let json = try? binding.json(),
                (json["subjects"]?.array ?? []).contains(where: {
                    $0["kind"]?.string == "ServiceAccount" && $0["name"]?.string == denied.account
                        && ($0["namespace"]?.string ?? denied.namespace) == denied.namespace
                }),
                let kind = json[at: "roleRef", "kind"]?.string, let name = json[at: "roleRef", "name"]?.string
            else { continue }
            let namespace = kind == "Role" ? binding.metadata.namespace : ""
            guard
                let role = scene.snapshot.roles.first(where: {
                    $0.kind == kind && $0.metadata.name == name && $0.metadata.namespace == namespace
                }), let rules = (try? role.json())?["rules"]?.array
            else { continue }
            func strings(_ rule: JSON, _ key: String) -> [String] { (rule[key]?.array ?? []).compactMap(\.string) }
            let allows = rules.map { "\(strings($0, "verbs").joined(separator: ",")) \(strings($0, "resources").joined(separator: ","))" }
                .joined(separator: "; ")
            let allowsIt = rules.contains { rule in
                func has(_ key: String, _ value: String) -> Bool { strings(rule, key).contains { $0 == "*" || $0 == value } }
                return has("verbs", denied.verb) && has("resources", denied.resource) && has("apiGroups", denied.group)
            }
            found.append(BoundRole(path: scene.path(kind, namespace, name), allows: allows, allowsIt: allowsIt))
        }
        return found
    }
}
