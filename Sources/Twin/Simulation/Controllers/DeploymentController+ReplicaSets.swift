import Core
import Kubernetes

extension DeploymentController {
    /// Brings the new ReplicaSet's annotations and the revision up to date; makes it where it is missing and `create` says so
    /// (getNewReplicaSet).
    static func updateNew(_ rollout: inout Rollout, create: Bool, _ world: inout World) {
        let revision = String((rollout.old.map(\.revision).max() ?? 0) + 1)
        if var set = rollout.new {
            let before = set.object
            annotate(&set.object, from: rollout.deployment, revision: revision)
            if let minReady = rollout.deployment["spec"]?["minReadySeconds"] { set.object[at: "spec", "minReadySeconds"] = minReady }
            if set.object != before {
                world.write(set.object, set.key)
                set.object = world.store.get(set.key) ?? set.object
                rollout.new = set
            }
            setRevision(set.object.annotation(Revision.annotation) ?? revision, &rollout, &world)
            if rollout.deadline != nil, rollout.conditions["Progressing"] == nil {
                rollout.conditions.set(
                    DeploymentConditions.make(
                        "Progressing", "True", "FoundNewReplicaSet", ControllerTexts.foundReplicaSet(set.name), world.now))
            }
            return
        }
        guard create else { return }
        make(revision: revision, &rollout, &world)
    }

    private static func make(revision: String, _ rollout: inout Rollout, _ world: inout World) {
        let deployment = rollout.deployment
        var template = deployment["spec"]?["template"] ?? [:]
        let collisions = deployment["status"]?["collisionCount"]?.int ?? 0
        let hash = PodTemplateHash.of(template, collisions: collisions)
        template[at: "metadata", "labels", "pod-template-hash"] = .string(hash)
        var selector = deployment["spec"]?["selector"] ?? [:]
        selector[at: "matchLabels", "pod-template-hash"] = .string(hash)
        let name = "\(deployment.metadataName)-\(hash)"
        var spec: JSON = ["replicas": JSON(newReplicas(rollout, nil)), "selector": selector, "template": template]
        if let minReady = deployment["spec"]?["minReadySeconds"] { spec["minReadySeconds"] = minReady }
        var set: JSON = [
            "apiVersion": "apps/v1", "kind": "ReplicaSet",
            "metadata": [
                "name": .string(name), "namespace": .string(deployment.metadataNamespace),
                "labels": template["metadata"]?["labels"] ?? [:], "ownerReferences": [deployment.controllerReference()],
            ],
            "spec": spec, "status": ["replicas": 0],
        ]
        annotate(&set, from: deployment, revision: revision)
        setSizeAnnotations(&set, rollout.bounds)
        let key = ObjectKey(type: .replicaSets, namespace: deployment.metadataNamespace, name: name)
        do {
            let created = try world.create(set, type: .replicaSets)
            rollout.new = OwnedReplicaSet(key: key, object: created)
            setRevision(revision, &rollout, &world)
            let replicas = created["spec"]?["replicas"]?.int ?? 0
            if replicas > 0 {
                world.record(
                    EventSubject(rollout.deployment), "Normal", "ScalingReplicaSet", ControllerTexts.scaledUp(name, "0", String(replicas)),
                    component: component)
            }
            if rollout.deadline != nil {
                rollout.conditions.set(
                    DeploymentConditions.make("Progressing", "True", "NewReplicaSetCreated", ControllerTexts.newReplicaSet(name), world.now)
                )
            }
        } catch {
            if error.reason == "AlreadyExists" {
                // Another template has this hash: count, and try again with another one.
                rollout.deployment[at: "status", "collisionCount"] = JSON(collisions + 1)
                world.writeStatus(rollout.deployment, rollout.key)
                world.enqueue(.deployment, rollout.key, after: .seconds(1))
            } else if rollout.deadline != nil {
                rollout.conditions.set(DeploymentConditions.make("Progressing", "False", "ReplicaSetCreateError", error.message, world.now))
            }
        }
    }

