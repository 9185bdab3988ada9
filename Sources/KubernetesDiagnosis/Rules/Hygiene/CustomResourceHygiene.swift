import Core
import Diagnosis
import Kubernetes

/// What custom resources say of themselves by the API conventions: conditions, a phase, a connection that fails. One finding an object.
struct CustomResourceHygiene: HygieneRule {
    let name = "custom-resource-condition"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A custom resource says of itself that it is not well.",
            sees: ["custom resources"],
            evidence: ["conditions by the API conventions, a phase, a connection that fails"],
            contradictedBy: ["a later condition"],
            next: ["see what its operator logs"],
            references: ["https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md"])
    }

    /// Conditions that are well when they are true.
    private static let wellWhenTrue: Set<String> = [
        "Ready", "Available", "Healthy", "Installed", "Serving", "Accepted", "Programmed", "Synced", "Established", "Reconciled", "Valid",
        "Succeeded", "Bound", "Connected",
    ]
    /// What the names of conditions that are well when they are false hold.
    private static let illWhenTrue = ["Unhealthy", "Degraded", "Failed", "Failing", "Stalled", "Error"]
    private static let badReasons: Set<String> = ["Retrying", "Failed", "Error"]
    private static let badStates: Set<String> = [
        "Failed", "Error", "Degraded", "Unhealthy", "UpgradeFailed", "InstallFailed", "TRANSIENT_FAILURE",
    ]
    /// Kinds that have a rule of their own.
    private static let others: Set<String> = [GatewayHygiene.group, ScaledObjectHygiene.group, PolicyReportHygiene.group]

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let (scene, snapshot) = (examination.scene, examination.snapshot)
        return snapshot.untyped.compactMap { object in
            guard !ResourceType.isBuiltIn(group: object.group), !CustomResourceHygiene.others.contains(object.group) else { return nil }
            let path = object.path(in: snapshot.cluster)
            guard !said.speaks(of: path) else { return nil }
            let owner = object.metadata.ownerReferences.first.map { " (of \($0.kind) \($0.name))" } ?? ""
            if let condition = object.conditions.first(where: { CustomResourceHygiene.isIll($0, of: object) }) {
                let said = [condition.reason, condition.message].compactMap { $0 }.joined(separator: ": ")
                return finding(
                    path, key: condition.type,
                    "\(object.kind) \(path.name)\(owner): \(condition.type) is \(condition.status.isEmpty ? "True" : condition.status)\(said.isEmpty ? "" : ", \(said.prefix(200))")",
                    since: condition.lastTransitionTime, now: scene.now)
            }
            guard let state = CustomResourceHygiene.badState(object) else { return nil }
            return finding(path, "\(object.kind) \(path.name)\(owner): \(state)", now: scene.now)
        }
    }

    private static func isIll(_ condition: Condition, of object: UntypedObject) -> Bool {
        switch condition.status {
        // Argo CD lists those that hold, without a status: SyncError, ComparisonError, InvalidSpecError.
        case "" where object.group == "argoproj.io": condition.type.hasSuffix("Error")
        case "False": wellWhenTrue.contains(condition.type)
        case "True":
            illWhenTrue.contains { condition.type.hasSuffix($0) }
                || condition.type == "Progressing" && badReasons.contains(condition.reason ?? "")
        default: false
        }
    }

    private static func badState(_ object: UntypedObject) -> String? {
        let status = object.json()["status"]
        for place in [["phase"], ["state"], ["health", "status"], ["operationState", "phase"], ["connectionState", "lastObservedState"]] {
            let value = place.reduce(status) { $0?[$1] }
            if let text = value?.string, badStates.contains(text) {
                let address = status?[at: "connectionState", "address"]?.string
                return "\(place.joined(separator: ".")) is \(text)" + (address.map { " (\($0))" } ?? "")
            }
        }
        return nil
    }
}
