import Core
import Kubernetes

/// A ReplicaSet as its Deployment sees it.
struct OwnedReplicaSet: Sendable {
    let key: ObjectKey
    var object: JSON

    var name: String { key.name }
    var replicas: Int { object["spec"]?["replicas"]?.int ?? 1 }
    var actual: Int { object["status"]?["replicas"]?.int ?? 0 }
    var ready: Int { object["status"]?["readyReplicas"]?.int ?? 0 }
    var available: Int { object["status"]?["availableReplicas"]?.int ?? 0 }
    var terminating: Int { object["status"]?["terminatingReplicas"]?.int ?? 0 }
    var revision: Int { Int(object.annotation(Revision.annotation) ?? "") ?? 0 }
    var desired: Int? { object.annotation(Revision.desired).flatMap { Int($0) } }
    var maximum: Int? { object.annotation(Revision.maximum).flatMap { Int($0) } }
    var order: (String, String) { (object["metadata"]?["creationTimestamp"]?.string ?? "", name) }
}

/// The annotations by which Deployments count revisions.
enum Revision {
    static let annotation = "deployment.kubernetes.io/revision"
    static let history = "deployment.kubernetes.io/revision-history"
    static let desired = "deployment.kubernetes.io/desired-replicas"
    static let maximum = "deployment.kubernetes.io/max-replicas"
    /// Annotations of the Deployment that its ReplicaSets do not take over.
    static let ownAnnotations: Set<String> = [
        "kubectl.kubernetes.io/last-applied-configuration", annotation, history, desired, maximum,
        "deprecated.deployment.rollback.to",
    ]
}

/// How far a rolling update may go above and below the wanted count.
struct RolloutBounds: Sendable {
    let replicas: Int
    let surge: Int
    let unavailable: Int
    let isRolling: Bool

    init(_ deployment: JSON) {
        let spec = deployment["spec"]
        replicas = spec?["replicas"]?.int ?? 1
        isRolling = spec?["strategy"]?["type"]?.string != "Recreate"
        guard isRolling else { (surge, unavailable) = (0, 0); return }
        let rolling = spec?["strategy"]?["rollingUpdate"]
        let surge = Self.resolve(rolling?["maxSurge"] ?? "25%", of: replicas, up: true)
        let unavailable = Self.resolve(rolling?["maxUnavailable"] ?? "25%", of: replicas, up: false)
        self.surge = surge
        // Both zero would never move (ResolveFenceposts).
        self.unavailable = surge == 0 && unavailable == 0 ? 1 : min(unavailable, max(replicas, 1))
    }

    var minimumAvailable: Int { replicas - min(unavailable, replicas) }
    var maximumTotal: Int { replicas + surge }

    /// A number, or a percentage of `total`.
    static func resolve(_ value: JSON, of total: Int, up: Bool) -> Int {
        if let number = value.int { return max(0, number) }
        guard let text = value.string, text.hasSuffix("%"), let percent = Int(text.dropLast()), percent >= 0, percent <= 100_000 else {
            return 0
        }
        let product = percent * total
        return up ? (product + 99) / 100 : product / 100
    }
}
