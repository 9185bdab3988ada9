import Core
import Kubernetes

/// Rolls out Deployments (k8s.io/kubernetes/pkg/controller/deployment).
enum DeploymentController {
    static let component = "deployment-controller"

    /// One pass over one Deployment: its ReplicaSets, old and new, and what may be done to them.
    struct Rollout {
        let key: ObjectKey
        var deployment: JSON
        let bounds: RolloutBounds
        /// Oldest first.
        var old: [OwnedReplicaSet] = []
        var new: OwnedReplicaSet?
        var conditions: DeploymentConditions

        var all: [OwnedReplicaSet] { old + (new.map { [$0] } ?? []) }
        var activeOld: [OwnedReplicaSet] { old.filter { $0.replicas > 0 } }
        var isPaused: Bool { deployment["spec"]?["paused"]?.bool == true }
        var deadline: Int? { deployment["spec"]?["progressDeadlineSeconds"]?.int ?? 600 }

        init(_ key: ObjectKey, _ deployment: JSON) {
            self.key = key
            self.deployment = deployment
            bounds = RolloutBounds(deployment)
            conditions = DeploymentConditions(deployment["status"])
        }
    }

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let deployment = world.store.get(key) else { return }
        var rollout = Rollout(key, deployment)
        find(&rollout, &world)
        if deployment.isBeingDeleted { return writeStatus(&rollout, &world) }
        noteChangeOfPause(&rollout, &world)
        if rollout.isPaused {
            scale(&rollout, &world)
            return writeStatus(&rollout, &world)
        }
        if isScaling(rollout) {
            updateNew(&rollout, create: false, &world)
            scale(&rollout, &world)
            return writeStatus(&rollout, &world)
        }
        if rollout.bounds.isRolling { roll(&rollout, &world) } else { recreate(&rollout, &world) }
    }

    /// Sorts the owned ReplicaSets into the one of the current template and the others.
    private static func find(_ rollout: inout Rollout, _ world: inout World) {
        let template = PodTemplateHash.stripped(rollout.deployment["spec"]?["template"] ?? [:])
        var sets = world.index.dependants(of: rollout.deployment.uid, type: .replicaSets).compactMap { key in
            world.store.get(key).map { OwnedReplicaSet(key: key, object: $0) }
        }
        sets.sort { $0.order < $1.order }
        rollout.new = nil
        rollout.old = []
        for set in sets {
            if rollout.new == nil, PodTemplateHash.stripped(set.object["spec"]?["template"] ?? [:]) == template {
                rollout.new = set
            } else {
                rollout.old.append(set)
            }
        }
        guard rollout.new == nil else { return }
        // A template that was stored without the defaults that its ReplicaSet got differs, but its hash is that of the name.
        let hash = PodTemplateHash.of(
            rollout.deployment["spec"]?["template"] ?? [:], collisions: rollout.deployment["status"]?["collisionCount"]?.int ?? 0)
        if let i = rollout.old.firstIndex(where: { $0.name == "\(rollout.deployment.metadataName)-\(hash)" }) {
            rollout.new = rollout.old.remove(at: i)
        }
    }

    private static func isScaling(_ rollout: Rollout) -> Bool {
        rollout.all.contains { $0.replicas > 0 && $0.desired != nil && $0.desired != rollout.bounds.replicas }
    }

    /// Progress is not judged while paused, nor is the time of the pause counted.
    private static func noteChangeOfPause(_ rollout: inout Rollout, _ world: inout World) {
        guard rollout.deadline != nil else { return }
        let reason = rollout.conditions["Progressing"]?["reason"]?.string
        if reason == "ProgressDeadlineExceeded" { return }
        if rollout.isPaused, reason != "DeploymentPaused" {
            rollout.conditions.set(
                DeploymentConditions.make("Progressing", "Unknown", "DeploymentPaused", ControllerTexts.paused(), world.now))
        } else if !rollout.isPaused, reason == "DeploymentPaused" {
            rollout.conditions.set(
                DeploymentConditions.make("Progressing", "Unknown", "DeploymentResumed", ControllerTexts.resumed(), world.now))
        }
    }

    private static func roll(_ rollout: inout Rollout, _ world: inout World) {
        updateNew(&rollout, create: true, &world)
        if let new = rollout.new {
            let target = newReplicas(rollout, new)
            if target != new.replicas {
                setReplicas(&rollout, new, target, &world)
                return writeStatus(&rollout, &world)
            }
            if shrinkOld(&rollout, new, &world) { return writeStatus(&rollout, &world) }
        }
        if isComplete(rollout) { cleanUp(&rollout, &world) }
        writeStatus(&rollout, &world)
    }

    private static func recreate(_ rollout: inout Rollout, _ world: inout World) {
        updateNew(&rollout, create: false, &world)
        let active = rollout.activeOld
        for set in active { setReplicas(&rollout, set, 0, &world) }
        if !active.isEmpty { return writeStatus(&rollout, &world) }
        let running = rollout.old.contains { set in world.index.pods(ownedBy: set.object.uid).contains { !$0.isFinished } }
        if running { return writeStatus(&rollout, &world) }
        updateNew(&rollout, create: true, &world)
        if let new = rollout.new, new.replicas != rollout.bounds.replicas { setReplicas(&rollout, new, rollout.bounds.replicas, &world) }
        if isComplete(rollout) { cleanUp(&rollout, &world) }
        writeStatus(&rollout, &world)
    }

    /// How many pods the new ReplicaSet may have now (NewRSNewReplicas).
    static func newReplicas(_ rollout: Rollout, _ new: OwnedReplicaSet?) -> Int {
        let bounds = rollout.bounds
        guard bounds.isRolling else { return bounds.replicas }
        let own = new?.replicas ?? 0
        if own >= bounds.replicas { return bounds.replicas }
        let total = rollout.old.reduce(own) { $0 + $1.replicas }
        if total >= bounds.maximumTotal { return own }
        return own + min(bounds.maximumTotal - total, bounds.replicas - own)
    }

    /// Takes pods from old ReplicaSets, the sick ones first; says whether it did (reconcileOldReplicaSets).
    private static func shrinkOld(_ rollout: inout Rollout, _ new: OwnedReplicaSet, _ world: inout World) -> Bool {
        let oldPods = rollout.old.reduce(0) { $0 + $1.replicas }
        guard oldPods > 0 else { return false }
        let minimum = rollout.bounds.minimumAvailable
        let room = oldPods + new.replicas - minimum - max(0, new.replicas - new.available)
        guard room > 0 else { return false }
        var cleaned = 0
        for set in rollout.activeOld where cleaned < room && set.replicas > set.available {
            let count = min(room - cleaned, set.replicas - set.available)
            setReplicas(&rollout, set, set.replicas - count, &world)
            cleaned += count
        }
        let spare = rollout.all.reduce(0) { $0 + $1.available } - minimum
        var taken = 0
        for set in rollout.activeOld where taken < spare {
            let count = min(set.replicas, spare - taken)
            setReplicas(&rollout, set, set.replicas - count, &world)
            taken += count
        }
        return cleaned + taken > 0
    }

    /// Removes ReplicaSets beyond the history limit, the oldest first.
    private static func cleanUp(_ rollout: inout Rollout, _ world: inout World) {
        let limit = rollout.deployment["spec"]?["revisionHistoryLimit"]?.int ?? 10
        let candidates = rollout.old.filter { !$0.object.isBeingDeleted }
        guard candidates.count > limit else { return }
        for set in candidates.sorted(by: { $0.revision < $1.revision }).prefix(candidates.count - limit)
        where set.replicas == 0 && set.actual == 0 {
            world.delete(set.key)
        }
    }
}
