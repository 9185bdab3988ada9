import Core
import Foundation
import Kubernetes

/// LimitRange: what containers get that say nothing of their resources, and what they may ask for (admission plug-in LimitRanger).
enum LimitRanges {
    private static func items(_ namespace: String, _ store: ObjectStore) -> [[JSON]] {
        store.list(.limitRanges, namespace: namespace).map { $0[at: "spec", "limits"]?.array ?? [] }
    }

    /// The pod with default requests and limits, and an annotation that tells which.
    static func complete(_ pod: JSON, _ key: ObjectKey, _ store: ObjectStore) -> JSON {
        var pod = pod
        for range in items(key.namespace, store) {
            var texts: [String] = []
            for (field, title) in [("containers", "container"), ("initContainers", "init container")] {
                guard case .array(var list)? = pod[at: "spec", field] else { continue }
                for i in list.indices {
                    let name = list[i]["name"]?.string ?? ""
                    for (kind, source, word) in [("requests", "defaultRequest", "request"), ("limits", "default", "limit")] {
                        var set: [String] = []
                        for item in range where item["type"] == "Container" {
                            for (resource, value) in item[source]?.object ?? [:] where list[i][at: "resources", kind, resource] == nil {
                                list[i][at: "resources", kind, resource] = value
                                set.append(resource)
                            }
                        }
                        if !set.isEmpty { texts.append("\(set.sorted().joined(separator: ", ")) \(word) for \(title) \(name)") }
                    }
                }
                pod[at: "spec", field] = .array(list)
            }
            if !texts.isEmpty {
                pod[at: "metadata", "annotations", "kubernetes.io/limit-ranger"] = .string(
                    "LimitRanger plugin set: " + texts.joined(separator: "; "))
            }
        }
        return pod
    }

    /// Refuses a pod or a claim that asks for less or more than a range lets it.
    static func check(_ object: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) {
        guard key.type == .pods || key.type == .persistentVolumeClaims else { return }
        for range in items(key.namespace, store) {
            var problems: [String] = []
            for item in range {
                switch (key.type, item["type"]) {
                case (.pods, "Container"):
                    for field in ["containers", "initContainers"] {
                        for container in object[at: "spec", field]?.array ?? [] {
                            problems += breaches(of: item, container["resources"] ?? [:], per: "Container")
                        }
                    }
                case (.pods, "Pod"): problems += breaches(of: item, total(object), per: "Pod")
                case (.persistentVolumeClaims, "PersistentVolumeClaim"):
                    problems += breaches(of: item, object[at: "spec", "resources"] ?? [:], per: "PersistentVolumeClaim")
                default: break
                }
            }
            if problems.isEmpty { continue }
            throw APIFailure.forbidden(key, problems.count == 1 ? problems[0] : "[\(problems.joined(separator: ", "))]")
        }
    }

    /// The sums over the containers of a pod.
    private static func total(_ pod: JSON) -> JSON {
        var out: JSON = [:]
        for kind in ["requests", "limits"] {
            var sums: [String: Quantity] = [:]
            for container in pod[at: "spec", "containers"]?.array ?? [] {
                for (name, value) in container[at: "resources", kind]?.object ?? [:] {
                    sums[name] = (sums[name] ?? .zero) + (Amounts.quantity(value) ?? .zero)
                }
            }
            for (name, sum) in sums.sorted(by: { $0.key < $1.key }) { out[at: kind, name] = .string(sum.description) }
        }
        return out
    }

    private static func breaches(of item: JSON, _ resources: JSON, per type: String) -> [String] {
        let requests = resources["requests"]
        let limits = resources["limits"]
        var out: [String] = []
        for (name, value) in item["min"]?.object ?? [:] {
            guard let low = Amounts.quantity(value) else { continue }
            if let request = Amounts.quantity(requests?[name]) {
                if request < low {
                    out.append("minimum \(name) usage per \(type) is \(low), but request is \(request)")
                } else if let limit = Amounts.quantity(limits?[name]), limit < low {
                    out.append("minimum \(name) usage per \(type) is \(low), but limit is \(limit)")
                }
            } else {
                out.append("minimum \(name) usage per \(type) is \(low).  No request is specified")
            }
        }
        for (name, value) in item["max"]?.object ?? [:] {
            guard let high = Amounts.quantity(value) else { continue }
            let limit = Amounts.quantity(limits?[name])
            if limit == nil, type != "PersistentVolumeClaim" {
                out.append("maximum \(name) usage per \(type) is \(high).  No limit is specified")
            } else if let limit, limit > high {
                out.append("maximum \(name) usage per \(type) is \(high), but limit is \(limit)")
            } else if let request = Amounts.quantity(requests?[name]), request > high {
                out.append("maximum \(name) usage per \(type) is \(high), but request is \(request)")
            }
        }
        for (name, value) in item["maxLimitRequestRatio"]?.object ?? [:] {
            guard let most = Amounts.quantity(value) else { continue }
            let (request, limit) = (Amounts.quantity(requests?[name]) ?? .zero, Amounts.quantity(limits?[name]) ?? .zero)
            let rule = "\(name) max limit to request ratio per \(type) is \(most), but"
            if request == .zero {
                out.append("\(rule) no request is specified or request is 0")
            } else if limit == .zero {
                out.append("\(rule) no limit is specified or limit is 0")
            } else if limit.double / request.double > most.double {
                out.append("\(rule) provided ratio is \(String(format: "%f", limit.double / request.double))")
            }
        }
        return out
    }
}
