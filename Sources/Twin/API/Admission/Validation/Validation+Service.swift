import Core
import Kubernetes

/// Services, and the addresses behind them (ValidateService, ValidateEndpoints, pkg/apis/discovery/validation).
extension Validation {
    mutating func service(_ spec: JSON) {
        let type = spec[text: "type"]
        let isHeadless = spec["clusterIPs"] == ["None"] || spec["clusterIP"] == "None"
        if spec["ports"]?.array?.isEmpty ?? true, !isHeadless, type != "ExternalName" { required("spec.ports") }
        if isHeadless, type == "LoadBalancer" || type == "NodePort" {
            invalid("spec.clusterIPs[0]", "None", "may not be set to 'None' for \(type) services")
        }
        if type == "ExternalName" { externalName(spec) }
        var names: Set<String> = []
        let isNameNeeded = spec["ports"]?.array?.count ?? 0 > 1
        for (at, port) in each(spec["ports"], "spec.ports") {
            servicePort(port, at, &names, isNameNeeded: isNameNeeded)
        }
        labels(spec["selector"], "spec.selector")
        sessionAffinity(spec)
        if type != "ExternalName" { clusterAddresses(spec, isHeadless: isHeadless) }
        for (at, address) in each(spec["externalIPs"], "spec.externalIPs") {
            let text = address.string ?? ""
            if IPAddress(text) == nil { self.address(text, at) } else { notSpecial(text, at) }
        }
        choice(spec["type"], "spec.type", ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"], isRequired: true)
        conflictingPorts(spec)
        traffic(spec)
    }

    private mutating func externalName(_ spec: JSON) {
        for member in ["clusterIPs", "ipFamilies", "ipFamilyPolicy"]
        where spec[member] != nil && spec[member]?.array?.isEmpty != true && old == nil {
            forbidden("spec.\(member)", "may not be set for ExternalName services")
        }
        var name = spec[text: "externalName"]
        if name.hasSuffix(".") { name.removeLast() }
        requiredForm(name, "spec.externalName", Names.subdomain)
    }

    private mutating func servicePort(_ port: JSON, _ at: String, _ names: inout Set<String>, isNameNeeded: Bool) {
        let name = port[text: "name"]
        if isNameNeeded, name.isEmpty { required("\(at).name") }
        if !name.isEmpty {
            form(name, "\(at).name", Names.label)
            if !names.insert(name).inserted { duplicate("\(at).name", .string(name)) }
        }
        portNumber(port["port"], "\(at).port")
        protocolName(port["protocol"], "\(at).protocol")
        // A target that is left out, or 0, is the port itself.
        if let target = port["targetPort"], target != 0, target != port["port"] { portNumberOrName(target, "\(at).targetPort") }
        if port["targetPort"] == nil || port["targetPort"] == 0 || port["targetPort"] == port["port"] {
            portNumberOrName(port["port"], "\(at).targetPort")
        }
        if let name = port["appProtocol"]?.string { form(name, "\(at).appProtocol", Names.qualifiedName) }
    }

    private mutating func sessionAffinity(_ spec: JSON) {
        choice(spec["sessionAffinity"], "spec.sessionAffinity", ["ClientIP", "None"], isRequired: true)
        if spec["sessionAffinity"] == "None", spec["sessionAffinityConfig"] != nil {
            forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None")
        } else if let seconds = spec[at: "sessionAffinityConfig", "clientIP", "timeoutSeconds"], !(1...86400).contains(seconds.int ?? 1) {
            invalid(
                "spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, "must be greater than 0 and less than 86400")
        }
    }

    private mutating func clusterAddresses(_ spec: JSON, isHeadless: Bool) {
        let addresses = spec["clusterIPs"]?.array ?? []
        if let first = spec["clusterIP"]?.string, !first.isEmpty {
            if let other = addresses.first, other.string != first {
                invalid("spec.clusterIPs", .array(addresses), "first value must match `clusterIP`")
            }
        } else if !addresses.isEmpty {
            invalid("spec.clusterIPs", .array(addresses), "must be empty when `clusterIP` is not specified")
        }
        var seen: Set<String> = []
        for (at, family) in each(spec["ipFamilies"], "spec.ipFamilies") {
            choice(family, at, ["IPv4", "IPv6"])
            if !seen.insert(family.string ?? "").inserted { duplicate(at, family) }
        }
        choice(spec["ipFamilyPolicy"], "spec.ipFamilyPolicy", ["PreferDualStack", "RequireDualStack", "SingleStack"])
        if isHeadless {
            if addresses.count > 1 {
                invalid("spec.clusterIPs", .array(addresses), "'None' must be the first and only value")
            }
            return
        }
        for (at, address) in each(spec["clusterIPs"], "spec.clusterIPs") { self.address(address.string ?? "", at) }
        if addresses.count > 2 { invalid("spec.clusterIPs", .array(addresses), "may only hold up to 2 values") }
    }

    private mutating func conflictingPorts(_ spec: JSON) {
        let ports = each(spec["ports"], "spec.ports")
        if spec["type"] == "ClusterIP", old == nil || old?[at: "spec", "type"] == "ClusterIP" {
            for (at, port) in ports where port["nodePort"]?.int ?? 0 != 0 {
                forbidden("\(at).nodePort", "may not be used when `type` is 'ClusterIP'")
            }
        }
        var seen: Set<String> = []
        for (at, port) in ports {
            guard let number = port["nodePort"]?.int, number != 0 else { continue }
            if !seen.insert("\(port[text: "protocol"]) \(number)").inserted { duplicate("\(at).nodePort", JSON(number)) }
        }
        seen = []
        for (at, port) in ports {
            let key: JSON = ["protocol": port["protocol"] ?? "", "port": port["port"] ?? 0]
            if !seen.insert(key.text()).inserted { duplicate(at, GoForm.of(key, "ServicePort")) }
        }
    }

    /// What may only be said of services that are reached from outside.
    private mutating func traffic(_ spec: JSON) {
        let type = spec[text: "type"]
        // What belongs to another type goes with it when the type changes.
        let isSameType = old == nil || old?[at: "spec", "type"] == spec["type"]
        if spec["loadBalancerSourceRanges"]?.array?.isEmpty == false {
            if type != "LoadBalancer" { forbidden("spec.LoadBalancerSourceRanges", "may only be used when `type` is 'LoadBalancer'") }
            for (at, range) in each(spec["loadBalancerSourceRanges"], "spec.LoadBalancerSourceRanges") {
                network(range.string?.trimmingSpaces ?? "", at)
            }
        }
        if spec["allocateLoadBalancerNodePorts"] != nil, type != "LoadBalancer", isSameType {
            forbidden("spec.allocateLoadBalancerNodePorts", "may only be used when `type` is 'LoadBalancer'")
        }
        if let name = spec["loadBalancerClass"]?.string, isSameType {
            if type != "LoadBalancer" {
                forbidden("spec.loadBalancerClass", "may only be used when `type` is 'LoadBalancer'")
            } else {
                form(name, "spec.loadBalancerClass", Names.qualifiedName)
            }
        }
        let isReached = type == "LoadBalancer" || type == "NodePort" || spec["externalIPs"]?.array?.isEmpty == false
        if let policy = spec["externalTrafficPolicy"], policy != "" {
            if isReached {
                choice(policy, "spec.externalTrafficPolicy", ["Cluster", "Local"])
            } else if isSameType {
                invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services")
            }
        }
        if let port = spec["healthCheckNodePort"], port != 0, isSameType {
            if type == "LoadBalancer", spec["externalTrafficPolicy"] == "Local" {
                portNumber(port, "spec.healthCheckNodePort")
            } else {
                invalid(
                    "spec.healthCheckNodePort", port,
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'")
            }
        }
        choice(spec["internalTrafficPolicy"], "spec.internalTrafficPolicy", ["Cluster", "Local"])
        choice(spec["trafficDistribution"], "spec.trafficDistribution", ["PreferClose", "PreferSameNode", "PreferSameZone"])
    }

    // MARK: Endpoints

    mutating func endpoints(_ endpoints: JSON) {
        for (at, subset) in each(endpoints["subsets"], "subsets") {
            if subset["addresses"]?.array?.isEmpty ?? true, subset["notReadyAddresses"]?.array?.isEmpty ?? true {
                required(at, "must specify `addresses` or `notReadyAddresses`")
            }
            for list in ["addresses", "notReadyAddresses"] {
                for (at, one) in each(subset[list], "\(at).\(list)") {
                    address(one[text: "ip"], "\(at).ip")
                    optionalForm(one["hostname"], "\(at).hostname", Names.label)
                    optionalForm(one["nodeName"], "\(at).nodeName", Names.subdomain)
                    notSpecial(one[text: "ip"], "\(at).ip")
                }
            }
            let isNameNeeded = subset["ports"]?.array?.count ?? 0 > 1
            for (at, port) in each(subset["ports"], "\(at).ports") {
                if isNameNeeded, port[text: "name"].isEmpty { required("\(at).name") }
                optionalForm(port["name"], "\(at).name", Names.label)
                portNumber(port["port"], "\(at).port")
                protocolName(port["protocol"], "\(at).protocol")
            }
        }
    }

    mutating func endpointSlice(_ slice: JSON) {
        let type = slice[text: "addressType"]
        choice(slice["addressType"] ?? "", "addressType", ["FQDN", "IPv4", "IPv6"], isRequired: true)
        if let count = slice["endpoints"]?.array?.count, count > 1000 { tooMany("endpoints", count, 1000) }
        for (at, endpoint) in each(slice["endpoints"], "endpoints") {
            let count = endpoint["addresses"]?.array?.count ?? 0
            if count == 0 { required("\(at).addresses", "must contain at least 1 address") }
            if count > 100 { tooMany("\(at).addresses", count, 100) }
            for (at, address) in each(endpoint["addresses"], "\(at).addresses") {
                let text = address.string ?? ""
                if type == "IPv4" || type == "IPv6" {
                    if IPAddress(text)?.isFour != (type == "IPv4") { invalid(at, address, "must be a valid \(type) address") }
                    notSpecial(text, at)
                } else if type == "FQDN" {
                    requiredForm(text, at, Names.subdomain)
                }
            }
            if let name = endpoint["hostname"]?.string { form(name, "\(at).hostname", Names.label) }
        }
        var names: Set<String> = []
        for (at, port) in each(slice["ports"], "ports") {
            let name = port[text: "name"]
            optionalForm(port["name"], "\(at).name", Names.label)
            if !names.insert(name).inserted { duplicate("\(at).name", .string(name)) }
            choice(port["protocol"], "\(at).protocol", ["SCTP", "TCP", "UDP"])
            if let name = port["appProtocol"]?.string { form(name, "\(at).appProtocol", Names.qualifiedName) }
        }
    }
}
