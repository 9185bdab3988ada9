import Core
import Kubernetes

/// What goes wrong with programs that are to end. A Job cannot be taken back once it has failed: the fault runs a copy of it.
enum JobFaults {
    static let all: [Fault] = [
        cron("cronjob-failing", "each run from now on fails") { (key, scene) throws(MartletError) in
            scene.flaw(key) { $0.exit = failure }
        },
        cron("cronjob-blocked", "no run from now on ends, and none may begin beside another") { (key, scene) throws(MartletError) in
            try scene.set(["spec", "concurrencyPolicy"], to: "Forbid", of: key)
            scene.flaw(key) {
                $0.exit = nil
                $0.log.append(Behaviour.LogLine(text: "waiting for the lock of the last export", after: .seconds(1), every: .seconds(30)))
            }
        },
        again("job-backoff-exceeded", "runs again, and fails each time") { spec in
            spec["backoffLimit"] = 2
        } program: {
            $0.exit = failure
        },
        again("job-deadline-exceeded", "runs again with half a minute to end, and does not") { spec in
            spec["activeDeadlineSeconds"] = 30
        } program: {
            $0.exit = nil
        },
    ]

    private static let failure = Behaviour.Exit(code: 1, after: .seconds(3), log: ["ERROR export failed: 3 of 1200 rows have no price"])

    private static func cron(
        _ slug: String, _ about: String, _ begin: @escaping @Sendable (ObjectKey, inout FaultScene) throws(MartletError) -> Void
    ) -> Fault {
        Fault(slug, about, on: "CronJob/NAME") { (target, scene) throws(MartletError) in
            let key = try key(target, .cronJobs)
            guard scene.store.get(key) != nil else { throw FaultScene.missing(key) }
            try begin(key, &scene)
        }
    }

    /// A copy of a Job, or of what a CronJob runs.
    private static func again(
        _ slug: String, _ about: String, _ change: @escaping @Sendable (inout JSON) -> Void,
        program: @escaping @Sendable (inout Behaviour) -> Void
    ) -> Fault {
        Fault(slug, about, on: "Job or CronJob/NAME") { (target, scene) throws(MartletError) in
            let key = try key(target, target.kind == "CronJob" ? .cronJobs : .jobs)
            guard let object = scene.store.get(key) else { throw FaultScene.missing(key) }
            var spec = (key.type == .cronJobs ? object["spec"]?["jobTemplate"]?["spec"] : object["spec"]) ?? [:]
            for field in ["selector", "manualSelector", "suspend"] { spec[field] = nil }
            var labels = spec["template"]?["metadata"]?["labels"]?.object ?? [:]
            for name in labels.keys where name.hasSuffix("controller-uid") || name.hasSuffix("job-name") { labels[name] = nil }
            spec[at: "template", "metadata", "labels"] = .object(labels)
            change(&spec)
            let copy = ObjectKey(type: .jobs, namespace: key.namespace, name: "\(key.name)-again")
            scene.flaw(copy, program)
            try scene.make(
                ["apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": .string(copy.name)], "spec": spec], .jobs,
                in: key.namespace)
            scene.blamed = "Job/\(copy.name)"
        }
    }

    private static func key(_ target: FaultTarget, _ type: ResourceType) throws(MartletError) -> ObjectKey {
        guard target.kind == type.kind else {
            throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name a \(type.kind)")
        }
        return ObjectKey(type: type, namespace: target.namespace ?? "default", name: target.name)
    }
}
