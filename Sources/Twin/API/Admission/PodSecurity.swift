import Core
import Kubernetes

/// Pod Security admission: the level that the namespace's label `pod-security.kubernetes.io/enforce` asks for.
enum PodSecurity {
    static func check(_ pod: JSON, _ key: ObjectKey, _ store: ObjectStore) throws(APIFailure) {
        let namespace = store.get(ObjectKey(type: .namespaces, namespace: "", name: key.namespace))
        guard let level = namespace?[at: "metadata", "labels", "pod-security.kubernetes.io/enforce"]?.string, level != "privileged" else {
            return
        }
        let version = namespace?[at: "metadata", "labels", "pod-security.kubernetes.io/enforce-version"]?.string ?? "latest"
        let problems = violations(pod, restricted: level == "restricted")
        guard problems.isEmpty else {
            throw APIFailure.forbidden(key, "violates PodSecurity \"\(level):\(version)\": \(problems.joined(separator: ", "))")
        }
    }

    /// The text of the warning that `pod-security.kubernetes.io/warn` asks for; nil when there is nothing to say.
    static func warning(_ spec: JSON, namespace: JSON?) -> String? {
        guard let level = namespace?[at: "metadata", "labels", "pod-security.kubernetes.io/warn"]?.string, level != "privileged" else {
            return nil
        }
        let version = namespace?[at: "metadata", "labels", "pod-security.kubernetes.io/warn-version"]?.string ?? "latest"
        let problems = violations(["spec": spec], restricted: level == "restricted")
        return problems.isEmpty ? nil : "would violate PodSecurity \"\(level):\(version)\": \(problems.joined(separator: ", "))"
    }

    private static func violations(_ pod: JSON, restricted: Bool) -> [String] {
        let spec = pod["spec"] ?? [:]
        let containers = (spec["initContainers"]?.array ?? []) + (spec["containers"]?.array ?? [])
        var out: [String] = []
        func names(_ test: (JSON) -> Bool) -> String? {
            let found = containers.filter(test).compactMap { $0["name"]?.string }.map { "\"\($0)\"" }
            guard !found.isEmpty else { return nil }
            return (found.count == 1 ? "container " : "containers ") + found.joined(separator: ", ")
        }
        for field in ["hostNetwork", "hostPID", "hostIPC"] where spec[field]?.bool == true { out.append("host namespaces (\(field)=true)") }
        if let who = names({ $0[at: "securityContext", "privileged"]?.bool == true }) {
            out.append("privileged (\(who) must not set securityContext.privileged=true)")
        }
        let hostPaths = (spec["volumes"]?.array ?? []).filter { $0["hostPath"] != nil }.compactMap { $0["name"]?.string }
        if !hostPaths.isEmpty {
            out.append(
                "hostPath volumes (volume\(hostPaths.count == 1 ? "" : "s") \(hostPaths.map { "\"\($0)\"" }.joined(separator: ", ")))")
        }
        guard restricted else { return out }
        if let who = names({ $0[at: "securityContext", "allowPrivilegeEscalation"]?.bool != false }) {
            out.append("allowPrivilegeEscalation != false (\(who) must set securityContext.allowPrivilegeEscalation=false)")
        }
        if let who = names({ !($0[at: "securityContext", "capabilities", "drop"]?.array ?? []).contains("ALL") }) {
            out.append("unrestricted capabilities (\(who) must set securityContext.capabilities.drop=[\"ALL\"])")
        }
        if spec[at: "securityContext", "runAsNonRoot"]?.bool != true,
            let who = names({ $0[at: "securityContext", "runAsNonRoot"]?.bool != true })
        {
            out.append("runAsNonRoot != true (pod or \(who) must set securityContext.runAsNonRoot=true)")
        }
        let allowed: Set<String?> = ["RuntimeDefault", "Localhost"]
        if !allowed.contains(spec[at: "securityContext", "seccompProfile", "type"]?.string),
            let who = names({ !allowed.contains($0[at: "securityContext", "seccompProfile", "type"]?.string) })
        {
            out.append("seccompProfile (pod or \(who) must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")")
        }
        return out
    }
}
