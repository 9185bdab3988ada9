import Core
import Diagnosis
import Kubernetes

/// A volume claim that is not bound, with what was last said of it; or whose volume is gone.
struct ClaimHygiene: HygieneRule {
    let name = "volume-claim-unbound"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A volume claim is not bound, or has lost its volume.",
            sees: ["persistentvolumeclaims", "storageclasses", "events"],
            evidence: ["its phase; the last event about it"],
            contradictedBy: ["an incident about the same claim"],
            next: ["kubectl describe pvc NAME"],
            references: ["https://kubernetes.io/docs/concepts/storage/persistent-volumes/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        let hasDefault = scene.snapshot.storageClasses.contains(where: \.isDefault)
        return scene.snapshot.claims.compactMap { claim in
            let path = scene.path("PersistentVolumeClaim", claim.metadata.namespace, claim.metadata.name)
            guard claim.status.phase != "Bound", claim.metadata.deletionTimestamp == nil, !said.speaks(of: path) else { return nil }
            func tell(_ text: String, severity: Severity = .low) -> Finding {
                finding(
                    path, severity: severity, "PersistentVolumeClaim \(path.name) \(text)", since: claim.metadata.creationTimestamp,
                    now: scene.now)
            }
            if claim.status.phase == "Lost" {
                return tell("has lost its volume\(claim.spec.volumeName.map { " \($0)" } ?? "")", severity: .high)
            }
            if claim.spec.storageClassName == nil, (claim.spec.volumeName ?? "").isEmpty, scene.snapshot.knows("storageclasses"),
                !hasDefault
            {
                return tell("names no StorageClass, and none is the default")
            }
            guard claim.status.phase == "Pending" else { return nil }
            let last = scene.events(about: claim.metadata, kind: "PersistentVolumeClaim").last
            let why = last.map { "\($0.reason)\($0.message.isEmpty ? "" : ": \($0.message.prefix(200))")" }
            return tell("is Pending" + (why.map { ": \($0)" } ?? ""))
        }
    }
}

extension StorageClass {
    /// Whether claims that name no class get this one.
    var isDefault: Bool {
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .contains { metadata.annotations[$0] == "true" }
    }
}
