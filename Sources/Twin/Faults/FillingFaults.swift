import Core
import Kubernetes

/// What fills up slowly until there is no room: volumes and queues. It shows on the metrics page long before anything fails.
enum FillingFaults {
    static let all: [Fault] = [
        Fault("disk-filling", "the program that mounts it fills it within two hours", on: "PersistentVolumeClaim/NAME") {
            (target, scene) throws(MartletError) in
            guard target.kind == "PersistentVolumeClaim" else {
                throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name a PersistentVolumeClaim")
            }
            let key = ObjectKey(type: .persistentVolumeClaims, namespace: target.namespace ?? "default", name: target.name)
            guard let claim = scene.store.get(key) else { throw FaultScene.missing(key) }
            let users = scene.store.list(.pods, namespace: key.namespace).filter { VolumeLifecycle.claims(of: $0).contains(key.name) }
            guard let pod = users.first, let path = ClaimVolume.path(of: key.name, in: pod["spec"] ?? [:]) else {
                throw MartletError(.invalid, "no first container of a pod mounts \(target)", fix: "name a claim that is in use")
            }
            let size = ClaimVolume.size(claim)
            scene.spoil(pods: users.map(\.uid)) {
                var amount = Behaviour.Memory()
                (amount.initial, amount.growth, amount.workingSet) = (0, size / 7200, nil)
                $0.storage = Behaviour.Storage(path: path, amount: amount)
            }
        },
        WorkloadFaults.workload("queue-backlog", "20 messages a second more come into its queue than its program takes out") {
            (key, scene) throws(MartletError) in
            try scene.disorder(key) {
                var backlog = Behaviour.Memory()
                (backlog.initial, backlog.growth, backlog.workingSet) = ($0.backlog?.initial ?? 0, 20, nil)
                $0.backlog = backlog
                $0.log.append(
                    Behaviour.LogLine(text: "WARN queue: {{backlog}} messages wait for a worker", after: .seconds(30), every: .seconds(30)))
            }
        },
    ]
}
