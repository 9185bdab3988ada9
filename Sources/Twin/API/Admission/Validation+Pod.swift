import Core
import Kubernetes

// The spec of a pod, in the order in which the real server looks at it (core/validation ValidatePodSpec).
extension Validation {
    /// `claims`: names of volumes that the pod gets besides its own. `isPod`: a pod, not the template of one.
    mutating func podSpec(_ spec: JSON, _ field: String, claims: [String] = [], isPod: Bool = false) {
        let known = volumes(spec["volumes"]?.array ?? [], "\(field).volumes").union(claims)
        let grace = spec["terminationGracePeriodSeconds"]?.int
        let containers = spec["containers"]?.array ?? []
        if containers.isEmpty { required("\(field).containers") }
        var names: Set<String> = []
        for (i, one) in containers.enumerated() {
            let place = "\(field).containers[\(i)]"
            container(one, place, volumes: known)
            unique(one["name"]?.string ?? "", &names, "\(place).name")
            lifecycleAndProbes(one, place, grace: grace)
            if one["restartPolicy"] != nil { forbidden("\(place).restartPolicy", "may not be set for non-init containers") }
        }
        hostPorts(containers, "\(field).containers")
        for (i, one) in (spec["initContainers"]?.array ?? []).enumerated() {
            initContainer(one, "\(field).initContainers[\(i)]", volumes: known, grace: grace, &names)
        }
        ephemeralContainers(spec, "\(field).ephemeralContainers", volumes: known)
        if spec["hostNetwork"]?.bool == true { hostNetworkPorts(containers, "\(field).containers", isPod: isPod) }
        oneOf(spec["restartPolicy"], ["Always", "OnFailure", "Never"], "\(field).restartPolicy")
        oneOf(spec["dnsPolicy"], ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"], "\(field).dnsPolicy")
        labels(spec["nodeSelector"], "\(field).nodeSelector")
        podSecurity(spec, "\(field).securityContext")
        affinity(spec["affinity"], "\(field).affinity")
        if spec["dnsPolicy"] == "None" {
            if spec["dnsConfig"] == nil {
                required("\(field).dnsConfig", "must provide `dnsConfig` when `dnsPolicy` is None")
            } else if spec[at: "dnsConfig", "nameservers"]?.array?.isEmpty ?? true {
                required("\(field).dnsConfig.nameservers", "must provide at least one DNS nameserver when `dnsPolicy` is None")
            }
        }
        for (i, gate) in (spec["readinessGates"]?.array ?? []).enumerated() {
            qualifiedName(gate["conditionType"]?.string ?? "", "\(field).readinessGates[\(i)].conditionType")
        }
        var gates: Set<String> = []
        for (i, gate) in (spec["schedulingGates"]?.array ?? []).enumerated() {
            let name = gate["name"]?.string ?? ""
            qualifiedName(name, "\(field).schedulingGates[\(i)]")
            unique(name, &gates, "\(field).schedulingGates[\(i)]")
        }
        spread(spec["topologySpreadConstraints"]?.array ?? [], "\(field).topologySpreadConstraints")
        for name in ["serviceAccountName", "nodeName"] {
            if let text = spec[name]?.string, !text.isEmpty { subdomain(text, "\(field).\(name)") }
        }
        if let deadline = spec["activeDeadlineSeconds"]?.int { inclusive(deadline, 1...2_147_483_647, "\(field).activeDeadlineSeconds") }
        for name in ["hostname", "subdomain"] {
            if let text = spec[name]?.string, !text.isEmpty { label(text, "\(field).\(name)") }
        }
        tolerations(spec["tolerations"]?.array ?? [], "\(field).tolerations")
        for name in ["priorityClassName", "runtimeClassName"] {
            if let text = spec[name]?.string, !text.isEmpty { subdomain(text, "\(field).\(name)") }
        }
        oneOf(spec["preemptionPolicy"], ["PreemptLowerPriority", "Never"], "\(field).preemptionPolicy")
        guard isPod else { return }
        for list in ["containers", "initContainers"] {
            for (i, one) in (spec[list]?.array ?? []).enumerated() {
                guard let image = one["image"]?.string, image != image.trimmingSpaces else { continue }
                invalid("\(field).\(list)[\(i)].image", .string(image), "must not have leading or trailing whitespace")
            }
        }
    }

    /// What holds only for a pod that is being made.
    mutating func newPod(_ spec: JSON) {
        if spec["ephemeralContainers"]?.array?.isEmpty == false { forbidden("spec.ephemeralContainers", "cannot be set on create") }
        if spec["nodeName"]?.string?.isEmpty == false, spec["schedulingGates"]?.array?.isEmpty == false {
            forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared")
        }
    }

    /// A pod template of a workload (ValidatePodTemplateSpec).
    mutating func template(_ template: JSON?, _ field: String, claims: [String] = []) {
        labels(template?[at: "metadata", "labels"], "\(field).labels")
        annotations(template?[at: "metadata", "annotations"], "\(field).annotations")
        podSpec(template?["spec"] ?? [:], "\(field).spec", claims: claims)
        if template?[at: "spec", "ephemeralContainers"]?.array?.isEmpty == false {
            forbidden("\(field).spec.ephemeralContainers", "ephemeral containers not allowed in pod template")
        }
    }

    private mutating func initContainer(
        _ one: JSON, _ place: String, volumes: Set<String>, grace: Int?, _ names: inout Set<String>
    ) {
        container(one, place, volumes: volumes)
        if let policy = one["restartPolicy"], policy != "Always" { unsupported("\(place).restartPolicy", policy, ["Always"]) }
        unique(one["name"]?.string ?? "", &names, "\(place).name")
        if one["restartPolicy"] == "Always" { return lifecycleAndProbes(one, place, grace: grace) }
        for member in ["lifecycle", "livenessProbe", "readinessProbe", "startupProbe"] where one[member] != nil {
            forbidden("\(place).\(member)", "may not be set for init containers without restartPolicy=Always")
        }
    }

    private static let ephemeralFields: Set<String> = [
        "name", "image", "command", "args", "workingDir", "envFrom", "env", "volumeMounts", "terminationMessagePath",
        "terminationMessagePolicy", "imagePullPolicy", "securityContext", "stdin", "stdinOnce", "tty", "volumeDevices",
        "targetContainerName",
    ]

    private mutating func ephemeralContainers(_ spec: JSON, _ field: String, volumes: Set<String>) {
        let others = Set(["containers", "initContainers"].flatMap { (spec[$0]?.array ?? []).compactMap { $0["name"]?.string } })
        var names = others
        for (i, one) in (spec["ephemeralContainers"]?.array ?? []).enumerated() {
            let place = "\(field)[\(i)]"
            container(one, place, volumes: volumes)
            unique(one["name"]?.string ?? "", &names, "\(place).name")
            if let target = one["targetContainerName"]?.string, !target.isEmpty, !others.contains(target) {
                notFound("\(place).targetContainerName", .string(target))
            }
            for (member, value) in one.object ?? [:] where !Validation.ephemeralFields.contains(member) && value != [:] {
                forbidden("\(place).\(member)", "cannot be set for an Ephemeral Container")
            }
            for (j, mount) in (one["volumeMounts"]?.array ?? []).enumerated() {
                for path in ["subPath", "subPathExpr"] where mount[path]?.string?.isEmpty == false {
                    forbidden("\(place).volumeMounts[\(j)].\(path)", "cannot be set for an Ephemeral Container")
                }
            }
        }
    }

    private mutating func hostPorts(_ containers: [JSON], _ field: String) {
        var seen: Set<String> = []
        for (i, one) in containers.enumerated() {
            for (j, port) in (one["ports"]?.array ?? []).enumerated() {
                guard let number = port["hostPort"]?.int, number != 0 else { continue }
                unique(
                    "\(port["protocol"]?.string ?? "TCP")/\(port["hostIP"]?.string ?? "")/\(number)", &seen,
                    "\(field)[\(i)].ports[\(j)].hostPort")
            }
        }
    }

    private mutating func hostNetworkPorts(_ containers: [JSON], _ field: String, isPod: Bool) {
        for (i, one) in containers.enumerated() {
            for (j, port) in (one["ports"]?.array ?? []).enumerated() {
                let host = port["hostPort"]?.int ?? 0
                if isPod || host != 0, host != port["containerPort"]?.int ?? 0 {
                    invalid(
                        "\(field)[\(i)].ports[\(j)].hostPort", JSON(host), "must match `containerPort` when `hostNetwork` is true")
                }
            }
        }
    }

    private mutating func podSecurity(_ spec: JSON, _ field: String) {
        let context = spec["securityContext"]
        for name in ["fsGroup", "runAsUser", "runAsGroup"] { identity(context?[name], "\(field).\(name)") }
        for (i, group) in (context?["supplementalGroups"]?.array ?? []).enumerated() {
            identity(group, "\(field).supplementalGroups[\(i)]")
        }
        if spec["shareProcessNamespace"]?.bool == true, spec["hostPID"]?.bool == true {
            invalid("\(field).shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled")
        }
        var names: Set<String> = []
        for (i, sysctl) in (context?["sysctls"]?.array ?? []).enumerated() {
            let name = sysctl["name"]?.string ?? ""
            if name.isEmpty { required("\(field).sysctls[\(i)].name") } else { unique(name, &names, "\(field).sysctls[\(i)].name") }
        }
        oneOf(context?["fsGroupChangePolicy"], ["Always", "OnRootMismatch"], "\(field).fsGroupChangePolicy")
        seccomp(context?["seccompProfile"], "\(field).seccompProfile")
    }
}
