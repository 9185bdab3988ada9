import Core
import Kubernetes

extension DeploymentController {
    static func isComplete(_ rollout: Rollout) -> Bool {
        guard let new = rollout.new else { return false }
        let wanted = rollout.bounds.replicas
        return new.actual == wanted && new.available == wanted && rollout.all.reduce(0) { $0 + $1.actual } == wanted
    }

    static func writeStatus(_ rollout: inout Rollout, _ world: inout World) {
        let all = rollout.all
        let wanted = rollout.bounds.replicas
        let before = rollout.deployment["status"] ?? [:]
        let replicas = all.reduce(0) { $0 + $1.actual }
        let updated = rollout.new?.actual ?? 0
        let ready = all.reduce(0) { $0 + $1.ready }
        let available = all.reduce(0) { $0 + $1.available }
        let isAvailable = available >= rollout.bounds.minimumAvailable
        rollout.conditions.set(
            isAvailable
                ? DeploymentConditions.make("Available", "True", "MinimumReplicasAvailable", ControllerTexts.minimumAvailable(), world.now)
                : DeploymentConditions.make(
                    "Available", "False", "MinimumReplicasUnavailable", ControllerTexts.minimumUnavailable(), world.now))
        func grew(_ key: String, _ value: Int) -> Bool { value > before[key]?.int ?? 0 }
        let oldBefore = (before["replicas"]?.int ?? 0) - (before["updatedReplicas"]?.int ?? 0)
        let hasMoved =
            grew("updatedReplicas", updated) || replicas - updated < oldBefore || grew("readyReplicas", ready)
            || grew("availableReplicas", available)
        let complete = updated == wanted && replicas == wanted && available == wanted
        judgeProgress(&rollout, hasMoved: hasMoved, complete: complete, settled: replicas == updated, &world)
        let failure = all.compactMap { $0.object.condition("ReplicaFailure") }.first
        if let failure {
            rollout.conditions.set(
                DeploymentConditions.make(
                    "ReplicaFailure", failure["status"]?.string ?? "True", failure["reason"]?.string ?? "",
                    failure["message"]?.string ?? "",
                    world.now))
        } else {
            rollout.conditions.remove("ReplicaFailure")
        }
        var status: JSON = ["observedGeneration": JSON(rollout.deployment.generation)]
        status.setCount("replicas", replicas)
        status.setCount("updatedReplicas", updated)
        status.setCount("readyReplicas", ready)
        status.setCount("availableReplicas", available)
        status.setCount("unavailableReplicas", max(0, all.reduce(0) { $0 + $1.replicas } - available))
        status["terminatingReplicas"] = JSON(all.reduce(0) { $0 + $1.terminating })
        if !rollout.conditions.list.isEmpty { status["conditions"] = .array(rollout.conditions.list) }
        if let collisions = before["collisionCount"] { status["collisionCount"] = collisions }
        guard status != before else { return }
        rollout.deployment["status"] = status
        world.writeStatus(rollout.deployment, rollout.key)
    }

    /// The condition Progressing: complete, moving, or out of time (syncRolloutStatus).
    private static func judgeProgress(
        _ rollout: inout Rollout, hasMoved: Bool, complete: Bool, settled: Bool, _ world: inout World
    ) {
        guard !rollout.isPaused, !rollout.deployment.isBeingDeleted else { return }
        guard let deadline = rollout.deadline else { return rollout.conditions.remove("Progressing") }
        let current = rollout.conditions["Progressing"]
        let reason = current?["reason"]?.string
        if reason == "NewReplicaSetAvailable", settled { return }
        let name = rollout.new?.name ?? rollout.deployment.metadataName
        if complete {
            rollout.conditions.set(
                DeploymentConditions.make("Progressing", "True", "NewReplicaSetAvailable", ControllerTexts.progressed(name), world.now))
            return
        }
        if hasMoved {
            rollout.conditions.refresh(
                DeploymentConditions.make("Progressing", "True", "ReplicaSetUpdated", ControllerTexts.progressing(name), world.now))
        }
        guard let current = rollout.conditions["Progressing"], current["reason"]?.string != "NewReplicaSetAvailable",
            current["reason"]?.string != "ProgressDeadlineExceeded",
            let since = current["lastUpdateTime"]?.string.flatMap({ Timestamp($0) })
        else { return }
        let due = since + .seconds(deadline)
        if due < world.now {
            rollout.conditions.set(
                DeploymentConditions.make("Progressing", "False", "ProgressDeadlineExceeded", ControllerTexts.timedOut(name), world.now))
        } else {
            world.queue.put(.work(Work(controller: .deployment, key: rollout.key)), at: due + .seconds(1))
        }
    }
}
