import Core
import Kubernetes

// Jobs and their schedules (batch/validation).
extension Validation {
    mutating func job(_ spec: JSON, _ field: String) {
        for name in [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished", "backoffLimitPerIndex",
            "maxFailedIndexes",
        ] {
            nonNegative(spec[name], "\(field).\(name)")
        }
        if spec["maxFailedIndexes"] != nil, spec["backoffLimitPerIndex"] == nil {
            required("\(field).backoffLimitPerIndex", "when maxFailedIndexes is specified")
        }
        completion(spec, field)
        if let policy = spec["podFailurePolicy"] { failurePolicy(policy, spec, "\(field).podFailurePolicy") }
        oneOf(
            spec["podReplacementPolicy"], spec["podFailurePolicy"] == nil ? ["Failed", "TerminatingOrFailed"] : ["Failed"],
            "\(field).podReplacementPolicy")
        template(spec["template"], "\(field).template")
        let place = "\(field).template.spec.restartPolicy"
        let policy = spec[at: "template", "spec", "restartPolicy"]
        if policy == nil || policy == "Always" || policy == "" {
            required(place, "valid values: \"OnFailure\", \"Never\"")
        } else if let policy, !["OnFailure", "Never"].contains(policy.string) {
            unsupported(place, policy, ["OnFailure", "Never"])
        } else if let policy, spec["podFailurePolicy"] != nil, policy != "Never" {
            invalid(place, policy, "only \"Never\" is supported when podFailurePolicy is specified")
        }
    }

    private mutating func completion(_ spec: JSON, _ field: String) {
        let mode = spec["completionMode"] ?? "NonIndexed"
        oneOf(mode, ["NonIndexed", "Indexed"], "\(field).completionMode")
        if mode == "Indexed" {
            if spec["completions"] == nil { required("\(field).completions", "when completion mode is Indexed") }
            if let number = spec["parallelism"]?.int, number > 100_000 {
                invalid(
                    "\(field).parallelism", JSON(number), "must be less than or equal to 100000 when completion mode is Indexed")
            }
        } else if mode == "NonIndexed" {
            for name in ["backoffLimitPerIndex", "maxFailedIndexes"] {
                if let value = spec[name] { invalid("\(field).\(name)", value, "requires indexed completion mode") }
            }
        }
    }

    private mutating func failurePolicy(_ policy: JSON, _ spec: JSON, _ field: String) {
        let names = ["containers", "initContainers"].flatMap { spec[at: "template", "spec", $0]?.array ?? [] }.compactMap {
            $0["name"]?.string
        }
        for (i, rule) in (policy["rules"]?.array ?? []).enumerated() {
            let place = "\(field).rules[\(i)]"
            let actions = ["Count", "FailIndex", "FailJob", "Ignore"]
            let action = rule["action"]?.string ?? ""
            if action.isEmpty {
                required("\(place).action", "valid values: [\(actions.map { "\"\($0)\"" }.joined(separator: " "))]")
            } else if action == "FailIndex", spec["backoffLimitPerIndex"] == nil {
                invalid("\(place).action", .string(action), "requires the backoffLimitPerIndex to be set")
            } else {
                oneOf(rule["action"], actions, "\(place).action")
            }
            let conditions = rule["onPodConditions"]?.array ?? []
            if let codes = rule["onExitCodes"] { exitCodes(codes, names, "\(place).onExitCodes") }
            for (j, one) in conditions.enumerated() {
                qualifiedName(one["type"]?.string ?? "", "\(place).onPodConditions[\(j)].type")
                oneOf(one["status"], ["False", "True", "Unknown"], "\(place).onPodConditions[\(j)].status")
            }
            if rule["onExitCodes"] != nil, !conditions.isEmpty {
                plainlyInvalid(place, "specifying both OnExitCodes and OnPodConditions is not supported")
            } else if rule["onExitCodes"] == nil, conditions.isEmpty {
                plainlyInvalid(place, "specifying one of OnExitCodes and OnPodConditions is required")
            }
        }
    }

    private mutating func exitCodes(_ codes: JSON, _ names: [String], _ field: String) {
        oneOf(codes["operator"], ["In", "NotIn"], "\(field).operator")
        if let name = codes["containerName"]?.string, !names.contains(name) {
            invalid(
                "\(field).containerName", .string(name),
                "must be one of the container or initContainer names in the pod template")
        }
        let values = codes["values"]?.array ?? []
        if values.isEmpty { invalid("\(field).values", codes["values"] ?? .null, "at least one value is required") }
        for (i, value) in values.enumerated() where value == 0 && codes["operator"] == "In" {
            invalid("\(field).values[\(i)]", value, "must not be 0 for the In operator")
        }
        let numbers = values.compactMap(\.int)
        if Set(numbers).count != numbers.count {
            var seen: Set<Int> = []
            for (i, number) in numbers.enumerated() where !seen.insert(number).inserted { duplicate("\(field).values[\(i)]", JSON(number)) }
        }
        if numbers != numbers.sorted() { invalid("\(field).values", .array(values), "must be ordered") }
    }

    /// Invalid without its value, where that would say nothing.
    mutating func plainlyInvalid(_ field: String, _ detail: String) {
        append(.init(reason: "FieldValueInvalid", message: "Invalid value: \(detail)", field: field))
    }

    mutating func cronJob(_ spec: JSON) {
        let schedule = spec["schedule"]?.string ?? ""
        if schedule.isEmpty {
            required("spec.schedule")
        } else if let why = CronProblem.of(schedule) {
            invalid("spec.schedule", .string(schedule), why)
        }
        if schedule.contains("TZ") {
            invalid("spec.schedule", .string(schedule), "cannot use TZ or CRON_TZ in schedule, use timeZone field instead")
        }
        nonNegative(spec["startingDeadlineSeconds"], "spec.startingDeadlineSeconds")
        if let zone = spec["timeZone"]?.string {
            if zone.isEmpty {
                invalid("spec.timeZone", .string(zone), "timeZone must be nil or non-empty string")
            } else if zone.lowercased() == "local" {
                invalid(
                    "spec.timeZone", .string(zone), "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones")
            } else if !TimeZones.isKnown(zone) {
                invalid("spec.timeZone", .string(zone), "unknown time zone \(zone)")
            }
        }
        oneOf(spec["concurrencyPolicy"], ["Allow", "Forbid", "Replace"], "spec.concurrencyPolicy")
        nonNegative(spec["successfulJobsHistoryLimit"], "spec.successfulJobsHistoryLimit")
        nonNegative(spec["failedJobsHistoryLimit"], "spec.failedJobsHistoryLimit")
        let inner = spec[at: "jobTemplate", "spec"] ?? [:]
        job(inner, "spec.jobTemplate.spec")
        if let selector = inner["selector"] { invalid("spec.jobTemplate.spec.selector", selector, "`selector` will be auto-generated") }
        if inner["manualSelector"]?.bool == true { unsupported("spec.jobTemplate.spec.manualSelector", true, ["nil", "false"]) }
    }
}

