import Core
import Kubernetes

/// Pods that cannot be made now, and the newest word that says why: an event of what makes them, or the condition ReplicaFailure of a
/// ReplicaSet. Where ReplicaSets were not read, their Deployment has that condition, too.
struct CreationFailure {
    let workload: Workload
    /// Of what makes them: `ReplicaSet`, `Deployment`, `StatefulSet` or `DaemonSet`.
    let kind: String
    let maker: ObjectMeta
    let wanted: Int
    let made: Int
    let ready: Int
    let event: Event?

    var missing: Int { wanted - made }

    static func all(_ scene: Scene) -> [CreationFailure] {
        ofReplicaSets(scene) + (scene.snapshot.knows("replicasets") ? [] : ofDeployments(scene)) + ofOthers(scene) + ofJobs(scene)
            + ofCronJobs(scene)
    }

    /// What cannot be made.
    var things: String { kind == "CronJob" ? "runs" : "pods" }

    private static func ofJobs(_ scene: Scene) -> [CreationFailure] {
        scene.snapshot.jobs.compactMap { job in
            guard job.status.active == 0, !job.spec.suspend, !JobState.isComplete(job), JobState.failure(job) == nil,
                let event = scene.events(about: job.metadata, kind: "Job").last(where: { $0.reason == "FailedCreate" }),
                let workload = scene.workload(kind: "Job", namespace: job.metadata.namespace, name: job.metadata.name)
            else { return nil }
            return CreationFailure(
                workload: workload, kind: "Job", maker: job.metadata, wanted: max(1, job.spec.parallelism ?? 1), made: 0, ready: 0,
                event: event)
        }
    }

    /// Runs that were due and could not be made since the last that was.
    private static func ofCronJobs(_ scene: Scene) -> [CreationFailure] {
        scene.snapshot.cronJobs.compactMap { cron in
            guard !cron.spec.suspend,
                let event = scene.events(about: cron.metadata, kind: "CronJob").last(where: { $0.reason == "FailedCreate" }),
                let seen = event.lastSeen, seen > cron.status.lastScheduleTime ?? .distantPast, scene.now - seen < .seconds(86_400),
                let workload = scene.workload(at: scene.path("CronJob", cron.metadata.namespace, cron.metadata.name))
            else { return nil }
            return CreationFailure(workload: workload, kind: "CronJob", maker: cron.metadata, wanted: 1, made: 0, ready: 0, event: event)
        }
    }

    /// StatefulSets and DaemonSets have no such condition: the newest event tells.
    private static func ofOthers(_ scene: Scene) -> [CreationFailure] {
        func failure(_ kind: String, _ maker: ObjectMeta, wanted: Int, made: Int, ready: Int) -> CreationFailure? {
            guard wanted > made, let event = scene.events(about: maker, kind: kind).last(where: { $0.reason == "FailedCreate" }),
                let workload = scene.workload(at: scene.path(kind, maker.namespace, maker.name))
            else { return nil }
            return CreationFailure(workload: workload, kind: kind, maker: maker, wanted: wanted, made: made, ready: ready, event: event)
        }
        return scene.snapshot.statefulSets.compactMap {
            failure(
                "StatefulSet", $0.metadata, wanted: $0.spec.replicas, made: $0.status.replicas, ready: $0.status.readyReplicas)
        }
            + scene.snapshot.daemonSets.compactMap {
                failure(
                    "DaemonSet", $0.metadata, wanted: $0.status.desiredNumberScheduled, made: $0.status.currentNumberScheduled,
                    ready: $0.status.numberReady)
            }
    }

    private static func ofReplicaSets(_ scene: Scene) -> [CreationFailure] {
        scene.snapshot.replicaSets.compactMap { set in
            guard set.spec.replicas > set.status.replicas else { return nil }
            let condition = failure(set.status.conditions)
            let event = scene.events(about: set.metadata, kind: "ReplicaSet").last { $0.reason == "FailedCreate" }
            guard condition != nil || event != nil, let workload = scene.workload(ofReplicaSet: set) else { return nil }
            return CreationFailure(
                workload: workload, kind: "ReplicaSet", maker: set.metadata, wanted: set.spec.replicas, made: set.status.replicas,
                ready: set.status.readyReplicas, event: event ?? condition.flatMap { told("ReplicaSet", set.metadata, $0) })
        }
    }

    private static func ofDeployments(_ scene: Scene) -> [CreationFailure] {
        scene.snapshot.deployments.compactMap { deployment in
            guard deployment.spec.replicas > deployment.status.replicas, let condition = failure(deployment.status.conditions),
                let workload = scene.workload(at: scene.path("Deployment", deployment.metadata.namespace, deployment.metadata.name)),
                workload.replicaSets.isEmpty
            else { return nil }
            return CreationFailure(
                workload: workload, kind: "Deployment", maker: deployment.metadata, wanted: deployment.spec.replicas,
                made: deployment.status.replicas, ready: deployment.status.readyReplicas,
                event: told("Deployment", deployment.metadata, condition))
        }
    }

    private static func failure(_ conditions: [Condition]) -> Condition? {
        conditions.first { $0.type == "ReplicaFailure" && $0.status == "True" }
    }

    private static func told(_ kind: String, _ maker: ObjectMeta, _ condition: Condition) -> Event? {
        guard let message = condition.message else { return nil }
        var event = Event()
        event.regarding.kind = kind
        event.regarding.name = maker.name
        event.reason = condition.reason ?? "FailedCreate"
        event.message = message
        event.lastSeen = condition.lastTransitionTime
        event.firstSeen = condition.lastTransitionTime
        return event
    }
}
