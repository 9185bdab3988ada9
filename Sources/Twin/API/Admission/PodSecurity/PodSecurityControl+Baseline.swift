import Core

// The controls of the level "baseline" (kubernetes.io "Pod Security Standards"), ordered by id as the real server runs them.
extension PodSecurityControl {
    static let baseline: [PodSecurityControl] = [
        PodSecurityControl("appArmorProfile", appArmor),
        PodSecurityControl("capabilities_baseline", capabilities),
        PodSecurityControl("hostNamespaces") { sample in
            let set = ["hostNetwork", "hostPID", "hostIPC"].filter { sample.spec[$0]?.bool == true }
            return set.isEmpty ? nil : "host namespaces (\(set.map { "\($0)=true" }.joined(separator: ", ")))"
        },
        PodSecurityControl("hostPathVolumes") { sample in
            let names = (sample.spec["volumes"]?.array ?? []).filter { $0["hostPath"]?.object != nil }
                .map { PodSecuritySample.quoted($0["name"]?.string ?? "") }
            return names.isEmpty ? nil : "hostPath volumes (\(PodSecuritySample.counted("volume", names)))"
        },
        PodSecurityControl("hostPorts", hostPorts),
        PodSecurityControl("hostProbesAndHostLifecycle", since: 34, probeHosts),
        PodSecurityControl("privileged") { sample in
            let names = sample.names { $0["privileged"]?.bool == true }
            return names.isEmpty ? nil : "privileged (\(PodSecuritySample.containers(names)) must not set securityContext.privileged=true)"
        },
        PodSecurityControl("procMount") { $0.isInUserNamespace ? nil : procMount($0) },
        PodSecurityControl("seLinuxOptions", seLinux),
        PodSecurityControl("seccompProfile_baseline", seccomp),
        PodSecurityControl("sysctls", sysctls),
        PodSecurityControl("windowsHostProcess") { sample in
            func isSet(_ context: JSON) -> Bool { context[at: "windowsOptions", "hostProcess"]?.bool == true }
            let who = holders(isSet(sample.podContext), sample.names(isSet), joinedBy: "and")
            return who.map { "hostProcess (\($0) must not set securityContext.windowsOptions.hostProcess=true)" }
        },
    ]

    /// `pod`, `container "a"` or `pod and container "a"`; nil for neither.
    static func holders(_ pod: Bool, _ names: [String], joinedBy word: String) -> String? {
        let parts = (pod ? ["pod"] : []) + (names.isEmpty ? [] : [PodSecuritySample.containers(names)])
        return parts.isEmpty ? nil : parts.joined(separator: " \(word) ")
    }

    @Sendable private static func appArmor(_ sample: PodSecuritySample) -> String? {
        func isForbidden(_ context: JSON) -> Bool {
            guard let type = context[at: "appArmorProfile", "type"]?.string else { return false }
            return !["RuntimeDefault", "Localhost"].contains(type)
        }
        var details: [String] = []
        if let who = holders(isForbidden(sample.podContext), sample.names(isForbidden), joinedBy: "and") {
            details.append("\(who) must not set AppArmor profile type to \"Unconfined\"")
        }
        let prefix = "container.apparmor.security.beta.kubernetes.io/"
        for (key, value) in sample.annotations.sorted(by: { $0.key < $1.key }) where key.hasPrefix(prefix) {
            if !value.isEmpty, value != "runtime/default", !value.hasPrefix("localhost/") {
                details.append("\(key)=\(PodSecuritySample.quoted(value))")
            }
        }
        return details.isEmpty ? nil : "forbidden AppArmor profile\(details.count == 1 ? "" : "s") (\(details.joined(separator: ", ")))"
    }

    @Sendable private static func capabilities(_ sample: PodSecuritySample) -> String? {
        func added(_ context: JSON) -> [String] {
            (context[at: "capabilities", "add"]?.array ?? []).compactMap(\.string).filter { !usualCapabilities.contains($0) }
        }
        let names = sample.names { !added($0).isEmpty }
        guard !names.isEmpty else { return nil }
        let values = PodSecuritySample.unique(sample.containers.flatMap { added($0["securityContext"] ?? [:]) })
        return "non-default capabilities (\(PodSecuritySample.containers(names)) must not include "
            + "\(values.map(PodSecuritySample.quoted).joined(separator: ", ")) in securityContext.capabilities.add)"
    }

    private static let usualCapabilities: Set<String> = [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP",
        "SETUID", "SYS_CHROOT",
    ]

    @Sendable private static func hostPorts(_ sample: PodSecuritySample) -> String? {
        func ports(_ container: JSON) -> [Int] {
            (container["ports"]?.array ?? []).compactMap { $0["hostPort"]?.int }.filter { $0 != 0 }
        }
        let users = sample.containers.filter { !ports($0).isEmpty }
        guard !users.isEmpty else { return nil }
        let numbers = Set(users.flatMap(ports)).sorted().map(String.init)
        let names = users.map { PodSecuritySample.quoted($0["name"]?.string ?? "") }
        let verb = names.count == 1 ? "uses" : "use"
        return "\(numbers.count == 1 ? "hostPort" : "hostPorts") (\(PodSecuritySample.containers(names)) \(verb) "
            + "\(PodSecuritySample.counted("hostPort", numbers)))"
    }

