import Core
import Kubernetes

// Workloads that keep pods running (apps/validation, and that of replication controllers).
extension Validation {
    mutating func deployment(_ spec: JSON) {
        nonNegative(spec["replicas"], "spec.replicas")
        selectedTemplate(spec, "Deployment")
        strategy(spec["strategy"] ?? [:], "spec.strategy")
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        nonNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")
        nonNegative(spec["progressDeadlineSeconds"], "spec.progressDeadlineSeconds")
        if let deadline = spec["progressDeadlineSeconds"]?.int, deadline <= spec["minReadySeconds"]?.int ?? 0 {
            invalid("spec.progressDeadlineSeconds", JSON(deadline), "must be greater than minReadySeconds")
        }
    }

    mutating func replicaSet(_ spec: JSON) {
        nonNegative(spec["replicas"], "spec.replicas")
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        selectedTemplate(spec, "ReplicaSet")
    }

    mutating func replicationController(_ spec: JSON) {
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        let selector = spec["selector"]?.stringMap ?? [:]
        if selector.isEmpty { required("spec.selector") }
        nonNegative(spec["replicas"], "spec.replicas")
        guard let template = spec["template"] else { return required("spec.template") }
        let labels = template[at: "metadata", "labels"]
        if !selector.isEmpty, !LabelSelector(matchLabels: selector).matches(labels?.stringMap ?? [:]) {
            invalid("spec.template.metadata.labels", labels ?? .null, Validation.mismatch)
        }
        self.template(template, "spec.template")
        endless(template, "ReplicationController")
    }

    mutating func statefulSet(_ spec: JSON) {
        if let policy = spec["podManagementPolicy"], !["OrderedReady", "Parallel"].contains(policy.string) {
            invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'")
        }
        let strategy = spec["updateStrategy"] ?? [:]
        switch strategy["type"]?.string {
        case "RollingUpdate":
            nonNegative(strategy[at: "rollingUpdate", "partition"], "spec.updateStrategy.rollingUpdate.partition")
            if let most = strategy[at: "rollingUpdate", "maxUnavailable"] {
                let place = "spec.updateStrategy.rollingUpdate.maxUnavailable"
                numberOrPercent(most, place)
                if Validation.isZero(most) { invalid(place, most, "cannot be 0") }
                notMoreThanAll(most, place)
            }
        case "OnDelete":
            if let rolling = strategy["rollingUpdate"] {
                invalid(
                    "spec.updateStrategy.rollingUpdate",
                    ["Partition": rolling["partition"] ?? 0, "MaxUnavailable": rolling["maxUnavailable"] ?? .null],
                    "only allowed for updateStrategy 'RollingUpdate'")
            }
        default:
            invalid(
                "spec.updateStrategy", ["Type": strategy["type"] ?? "", "RollingUpdate": .null], "must be 'RollingUpdate' or 'OnDelete'")
        }
        for moment in ["whenDeleted", "whenScaled"] {
            oneOf(
                spec[at: "persistentVolumeClaimRetentionPolicy", moment], ["Retain", "Delete"],
                "spec.persistentVolumeClaimRetentionPolicy.\(moment)")
        }
        nonNegative(spec["replicas"], "spec.replicas")
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        nonNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")
        nonNegative(spec[at: "ordinals", "start"], "spec.ordinals.start")
        let claims = (spec["volumeClaimTemplates"]?.array ?? []).compactMap { $0[at: "metadata", "name"]?.string }
        selectedTemplate(spec, "StatefulSet", claims: claims)
    }

    mutating func daemonSet(_ spec: JSON) {
        selectedTemplate(spec, "DaemonSet")
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        let strategy = spec["updateStrategy"] ?? [:]
        if strategy["type"] == "RollingUpdate" {
            let rolling = strategy["rollingUpdate"] ?? [:]
            let place = "spec.updateStrategy.rollingUpdate"
            let members = ["maxUnavailable", "maxSurge"].filter { rolling[$0] != nil }
            for member in members { numberOrPercent(rolling[member] ?? 0, "\(place).\(member)") }
            for member in members { notMoreThanAll(rolling[member] ?? 0, "\(place).\(member)") }
            let (down, up) = (Validation.isZero(rolling["maxUnavailable"]), Validation.isZero(rolling["maxSurge"]))
            if down, up { required("\(place).maxUnavailable", "cannot be 0 when maxSurge is 0") }
            if !down, !up {
                invalid("\(place).maxSurge", rolling["maxSurge"] ?? 0, "may not be set when maxUnavailable is non-zero")
            }
        } else if strategy["type"] != "OnDelete" {
            unsupported(
                "spec.updateStrategy", ["Type": strategy["type"] ?? "", "RollingUpdate": .null], ["RollingUpdate", "OnDelete"])
        }
        nonNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")
    }

