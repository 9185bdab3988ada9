import Core
import Kubernetes

/// Keeps the numbered pods of a StatefulSet: one after another upwards, or all at once; replaced from the last to the partition when the
/// template changes.
enum StatefulSetController {
    static let component = "statefulset-controller"

    /// One pass over one StatefulSet.
    struct Pass {
        let set: JSON
        let key: ObjectKey
        let revisions: ControllerRevisions
        /// The revision that pods below the partition are made of.
        let base: ControllerRevisions.Revision
        let first: Int
        let wanted: Int
        let isOrdered: Bool
        let partition: Int
        let maxUnavailable: Int
        let isRolling: Bool
        let minReady: Duration
        var pods: [Int: PodEntry] = [:]

        var numbers: Range<Int> { first..<(first + wanted) }
        var update: String { revisions.current.name }

        func isNew(_ pod: PodEntry) -> Bool { pod.labels["controller-revision-hash"] == update }
        func isAvailable(_ pod: PodEntry, _ now: Timestamp) -> Bool {
            pod.isReady && !pod.isDeleting && pod.readySince + minReady <= now
        }
    }

    static func reconcile(_ key: ObjectKey, _ world: inout World) {
        guard let set = world.store.get(key), !set.isBeingDeleted else { return }
        guard let pass = pass(set, key, &world) else { return world.enqueue(.statefulSet, key, after: .seconds(10)) }
        act(pass, &world)
        StatefulSetStatus.write(pass, &world)
        let inUse = Set(pass.pods.values.compactMap { $0.labels["controller-revision-hash"] }).union([pass.base.name])
        pass.revisions.prune(limit: set["spec"]?["revisionHistoryLimit"]?.int ?? 10, inUse: inUse, &world)
    }

    private static func pass(_ set: JSON, _ key: ObjectKey, _ world: inout World) -> Pass? {
        guard let revisions = try? ControllerRevisions(of: set, hashLabel: "controller.kubernetes.io/hash", &world) else { return nil }
        let spec = set["spec"]
        let strategy = spec?["updateStrategy"]
        let wanted = spec?["replicas"]?.int ?? 1
        var pass = Pass(
            set: set, key: key, revisions: revisions,
            base: set["status"]?["currentRevision"]?.string.flatMap { revisions.named($0) } ?? revisions.current,
            first: spec?["ordinals"]?["start"]?.int ?? 0, wanted: max(0, wanted),
            isOrdered: spec?["podManagementPolicy"]?.string != "Parallel", partition: strategy?["rollingUpdate"]?["partition"]?.int ?? 0,
            maxUnavailable: max(1, RolloutBounds.resolve(strategy?["rollingUpdate"]?["maxUnavailable"] ?? 1, of: wanted, up: true)),
            isRolling: strategy?["type"]?.string != "OnDelete", minReady: .seconds(spec?["minReadySeconds"]?.int ?? 0))
        for pod in world.index.pods(ownedBy: set.uid) {
            if let number = Int(pod.key.name.dropFirst(key.name.count + 1)) { pass.pods[number] = pod }
        }
        return pass
    }

    private static func act(_ pass: Pass, _ world: inout World) {
        let missing = pass.isOrdered ? 1 : max(0, pass.wanted - pass.pods.keys.count { pass.numbers.contains($0) })
        var allowed = world.allowance(missing, of: pass.set.uid, Work(controller: .statefulSet, key: pass.key))
        for number in pass.numbers {
            guard let pod = pass.pods[number] else {
                guard allowed > 0 else { return }
                allowed -= 1
                make(number, pass, &world)
                if pass.isOrdered { return }
                continue
            }
            if pod.isFinished, !pod.isDeleting {
                let (reason, text) =
                    pod.phase == "Failed"
                    ? ("RecreatingFailedPod", ControllerTexts.recreatingFailed)
                    : ("RecreatingTerminatedPod", ControllerTexts.recreatingEnded)
                world.record(
                    EventSubject(pass.set), pod.phase == "Failed" ? "Warning" : "Normal", reason,
                    text(pass.key.namespace, pass.key.name, pod.key.name), component: component)
                remove(pod, pass, &world)
                if pass.isOrdered { return }
                continue
            }
            if pass.isOrdered, !pass.isAvailable(pod, world.now) {
                if pod.isReady, !pod.isDeleting {
                    world.queue.put(.work(Work(controller: .statefulSet, key: pass.key)), at: pod.readySince + pass.minReady)
                }
                return
            }
        }
        // Surplus pods go from the last, each after the one above it is gone.
        let surplus = pass.pods.keys.filter { !pass.numbers.contains($0) }.sorted(by: >)
        for number in surplus {
            guard let pod = pass.pods[number] else { continue }
            if !pod.isDeleting { remove(pod, pass, &world) }
            if pass.isOrdered { return }
        }
        if surplus.isEmpty, pass.isRolling { update(pass, &world) }
    }

