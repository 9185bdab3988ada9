import Core

// The controls that the level "restricted" adds to "baseline", or puts in the place of one.
extension PodSecurityControl {
    static let replacedByRestricted: Set<String> = [
        "capabilities_baseline", "hostPathVolumes", "procMount", "seccompProfile_baseline",
    ]

    static let restricted: [PodSecurityControl] = [
        PodSecurityControl("allowPrivilegeEscalation", since: 8) { sample in
            guard !sample.isSparedAsWindows else { return nil }
            let names = sample.names { $0["allowPrivilegeEscalation"]?.bool != false }
            guard !names.isEmpty else { return nil }
            return "allowPrivilegeEscalation != false (\(PodSecuritySample.containers(names)) must set "
                + "securityContext.allowPrivilegeEscalation=false)"
        },
        PodSecurityControl("capabilities_restricted", since: 22, restrictedCapabilities),
        PodSecurityControl("procMount_restricted", procMount),
        PodSecurityControl("restrictedVolumes", restrictedVolumes),
        PodSecurityControl("runAsNonRoot", runAsNonRoot),
        PodSecurityControl("runAsUser", since: 23, runAsUser),
        PodSecurityControl("seccompProfile_restricted", since: 19, restrictedSeccomp),
    ]

    @Sendable private static func restrictedCapabilities(_ sample: PodSecuritySample) -> String? {
        guard !sample.isSparedAsWindows else { return nil }
        func added(_ context: JSON) -> [String] {
            (context[at: "capabilities", "add"]?.array ?? []).compactMap(\.string).filter { $0 != "NET_BIND_SERVICE" }
        }
        let keeping = sample.names { !($0[at: "capabilities", "drop"]?.array ?? []).contains("ALL") }
        let adding = sample.names { !added($0).isEmpty }
        var details: [String] = []
        if !keeping.isEmpty {
            details.append("\(PodSecuritySample.containers(keeping)) must set securityContext.capabilities.drop=[\"ALL\"]")
        }
        if !adding.isEmpty {
            let values = PodSecuritySample.unique(sample.containers.flatMap { added($0["securityContext"] ?? [:]) })
            details.append(
                "\(PodSecuritySample.containers(adding)) must not include \(values.map(PodSecuritySample.quoted).joined(separator: ", ")) in "
                    + "securityContext.capabilities.add")
        }
        return details.isEmpty ? nil : "unrestricted capabilities (\(details.joined(separator: "; ")))"
    }

    @Sendable private static func restrictedVolumes(_ sample: PodSecuritySample) -> String? {
        let allowed: Set<String> = [
            "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
        ]
        var names: [String] = []
        var types: [String] = []
        for volume in sample.spec["volumes"]?.array ?? [] {
            let sources = (volume.object ?? [:]).filter { $0.key != "name" && !$0.value.isNull }.map(\.key)
            guard !sources.contains(where: allowed.contains) else { continue }
            names.append(PodSecuritySample.quoted(volume["name"]?.string ?? ""))
            types += sources.isEmpty ? ["unknown"] : sources.sorted()
        }
        guard !names.isEmpty else { return nil }
        let listed = PodSecuritySample.unique(types).map(PodSecuritySample.quoted)
        return
            "restricted volume types (\(PodSecuritySample.counted("volume", names)) \(names.count == 1 ? "uses" : "use") restricted volume "
            + "\(PodSecuritySample.counted("type", listed)))"
    }

    @Sendable private static func runAsNonRoot(_ sample: PodSecuritySample) -> String? {
        guard !sample.isInUserNamespace else { return nil }
        let pod = sample.podContext["runAsNonRoot"]?.bool
        let wrong = sample.names { $0["runAsNonRoot"]?.bool == false }
        let silent = sample.names { $0["runAsNonRoot"]?.bool == nil }
        // A pod that says true speaks for the containers that say nothing.
        let podIsWrong = pod == false && !(wrong.isEmpty && silent.isEmpty)
        if let who = holders(podIsWrong, wrong, joinedBy: "and") {
            return "runAsNonRoot != true (\(who) must not set securityContext.runAsNonRoot=false)"
        }
        guard pod != true, !silent.isEmpty else { return nil }
        return "runAsNonRoot != true (pod or \(PodSecuritySample.containers(silent)) must set securityContext.runAsNonRoot=true)"
    }

    @Sendable private static func runAsUser(_ sample: PodSecuritySample) -> String? {
        guard !sample.isInUserNamespace else { return nil }
        func isRoot(_ context: JSON) -> Bool { context["runAsUser"]?.int == 0 }
        let who = holders(isRoot(sample.podContext), sample.names(isRoot), joinedBy: "and")
        return who.map { "runAsUser=0 (\($0) must not set runAsUser=0)" }
    }

    @Sendable private static func restrictedSeccomp(_ sample: PodSecuritySample) -> String? {
        guard !sample.isSparedAsWindows else { return nil }
        func type(_ context: JSON) -> String? { context[at: "seccompProfile", "type"]?.string }
        func isAllowed(_ type: String?) -> Bool { type == "RuntimeDefault" || type == "Localhost" }
        let pod = type(sample.podContext)
        let wrong = sample.names { type($0) != nil && !isAllowed(type($0)) }
        if let who = holders(pod != nil && !isAllowed(pod), wrong, joinedBy: "and") {
            return "seccompProfile (\(who) must not set securityContext.seccompProfile.type to \"Unconfined\")"
        }
        let silent = sample.names { type($0) == nil }
        guard pod == nil, !silent.isEmpty else { return nil }
        return "seccompProfile (pod or \(PodSecuritySample.containers(silent)) must set securityContext.seccompProfile.type to "
            + "\"RuntimeDefault\" or \"Localhost\")"
    }
}
