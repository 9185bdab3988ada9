import Core
import Diagnosis
import Kubernetes

/// More than one default StorageClass: which one a claim gets is not what its author sees.
struct DefaultClassHygiene: HygieneRule {
    let name = "several-default-storage-classes"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "More than one StorageClass is the default.",
            sees: ["storageclasses"],
            evidence: ["the annotation storageclass.kubernetes.io/is-default-class"],
            contradictedBy: ["only one carries it"],
            next: ["take it from all but one"],
            references: ["https://kubernetes.io/docs/concepts/storage/storage-classes/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        let names = scene.snapshot.storageClasses.filter(\.isDefault).map(\.metadata.name)
        guard let first = names.first, names.count > 1 else { return [] }
        return [
            finding(
                scene.path("StorageClass", "", first), "StorageClasses \(names.joined(separator: ", ")) are all the default",
                now: scene.now)
        ]
    }
}