/// Why a text is no cron schedule, in the words of the library that the real server reads it with (github.com/robfig/cron).
enum CronProblem {
    private static let fields: [(range: ClosedRange<Int>, names: [String], first: Int)] = [
        (0...59, [], 0), (0...23, [], 0), (1...31, [], 0),
        (1...12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1),
        (0...6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"], 0),
    ]
    private static let words = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]

    static func of(_ schedule: String) -> String? {
        var text = schedule[...]
        if text.hasPrefix("TZ=") || text.hasPrefix("CRON_TZ=") {
            text = text.drop { $0 != " " }.drop { $0 == " " }
        }
        if text.hasPrefix("@") {
            return words.contains(String(text)) || text.hasPrefix("@every ") ? nil : "unrecognized descriptor: \(text)"
        }
        let parts = text.split(separator: " ").map(String.init)
        if parts.count != 5 { return "expected exactly 5 fields, found \(parts.count): [\(parts.joined(separator: " "))]" }
        for (part, field) in zip(parts, fields) {
            for piece in part.split(separator: ",").map(String.init) {
                if let why = problem(piece, field.range, field.names, field.first) { return why }
            }
        }
        return nil
    }

    private static func problem(_ piece: String, _ range: ClosedRange<Int>, _ names: [String], _ first: Int) -> String? {
        let rangeAndStep = piece.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let ends = rangeAndStep[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        func number(_ text: String) -> (value: Int, why: String?) {
            if let at = names.firstIndex(of: text.lowercased()) { return (at + first, nil) }
            guard let value = Int(text) else {
                return (0, "failed to parse int from \(text): strconv.Atoi: parsing \"\(text)\": invalid syntax")
            }
            return value < 0 ? (value, "negative number (\(value)) not allowed: \(text)") : (value, nil)
        }
        var (low, high) = (range.lowerBound, range.upperBound)
        if ends[0] != "*", ends[0] != "?" {
            let start = number(ends[0])
            if let why = start.why { return why }
            low = start.value
            if ends.count == 1 {
                high = rangeAndStep.count == 2 ? range.upperBound : low
            } else if ends.count == 2 {
                let end = number(ends[1])
                if let why = end.why { return why }
                high = end.value
            } else {
                return "too many hyphens: \(piece)"
            }
        }
        if rangeAndStep.count > 2 { return "too many slashes: \(piece)" }
        var step = 1
        if rangeAndStep.count == 2 {
            let given = number(rangeAndStep[1])
            if let why = given.why { return why }
            step = given.value
        }
        if low < range.lowerBound { return "beginning of range (\(low)) below minimum (\(range.lowerBound)): \(piece)" }
        if high > range.upperBound { return "end of range (\(high)) above maximum (\(range.upperBound)): \(piece)" }
        if low > high { return "beginning of range (\(low)) beyond end of range (\(high)): \(piece)" }
        return step == 0 ? "step of range should be a positive number: \(piece)" : nil
    }
}
