import Core
import Kubernetes

/// Keeps the numbered pods of a StatefulSet: one after another upwards, replaced downwards when the template changes.
enum StatefulSetController {
    static let component = "statefulset-controller"

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let set = world.store.get(key), !set.isBeingDeleted else { return }
        let template = set["spec"]?["template"] ?? [:]
        let revision = "\(key.name)-\(PodTemplateHash.of(template, collisions: 0))"
        let wanted = set["spec"]?["replicas"]?.int ?? 1
        let isOrdered = set["spec"]?["podManagementPolicy"]?.string != "Parallel"
        let pods = world.index.pods(ownedBy: set.uid)
        var byNumber: [Int: PodEntry] = [:]
        for pod in pods { if let number = Int(pod.key.name.dropFirst(key.name.count + 1)) { byNumber[number] = pod } }
        act(set, key, template, revision, wanted, isOrdered, byNumber, &world)
        writeStatus(set, key, revision, pods, &world)
    }

    private static func act(
        _ set: JSON, _ key: ObjectKey, _ template: JSON, _ revision: String, _ wanted: Int, _ isOrdered: Bool, _ byNumber: [Int: PodEntry],
        _ world: inout World
    ) {
        for number in 0..<max(0, wanted) {
            guard let pod = byNumber[number] else {
                create(set, template, revision, number, &world)
                if isOrdered { return }
                continue
            }
            if pod.isFinished, !pod.isDeleting { world.delete(pod.key) }
            if isOrdered, !pod.isReady || pod.isDeleting {
                // A pod of an old revision that never gets ready may be replaced all the same.
                if !pod.isDeleting, isOld(pod, revision), pod.restarts > 0 || pod.phase == "Pending" { remove(set, pod, &world) }
                return
            }
        }
        if let last = byNumber.keys.filter({ $0 >= wanted }).max(), let pod = byNumber[last] {
            if !pod.isDeleting { remove(set, pod, &world) }
            return
        }
        guard set["spec"]?["updateStrategy"]?["type"]?.string != "OnDelete" else { return }
        let partition = set["spec"]?["updateStrategy"]?["rollingUpdate"]?["partition"]?.int ?? 0
        for number in stride(from: wanted - 1, through: max(0, partition), by: -1) {
            guard let pod = byNumber[number] else { return }
            if pod.isDeleting { return }
            if isOld(pod, revision) { return remove(set, pod, &world) }
            if !pod.isReady { return }
        }
    }

    private static func isOld(_ pod: PodEntry, _ revision: String) -> Bool { pod.labels["controller-revision-hash"] != revision }

    private static func create(_ set: JSON, _ template: JSON, _ revision: String, _ number: Int, _ world: inout World) {
        let name = "\(set.metadataName)-\(number)"
        var pod = PodControl.pod(
            from: template, owner: set, name: name,
            labels: [
                "controller-revision-hash": revision, "statefulset.kubernetes.io/pod-name": name,
                "apps.kubernetes.io/pod-index": String(number),
            ])
        pod[at: "spec", "hostname"] = .string(name)
        if let service = set["spec"]?["serviceName"] { pod[at: "spec", "subdomain"] = service }
        for claim in set["spec"]?["volumeClaimTemplates"]?.array ?? [] { addClaim(claim, &pod, set, name, &world) }
        do {
            _ = try world.create(pod, type: .pods)
            world.record(
                EventSubject(set), "Normal", "SuccessfulCreate", ControllerTexts.statefulCreated(name, set.metadataName),
                component: component)
        } catch {
            world.record(
                EventSubject(set), "Warning", "FailedCreate",
                "create Pod \(name) in StatefulSet \(set.metadataName) failed error: \(error.message)", component: component)
            world.enqueue(
                .statefulSet, ObjectKey(type: .statefulSets, namespace: set.metadataNamespace, name: set.metadataName), after: .seconds(10))
        }
    }

    private static func addClaim(_ template: JSON, _ pod: inout JSON, _ set: JSON, _ name: String, _ world: inout World) {
        let claimName = "\(template.metadataName)-\(name)"
        let claimKey = ObjectKey(type: .persistentVolumeClaims, namespace: set.metadataNamespace, name: claimName)
        if world.store.get(claimKey) == nil {
            var claim = template
            claim["apiVersion"] = "v1"
            claim["kind"] = "PersistentVolumeClaim"
            claim[at: "metadata", "name"] = .string(claimName)
            claim[at: "metadata", "namespace"] = .string(set.metadataNamespace)
            claim["status"] = ["phase": "Pending"]
            _ = try? world.create(claim, type: .persistentVolumeClaims)
        }
        pod[at: "spec", "volumes"] = .array(
            (pod["spec"]?["volumes"]?.array ?? []) + [
                ["name": .string(template.metadataName), "persistentVolumeClaim": ["claimName": .string(claimName)]]
            ])
    }

    private static func remove(_ set: JSON, _ pod: PodEntry, _ world: inout World) {
        world.delete(pod.key)
        world.record(
            EventSubject(set), "Normal", "SuccessfulDelete", ControllerTexts.statefulDeleted(pod.key.name, set.metadataName),
            component: component)
    }

    private static func writeStatus(_ set: JSON, _ key: ObjectKey, _ revision: String, _ pods: [PodEntry], _ world: inout World) {
        let active = pods.filter { !$0.isFinished }
        let updated = active.filter { !isOld($0, revision) }
        let ready = active.filter { $0.isReady && !$0.isDeleting }
        var status: JSON = ["observedGeneration": JSON(set.generation), "replicas": JSON(active.count)]
        status.setCount("readyReplicas", ready.count)
        let settled = updated.count == active.count && ready.count == active.count
        let current = settled ? revision : set["status"]?["currentRevision"]?.string ?? revision
        status.setCount("currentReplicas", active.filter { $0.labels["controller-revision-hash"] == current }.count)
        status.setCount("updatedReplicas", updated.count)
        status["currentRevision"] = .string(current)
        status["updateRevision"] = .string(revision)
        status["collisionCount"] = 0
        status["availableReplicas"] = JSON(ready.count)
        guard status != set["status"] else { return }
        var changed = set
        changed["status"] = status
        world.writeStatus(changed, key)
    }
}