    /// Annotations of the Deployment, and the revision; the one before goes into the history (SetNewReplicaSetAnnotations).
    private static func annotate(_ set: inout JSON, from deployment: JSON, revision: String) {
        var annotations = set["metadata"]?["annotations"]?.object ?? [:]
        for (key, value) in deployment["metadata"]?["annotations"]?.object ?? [:] where !Revision.ownAnnotations.contains(key) {
            annotations[key] = value
        }
        let old = annotations[Revision.annotation]?.string
        if (Int(old ?? "") ?? 0) < (Int(revision) ?? 0) {
            annotations[Revision.annotation] = .string(revision)
            if let old {
                let history =
                    annotations[Revision.history]?.string.map { $0.isEmpty ? [] : $0.split(separator: ",").map(String.init) } ?? []
                annotations[Revision.history] = .string((history + [old]).suffix(30).joined(separator: ","))
            }
        }
        set[at: "metadata", "annotations"] = .object(annotations)
    }

    private static func setSizeAnnotations(_ set: inout JSON, _ bounds: RolloutBounds) {
        set[at: "metadata", "annotations", Revision.desired] = .string(String(bounds.replicas))
        set[at: "metadata", "annotations", Revision.maximum] = .string(String(bounds.replicas == 0 ? 0 : bounds.maximumTotal))
    }

    private static func setRevision(_ revision: String, _ rollout: inout Rollout, _ world: inout World) {
        guard rollout.deployment.annotation(Revision.annotation) != revision else { return }
        rollout.deployment[at: "metadata", "annotations", Revision.annotation] = .string(revision)
        world.write(rollout.deployment, rollout.key, as: "status")
        rollout.deployment = world.store.get(rollout.key) ?? rollout.deployment
    }

    /// Scales one ReplicaSet and says so.
    static func setReplicas(_ rollout: inout Rollout, _ set: OwnedReplicaSet, _ count: Int, _ world: inout World) {
        var changed = set
        let before = set.replicas
        changed.object[at: "spec", "replicas"] = JSON(count)
        setSizeAnnotations(&changed.object, rollout.bounds)
        guard changed.object != set.object else { return }
        world.write(changed.object, set.key)
        changed.object = world.store.get(set.key) ?? changed.object
        if rollout.new?.key == set.key {
            rollout.new = changed
        } else if let i = rollout.old.firstIndex(where: { $0.key == set.key }) {
            rollout.old[i] = changed
        }
        guard count != before else { return }
        let text = count > before ? ControllerTexts.scaledUp : ControllerTexts.scaledDown
        world.record(
            EventSubject(rollout.deployment), "Normal", "ScalingReplicaSet", text(set.name, String(before), String(count)),
            component: component)
    }

    /// Follows a change of `spec.replicas`: one active ReplicaSet takes it all, several share in proportion (scale).
    static func scale(_ rollout: inout Rollout, _ world: inout World) {
        let active = rollout.all.filter { $0.replicas > 0 }
        let wanted = rollout.bounds.replicas
        if active.count <= 1 {
            guard let only = active.first ?? rollout.new ?? rollout.old.last else { return }
            if only.replicas != wanted || only.desired != wanted { setReplicas(&rollout, only, wanted, &world) }
            return
        }
        if let new = rollout.new, new.replicas == wanted, new.available == wanted {
            for set in rollout.activeOld { setReplicas(&rollout, set, 0, &world) }
            return
        }
        guard rollout.bounds.isRolling else { return }
        let allowed = wanted > 0 ? rollout.bounds.maximumTotal : 0
        let add = allowed - active.reduce(0) { $0 + $1.replicas }
        let ordered = active.sorted { $0.replicas == $1.replicas ? $0.order > $1.order : $0.replicas > $1.replicas }
        var added = 0
        var sizes = ordered.map(\.replicas)
        for (i, set) in ordered.enumerated() {
            guard add != 0 else { break }
            let annotated = max(1, set.maximum ?? allowed)
            let ideal = Int((Double(set.replicas * allowed) / Double(annotated)).rounded())
            let left = add - added
            let share = add > 0 ? max(0, min(ideal - set.replicas, left)) : min(0, max(ideal - set.replicas, left))
            sizes[i] = set.replicas + share
            added += share
        }
        if let first = sizes.first { sizes[0] = max(0, first + add - added) }
        for (i, set) in ordered.enumerated() { setReplicas(&rollout, set, sizes[i], &world) }
    }
}
