import Core
import Kubernetes

// Where pods may run: affinity, spreading, tolerations and taints.
extension Validation {
    mutating func affinity(_ affinity: JSON?, _ field: String) {
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        let preferred = "preferredDuringSchedulingIgnoredDuringExecution"
        if let node = affinity?["nodeAffinity"] {
            let place = "\(field).nodeAffinity"
            if let selector = node[required] { nodeSelector(selector, "\(place).\(required).nodeSelectorTerms") }
            for (i, term) in (node[preferred]?.array ?? []).enumerated() {
                weight(term["weight"], "\(place).\(preferred)[\(i)].weight")
                nodeTerm(term["preference"] ?? [:], "\(place).\(preferred)[\(i)].preference", checksValues: false)
            }
        }
        for kind in ["podAffinity", "podAntiAffinity"] {
            guard let pods = affinity?[kind] else { continue }
            for (i, term) in (pods[required]?.array ?? []).enumerated() { podTerm(term, "\(field).\(kind).\(required)[\(i)]") }
            for (i, term) in (pods[preferred]?.array ?? []).enumerated() {
                weight(term["weight"], "\(field).\(kind).\(preferred)[\(i)].weight")
                podTerm(term["podAffinityTerm"] ?? [:], "\(field).\(kind).\(preferred)[\(i)].podAffinityTerm")
            }
        }
    }

    private mutating func weight(_ value: JSON?, _ field: String) {
        let number = value?.int ?? 0
        if !(1...100).contains(number) { invalid(field, JSON(number), "must be in the range 1-100") }
    }

    private mutating func nodeSelector(_ selector: JSON, _ field: String) {
        let terms = selector["nodeSelectorTerms"]?.array ?? []
        if terms.isEmpty { return required(field, "must have at least one node selector term") }
        for (i, term) in terms.enumerated() { nodeTerm(term, "\(field)[\(i)]", checksValues: true) }
    }

    private mutating func nodeTerm(_ term: JSON, _ field: String, checksValues: Bool) {
        for (i, one) in (term["matchExpressions"]?.array ?? []).enumerated() {
            let place = "\(field).matchExpressions[\(i)]"
            requirement(one, place, ordered: true)
            qualifiedName(one["key"]?.string ?? "", "\(place).key")
            guard checksValues else { continue }
            for (j, value) in (one["values"]?.array ?? []).enumerated() { labelValue(value.string ?? "", "\(place).values[\(j)]") }
        }
        for (i, one) in (term["matchFields"]?.array ?? []).enumerated() where one["key"] != "metadata.name" {
            invalid("\(field).matchFields[\(i)].key", one["key"] ?? "", "not a valid field selector key")
        }
    }

    private mutating func podTerm(_ term: JSON, _ field: String) {
        labelSelector(term["labelSelector"], "\(field).labelSelector")
        labelSelector(term["namespaceSelector"], "\(field).namespaceSelector")
        for name in (term["namespaces"]?.array ?? []).compactMap(\.string) { label(name, "\(field).namespace") }
        let key = term["topologyKey"]?.string ?? ""
        if key.isEmpty { required("\(field).topologyKey", "can not be empty") }
        qualifiedName(key, "\(field).topologyKey")
    }

    mutating func spread(_ constraints: [JSON], _ field: String) {
        var seen: Set<String> = []
        for (i, one) in constraints.enumerated() {
            let place = "\(field)[\(i)]"
            positive(one["maxSkew"] ?? 0, "\(place).maxSkew")
            let key = one["topologyKey"]?.string ?? ""
            if key.isEmpty { required("\(place).topologyKey", "can not be empty") } else { qualifiedName(key, "\(place).topologyKey") }
            let action = one["whenUnsatisfiable"]?.string ?? ""
            if !["DoNotSchedule", "ScheduleAnyway"].contains(action) {
                unsupported("\(place).whenUnsatisfiable", .string(action), ["DoNotSchedule", "ScheduleAnyway"])
            }
            let pair = "{\(key), \(action)}"
            if !seen.insert(pair).inserted { duplicate("\(place).{topologyKey, whenUnsatisfiable}", .string(pair)) }
            if let least = one["minDomains"] {
                positive(least, "\(place).minDomains")
                if action != "DoNotSchedule" {
                    invalid(
                        "\(place).minDomains", least,
                        "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(action)")
                }
            }
            labelSelector(one["labelSelector"], "\(place).labelSelector")
        }
    }

    static let taintEffects = ["NoSchedule", "PreferNoSchedule", "NoExecute"]

    mutating func tolerations(_ tolerations: [JSON], _ field: String) {
        for (i, one) in tolerations.enumerated() {
            let place = "\(field)[\(i)]"
            let key = one["key"]?.string ?? ""
            let `operator` = one["operator"]?.string ?? ""
            if !key.isEmpty { qualifiedName(key, "\(place).key") }
            if key.isEmpty, `operator` != "Exists" {
                invalid(
                    "\(place).operator", .string(`operator`),
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
            }
            if one["tolerationSeconds"] != nil, one["effect"] != "NoExecute" {
                invalid("\(place).effect", one["effect"] ?? "", "effect must be 'NoExecute' when `tolerationSeconds` is set")
            }
            let value = one["value"]?.string ?? ""
            switch `operator` {
            case "Equal", "":
                let problems = Names.labelValueProblems(value)
                if !problems.isEmpty { invalid("\(place).operator", .string(value), problems.joined(separator: ";")) }
            case "Exists":
                if !value.isEmpty { invalid("\(place).operator", .string(value), "value must be empty when `operator` is 'Exists'") }
            case "Lt", "Gt": break
            default: unsupported("\(place).operator", .string(`operator`), ["Equal", "Exists"])
            }
            oneOf(one["effect"], Validation.taintEffects, "\(place).effect")
        }
    }

    mutating func taints(_ taints: [JSON], _ field: String) {
        var seen: Set<String> = []
        for (i, one) in taints.enumerated() {
            let place = "\(field)[\(i)]"
            let (key, value, effect) = (one["key"]?.string ?? "", one["value"]?.string ?? "", one["effect"]?.string ?? "")
            qualifiedName(key, "\(place).key")
            let problems = Names.labelValueProblems(value)
            if !problems.isEmpty { invalid("\(place).value", .string(value), problems.joined(separator: ";")) }
            if effect.isEmpty { required("\(place).effect") } else { oneOf(one["effect"], Validation.taintEffects, "\(place).effect") }
            if !seen.insert("\(effect) \(key)").inserted {
                let shown: JSON = [
                    "Key": .string(key), "Value": .string(value), "Effect": .string(effect), "TimeAdded": one["timeAdded"] ?? .null,
                ]
                append(
                    .init(
                        reason: "FieldValueDuplicate",
                        message: "Duplicate value: \(shown.text()): taints must be unique by key and effect pair", field: place))
            }
        }
    }
}
