import Core
import Kubernetes

/// Deployments, ReplicaSets, StatefulSets, DaemonSets and ReplicationControllers (pkg/apis/apps/validation).
extension Validation {
    mutating func deployment(_ spec: JSON) {
        nonNegative(spec["replicas"], "spec.replicas")
        selectedTemplate(spec, emptySelector: "deployment") { $0.onlyAlways(spec, "ReplicaSet") }
        let strategy = spec["strategy"] ?? [:]
        switch strategy[text: "type"] {
        case "Recreate":
            if strategy["rollingUpdate"] != nil {
                forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'")
            }
        case "RollingUpdate":
            let (field, rolling) = ("spec.strategy.rollingUpdate", strategy["rollingUpdate"])
            for member in ["maxUnavailable", "maxSurge"] { intOrPercent(rolling?[member], "\(field).\(member)") }
            if amount(rolling?["maxUnavailable"]) == 0, amount(rolling?["maxSurge"]) == 0 {
                invalid("\(field).maxUnavailable", rolling?["maxUnavailable"] ?? 0, "may not be 0 when `maxSurge` is 0")
            }
            notOverAll(rolling?["maxUnavailable"], "\(field).maxUnavailable")
        default: unsupported("spec.strategy", GoForm.of(strategy, "RollingStrategy"), ["Recreate", "RollingUpdate"])
        }
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        nonNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")
        guard let deadline = spec["progressDeadlineSeconds"] else { return }
        nonNegative(deadline, "spec.progressDeadlineSeconds")
        if deadline.int ?? 1 <= spec["minReadySeconds"]?.int ?? 0 {
            invalid("spec.progressDeadlineSeconds", deadline, "must be greater than minReadySeconds")
        }
    }

    mutating func replicaSet(_ spec: JSON) {
        nonNegative(spec["replicas"], "spec.replicas")
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        selectedTemplate(spec, emptySelector: "deployment") { $0.onlyAlways(spec, "ReplicaSet") }
    }

    mutating func replicationController(_ spec: JSON) {
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        let selected = spec["selector"]?.stringMap ?? [:]
        if selected.isEmpty { required("spec.selector") }
        nonNegative(spec["replicas"], "spec.replicas")
        guard let template = spec["template"] else { return required("spec.template") }
        matches(template, LabelSelector(matchLabels: selected))
        self.template(template, "spec.template")
        onlyAlways(spec, "ReplicationController")
    }

    mutating func daemonSet(_ spec: JSON) {
        labelSelector(spec["selector"], "spec.selector")
        if spec["selector"] == nil || isSelector(spec["selector"]) {
            let selector = Selectors.labelSelector(spec["selector"])
            // No selector at all selects nothing.
            if spec["selector"] == nil { mismatch(spec["template"]) } else { matches(spec["template"] ?? [:], selector) }
        }
        emptySelector(spec, "daemonset")
        template(spec["template"] ?? [:], "spec.template")
        onlyAlways(spec, "DaemonSet")
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        let strategy = spec["updateStrategy"] ?? [:]
        if strategy["type"] == "RollingUpdate" {
            daemonSetRolling(strategy["rollingUpdate"] ?? [:], "spec.updateStrategy.rollingUpdate")
        } else if strategy["type"] != "OnDelete" {
            unsupported("spec.updateStrategy", GoForm.of(strategy, "RollingStrategy"), ["RollingUpdate", "OnDelete"])
        }
        nonNegative(spec["revisionHistoryLimit"], "spec.revisionHistoryLimit")
    }

    private mutating func daemonSetRolling(_ rolling: JSON, _ field: String) {
        for member in ["maxUnavailable", "maxSurge"] { intOrPercent(rolling[member], "\(field).\(member)") }
        for member in ["maxUnavailable", "maxSurge"] { notOverAll(rolling[member], "\(field).\(member)") }
        switch (amount(rolling["maxUnavailable"]) != 0, amount(rolling["maxSurge"]) != 0) {
        case (true, true): invalid("\(field).maxSurge", rolling["maxSurge"], "may not be set when maxUnavailable is non-zero")
        case (false, false): required("\(field).maxUnavailable", "cannot be 0 when maxSurge is 0")
        default: break
        }
    }

