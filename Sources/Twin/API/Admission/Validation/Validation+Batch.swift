import Core
import Kubernetes

/// Jobs and CronJobs (pkg/apis/batch/validation).
extension Validation {
    mutating func job(_ job: JSON) {
        let spec = job["spec"] ?? [:]
        let name = job[at: "metadata", "name"]?.string ?? ""
        // The selector is made up when the Job is stored; one that is given without `manualSelector` cannot be that.
        if old == nil, spec["manualSelector"]?.bool != true, let selector = spec["selector"] {
            invalid("spec.selector", GoForm.selector(selector), "`selector` not auto-generated")
        }
        jobSpec(spec, "spec")
        if name.utf8.count > 63 {
            // The name is the value of two labels of the pods.
            for _ in 0..<2 { form(name, "spec.template.labels", Names.labelValue) }
        }
        if let selector = spec["selector"] {
            labelSelector(selector, "spec.selector")
            let labels = spec[at: "template", "metadata", "labels"] ?? [:]
            if isSelector(selector), !Selectors.labelSelector(selector).matches(labels.stringMap) {
                invalid("spec.template.metadata.labels", JSON(labels.stringMap), "`selector` does not match template `labels`")
            }
        } else if spec["manualSelector"]?.bool == true {
            required("spec.selector")
            invalid(
                "spec.template.metadata.labels", spec[at: "template", "metadata", "labels"].map { JSON($0.stringMap) } ?? .null,
                "`selector` does not match template `labels`")
        }
        if spec["completionMode"] == "Indexed", let count = spec["completions"]?.int, count > 0 {
            let last = "\(name)-\(count - 1)"
            if !Names.label(last).isEmpty {
                invalid("metadata.name", .string(name), "will not able to create pod with invalid DNS label: \(last)")
            }
        }
    }

    private mutating func jobSpec(_ spec: JSON, _ field: String) {
        let counts = [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex",
            "maxFailedIndexes",
        ]
        for member in counts { nonNegative(spec[member], "\(field).\(member)") }
        if spec["maxFailedIndexes"] != nil, spec["backoffLimitPerIndex"] == nil {
            required("\(field).backoffLimitPerIndex", "when maxFailedIndexes is specified")
        }
        completions(spec, field)
        if let policy = spec["podFailurePolicy"] { failurePolicy(policy, spec, "\(field).podFailurePolicy") }
        if let policy = spec["successPolicy"] {
            if spec["completionMode"] != "Indexed" {
                invalid("\(field).successPolicy", policy, "requires indexed completion mode")
            } else if policy["rules"]?.array?.isEmpty ?? true {
                required("\(field).successPolicy.rules", "at least one rules must be specified when the successPolicy is specified")
            }
        }
        choice(
            spec["podReplacementPolicy"], "\(field).podReplacementPolicy",
            spec["podFailurePolicy"] == nil ? ["Failed", "TerminatingOrFailed"] : ["Failed"])
        template(spec["template"] ?? [:], "\(field).template")
        let restart = "\(field).template.spec.restartPolicy"
        switch spec[at: "template", "spec", "restartPolicy"]?.string ?? "" {
        case "", "Always": required(restart, "valid values: \"OnFailure\", \"Never\"")
        case "Never": break
        case "OnFailure":
            if spec["podFailurePolicy"] != nil {
                invalid(restart, "OnFailure", "only \"Never\" is supported when podFailurePolicy is specified")
            }
        case let other: unsupported(restart, .string(other), ["OnFailure", "Never"])
        }
    }

    private mutating func completions(_ spec: JSON, _ field: String) {
        choice(spec["completionMode"], "\(field).completionMode", ["NonIndexed", "Indexed"])
        if spec["completionMode"] == "Indexed" {
            if spec["completions"] == nil { required("\(field).completions", "when completion mode is Indexed") }
            if let width = spec["parallelism"], width.int ?? 0 > 100_000 {
                invalid("\(field).parallelism", width, "must be less than or equal to 100000 when completion mode is Indexed")
            }
            if let limit = spec["maxFailedIndexes"], let all = spec["completions"]?.int, limit.int ?? 0 > all {
                invalid("\(field).maxFailedIndexes", limit, "must be less than or equal to completions")
            }
        } else {
            for member in ["backoffLimitPerIndex", "maxFailedIndexes"] {
                if let value = spec[member] { invalid("\(field).\(member)", value, "requires indexed completion mode") }
            }
        }
    }

