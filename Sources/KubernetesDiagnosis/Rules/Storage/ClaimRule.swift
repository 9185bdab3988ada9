import Core
import Diagnosis
import Kubernetes

/// A volume claim that cannot be bound, or cannot go away.
struct ClaimRule: Rule {
    let name = "volume-claim"
    let categories = ["pvc-no-volume", "pvc-storageclass-missing", "pvc-stuck-terminating"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A volume claim cannot be bound, or was deleted and cannot go away.",
            sees: ["persistentvolumeclaims", "persistentvolumes", "storageclasses", "events"],
            evidence: ["the phase of the claim; ProvisioningFailed and FailedBinding; volumes that nearly fit; who mounts it"],
            contradictedBy: ["a volume that fits"],
            next: ["name a class or volume that exists", "stop who mounts it"],
            references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for claim in scene.snapshot.claims {
            let path = scene.path("PersistentVolumeClaim", claim.metadata.namespace, claim.metadata.name)
            if claim.metadata.deletionTimestamp != nil { terminating(claim, path, scene, &draft); continue }
            let isLost = claim.status.phase == "Lost"
            guard isLost || claim.status.phase == "Pending" else { continue }
            let users = scene.podsMounting(claim)
            let sufferers = Set(users.map { scene.workload(ofPod: $0).path }).sorted()
            let events = scene.events(about: claim.metadata, kind: "PersistentVolumeClaim")
            let status = Support(.strong, Evidence(.status, source: path.resource, text: "the claim is \(claim.status.phase)"))
            func conclude(_ category: String, _ fact: String, _ text: String, _ support: [Support]) {
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: category, resource: path, depth: .external, severity: users.isEmpty ? .medium : .high,
                        complaint: "is not bound", fact: fact, text: text,
                        since: claim.metadata.creationTimestamp, support: support, explains: sufferers,
                        next: ["kubectl -n \(path.namespace) describe pvc \(path.name)"]))
                for sufferer in sufferers { draft.graph.add(sufferer, .mounts, path) }
            }
            if isLost {
                // Nobody suffers from one that nobody mounts.
                if users.isEmpty { continue }
                let volume = claim.spec.volumeName ?? ""
                let gone = scene.spec(path, .strong, "volumeName \(volume)")
                conclude(
                    "pvc-no-volume", "its volume \(volume) is gone",
                    "PersistentVolumeClaim \(path.name) has lost its PersistentVolume \(volume)", [status, gone])
                continue
            }
            let asked = claim.spec.storageClassName
            let missingEvent = events.last {
                $0.reason == "ProvisioningFailed" && $0.message.contains("storageclass") && $0.message.contains("not found")
            }
            let isAbsent =
                asked.map { name in
                    !name.isEmpty && scene.snapshot.knows("storageclasses")
                        && !scene.snapshot.storageClasses.contains { $0.metadata.name == name }
                } ?? false
            if let asked, missingEvent != nil || (isAbsent && scene.snapshot.volumes.allSatisfy { $0.spec.storageClassName != asked }) {
                let near = NearMiss.of(asked, among: scene.snapshot.storageClasses.map(\.metadata.name))
                var support = [status]
                if let missingEvent { support.append(Support(.decisive, scene.evidence(missingEvent))) }
                if isAbsent {
                    support.append(
                        scene.spec(
                            path, .strong,
                            "storageClassName \(asked); classes: \(scene.snapshot.storageClasses.map(\.metadata.name).joined(separator: ", "))"
                        ))
                }
                conclude(
                    "pvc-storageclass-missing", "StorageClass \(asked) does not exist",
                    "PersistentVolumeClaim \(path.name) asks for StorageClass \(asked), which does not exist"
                        + (near.map { "; there is \($0)" } ?? ""), support)
                continue
            }
            // What the provisioner says counts where it has said it more than once: it tries again by itself.
            let failed = events.last { $0.reason == "FailedBinding" || $0.reason == "ProvisioningFailed" && $0.count > 1 }
            let isStatic = asked == "" || failed != nil
            guard isStatic, scene.now - (claim.metadata.creationTimestamp ?? .distantPast) > .seconds(15) else { continue }
            let request = claim.spec.resources.requests["storage"]
            let asks =
                "\(request.map { "\($0), " } ?? "")\(claim.spec.accessModes.joined(separator: "+"))\(asked.map { $0.isEmpty ? ", no class" : ", class \($0)" } ?? "")"
            var support = [status, scene.spec(path, .strong, "asks for \(asks)")]
            if let failed { support.append(Support(.decisive, scene.evidence(failed))) }
            let misses = scene.snapshot.volumes.prefix(50).compactMap { ClaimRule.whyNot($0, claim) }
            support.append(
                Support(
                    .strong,
                    Evidence(
                        .status, source: "PersistentVolumes",
                        text: scene.snapshot.volumes.isEmpty ? "there are none" : misses.prefix(4).joined(separator: "; "))))
            conclude(
                "pvc-no-volume", "no PersistentVolume fits (\(asks))",
                "no PersistentVolume fits PersistentVolumeClaim \(path.name) (\(asks))" + (misses.first.map { ": \($0)" } ?? ""), support)
        }
    }

    private static func whyNot(_ volume: PersistentVolume, _ claim: PersistentVolumeClaim) -> String? {
        let name = volume.metadata.name
        if volume.status.phase == "Bound" { return "\(name) is bound" }
        if volume.status.phase == "Released" { return "\(name) is released and still names its former claim" }
        if (volume.spec.storageClassName ?? "") != (claim.spec.storageClassName ?? "") {
            return "\(name) has class \(volume.spec.storageClassName ?? "none")"
        }
        if !claim.spec.accessModes.allSatisfy(volume.spec.accessModes.contains) {
            return "\(name) offers \(volume.spec.accessModes.joined(separator: "+"))"
        }
        if let wanted = claim.spec.resources.requests["storage"], let has = volume.spec.capacity["storage"], has < wanted {
            return "\(name) has \(has)"
        }
        return nil
    }

    private func terminating(_ claim: PersistentVolumeClaim, _ path: EntityPath, _ scene: Scene, _ draft: inout Draft) {
        guard let deleted = claim.metadata.deletionTimestamp, scene.now - deleted > .seconds(60),
            claim.metadata.finalizers.contains("kubernetes.io/pvc-protection")
        else { return }
        let users = scene.podsMounting(claim)
        guard !users.isEmpty else { return }
        let names = users.prefix(3).map { scene.snapshot.pods[$0].metadata.name }.joined(separator: ", ")
        // Nothing new is scheduled onto a claim that is on its way out.
        let waiting = users.filter { p in
            scene.snapshot.pods[p].status.conditions.contains {
                $0.type == "PodScheduled" && $0.status == "False" && ($0.message ?? "").contains("is being deleted")
            }
        }
        draft.hypotheses.append(
            Hypothesis(
                rule: name, category: "pvc-stuck-terminating", resource: path, depth: .specific, severity: .medium,
                complaint: "does not go away", fact: "it is in use by \(names)",
                text: "PersistentVolumeClaim \(path.name) was deleted and is in use by \(names), so it stays Terminating (pvc-protection)",
                since: deleted,
                support: [
                    Support(
                        .decisive,
                        Evidence(
                            .status, source: path.resource, text: "deleted \(deleted), finalizer kubernetes.io/pvc-protection",
                            time: deleted)),
                    scene.spec(path, .strong, "mounted by \(names)"),
                ], explains: Set(waiting.map { scene.workload(ofPod: $0).path }).sorted(),
                next: ["kubectl -n \(path.namespace) describe pvc \(path.name)"]))
    }
}

extension Scene {
    /// Pods that mount a claim and have not ended.
    func podsMounting(_ claim: PersistentVolumeClaim) -> [Int] {
        workloads(in: claim.metadata.namespace).flatMap { workloads[$0].pods }.filter { p in
            snapshot.pods[p].spec.volumes.contains { $0.persistentVolumeClaim?.claimName == claim.metadata.name }
        }
    }
}