    mutating func statefulSet(_ spec: JSON) {
        if let policy = spec["podManagementPolicy"], policy != "OrderedReady", policy != "Parallel" {
            invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'")
        }
        let (strategy, field) = (spec["updateStrategy"] ?? [:], "spec.updateStrategy")
        switch strategy[text: "type"] {
        case "": required(field)
        case "OnDelete":
            if let rolling = strategy["rollingUpdate"] {
                invalid(
                    "\(field).rollingUpdate", GoForm.of(rolling, "StatefulSetRolling"), "only allowed for updateStrategy 'RollingUpdate'")
            }
        case "RollingUpdate":
            let (rolling, field) = (strategy["rollingUpdate"], "\(field).rollingUpdate")
            nonNegative(rolling?["partition"], "\(field).partition")
            if let limit = rolling?["maxUnavailable"] {
                intOrPercent(limit, "\(field).maxUnavailable")
                if amount(limit) == 0 { invalid("\(field).maxUnavailable", limit, "cannot be 0") }
                notOverAll(limit, "\(field).maxUnavailable")
            }
        default: invalid(field, GoForm.of(strategy, "StatefulSetStrategy"), "must be 'RollingUpdate' or 'OnDelete'")
        }
        for member in ["whenDeleted", "whenScaled"] {
            choice(
                spec[at: "persistentVolumeClaimRetentionPolicy", member], "spec.persistentVolumeClaimRetentionPolicy.\(member)",
                ["Retain", "Delete"])
        }
        nonNegative(spec["replicas"], "spec.replicas")
        nonNegative(spec["minReadySeconds"], "spec.minReadySeconds")
        nonNegative(spec[at: "ordinals", "start"], "spec.ordinals.start")
        // The real server does not look into the pods of a StatefulSet: their volumes are only known when its claims are made.
        selectedTemplate(spec, emptySelector: "statefulset", wrongSelector: "", looksIntoPods: false) { $0.onlyAlways(spec, "StatefulSet") }
    }

    // MARK: Selector and template

    private mutating func selectedTemplate(
        _ spec: JSON, emptySelector kind: String, wrongSelector: String = "invalid label selector", looksIntoPods: Bool = true,
        _ rest: (inout Validation) -> Void
    ) {
        let template = spec["template"] ?? [:]
        let selector = spec["selector"]
        if selector == nil { required("spec.selector") }
        labelSelector(selector, "spec.selector")
        emptySelector(spec, kind)
        guard isSelector(selector) else { return invalid("spec.selector", GoForm.selector(selector ?? [:]), wrongSelector) }
        // Nothing is what no selector selects, and it is not called empty; an empty one selects all.
        if selector == nil { mismatch(template) } else { matches(template, Selectors.labelSelector(selector)) }
        if looksIntoPods {
            self.template(template, "spec.template")
        } else {
            labels(template[at: "metadata", "labels"], "spec.template.labels")
            annotations(template[at: "metadata", "annotations"], "spec.template.annotations")
        }
        rest(&self)
    }

    private mutating func emptySelector(_ spec: JSON, _ kind: String) {
        guard let selector = spec["selector"], Selectors.labelSelector(selector).isEmpty,
            selector["matchExpressions"]?.array?.isEmpty ?? true
        else { return }
        invalid("spec.selector", [:], "empty selector is invalid for \(kind)")
    }

    private mutating func matches(_ template: JSON, _ selector: LabelSelector) {
        if !selector.matches(template[at: "metadata", "labels"]?.stringMap ?? [:]) { mismatch(template) }
    }

    private mutating func mismatch(_ template: JSON?) {
        let labels = template?[at: "metadata", "labels"].map { JSON($0.stringMap) } ?? .null
        invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
    }

    private mutating func onlyAlways(_ spec: JSON, _ kind: String) {
        let pod = spec[at: "template", "spec"]
        if let policy = pod?["restartPolicy"], policy != "Always" { unsupported("spec.template.spec.restartPolicy", policy, ["Always"]) }
        if pod?["activeDeadlineSeconds"] != nil {
            forbidden("spec.template.spec.activeDeadlineSeconds", "activeDeadlineSeconds in \(kind) is not Supported")
        }
    }
}