    private mutating func failurePolicy(_ policy: JSON, _ spec: JSON, _ field: String) {
        let pod = spec[at: "template", "spec"] ?? [:]
        let names = ((pod["containers"]?.array ?? []) + (pod["initContainers"]?.array ?? [])).map { $0[text: "name"] }
        if let count = policy["rules"]?.array?.count, count > 20 { tooMany("\(field).rules", count, 20) }
        for (at, rule) in each(policy["rules"], "\(field).rules") {
            let actions = ["Count", "FailIndex", "FailJob", "Ignore"]
            quotedChoice(rule["action"], "\(at).action", actions)
            if rule["action"] == "FailIndex", spec["backoffLimitPerIndex"] == nil {
                invalid("\(at).action", "FailIndex", "requires the backoffLimitPerIndex to be set")
            }
            if let codes = rule["onExitCodes"] { exitCodes(codes, names, "\(at).onExitCodes") }
            for (at, pattern) in each(rule["onPodConditions"], "\(at).onPodConditions") {
                form(pattern[text: "type"], "\(at).type", Names.qualifiedName)
                quotedChoice(pattern["status"], "\(at).status", ["False", "True", "Unknown"])
            }
            let hasConditions = rule["onPodConditions"]?.array?.isEmpty == false
            if rule["onExitCodes"] != nil, hasConditions {
                invalid(at, nil, "specifying both OnExitCodes and OnPodConditions is not supported")
            } else if rule["onExitCodes"] == nil, !hasConditions {
                invalid(at, nil, "specifying one of OnExitCodes and OnPodConditions is required")
            }
        }
    }

    /// A word that is not there is asked for with the list of those that may be.
    private mutating func quotedChoice(_ value: JSON?, _ field: String, _ allowed: [String]) {
        if value?.string?.isEmpty ?? true {
            required(field, "valid values: [\(allowed.map { "\"\($0)\"" }.joined(separator: " "))]")
        } else {
            choice(value, field, allowed)
        }
    }

    private mutating func exitCodes(_ codes: JSON, _ names: [String], _ field: String) {
        quotedChoice(codes["operator"], "\(field).operator", ["In", "NotIn"])
        if let name = codes["containerName"]?.string, !names.contains(name) {
            invalid(
                "\(field).containerName", .string(name), "must be one of the container or initContainer names in the pod template")
        }
        let values = (codes["values"]?.array ?? []).compactMap(\.int)
        if values.isEmpty { invalid("\(field).values", codes["values"] ?? .null, "at least one value is required") }
        var seen: Set<Int> = []
        for (i, value) in values.enumerated() {
            if value == 0, codes["operator"] == "In" { invalid("\(field).values[\(i)]", 0, "must not be 0 for the In operator") }
            if !seen.insert(value).inserted { duplicate("\(field).values[\(i)]", JSON(value)) }
        }
        if values != values.sorted() { invalid("\(field).values", codes["values"], "must be ordered") }
    }

    // MARK: CronJobs

    mutating func cronJob(_ cron: JSON) {
        let spec = cron["spec"] ?? [:]
        let (schedule, zone) = (spec[text: "schedule"], spec["timeZone"]?.string)
        if schedule.isEmpty {
            required("spec.schedule")
        } else {
            if let mistake = CronMistake.of(schedule) { invalid("spec.schedule", .string(schedule), mistake) }
            if schedule.contains("TZ") {
                invalid(
                    "spec.schedule", .string(schedule),
                    old?[at: "spec", "schedule"]?.string?.contains("TZ") == true
                        ? "cannot use both timeZone field and TZ or CRON_TZ in schedule"
                        : "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
            }
        }
        nonNegative(spec["startingDeadlineSeconds"], "spec.startingDeadlineSeconds")
        if let zone, old?[at: "spec", "timeZone"]?.string != zone { timeZone(zone) }
        choice(spec["concurrencyPolicy"], "spec.concurrencyPolicy", ["Allow", "Forbid", "Replace"], isRequired: true)
        let inner = spec[at: "jobTemplate", "spec"] ?? [:]
        jobSpec(inner, "spec.jobTemplate.spec")
        if let selector = inner["selector"] {
            invalid("spec.jobTemplate.spec.selector", GoForm.selector(selector), "`selector` will be auto-generated")
        }
        if inner["manualSelector"]?.bool == true { unsupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]) }
        nonNegative(spec["successfulJobsHistoryLimit"], "spec.successfulJobsHistoryLimit")
        nonNegative(spec["failedJobsHistoryLimit"], "spec.failedJobsHistoryLimit")
        if old == nil, let name = cron[at: "metadata", "name"]?.string, name.utf8.count > 52 {
            invalid("metadata.name", .string(name), "must be no more than 52 characters")
        }
    }

    private mutating func timeZone(_ zone: String) {
        if zone.isEmpty { return invalid("spec.timeZone", "", "timeZone must be nil or non-empty string") }
        if zone.lowercased() == "local" {
            return invalid(
                "spec.timeZone", .string(zone), "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
        }
        if !TimeZones.isKnown(zone) { invalid("spec.timeZone", .string(zone), "unknown time zone \(zone)") }
    }
}
