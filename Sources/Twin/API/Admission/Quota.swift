import Core
import Kubernetes

/// ResourceQuota: what a namespace may hold and its pods may ask for.
enum Quota {
    static func check(_ object: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) {
        guard key.type.isNamespaced, key.type.plural != "events", key.type.plural != "leases" else { return }
        for quota in store.list(.resourceQuotas, namespace: key.namespace) {
            let scope = QuotaScope(quota)
            guard scope.contains(object, key.type) else { continue }
            let hard = quota[at: "spec", "hard"]?.object ?? [:]
            let wanted = usage(of: object, key.type)
            let limited = hard.filter { wanted[$0.key] != nil }.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }
            let name = quota[at: "metadata", "name"]?.string ?? ""
            if key.type == .pods {
                let missing = hard.keys.filter { isCompute($0) && !everyContainer(of: object, says: $0) }.sorted()
                if !missing.isEmpty {
                    throw APIFailure.forbidden(key, "failed quota: \(name): must specify \(missingText(missing, object))")
                }
            }
            guard !limited.isEmpty else { continue }
            let used = total(key.namespace, key.type, scope, store)
            var exceeded: [(String, Quantity, Quantity, Quantity)] = []
            for (resource, value) in limited {
                guard let limit = Amounts.quantity(value), let want = wanted[resource] else { continue }
                let now = used[resource] ?? .zero
                if now + want > limit { exceeded.append((resource, want, now, limit)) }
            }
            guard exceeded.isEmpty else {
                func list(_ part: ((String, Quantity, Quantity, Quantity)) -> Quantity) -> String {
                    exceeded.map { "\($0.0)=\(part($0))" }.joined(separator: ",")
                }
                throw APIFailure.forbidden(
                    key, "exceeded quota: \(name), requested: \(list(\.1)), used: \(list(\.2)), limited: \(list(\.3))")
            }
        }
    }

    private static func everyContainer(of pod: JSON, says resource: String) -> Bool {
        let (kind, name) = split(resource)
        return (pod[at: "spec", "containers"]?.array ?? []).allSatisfy { $0[at: "resources", kind, name] != nil }
    }

    private static func isCompute(_ name: String) -> Bool {
        ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"].contains(name)
    }

    /// `limits.cpu for: a,b; limits.memory for: b`
    private static func missingText(_ missing: [String], _ pod: JSON) -> String {
        missing.map { resource in
            let (kind, name) = split(resource)
            let containers = (pod[at: "spec", "containers"]?.array ?? []).filter { $0[at: "resources", kind, name] == nil }
            return "\(resource) for: \(containers.compactMap { $0["name"]?.string }.joined(separator: ","))"
        }.joined(separator: "; ")
    }

    private static func split(_ resource: String) -> (String, String) {
        if resource.hasPrefix("limits.") { return ("limits", String(resource.dropFirst(7))) }
        if resource.hasPrefix("requests.") { return ("requests", String(resource.dropFirst(9))) }
        return ("requests", resource)
    }

    /// What one object takes, by the names of the quota.
    private static func usage(of object: JSON, _ type: ResourceType) -> [String: Quantity] {
        let full = type.group.isEmpty ? type.plural : "\(type.plural).\(type.group)"
        var out: [String: Quantity] = ["count/\(full)": Quantity(1)]
        if type.group.isEmpty { out[type.plural] = Quantity(1) }
        if type == .services {
            if object[at: "spec", "type"] == "LoadBalancer" { out["services.loadbalancers"] = Quantity(1) }
            if object[at: "spec", "type"] == "NodePort" {
                out["services.nodeports"] = Quantity(object[at: "spec", "ports"]?.array?.count ?? 0)
            }
        }
        if type == .persistentVolumeClaims, let size = Amounts.quantity(object[at: "spec", "resources", "requests", "storage"]) {
            out["requests.storage"] = size
        }
        guard type == .pods else { return out }
        for kind in ["requests", "limits"] {
            for name in ["cpu", "memory", "ephemeral-storage"] {
                func amounts(_ list: [JSON]) -> [Quantity] { list.compactMap { Amounts.quantity($0[at: "resources", kind, name]) } }
                let inits = object[at: "spec", "initContainers"]?.array ?? []
                let together = amounts((object[at: "spec", "containers"]?.array ?? []) + inits.filter { $0["restartPolicy"] == "Always" })
                let before = amounts(inits.filter { $0["restartPolicy"] != "Always" })
                guard !together.isEmpty || !before.isEmpty else { continue }
                let sum = max(together.reduce(.zero, +), before.max() ?? .zero)
                out["\(kind).\(name)"] = sum
                if kind == "requests" { out[name] = sum }
            }
        }
        return out
    }

    /// What the namespace of a quota has of the resources that it limits (`status.used`).
    static func used(of quota: JSON, in namespace: String, _ store: ObjectStore) -> JSON {
        let hard = quota[at: "spec", "hard"] ?? [:]
        let scope = QuotaScope(quota)
        var sums: [String: Quantity] = [:]
        for type in store.types where type.isNamespaced && type != .events && type != .leases {
            for (name, amount) in total(namespace, type, scope, store) where hard[name] != nil {
                sums[name] = (sums[name] ?? .zero) + amount
            }
        }
        var used: JSON = [:]
        for name in (hard.object?.keys ?? []).sorted() { used[name] = .string((sums[name] ?? .zero).description) }
        return used
    }

    private static func total(
        _ namespace: String, _ type: ResourceType, _ scope: QuotaScope, _ store: ObjectStore
    ) -> [String: Quantity] {
        var out: [String: Quantity] = [:]
        for object in store.list(type, namespace: namespace) where scope.contains(object, type) {
            if type == .pods, let phase = object[at: "status", "phase"]?.string, phase == "Succeeded" || phase == "Failed" { continue }
            for (name, amount) in usage(of: object, type) { out[name] = (out[name] ?? .zero) + amount }
        }
        return out
    }
}
