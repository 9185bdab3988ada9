package import Core
import Kubernetes

extension KubernetesSnapshot {
    /// Whether all that a cause was concluded from may still be read: only then does not seeing it mean that it is gone.
    package func sees(_ cause: Cause) -> Bool {
        let namespace = cause.resource.namespace
        // Known from the status of a workload alone, its end is seen there, too.
        let needsPods = cause.findings.contains { $0.rule != UnseenPods.ruleName }
        guard !needsPods || seesPods(in: namespace) else { return false }
        var kinds: Set<String> = [cause.resource.kind]
        for finding in cause.findings {
            kinds.insert(finding.entity.kind)
            // `Service/web`; logs are asked for and not listed.
            for evidence in finding.evidence { kinds.formUnion(evidence.source.split(separator: "/").prefix(1).map(String.init)) }
        }
        // What a role lacks is felt by pods, and without the role the same cause is concluded of the account: it is not needed to tell.
        kinds.subtract(["Pod", "Role", "ClusterRole"])
        return kinds.allSatisfy { kind in
            KubernetesSnapshot.lists(behind: kind).allSatisfy { plural in
                !forbidden.contains(plural) || forbiddenIn[plural].map { !$0.contains(namespace) } ?? false
            }
        }
    }

    /// The lists from which it is told how an object of a kind is doing, by plural name; none for a kind that is not known.
    private static func lists(behind kind: String) -> [String] {
        switch kind {
        case "Service": ["services", "endpointslices"]
        case "Deployment": ["deployments", "replicasets"]
        default: ResourceType.known.first { $0.kind == kind }.map { [$0.plural] } ?? []
        }
    }
}
