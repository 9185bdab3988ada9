import Core
import Foundation
import Kubernetes

// Services, ingresses, network policies and endpoint slices.
extension Validation {
    private static let protocols = ["SCTP", "TCP", "UDP"]

    mutating func service(_ spec: JSON) {
        let ports = spec["ports"]?.array ?? []
        let kind = spec["type"]?.string ?? ""
        let isHeadless = spec["clusterIP"] == "None"
        if ports.isEmpty, kind != "ExternalName", !isHeadless { required("spec.ports") }
        switch kind {
        case "LoadBalancer" where isHeadless, "NodePort" where isHeadless:
            invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for \(kind) services")
        case "ExternalName":
            let name = spec["externalName"]?.string ?? ""
            if spec["clusterIPs"]?.array?.isEmpty == false { forbidden("spec.clusterIPs", "may not be set for ExternalName services") }
            if name.isEmpty {
                required("spec.externalName")
            } else {
                subdomain(name.hasSuffix(".") ? String(name.dropLast()) : name, "spec.externalName")
            }
        default: break
        }
        var names: Set<String> = []
        for (i, port) in ports.enumerated() { servicePort(port, "spec.ports[\(i)]", needsName: ports.count > 1, &names) }
        labels(spec["selector"], "spec.selector")
        oneOf(spec["sessionAffinity"], ["ClientIP", "None"], "spec.sessionAffinity")
        affinityOptions(spec)
        oneOf(spec["ipFamilyPolicy"], ["PreferDualStack", "RequireDualStack", "SingleStack"], "spec.ipFamilyPolicy")
        for (i, family) in (spec["ipFamilies"]?.array ?? []).enumerated() { oneOf(family, ["IPv4", "IPv6"], "spec.ipFamilies[\(i)]") }
        oneOf(spec["type"], ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"], "spec.type")
        var seenNodePorts: Set<String> = []
        var seenPorts: Set<String> = []
        for (i, port) in ports.enumerated() {
            guard let number = port["nodePort"]?.int, number != 0 else { continue }
            if kind == "ClusterIP" {
                forbidden("spec.ports[\(i)].nodePort", "may not be used when `type` is 'ClusterIP'")
            }
            if !seenNodePorts.insert("\(port["protocol"]?.string ?? "") \(number)").inserted {
                duplicate("spec.ports[\(i)].nodePort", JSON(number))
            }
        }
        for (i, port) in ports.enumerated()
        where !seenPorts.insert("\(port["protocol"]?.string ?? "") \(port["port"]?.int ?? 0)").inserted {
            duplicate(
                "spec.ports[\(i)]",
                [
                    "Name": "", "Protocol": port["protocol"] ?? "", "AppProtocol": .null, "Port": port["port"] ?? 0, "TargetPort": 0,
                    "NodePort": 0,
                ])
        }
        if spec["loadBalancerSourceRanges"]?.array?.isEmpty == false, kind != "LoadBalancer" {
            forbidden("spec.LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'")
        }
        if spec["allocateLoadBalancerNodePorts"] != nil, kind != "LoadBalancer" {
            forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'")
        }
        if kind == "NodePort" || kind == "LoadBalancer" || spec["externalIPs"]?.array?.isEmpty == false {
            oneOf(spec["externalTrafficPolicy"], ["Cluster", "Local"], "spec.externalTrafficPolicy")
        } else if let policy = spec["externalTrafficPolicy"], policy != "" {
            invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services")
        }
        oneOf(spec["internalTrafficPolicy"], ["Cluster", "Local"], "spec.internalTrafficPolicy")
        oneOf(
            spec["trafficDistribution"], ["PreferClose", "PreferSameNode", "PreferSameZone"], "spec.trafficDistribution")
    }

    private mutating func affinityOptions(_ spec: JSON) {
        let options = spec["sessionAffinityConfig"]
        if spec["sessionAffinity"] == "None", options != nil {
            forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None")
        }
        if spec["sessionAffinity"] == "ClientIP", let seconds = options?[at: "clientIP", "timeoutSeconds"]?.int,
            !(1...86400).contains(seconds)
        {
            invalid(
                "spec.sessionAffinityConfig.clientIP.timeoutSeconds", JSON(seconds), "must be greater than 0 and less than 86400")
        }
    }

    private mutating func servicePort(_ port: JSON, _ field: String, needsName: Bool, _ names: inout Set<String>) {
        let name = port["name"]?.string ?? ""
        if name.isEmpty {
            if needsName { required("\(field).name") }
        } else {
            label(name, "\(field).name")
            unique(name, &names, "\(field).name")
        }
        portNumber(port["port"]?.int ?? 0, "\(field).port")
        oneOf(port["protocol"], Validation.protocols, "\(field).protocol")
        portNumberOrName(port["targetPort"], "\(field).targetPort")
        if let text = port["appProtocol"]?.string { qualifiedName(text, "\(field).appProtocol") }
    }

    // MARK: Ingresses

    mutating func ingress(_ spec: JSON) {
        let rules = spec["rules"]?.array ?? []
        if rules.isEmpty, spec["defaultBackend"] == nil {
            invalid("spec", spec["rules"] ?? .null, "either `defaultBackend` or `rules` must be specified")
        }
        if let backend = spec["defaultBackend"] { self.backend(backend, "spec.defaultBackend") }
        for (i, rule) in rules.enumerated() {
            let place = "spec.rules[\(i)]"
            if let host = rule["host"]?.string, !host.isEmpty { self.host(host, "\(place).host", allowsAddress: false) }
            guard let http = rule["http"] else { continue }
            let paths = http["paths"]?.array ?? []
            if paths.isEmpty { required("\(place).http.paths") }
            for (j, path) in paths.enumerated() { ingressPath(path, "\(place).http.paths[\(j)]") }
        }
        for (i, one) in (spec["tls"]?.array ?? []).enumerated() {
            for (j, host) in (one["hosts"]?.array ?? []).enumerated() {
                self.host(host.string ?? "", "spec.tls[\(i)].hosts[\(j)]", allowsAddress: true)
            }
            if let name = one["secretName"]?.string, !name.isEmpty { subdomain(name, "spec.tls[\(i)].secretName") }
        }
        if let name = spec["ingressClassName"]?.string { subdomain(name, "spec.ingressClassName") }
    }

    private mutating func host(_ host: String, _ field: String, allowsAddress: Bool) {
        if !allowsAddress, Names.isAddress(host) { invalid(field, .string(host), "must be a DNS name, not an IP address") }
        if host.contains("*") {
            if !host.hasPrefix("*.") || !Names.subdomainProblems(String(host.dropFirst(2))).isEmpty {
                invalid(field, .string(host), Names.wildcard)
            }
        } else {
            subdomain(host, field)
        }
    }

    private mutating func ingressPath(_ path: JSON, _ field: String) {
        guard let kind = path["pathType"]?.string else { return required("\(field).pathType", "pathType must be specified") }
        let text = path["path"]?.string ?? ""
        switch kind {
        case "Exact", "Prefix":
            if !text.hasPrefix("/") { invalid("\(field).path", .string(text), "must be an absolute path") }
            for part in ["//", "/./", "/../", "%2f", "%2F"] where text.contains(part) {
                invalid("\(field).path", .string(text), "must not contain '\(part)'")
            }
            for end in ["/..", "/."] where text.hasSuffix(end) { invalid("\(field).path", .string(text), "cannot end with '\(end)'") }
        case "ImplementationSpecific":
            if !text.isEmpty, !text.hasPrefix("/") { invalid("\(field).path", .string(text), "must be an absolute path") }
        default: unsupported("\(field).pathType", .string(kind), ["Exact", "ImplementationSpecific", "Prefix"])
        }
        backend(path["backend"] ?? [:], "\(field).backend")
    }

    private mutating func backend(_ backend: JSON, _ field: String) {
        switch (backend["service"], backend["resource"]) {
        case (_?, _?): invalid(field, "", "cannot set both resource and service backends")
        case (nil, nil): invalid(field, "", "resource or service backend is required")
        case (nil, let resource?):
            for member in ["kind", "name"] where resource[member]?.string?.isEmpty ?? true { required("\(field).resource.\(member)") }
        case (let service?, nil):
            let name = service["name"]?.string ?? ""
            if name.isEmpty {
                required("\(field).service.name")
            } else {
                for why in Names.serviceNameProblems(name) { invalid("\(field).service.name", .string(name), why) }
            }
            let portName = service[at: "port", "name"]?.string ?? ""
            let number = service[at: "port", "number"]?.int ?? 0
            if !portName.isEmpty, number != 0 {
                invalid(field, "", "cannot set both port name & port number")
            } else if !portName.isEmpty {
                for why in Names.portNameProblems(portName) { invalid("\(field).service.port.name", .string(portName), why) }
            } else if number != 0 {
                portNumber(number, "\(field).service.port.number")
            } else {
                required(field, "port name or number is required")
            }
        }
    }

    // MARK: Network policies

    mutating func networkPolicy(_ spec: JSON) {
        labelSelector(spec["podSelector"], "spec.podSelector")
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (i, rule) in (spec[direction]?.array ?? []).enumerated() {
                let place = "spec.\(direction)[\(i)]"
                for (j, port) in (rule["ports"]?.array ?? []).enumerated() { policyPort(port, "\(place).ports[\(j)]") }
                for (j, peer) in (rule[peers]?.array ?? []).enumerated() { self.peer(peer, "\(place).\(peers)[\(j)]") }
            }
        }
        let types = spec["policyTypes"]?.array ?? []
        if types.count > 2 { return invalid("spec.policyTypes", .array(types), "may not specify more than two policyTypes") }
        for (i, one) in types.enumerated() { oneOf(one, ["Ingress", "Egress"], "spec.policyTypes[\(i)]") }
    }

