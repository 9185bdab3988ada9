import Core
import Kubernetes

extension Defaults {
    static func service(_ spec: inout JSONObject) {
        set(&spec, "type", "ClusterIP")
        set(&spec, "sessionAffinity", "None")
        if spec["sessionAffinity"] == "ClientIP" { set(&spec, "sessionAffinityConfig", ["clientIP": ["timeoutSeconds": 10800]]) }
        if spec["type"] != "ExternalName" {
            set(&spec, "ipFamilies", ["IPv4"])
            set(&spec, "ipFamilyPolicy", "SingleStack")
            set(&spec, "internalTrafficPolicy", "Cluster")
        }
        if spec["type"] == "NodePort" || spec["type"] == "LoadBalancer" { set(&spec, "externalTrafficPolicy", "Cluster") }
        if spec["type"] == "LoadBalancer" { set(&spec, "allocateLoadBalancerNodePorts", true) }
        if case .array(let ports)? = spec["ports"] {
            spec["ports"] = .array(
                ports.map { port in
                    guard case .object(var port) = port else { return port }
                    set(&port, "protocol", "TCP")
                    if port["targetPort"] == 0 || port["targetPort"] == "" { port["targetPort"] = nil }
                    if let number = port["port"] { set(&port, "targetPort", number) }
                    return .object(port)
                })
        }
    }

    static func networkPolicy(_ spec: inout JSONObject) {
        set(&spec, "podSelector", [:])
        set(&spec, "policyTypes", spec["egress"] == nil ? ["Ingress"] : ["Ingress", "Egress"])
        for direction in ["ingress", "egress"] {
            guard case .array(let rules)? = spec[direction] else { continue }
            spec[direction] = .array(
                rules.map { rule in
                    guard case .object(var rule) = rule else { return rule }
                    if case .array(let ports)? = rule["ports"] { rule["ports"] = .array(ports.map(withProtocol)) }
                    return .object(rule)
                })
        }
    }

    private static func withProtocol(_ port: JSON) -> JSON {
        guard case .object(var port) = port else { return port }
        set(&port, "protocol", "TCP")
        return .object(port)
    }

    static func endpoints(_ members: inout JSONObject) {
        guard case .array(let subsets)? = members["subsets"] else { return }
        members["subsets"] = .array(
            subsets.map { subset in
                var subset = subset
                if let ports = subset["ports"]?.array { subset["ports"] = .array(ports.map(withProtocol)) }
                return subset
            })
    }

    static func endpointSlice(_ members: inout JSONObject) {
        set(&members, "endpoints", .null)
        set(&members, "ports", .null)
        if case .array(let list)? = members["endpoints"] {
            members["endpoints"] = .array(
                list.map { endpoint in
                    guard case .object(var endpoint) = endpoint else { return endpoint }
                    set(&endpoint, "conditions", [:])
                    return .object(endpoint)
                })
        }
        if case .array(let list)? = members["ports"] {
            members["ports"] = .array(
                list.map { port in
                    guard case .object(var port) = withProtocol(port) else { return port }
                    set(&port, "name", "")
                    return .object(port)
                })
        }
    }
}