    // MARK: Selectors and templates

    private static let mismatch = "`selector` does not match template `labels`"

    /// The selector of a workload and the template that it must match.
    private mutating func selectedTemplate(_ spec: JSON, _ kind: String, claims: [String] = []) {
        let template = spec["template"] ?? [:]
        let labels = template[at: "metadata", "labels"]
        var isUsable = true
        if let selector = spec["selector"] {
            let before = causes.count
            labelSelector(selector, "spec.selector")
            isUsable = causes.count == before
            let isEmpty = (selector["matchLabels"]?.object?.isEmpty ?? true) && (selector["matchExpressions"]?.array?.isEmpty ?? true)
            if isEmpty {
                invalid("spec.selector", selector, "empty selector is invalid for \(kind.lowercased())")
            } else if !isUsable {
                invalid("spec.selector", selector, kind == "StatefulSet" ? "" : "invalid label selector")
            } else if !Selectors.labelSelector(selector).matches(labels?.stringMap ?? [:]) {
                invalid("spec.template.metadata.labels", labels ?? .null, Validation.mismatch)
            }
        } else {
            required("spec.selector")
            invalid("spec.template.metadata.labels", labels ?? .null, Validation.mismatch)
        }
        if isUsable { self.template(template, "spec.template", claims: claims) }
        endless(template, kind)
    }

    /// Pods that are kept running are restarted always and have no deadline.
    private mutating func endless(_ template: JSON, _ kind: String) {
        if let policy = template[at: "spec", "restartPolicy"], policy != "Always" {
            unsupported("spec.template.spec.restartPolicy", policy, ["Always"])
        }
        if template[at: "spec", "activeDeadlineSeconds"] != nil {
            // Deployments are checked as what they make.
            let named = kind == "Deployment" ? "ReplicaSet" : kind
            forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in \(named) is not Supported")
        }
    }

    // MARK: Strategies

    static func isZero(_ value: JSON?) -> Bool { value?.int == 0 || value?.string == "0%" || value?.string == "0" || value == nil }

    private mutating func strategy(_ strategy: JSON, _ field: String) {
        let rolling = strategy["rollingUpdate"]
        switch strategy["type"]?.string {
        case "Recreate":
            if rolling != nil { forbidden("\(field).rollingUpdate", "may not be specified when strategy `type` is 'Recreate'") }
        case "RollingUpdate":
            guard let rolling else { return required("\(field).rollingUpdate", "this should be defaulted and never be nil") }
            for member in ["maxUnavailable", "maxSurge"] {
                if let value = rolling[member] { numberOrPercent(value, "\(field).rollingUpdate.\(member)") }
            }
            if Validation.isZero(rolling["maxUnavailable"]), Validation.isZero(rolling["maxSurge"]) {
                invalid("\(field).rollingUpdate.maxUnavailable", rolling["maxUnavailable"] ?? 0, "may not be 0 when `maxSurge` is 0")
            }
            if let most = rolling["maxUnavailable"] { notMoreThanAll(most, "\(field).rollingUpdate.maxUnavailable") }
        default:
            unsupported(field, ["Type": strategy["type"] ?? "", "RollingUpdate": .null], ["Recreate", "RollingUpdate"])
        }
    }

    /// A count, or a share of all.
    mutating func numberOrPercent(_ value: JSON, _ field: String) {
        guard let text = value.string else { return nonNegative(value, field) }
        if !text.hasSuffix("%") || text.count < 2 || !text.dropLast().allSatisfy({ $0.isASCII && $0.isNumber }) {
            invalid(
                field, value,
                "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is "
                    + "'[0-9]+%')")
        }
    }

    mutating func notMoreThanAll(_ value: JSON, _ field: String) {
        if let text = value.string, text.hasSuffix("%"), let percent = Int(text.dropLast()), percent > 100 {
            invalid(field, value, "must not be greater than 100%")
        }
    }
}
