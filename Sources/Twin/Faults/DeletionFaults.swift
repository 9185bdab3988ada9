import Core
import Kubernetes

/// Objects that are deleted and do not go.
enum DeletionFaults {
    static let all: [Fault] = [
        Fault("pod-stuck-finalizer", "a pod is deleted and keeps a finalizer", on: podForm) { (target, scene) throws(MartletError) in
            let key = try pod(target, &scene)
            let finalizers = scene.store.get(key)?["metadata"]?["finalizers"]?.array ?? []
            try scene.set(["metadata", "finalizers"], to: .array(finalizers + ["example.com/backup"]), of: key)
            try scene.delete(key)
        },
        Fault(
            "pod-slow-termination", "a pod is deleted with ten minutes of grace, and its program ignores SIGTERM", on: podForm
        ) { (target, scene) throws(MartletError) in
            let key = try pod(target, &scene)
            try scene.spoil(key) { $0.stop = nil }
            try scene.delete(key, grace: 600)
        },
        Fault("pvc-stuck-terminating", "is deleted while a pod uses it", on: "PersistentVolumeClaim/NAME") {
            (target, scene) throws(MartletError) in
            guard target.kind == "PersistentVolumeClaim" else {
                throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name a PersistentVolumeClaim")
            }
            let key = ObjectKey(type: .persistentVolumeClaims, namespace: target.namespace ?? "default", name: target.name)
            let isUsed = scene.store.list(.pods, namespace: key.namespace).contains { VolumeLifecycle.claims(of: $0).contains(key.name) }
            guard scene.store.get(key) == nil || isUsed else {
                throw MartletError(.invalid, "no pod uses \(target)", fix: "name a claim that a pod mounts")
            }
            try scene.delete(key, isRestored: true)
        },
        Fault(
            "namespace-stuck-finalizer", "a namespace NAME-retired is made and deleted, and something in it keeps a finalizer",
            on: "Namespace/NAME"
        ) { (target, scene) throws(MartletError) in
            guard target.kind == "Namespace" else {
                throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name a Namespace")
            }
            let name = "\(target.name)-retired"
            let labels: JSON = ["kubernetes.io/metadata.name": .string(name)]
            try scene.make(
                ["metadata": ["name": .string(name), "labels": labels], "spec": ["finalizers": ["kubernetes"]]], .namespaces, in: "")
            try scene.make(
                ["metadata": ["name": "ledger", "finalizers": ["example.com/archive"]], "data": ["state": "open"]], .configMaps, in: name)
            try scene.delete(ObjectKey(type: .configMaps, namespace: name, name: "ledger"))
            try scene.delete(ObjectKey(type: .namespaces, namespace: "", name: name))
            scene.blamed = "Namespace/\(name)"
        },
    ]

    private static let podForm = "Pod, Deployment, StatefulSet or DaemonSet/NAME"

    /// The pod that is meant, or the first that runs of a workload.
    private static func pod(_ target: FaultTarget, _ scene: inout FaultScene) throws(MartletError) -> ObjectKey {
        guard target.kind != "Pod" else {
            return ObjectKey(type: .pods, namespace: target.namespace ?? "default", name: target.name)
        }
        let workload = try WorkloadFaults.key(target)
        guard scene.store.get(workload) != nil else { throw FaultScene.missing(workload) }
        let uids = Set(scene.simulation.pods(of: workload, in: scene.store))
        let pods = scene.store.list(.pods, namespace: workload.namespace).filter { uids.contains($0.uid) && !$0.isBeingDeleted }
        guard let name = pods.map(\.metadataName).min() else { throw MartletError(.invalid, "\(target) has no pod") }
        scene.blamed = "Pod/\(name)"
        return ObjectKey(type: .pods, namespace: workload.namespace, name: name)
    }
}