    /// Replaces pods of an older template, the last first, no more at a time than may be unavailable.
    private static func update(_ pass: Pass, _ world: inout World) {
        let numbers = pass.pods.keys.filter { pass.numbers.contains($0) }.sorted(by: >)
        var unavailable = pass.wanted - numbers.count { number in pass.pods[number].map { pass.isAvailable($0, world.now) } ?? false }
        for number in numbers where number >= pass.partition {
            guard let pod = pass.pods[number] else { continue }
            if !pass.isNew(pod), !pod.isDeleting {
                let isSound = pass.isAvailable(pod, world.now)
                if isSound, unavailable >= pass.maxUnavailable { return }
                remove(pod, pass, &world)
                if isSound { unavailable += 1 }
            }
            if unavailable >= pass.maxUnavailable { return }
        }
    }

    private static func make(_ number: Int, _ pass: Pass, _ world: inout World) {
        // Below the partition the template of before holds.
        let revision = pass.isRolling && number >= pass.first + pass.partition ? pass.revisions.current : pass.base
        let set = pass.set
        let name = "\(set.metadataName)-\(number)"
        var template = revision.template
        template["$patch"] = nil
        var pod = PodControl.pod(
            from: template, owner: set, name: name,
            labels: [
                "controller-revision-hash": revision.name, "statefulset.kubernetes.io/pod-name": name,
                "apps.kubernetes.io/pod-index": String(number),
            ])
        pod[at: "spec", "hostname"] = .string(name)
        if let service = set["spec"]?["serviceName"] { pod[at: "spec", "subdomain"] = service }
        do {
            for claim in set["spec"]?["volumeClaimTemplates"]?.array ?? [] { try StatefulSetClaims.add(claim, &pod, set, name, &world) }
            _ = try world.create(pod, type: .pods)
            world.record(
                EventSubject(set), "Normal", "SuccessfulCreate", ControllerTexts.statefulCreated(name, set.metadataName),
                component: component)
        } catch {
            world.record(
                EventSubject(set), "Warning", "FailedCreate",
                ControllerTexts.statefulFailed("create", name, set.metadataName, error.message), component: component)
            world.enqueue(.statefulSet, pass.key, after: .seconds(10))
        }
    }

    private static func remove(_ pod: PodEntry, _ pass: Pass, _ world: inout World) {
        world.delete(pod.key)
        world.record(
            EventSubject(pass.set), "Normal", "SuccessfulDelete", ControllerTexts.statefulDeleted(pod.key.name, pass.set.metadataName),
            component: component)
        if pass.set["spec"]?["persistentVolumeClaimRetentionPolicy"]?["whenScaled"]?.string == "Delete",
            Int(pod.key.name.dropFirst(pass.key.name.count + 1)).map({ !pass.numbers.contains($0) }) == true
        {
            StatefulSetClaims.remove(of: pod, pass.set, &world)
        }
    }
}

/// The claims that a StatefulSet makes for its pods.
enum StatefulSetClaims {
    static func add(_ template: JSON, _ pod: inout JSON, _ set: JSON, _ name: String, _ world: inout World) throws(APIFailure) {
        let key = key(template, set, name)
        if world.store.get(key) == nil {
            var claim = template
            claim["apiVersion"] = "v1"
            claim["kind"] = "PersistentVolumeClaim"
            claim[at: "metadata", "name"] = .string(key.name)
            claim[at: "metadata", "namespace"] = .string(key.namespace)
            claim[at: "metadata", "labels"] = set["spec"]?["selector"]?["matchLabels"]
            if set["spec"]?["persistentVolumeClaimRetentionPolicy"]?["whenDeleted"]?.string == "Delete" {
                claim[at: "metadata", "ownerReferences"] = [set.controllerReference()]
            }
            claim["status"] = ["phase": "Pending"]
            try world.create(claim, type: .persistentVolumeClaims)
            world.record(
                EventSubject(set), "Normal", "SuccessfulCreate",
                ControllerTexts.claimCreated(key.name, name, set.metadataName), component: StatefulSetController.component)
        }
        let volumes = (pod["spec"]?["volumes"]?.array ?? []).filter { $0["name"]?.string != template.metadataName }
        pod[at: "spec", "volumes"] = .array(
            volumes + [["name": .string(template.metadataName), "persistentVolumeClaim": ["claimName": .string(key.name)]]])
    }

    static func remove(of pod: PodEntry, _ set: JSON, _ world: inout World) {
        for template in set["spec"]?["volumeClaimTemplates"]?.array ?? [] { world.delete(key(template, set, pod.key.name)) }
    }

    private static func key(_ template: JSON, _ set: JSON, _ pod: String) -> ObjectKey {
        ObjectKey(
            type: .persistentVolumeClaims, namespace: set.metadataNamespace, name: "\(template.metadataName)-\(pod)")
    }
}
