import Core
import Diagnosis
import Kubernetes

/// Two OperatorGroups in one namespace: the operator lifecycle manager then installs nothing there.
struct OperatorGroupHygiene: HygieneRule {
    let name = "several-operator-groups"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A namespace has several OperatorGroups, so that nothing is installed in it.",
            sees: ["operatorgroups.operators.coreos.com"],
            evidence: ["how many there are"],
            contradictedBy: ["only one is left"],
            next: ["delete all but one"],
            references: ["https://olm.operatorframework.io/docs/concepts/crds/operatorgroup/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        let groups = snapshot.untyped.filter { $0.kind == "OperatorGroup" && $0.group == "operators.coreos.com" }
        return Dictionary(grouping: groups, by: \.metadata.namespace).filter { $0.value.count > 1 }.sorted { $0.key < $1.key }.map {
            namespace, groups in
            finding(
                scene.path("Namespace", "", namespace),
                "namespace \(namespace) has \(groups.count) OperatorGroups (\(groups.map(\.metadata.name).joined(separator: ", "))), and may have one",
                now: scene.now)
        }
    }
}
