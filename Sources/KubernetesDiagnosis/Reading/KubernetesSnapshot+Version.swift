package import Core
import Kubernetes

extension KubernetesSnapshot {
    /// Differs whenever what is specified of a workload has changed, or it was made anew; nil where it is not in here. What its controller
    /// reports of it makes no difference.
    package func specificationVersion(of path: EntityPath) -> String? {
        func version<Item: KubernetesResource>(_ items: [Item]) -> String? {
            items.first { $0.metadata.name == path.name && $0.metadata.namespace == path.namespace }
                .map { "\($0.metadata.uid)/\($0.metadata.generation)" }
        }
        return switch path.kind {
        case Deployment.type.kind: version(deployments)
        case StatefulSet.type.kind: version(statefulSets)
        case DaemonSet.type.kind: version(daemonSets)
        default: nil
        }
    }
}