    private mutating func policyPort(_ port: JSON, _ field: String) {
        oneOf(port["protocol"], ["TCP", "UDP", "SCTP"], "\(field).protocol")
        if let number = port["port"] { portNumberOrName(number, "\(field).port") }
        guard let end = port["endPort"]?.int else { return }
        if let start = port["port"]?.int {
            if end < start { invalid("\(field).endPort", JSON(end), "must be greater than or equal to `port`") }
            portNumber(end, "\(field).endPort")
        } else {
            invalid(
                "\(field).endPort", JSON(end),
                port["port"] == nil
                    ? "may not be specified when `port` is not specified" : "may not be specified when `port` is non-numeric")
        }
    }

    private mutating func peer(_ peer: JSON, _ field: String) {
        let selectors = ["podSelector", "namespaceSelector"].filter { peer[$0] != nil }
        for kind in selectors { labelSelector(peer[kind], "\(field).\(kind)") }
        if let block = peer["ipBlock"] {
            let range = block["cidr"]?.string ?? ""
            if range.isEmpty {
                required("\(field).ipBlock.cidr")
            } else if !Names.isAddressRange(range) {
                invalid(
                    "\(field).ipBlock.cidr", .string(range),
                    "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")
            }
            if !selectors.isEmpty { forbidden(field, "may not specify both ipBlock and another peer") }
        } else if selectors.isEmpty {
            required(field, "must specify a peer")
        }
    }

    mutating func endpointSlice(_ slice: JSON) {
        let kinds = ["FQDN", "IPv4", "IPv6"]
        let kind = slice["addressType"]?.string ?? ""
        if kind.isEmpty { required("addressType") } else { oneOf(slice["addressType"], kinds, "addressType") }
        for (i, endpoint) in (slice["endpoints"]?.array ?? []).enumerated() {
            let addresses = endpoint["addresses"]?.array ?? []
            if addresses.isEmpty { required("endpoints[\(i)].addresses", "must contain at least 1 address") }
            for (j, address) in addresses.enumerated() where kind == "IPv4" && !Names.isAddress(address.string ?? "") {
                invalid("endpoints[\(i)].addresses[\(j)]", address, "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")
            }
        }
        var names: Set<String> = []
        for (i, port) in (slice["ports"]?.array ?? []).enumerated() {
            let name = port["name"]?.string ?? ""
            if !name.isEmpty { label(name, "ports[\(i)].name") }
            if !names.insert(name).inserted { duplicate("ports[\(i)].name", .string(name)) }
            oneOf(port["protocol"], Validation.protocols, "ports[\(i)].protocol")
        }
    }
}
