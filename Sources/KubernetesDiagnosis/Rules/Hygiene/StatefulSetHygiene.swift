import Core
import Diagnosis
import Kubernetes

/// A StatefulSet that names a Service or a StorageClass that does not exist. Without a name it merely has no names for its pods.
struct StatefulSetHygiene: HygieneRule {
    let name = "stateful-set-reference"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A StatefulSet names a Service or a StorageClass that does not exist.",
            sees: ["statefulsets", "services", "storageclasses"],
            evidence: ["what it names, against what there is"],
            contradictedBy: ["a StatefulSet may name no Service"],
            next: ["create it, or correct the name"],
            references: ["https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        let classes = Set(snapshot.storageClasses.map(\.metadata.name))
        return snapshot.statefulSets.flatMap { set -> [Finding] in
            let (namespace, name) = (set.metadata.namespace, set.metadata.name)
            let path = scene.path("StatefulSet", namespace, name)
            var found: [Finding] = []
            func say(_ key: String, _ text: String) {
                found.append(finding(path, key: key, text, since: set.metadata.creationTimestamp, now: scene.now))
            }
            let service = set.spec.serviceName
            if !service.isEmpty, snapshot.knows("services"), scene.service(namespace, service) == nil {
                say("service", "StatefulSet \(name) names Service \(service), which does not exist: its pods have no names in DNS")
            }
            for template in set.spec.volumeClaimTemplates {
                guard let wanted = template.spec.storageClassName, !wanted.isEmpty, snapshot.knows("storageclasses"),
                    !classes.contains(wanted)
                else { continue }
                say(
                    template.metadata.name,
                    "claims \(template.metadata.name) of StatefulSet \(name) ask for StorageClass \(wanted), which does not exist")
            }
            return found
        }
    }
}
