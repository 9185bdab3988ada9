import Core
import Kubernetes

/// Ingresses, their classes, and network policies (pkg/apis/networking/validation).
extension Validation {
    mutating func ingress(_ spec: JSON) {
        if spec["rules"]?.array?.isEmpty ?? true, spec["defaultBackend"] == nil {
            invalid("spec", spec["rules"] ?? .null, "either `defaultBackend` or `rules` must be specified")
        }
        if let backend = spec["defaultBackend"] { self.backend(backend, "spec.defaultBackend") }
        for (at, rule) in each(spec["rules"], "spec.rules") {
            host(rule[text: "host"], "\(at).host")
            guard let http = rule["http"] else { continue }
            if http["paths"]?.array?.isEmpty ?? true { required("\(at).http.paths") }
            for (at, path) in each(http["paths"], "\(at).http.paths") { ingressPath(path, at) }
        }
        for (at, tls) in each(spec["tls"], "spec.tls") {
            for (at, host) in each(tls["hosts"], "\(at).hosts") {
                let name = host.string ?? ""
                form(name, at, name.contains("*") ? Names.wildcard : Names.subdomain)
            }
            optionalForm(tls["secretName"], "\(at).secretName", Names.subdomain)
        }
        if let name = spec["ingressClassName"]?.string { form(name, "spec.ingressClassName", Names.subdomain) }
    }

    private mutating func host(_ host: String, _ field: String) {
        if host.isEmpty { return }
        if IPAddress(host) != nil { invalid(field, .string(host), "must be a DNS name, not an IP address") }
        form(host, field, host.contains("*") ? Names.wildcard : Names.subdomain)
    }

    private mutating func ingressPath(_ path: JSON, _ at: String) {
        let (text, field) = (path[text: "path"], "\(at).path")
        guard let type = path["pathType"]?.string else { return required("\(at).pathType", "pathType must be specified") }
        switch type {
        case "Exact", "Prefix":
            if !text.hasPrefix("/") { invalid(field, .string(text), "must be an absolute path") }
            for part in ["//", "/./", "/../", "%2f", "%2F"] where text.contains(part) {
                invalid(field, .string(text), "must not contain '\(part)'")
            }
            for end in ["/..", "/."] where text.hasSuffix(end) { invalid(field, .string(text), "cannot end with '\(end)'") }
        case "ImplementationSpecific":
            if !text.isEmpty, !text.hasPrefix("/") { invalid(field, .string(text), "must be an absolute path") }
        default: unsupported("\(at).pathType", .string(type), ["Exact", "ImplementationSpecific", "Prefix"])
        }
        backend(path["backend"] ?? [:], "\(at).backend")
    }

    private mutating func backend(_ backend: JSON, _ field: String) {
        switch (backend["service"], backend["resource"]) {
        case (_?, _?): invalid(field, "", "cannot set both resource and service backends")
        case (nil, nil): invalid(field, "", "resource or service backend is required")
        case (nil, let resource?):
            optionalForm(resource["apiGroup"], "\(field).resource.apiGroup", Names.subdomain)
            for member in ["kind", "name"] { requiredForm(resource[text: member], "\(field).resource.\(member)", Names.pathSegment) }
        case (let service?, nil):
            requiredForm(service[text: "name"], "\(field).service.name", Names.serviceName)
            let (name, number) = (service["port"]?[text: "name"] ?? "", service[at: "port", "number"] ?? 0)
            if !name.isEmpty, number != 0 {
                invalid(field, "", "cannot set both port name & port number")
            } else if !name.isEmpty {
                form(name, "\(field).service.port.name", Names.portName)
            } else if number != 0 {
                portNumber(number, "\(field).service.port.number")
            } else {
                required(field, "port name or number is required")
            }
        }
    }

    mutating func ingressClass(_ spec: JSON) {
        let controller = spec[text: "controller"]
        let parts = controller.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if controller.isEmpty {
            required("spec.controller")
        } else if parts.count != 2 || parts.contains("") {
            invalid("spec.controller", .string(controller), "must be a domain-prefixed path (such as \"acme.io/foo\")")
        } else {
            form(parts[0], "spec.controller", Names.subdomain)
        }
        guard let parameters = spec["parameters"] else { return }
        optionalForm(parameters["apiGroup"], "spec.parameters.apiGroup", Names.subdomain)
        for member in ["kind", "name"] { requiredForm(parameters[text: member], "spec.parameters.\(member)", Names.pathSegment) }
        choice(parameters["scope"], "spec.parameters.scope", ["Cluster", "Namespace"])
        if parameters["scope"] == "Namespace", parameters["namespace"] == nil {
            required("spec.parameters.namespace", "`parameters.scope` is set to 'Namespace'")
        } else if parameters["scope"] == "Cluster", parameters["namespace"] != nil {
            forbidden("spec.parameters.namespace", "`parameters.scope` is set to 'Cluster'")
        }
    }

    // MARK: Network policies

    mutating func networkPolicy(_ spec: JSON) {
        labelSelector(spec["podSelector"], "spec.podSelector")
        for (direction, peers) in [("ingress", "from"), ("egress", "to")] {
            for (at, rule) in each(spec[direction], "spec.\(direction)") {
                for (at, port) in each(rule["ports"], "\(at).ports") { policyPort(port, at) }
                for (at, peer) in each(rule[peers], "\(at).\(peers)") { self.peer(peer, at) }
            }
        }
        let types = spec["policyTypes"]?.array ?? []
        if types.count > 2 { return invalid("spec.policyTypes", .array(types), "may not specify more than two policyTypes") }
        for (at, type) in each(spec["policyTypes"], "spec.policyTypes") { choice(type, at, ["Ingress", "Egress"]) }
    }

    private mutating func policyPort(_ port: JSON, _ at: String) {
        choice(port["protocol"], "\(at).protocol", ["TCP", "UDP", "SCTP"])
        let (first, last) = (port["port"], port["endPort"])
        if let first, let number = first.int {
            portNumber(first, "\(at).port")
            if let last {
                if last.int ?? 0 < number { invalid("\(at).endPort", last, "must be greater than or equal to `port`") }
                portNumber(last, "\(at).endPort")
            }
            return
        }
        if let last {
            invalid("\(at).endPort", last, "may not be specified when `port` is \(first == nil ? "not specified" : "non-numeric")")
        }
        if let first { portNumberOrName(first, "\(at).port") }
    }

    private mutating func peer(_ peer: JSON, _ at: String) {
        for member in ["podSelector", "namespaceSelector"] { labelSelector(peer[member], "\(at).\(member)") }
        if let block = peer["ipBlock"] { ipBlock(block, "\(at).ipBlock") }
        let count = ["podSelector", "namespaceSelector", "ipBlock"].count { peer[$0] != nil }
        if count == 0 {
            required(at, "must specify a peer")
        } else if count > 1, peer["ipBlock"] != nil {
            forbidden(at, "may not specify both ipBlock and another peer")
        }
    }

    private mutating func ipBlock(_ block: JSON, _ field: String) {
        let text = block[text: "cidr"]
        if text.isEmpty { return required("\(field).cidr") }
        network(text, "\(field).cidr")
        guard let whole = IPNetwork(text) else { return }
        for (at, part) in each(block["except"], "\(field).except") {
            network(part.string ?? "", at)
            guard let inner = IPNetwork(part.string ?? "") else { continue }
            if !whole.contains(inner.address) || whole.length >= inner.length {
                invalid(at, part, "must be a strict subset of `cidr`")
            }
        }
    }
}
