import Core
import Kubernetes

/// How a pod is at the first look: taken once, since many rules ask and nearly every pod is fine.
struct PodHealth: Sendable {
    let isReady: Bool
    /// All is as it should be.
    let isFine: Bool
    /// A container has restarted several times. It may be ready all the same: without a readiness probe it is as soon as it runs.
    let hasRestartedOften: Bool
    /// It says what of it is not to be reported.
    let isAnnotated: Bool
    /// It is being deleted.
    let isEnding: Bool

    /// It is over, and ended well.
    let hasSucceeded: Bool

    init(_ pod: Pod) {
        isEnding = pod.isEnding
        isAnnotated = !pod.metadata.annotations.isEmpty && pod.metadata.annotations[IgnoreAnnotations.key] != nil
        isReady = pod.isReady
        hasRestartedOften = pod.status.containerStatuses.contains {
            $0.restartCount >= PodHealth.often && $0.lastState.terminated != nil
        }
        let phase = pod.status.phase
        hasSucceeded = phase == "Succeeded"
        isFine = hasSucceeded || isReady && phase == "Running" && pod.allContainersRun
    }

    /// Why a kubelet turns a pod away (`status.reason`).
    static let rejections: Set<String> = [
        "UnexpectedAdmissionError", "NodeAffinity", "OutOfcpu", "OutOfmemory", "OutOfpods", "OutOfephemeral-storage", "SysctlForbidden",
        "AppArmor", "TopologyAffinityError", "PodOSNotSupported",
    ]

    /// So many restarts are no single event.
    static let often = 3

    /// Being deleted for longer than a deletion takes.
    static func isStuckEnding(_ pod: Pod, now: Timestamp) -> Bool {
        guard let deletion = pod.metadata.deletionTimestamp else { return false }
        let grace = Double(pod.metadata.deletionGracePeriodSeconds ?? 30)
        return now > deletion + .seconds(30) || (now - deletion).secondCount + grace > 300
    }
}
