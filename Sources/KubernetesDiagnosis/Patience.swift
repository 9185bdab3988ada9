import Core
import Diagnosis

/// How long a cause has to be seen before it is an incident: what Kubernetes, or whoever works on the cluster, mostly puts right is given the
/// time that this takes. What cannot pass by itself (an image that is not there, a setting that is missing, a crash loop) is given none.
///
/// The times are those of the alerting rules that clusters commonly have (kubernetes-mixin: KubeHpaMaxedOut 15 min, KubeNodeNotReady 15 min,
/// KubeAggregatedAPIDown 5 min), shorter where somebody suffers meanwhile.
enum Patience {
    static func of(_ cause: Cause) -> Duration {
        switch cause.category {
        // Pods of a silent node are replaced after five minutes (tolerationSeconds 300), and a minute later they run.
        case "node-not-ready", "node-kubelet-down", "node-runtime-down", "node-network-not-ready":
            cause.severity > .medium ? .seconds(360) : .seconds(900)
        // A node that is emptied is mostly taken back soon.
        case "node-cordoned": cause.severity > .low ? .seconds(300) : .zero
        // At its maximum, an autoscaler has done what it can, and most peaks pass.
        case "hpa-at-max": .seconds(900)
        // One pod behind it that is moved is ready again within a minute or two, one on a lost node a minute after it was given up.
        case "apiservice-unavailable", "hpa-no-metrics": .seconds(420)
        // A program that was busy for a moment, and one restart by a probe with its back-off and its start.
        case "readiness-probe-failing": .seconds(120)
        case "liveness-probe-failing", "liveness-probe-too-early": .seconds(150)
        // Another holder takes a lease over within half a minute.
        case "scheduler-down", "controller-manager-down": .seconds(60)
        // Whoever is called may be restarting.
        case "dependency-unreachable": .seconds(120)
        case "cluster-dns-down": .seconds(60)
        // What scales or extends a cluster stands still while what it asks is moved; whatever that is has its own category.
        case Cause.undecidedCategory where ["HorizontalPodAutoscaler", "APIService"].contains(cause.resource.kind): .seconds(420)
        // A StatefulSet or DaemonSet does not tell since when: after a drain its pod is made anew within seconds.
        case Cause.undecidedCategory
        where ["StatefulSet", "DaemonSet"].contains(cause.resource.kind) && cause.findings.contains { $0.rule == MissingPods.ruleName }:
            .seconds(600)
        default: .zero
        }
    }
}
