import Core
import Kubernetes

/// What keeps a workload from what it needs: permissions, the network, the way to it.
enum AccessFaults {
    static let all: [Fault] = [
        WorkloadFaults.workload("rbac-forbidden", "its program lists what its Role does not let it list") {
            (key, scene) throws(MartletError) in
            let template = scene.store.get(key)?["spec"]?["template"]
            guard template != nil else { throw FaultScene.missing(key) }
            let account = template?["spec"]?["serviceAccountName"]?.string ?? "default"
            let resource = try forbidden(to: account, key.namespace, scene)
            let name = JSON.string("\(key.name)-reader")
            let rule: JSON = ["apiGroups": [""], "resources": ["configmaps"], "verbs": ["get"]]
            try scene.make(["metadata": ["name": name], "rules": [rule]], .roles, in: key.namespace)
            try scene.make(
                [
                    "metadata": ["name": name],
                    "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name],
                    "subjects": [["kind": "ServiceAccount", "name": .string(account), "namespace": .string(key.namespace)]],
                ], .roleBindings, in: key.namespace)
            scene.flaw(key) {
                $0.needsAccess.append(
                    Behaviour.NeededAccess(verb: "list", group: "", resource: resource, after: .seconds(2), log: nil, code: 1))
            }
            try scene.recreate(key)
            try scene.replacePods(of: key)
            scene.blamed = "Role/\(key.name)-reader"
        },
        WorkloadFaults.workload("network-policy-blocking", "a network policy lets nothing in to its pods") {
            (key, scene) throws(MartletError) in
            guard let selector = scene.store.get(key)?["spec"]?["selector"] else { throw FaultScene.missing(key) }
            let name = "\(key.name)-isolation"
            try scene.make(
                ["metadata": ["name": .string(name)], "spec": ["podSelector": selector, "policyTypes": ["Ingress"]]], .networkPolicies,
                in: key.namespace)
            scene.blamed = "NetworkPolicy/\(name)"
        },
        Fault("gateway-misroute", "its paths lead to another Service", on: "Ingress/NAME") { (target, scene) throws(MartletError) in
            guard target.kind == "Ingress" else {
                throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name an Ingress")
            }
            let key = ObjectKey(type: .ingresses, namespace: target.namespace ?? "default", name: target.name)
            guard let rules = scene.store.get(key)?["spec"]?["rules"] else { throw FaultScene.missing(key) }
            let services = scene.store.list(.services, namespace: key.namespace)
            var isChanged = false
            let changed = FieldFaults.eachBackend(rules) { backend in
                let port = { (service: JSON) in service["spec"]?["ports"]?.array?.first?["port"]?.int }
                guard let other = services.first(where: { $0.metadataName != backend["name"]?.string && port($0) != nil }) else { return }
                isChanged = true
                backend = ["name": .string(other.metadataName), "port": ["number": JSON(port(other) ?? 80)]]
            }
            guard isChanged else { throw MartletError(.invalid, "\(key.namespace) has no other Service", fix: "make one first") }
            try scene.set(["spec", "rules"], to: changed, of: key)
        },
    ]

    /// Something that a service account may not list.
    private static func forbidden(to account: String, _ namespace: String, _ scene: FaultScene) throws(MartletError) -> String {
        let user = UserInfo(
            name: "system:serviceaccount:\(namespace):\(account)",
            groups: ["system:serviceaccounts", "system:serviceaccounts:\(namespace)", "system:authenticated"])
        let authorizer = Authorizer(store: scene.store)
        let found = ["endpoints", "pods", "secrets", "services"].first {
            !authorizer.allows(user, AccessRequest(verb: "list", group: "", resource: $0, namespace: namespace))
        }
        if let found { return found }
        throw MartletError(.invalid, "ServiceAccount/\(account) may list everything", fix: "name a workload whose account may not")
    }
}
