import Core
import Kubernetes

/// Pods and the templates of pods (pkg/api/pod/warnings.go).
extension Warnings {
    static let deprecatedNodeLabels = [
        "beta.kubernetes.io/arch": "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        "beta.kubernetes.io/os": "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        "failure-domain.beta.kubernetes.io/region": "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
        "failure-domain.beta.kubernetes.io/zone": "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
        "beta.kubernetes.io/instance-type": "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
        "app.kubernetes.io/created-by": "deprecated since v1.9",
        "scheduler.alpha.kubernetes.io/preferAvoidPods": "deprecated since v1.22; use Taints and Tolerations instead",
        "node-role.kubernetes.io/master": "use \"node-role.kubernetes.io/control-plane\" instead",
    ]

    private static let deprecatedAnnotations = [
        ("scheduler.alpha.kubernetes.io/critical-pod", "non-functional in v1.16+; use the \"priorityClassName\" field instead"),
        ("security.alpha.kubernetes.io/sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
        ("security.alpha.kubernetes.io/unsafe-sysctls", "non-functional in v1.11+; use the \"sysctls\" field instead"),
    ]

    /// - Parameter place: the path of the template; empty for a pod.
    mutating func pod(_ pod: JSON?, _ place: String) {
        guard let pod else { return }
        let spec = pod["spec"] ?? [:]
        let root = place.isEmpty ? "" : place + "."
        func annotation(_ key: String) -> String { "\(root)metadata.annotations[\(key)]" }
        func has(_ key: String) -> Bool { pod[at: "metadata", "annotations", key] != nil }
        placement(spec, "\(root)spec")
        for (key, message) in Warnings.deprecatedAnnotations where has(key) { add("\(annotation(key)): \(message)") }
        for (i, volume) in (spec["volumes"]?.array ?? []).enumerated() { self.volume(volume, "\(root)spec.volumes[\(i)]") }
        tokenPaths(spec["volumes"]?.array ?? [], "\(root)spec.volumes")
        doubles(spec["hostAliases"], by: "ip", "\(root)spec.hostAliases")
        doubles(spec["imagePullSecrets"], by: "name", "\(root)spec.imagePullSecrets")
        for (i, secret) in (spec["imagePullSecrets"]?.array ?? []).enumerated() where secret["name"]?.string?.isEmpty ?? true {
            add("\(root)spec.imagePullSecrets[\(i)].name: invalid empty name \"\"")
        }
        for resource in ["memory", "ephemeral-storage"] { wholeBytes(spec["overhead"], resource, "\(root)spec.overhead") }
        let seccomp = "non-functional in v1.27+; use the \"seccompProfile\" field instead"
        let podKey = "seccomp.security.alpha.kubernetes.io/pod"
        if spec[at: "securityContext", "seccompProfile"] == nil, has(podKey) { add("\(annotation(podKey)): \(seccomp)") }
        let containers = ["initContainers", "containers", "ephemeralContainers"].flatMap { member in
            (spec[member]?.array ?? []).enumerated().map { (at: "\(root)spec.\(member)[\($0.offset)]", value: $0.element) }
        }
        for (at, container) in containers {
            let name = container["name"]?.string ?? ""
            let key = "container.seccomp.security.alpha.kubernetes.io/\(name)"
            if container[at: "securityContext", "seccompProfile"] == nil, has(key) { add("\(annotation(key)): \(seccomp)") }
            let profile = "container.apparmor.security.beta.kubernetes.io/\(name)"
            let own = container[at: "securityContext", "appArmorProfile"]
            let hasProfile = own != nil || spec[at: "securityContext", "appArmorProfile"] != nil
            if !place.isEmpty, !hasProfile, has(profile) {
                add("\(annotation(profile)): deprecated since v1.30; use the \"appArmorProfile\" field instead")
            }
            for resource in ["memory", "ephemeral-storage"] {
                for member in ["limits", "requests"] {
                    wholeBytes(container[at: "resources", member], resource, "\(at).resources.\(member)")
                }
            }
            environment(container["env"]?.array ?? [], "\(at).env")
        }
        ports(containers)
        if let seconds = spec["terminationGracePeriodSeconds"]?.int, seconds < 0 {
            add("\(root)spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1")
        }
        for member in ["podAffinity", "podAntiAffinity"] { affinity(spec[at: "affinity", member], "\(root)spec.affinity.\(member)") }
    }

    private mutating func placement(_ spec: JSON, _ field: String) {
        for key in (spec["nodeSelector"]?.stringMap ?? [:]).keys.sorted() {
            if let message = Warnings.deprecatedNodeLabels[key] { add("\(field).nodeSelector[\(key)]: \(message)") }
        }
        let affinity = spec[at: "affinity", "nodeAffinity"]
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        for (i, term) in (affinity?[at: required, "nodeSelectorTerms"]?.array ?? []).enumerated() {
            nodeTerm(term, "\(field).affinity.nodeAffinity.\(required).nodeSelectorTerms[\(i)]")
        }
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
        for (i, term) in (affinity?[preferred]?.array ?? []).enumerated() {
            nodeTerm(term["preference"], "\(field).affinity.nodeAffinity.\(preferred)[\(i)].preference")
        }
        for (i, constraint) in (spec["topologySpreadConstraints"]?.array ?? []).enumerated() {
            let at = "\(field).topologySpreadConstraints[\(i)]"
            let key = constraint["topologyKey"]?.string ?? ""
            if let message = Warnings.deprecatedNodeLabels[key] { add("\(at).topologyKey: \(key) is \(message)") }
            if constraint["labelSelector"] == nil { add("\(at).labelSelector: a null labelSelector results in matching no pod") }
        }
    }

    /// The keys of a term that selects nodes.
    mutating func nodeTerm(_ term: JSON?, _ field: String) {
        for (i, expression) in (term?["matchExpressions"]?.array ?? []).enumerated() {
            let key = expression["key"]?.string ?? ""
            if let message = Warnings.deprecatedNodeLabels[key] { add("\(field).matchExpressions[\(i)].key: \(key) is \(message)") }
        }
    }

    private mutating func affinity(_ affinity: JSON?, _ field: String) {
        let why = "a null labelSelector results in matching no pod"
        let (required, preferred) = ("requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution")
        for (i, term) in (affinity?[required]?.array ?? []).enumerated() where term["labelSelector"] == nil {
            add("\(field).\(required)[\(i)].labelSelector: \(why)")
        }
        for (i, term) in (affinity?[preferred]?.array ?? []).enumerated() where term[at: "podAffinityTerm", "labelSelector"] == nil {
            add("\(field).\(preferred)[\(i)].podAffinityTerm.labelSelector: \(why)")
        }
    }

    private mutating func doubles(_ list: JSON?, by key: String, _ field: String) {
        var seen: Set<String> = []
        for (i, item) in (list?.array ?? []).enumerated() {
            let value = item[key]?.string ?? ""
            if !seen.insert(value).inserted { add("\(field)[\(i)].\(key): duplicate \(key) \(JSON.string(value).text())") }
        }
    }

    /// A byte cannot be split.
    mutating func wholeBytes(_ amounts: JSON?, _ resource: String, _ field: String) {
        guard let amount = Amounts.quantity(amounts?[resource]), amount.nano % 1_000_000_000 != 0 else { return }
        add("\(field)[\(resource)]: fractional byte value \"\(amount)\" is invalid, must be an integer")
    }

    private mutating func environment(_ variables: [JSON], _ field: String) {
        var seen: Set<String> = []
        for (i, variable) in variables.enumerated() {
            let name = variable["name"]?.string ?? ""
            guard !seen.insert(name).inserted else { continue }
            // A value that is built on the one before it hides nothing.
            let reference = "$(\(name))"
            let value = variable["value"]?.string ?? ""
            if variable["valueFrom"] != nil || value == reference || !value.contains(reference) {
                add("\(field)[\(i)]: hides previous definition of \"\(name)\", which may be dropped when using apply")
            }
        }
    }

    private mutating func ports(_ containers: [(at: String, value: JSON)]) {
        var known: [String: [(at: String, address: String, number: Int)]] = [:]
        for (place, container) in containers {
            for (i, port) in (container["ports"]?.array ?? []).enumerated() {
                let at = "\(place).ports[\(i)]"
                let (address, number) = (port["hostIP"]?.string ?? "", port["hostPort"]?.int ?? 0)
                let (target, transport) = (port["containerPort"]?.int ?? 0, port["protocol"]?.string ?? "TCP")
                if !address.isEmpty, number == 0 {
                    add(
                        "\(at): hostIP set without hostPort: {Name:\(port["name"]?.string ?? "") HostPort:0 ContainerPort:\(target) "
                            + "Protocol:\(transport) HostIP:\(address)}")
                }
                for other in known["\(target)/\(transport)"] ?? [] {
                    if address == other.address, number == other.number {
                        add("\(at): duplicate port definition with \(other.at)")
                    } else if number == 0 || other.number == 0 {
                        add("\(at): overlapping port definition with \(other.at)")
                    } else if number == other.number, address.isEmpty != other.address.isEmpty {
                        add("\(at): dangerously ambiguous port definition with \(other.at)")
                    }
                }
                known["\(target)/\(transport)", default: []].append((at, address, number))
            }
        }
    }
}
