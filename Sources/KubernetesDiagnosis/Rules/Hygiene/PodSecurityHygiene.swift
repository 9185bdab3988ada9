import Core
import Diagnosis
import Kubernetes

/// Workloads that do not meet the level `restricted` of the Pod Security Standards, with what they lack of it, or worse, of `baseline`.
struct PodSecurityHygiene: HygieneRule {
    let name = "pod-security-level"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A workload does not meet the level restricted, or even baseline, of the Pod Security Standards.",
            sees: ["pods and templates"],
            evidence: ["what it lacks"],
            contradictedBy: ["the cluster's own services have to"],
            next: ["set what it lacks in its security contexts"],
            references: ["https://kubernetes.io/docs/concepts/security/pod-security-standards/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        return scene.workloads.compactMap { workload in
            // The cluster's own services have to do what these levels forbid.
            guard workload.namespace != "kube-system", let spec = workload.podSpecs(scene).last else { return nil }
            let baseline = PodSecurityHygiene.baseline(spec)
            let lacking = baseline.isEmpty ? PodSecurityHygiene.restricted(spec) : baseline
            if lacking.isEmpty { return nil }
            return finding(
                workload.path,
                "\(workload.path.resource) does not meet the level \(baseline.isEmpty ? "restricted" : "baseline"): "
                    + lacking.joined(separator: ", "), now: scene.now)
        }
    }

    private static func containers(_ spec: PodSpec) -> [Container] { spec.initContainers + spec.containers }

    private static func baseline(_ spec: PodSpec) -> [String] {
        var lacking: [String] = []
        if spec.hostNetwork || spec.hostPID { lacking.append("it uses namespaces of the node") }
        if spec.volumes.contains(where: { $0.hostPath != nil }) { lacking.append("it mounts a hostPath") }
        if containers(spec).contains(where: { $0.securityContext?.privileged == true }) { lacking.append("a container is privileged") }
        if containers(spec).contains(where: { $0.ports.contains { ($0.hostPort ?? 0) > 0 } }) {
            lacking.append("it takes a port of the node")
        }
        return lacking
    }

    private static func restricted(_ spec: PodSpec) -> [String] {
        var lacking: [String] = []
        let contexts = containers(spec).map(\.securityContext)
        let pod = spec.securityContext
        if contexts.contains(where: { $0?.allowPrivilegeEscalation != false }) { lacking.append("allowPrivilegeEscalation is not false") }
        if contexts.contains(where: { $0?.capabilities?.drop.contains("ALL") != true }) { lacking.append("capabilities are not dropped") }
        if contexts.contains(where: { ($0?.runAsNonRoot ?? pod?.runAsNonRoot) != true }) { lacking.append("runAsNonRoot is not true") }
        if contexts.contains(where: { ($0?.seccompProfile ?? pod?.seccompProfile) == nil }) { lacking.append("no seccomp profile is set") }
        return lacking
    }
}