    @Sendable private static func probeHosts(_ sample: PodSecuritySample) -> String? {
        func hosts(_ container: JSON) -> [String] {
            let handlers = [
                container["livenessProbe"], container["readinessProbe"], container["startupProbe"], container[at: "lifecycle", "postStart"],
                container[at: "lifecycle", "preStop"],
            ]
            return handlers.flatMap { [$0?[at: "httpGet", "host"]?.string, $0?[at: "tcpSocket", "host"]?.string] }.compactMap { $0 }
                .filter { !$0.isEmpty }
        }
        let users = sample.containers.filter { !hosts($0).isEmpty }
        guard !users.isEmpty else { return nil }
        let names = users.map { PodSecuritySample.quoted($0["name"]?.string ?? "") }
        let values = PodSecuritySample.unique(users.flatMap(hosts)).map(PodSecuritySample.quoted)
        return "probe or lifecycle host (\(PodSecuritySample.containers(names)) \(names.count == 1 ? "uses" : "use") probe or lifecycle "
            + "\(PodSecuritySample.counted("host", values)))"
    }

    @Sendable static func procMount(_ sample: PodSecuritySample) -> String? {
        func value(_ context: JSON) -> String? { context["procMount"]?.string.flatMap { $0 == "Default" ? nil : $0 } }
        let names = sample.names { value($0) != nil }
        guard !names.isEmpty else { return nil }
        let values = PodSecuritySample.unique(sample.containers.compactMap { value($0["securityContext"] ?? [:]) })
        return "procMount (\(PodSecuritySample.containers(names)) must not set securityContext.procMount to "
            + "\(values.map(PodSecuritySample.quoted).joined(separator: ", ")))"
    }

    @Sendable private static func seLinux(_ sample: PodSecuritySample) -> String? {
        var allowed: Set<String> = ["", "container_t", "container_init_t", "container_kvm_t"]
        if sample.atLeast(31) { allowed.insert("container_engine_t") }
        func text(_ context: JSON, _ field: String) -> String { context[at: "seLinuxOptions", field]?.string ?? "" }
        func isForbidden(_ context: JSON) -> Bool {
            !allowed.contains(text(context, "type")) || !text(context, "user").isEmpty || !text(context, "role").isEmpty
        }
        guard let who = holders(isForbidden(sample.podContext), sample.names(isForbidden), joinedBy: "and") else { return nil }
        let contexts = [sample.podContext] + sample.containers.map { $0["securityContext"] ?? [:] }
        var details: [String] = []
        let types = PodSecuritySample.unique(contexts.map { text($0, "type") }.filter { !allowed.contains($0) })
        if !types.isEmpty { details.append(PodSecuritySample.counted("type", types.map(PodSecuritySample.quoted))) }
        for field in ["user", "role"] where contexts.contains(where: { !text($0, field).isEmpty }) {
            details.append("\(field) may not be set")
        }
        return "seLinuxOptions (\(who) set forbidden securityContext.seLinuxOptions: \(details.joined(separator: "; ")))"
    }

    @Sendable private static func seccomp(_ sample: PodSecuritySample) -> String? {
        func isForbidden(_ context: JSON) -> Bool {
            guard let type = context[at: "seccompProfile", "type"]?.string else { return false }
            return !["RuntimeDefault", "Localhost"].contains(type)
        }
        guard let who = holders(isForbidden(sample.podContext), sample.names(isForbidden), joinedBy: "and") else { return nil }
        return "seccompProfile (\(who) must not set securityContext.seccompProfile.type to \"Unconfined\")"
    }

    @Sendable private static func sysctls(_ sample: PodSecuritySample) -> String? {
        let allowed = Set(safeSysctls.filter { sample.atLeast($0.since) }.map(\.name))
        let names = (sample.podContext["sysctls"]?.array ?? []).compactMap { $0["name"]?.string }.filter { !allowed.contains($0) }
        return names.isEmpty ? nil : "forbidden sysctl\(names.count == 1 ? "" : "s") (\(names.joined(separator: ", ")))"
    }

    private static let safeSysctls: [(name: String, since: Int)] = [
        ("kernel.shm_rmid_forced", 0), ("net.ipv4.ip_local_port_range", 0), ("net.ipv4.tcp_syncookies", 0),
        ("net.ipv4.ping_group_range", 0), ("net.ipv4.ip_unprivileged_port_start", 0), ("net.ipv4.ip_local_reserved_ports", 27),
        ("net.ipv4.tcp_keepalive_time", 29), ("net.ipv4.tcp_fin_timeout", 29), ("net.ipv4.tcp_keepalive_intvl", 29),
        ("net.ipv4.tcp_keepalive_probes", 29), ("net.ipv4.tcp_rmem", 32), ("net.ipv4.tcp_wmem", 32),
        ("net.ipv4.tcp_slow_start_after_idle", 37), ("net.ipv4.tcp_notsent_lowat", 37),
    ]
}
