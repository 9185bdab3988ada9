import Core
import Kubernetes

/// Pods and templates of pods (pkg/apis/core/validation, ValidatePodSpec): what has no file of its own, and the order of all.
extension Validation {
    mutating func pod(_ pod: JSON) {
        let spec = pod["spec"] ?? [:]
        podSpec(spec, "spec", isPod: true)
        for list in ["containers", "initContainers"] {
            for (at, one) in each(spec[list], "spec.\(list)") {
                let image = one[text: "image"]
                if image != image.trimmingSpaces {
                    invalid("\(at).image", .string(image), "must not have leading or trailing whitespace")
                }
            }
        }
        guard old == nil else { return }
        if spec["ephemeralContainers"]?.array?.isEmpty == false { forbidden("spec.ephemeralContainers", "cannot be set on create") }
        if !spec[text: "nodeName"].isEmpty, spec["schedulingGates"]?.array?.isEmpty == false {
            forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")
        }
    }

    /// A template, of which `field` is the path.
    mutating func template(_ template: JSON, _ field: String) {
        labels(template[at: "metadata", "labels"], "\(field).labels")
        annotations(template[at: "metadata", "annotations"], "\(field).annotations")
        podSpec(template["spec"] ?? [:], "\(field).spec", isPod: false)
        if template[at: "spec", "ephemeralContainers"]?.array?.isEmpty == false {
            forbidden("\(field).spec.ephemeralContainers", "ephemeral containers not allowed in pod template")
        }
    }

    private mutating func podSpec(_ spec: JSON, _ field: String, isPod: Bool) {
        let sources = volumes(spec, "\(field).volumes")
        containers(spec, field, sources)
        hostPorts(spec, field, isPod: isPod)
        choice(spec["restartPolicy"], "\(field).restartPolicy", ["Always", "OnFailure", "Never"], isRequired: true)
        choice(
            spec["dnsPolicy"], "\(field).dnsPolicy", ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], isRequired: true)
        labels(spec["nodeSelector"], "\(field).nodeSelector")
        podSecurity(spec, "\(field).securityContext")
        affinity(spec["affinity"], "\(field).affinity")
        dns(spec, "\(field).dnsConfig")
        for (at, gate) in each(spec["readinessGates"], "\(field).readinessGates") {
            form(gate[text: "conditionType"], "\(at).conditionType", Names.qualifiedName)
        }
        schedulingGates(spec["schedulingGates"], "\(field).schedulingGates")
        spread(spec["topologySpreadConstraints"], "\(field).topologySpreadConstraints")
        optionalForm(spec["serviceAccountName"], "\(field).serviceAccountName", Names.subdomain)
        optionalForm(spec["nodeName"], "\(field).nodeName", Names.subdomain)
        inRange(spec["activeDeadlineSeconds"], 1...Int(Int32.max), "\(field).activeDeadlineSeconds")
        optionalForm(spec["hostname"], "\(field).hostname", Names.label)
        optionalForm(spec["subdomain"], "\(field).subdomain", Names.label)
        tolerations(spec["tolerations"], "\(field).tolerations")
        for (at, alias) in each(spec["hostAliases"], "\(field).hostAliases") {
            address(alias[text: "ip"], "\(at).ip")
            for (at, name) in each(alias["hostnames"], "\(at).hostnames") { form(name.string ?? "", at, Names.subdomain) }
        }
        optionalForm(spec["priorityClassName"], "\(field).priorityClassName", Names.subdomain)
        if let name = spec["runtimeClassName"]?.string { form(name, "\(field).runtimeClassName", Names.subdomain) }
        choice(spec["preemptionPolicy"], "\(field).preemptionPolicy", ["PreemptLowerPriority", "Never"], isRequired: true)
        resourceRequirements(["limits": spec["overhead"] ?? [:]], "\(field).overhead")
        guard let system = spec["os"] else { return }
        if system[text: "name"].isEmpty { return required("\(field).os.name", "cannot be empty") }
        choice(system["name"], "\(field).os", ["linux", "windows"])
    }

    /// With the network of the host a port of a container is that of the host.
    private mutating func hostPorts(_ spec: JSON, _ field: String, isPod: Bool) {
        guard spec["hostNetwork"]?.bool == true else { return }
        for (at, container) in each(spec["containers"], "\(field).containers") {
            for (at, port) in each(container["ports"], "\(at).ports") {
                let host = port["hostPort"]?.int ?? 0
                if isPod || host != 0, host != port["containerPort"]?.int ?? 0 {
                    invalid("\(at).hostPort", JSON(host), "must match `containerPort` when `hostNetwork` is true")
                }
            }
        }
    }

    private mutating func dns(_ spec: JSON, _ field: String) {
        let config = spec["dnsConfig"]
        let servers = config?["nameservers"]?.array ?? []
        if spec["dnsPolicy"] == "None" {
            if config == nil { return required(field, "must provide `dnsConfig` when `dnsPolicy` is None") }
            if servers.isEmpty {
                return required("\(field).nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")
            }
        }
        if servers.count > 3 { invalid("\(field).nameservers", .array(servers), "must not have more than 3 nameservers") }
        for (at, server) in each(config?["nameservers"], "\(field).nameservers") { address(server.string ?? "", at) }
        if let searches = config?["searches"]?.array, searches.count > 32 {
            invalid("\(field).searches", .array(searches), "must not have more than 32 search paths")
        }
        for (at, option) in each(config?["options"], "\(field).options") where option[text: "name"].isEmpty {
            required(at, "must not be empty")
        }
    }

    private mutating func schedulingGates(_ gates: JSON?, _ field: String) {
        var seen: Set<String> = []
        for (at, gate) in each(gates, field) {
            form(gate[text: "name"], at, Names.qualifiedName)
            if !seen.insert(gate[text: "name"]).inserted { duplicate(at, .string(gate[text: "name"])) }
        }
    }
}
