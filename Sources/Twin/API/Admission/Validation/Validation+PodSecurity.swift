import Core
import Kubernetes

/// The security contexts of pods and containers (validatePodSpecSecurityContext, ValidateSecurityContext).
extension Validation {
    private static let identifiers = 0...Int(Int32.max)

    mutating func podSecurity(_ spec: JSON, _ field: String) {
        let context = spec["securityContext"] ?? [:]
        for member in ["fsGroup", "runAsUser", "runAsGroup"] { inRange(context[member], Validation.identifiers, "\(field).\(member)") }
        for (at, group) in each(context["supplementalGroups"], "\(field).supplementalGroups") { inRange(group, Validation.identifiers, at) }
        if spec["shareProcessNamespace"]?.bool == true, spec["hostPID"]?.bool == true {
            invalid("\(field).shareProcessNamespace", true, "ShareProcessNamespace and HostPID cannot both be enabled")
        }
        sysctls(context["sysctls"], "\(field).sysctls", spec)
        choice(context["fsGroupChangePolicy"], "\(field).fsGroupChangePolicy", ["Always", "OnRootMismatch"])
        profiles(context, field)
        choice(context["supplementalGroupsPolicy"], "\(field).supplementalGroupsPolicy", ["Merge", "Strict"])
        choice(context["seLinuxChangePolicy"], "\(field).seLinuxChangePolicy", ["MountOption", "Recursive"])
    }

    private mutating func sysctls(_ sysctls: JSON?, _ field: String, _ spec: JSON) {
        var seen: Set<String> = []
        for (at, one) in each(sysctls, field) {
            let name = one[text: "name"]
            if name.isEmpty {
                required("\(at).name")
            } else if name.utf8.count > 253
                || name.wholeMatch(of: /([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\.\/])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?/) == nil
            {
                invalid(
                    "\(at).name", .string(name),
                    "must have at most 253 characters and match regex "
                        + "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$")
            } else if !seen.insert(name).inserted {
                duplicate("\(at).name", .string(name))
            }
            if spec["hostNetwork"]?.bool == true, name.hasPrefix("net.") {
                invalid("\(at).name", .string(name), "may not be specified when 'hostNetwork' is true")
            } else if spec["hostIPC"]?.bool == true,
                ["kernel.shm", "kernel.msg", "kernel.sem", "fs.mqueue."].contains(where: name.hasPrefix)
            {
                invalid("\(at).name", .string(name), "may not be specified when 'hostIPC' is true")
            }
        }
    }

    private mutating func profiles(_ context: JSON, _ field: String) {
        for (member, name) in [("seccompProfile", "seccomp"), ("appArmorProfile", "AppArmor")] {
            guard let profile = context[member] else { continue }
            let at = "\(field).\(member)"
            if profile[text: "type"].isEmpty {
                required("\(at).type", "type is required when \(member) is set")
            } else {
                choice(profile["type"], "\(at).type", ["Localhost", "RuntimeDefault", "Unconfined"])
            }
            guard profile["type"] == "Localhost" else {
                if let file = profile["localhostProfile"] {
                    invalid(
                        "\(at).localhostProfile", name == "seccomp" ? GoForm.of(profile, "SeccompProfile") : file,
                        "can only be set when \(name) type is Localhost")
                }
                continue
            }
            if profile[text: "localhostProfile"].isEmpty {
                required("\(at).localhostProfile", "must be set when \(name) type is Localhost")
            } else if name == "seccomp" {
                descendingPath(profile[text: "localhostProfile"], "\(at).localhostProfile")
            }
        }
    }

    mutating func containerSecurity(_ context: JSON?, _ field: String, isHostUser: Bool) {
        guard let context else { return }
        for member in ["runAsUser", "runAsGroup"] { inRange(context[member], Validation.identifiers, "\(field).\(member)") }
        choice(context["procMount"], "\(field).procMount", ["Default", "Unmasked"])
        if isHostUser, context["procMount"] == "Unmasked" {
            invalid("\(field).procMount", "Unmasked", "`hostUsers` must be false to use `Unmasked`")
        }
        if context["allowPrivilegeEscalation"]?.bool == false {
            let whole = GoForm.of(context, "SecurityContext")
            if context["privileged"]?.bool == true {
                invalid(field, whole, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
            }
            if context[at: "capabilities", "add"]?.array?.contains("CAP_SYS_ADMIN") == true {
                invalid(field, whole, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN")
            }
        }
        profiles(context, field)
    }
}
