import Core
import Kubernetes

/// Where a pod may go: affinity, tolerations and spread (validateAffinity, ValidateTolerations, validateTopologySpreadConstraints).
extension Validation {
    mutating func affinity(_ affinity: JSON?, _ field: String) {
        let (hard, soft) = ("requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution")
        if let node = affinity?["nodeAffinity"] {
            let field = "\(field).nodeAffinity"
            if let selector = node[hard] { nodeSelector(selector, "\(field).\(hard)") }
            for (at, term) in each(node[soft], "\(field).\(soft)") {
                weight(term, at)
                nodeTerm(term["preference"] ?? [:], "\(at).preference", checksValues: false)
            }
        }
        for kind in ["podAffinity", "podAntiAffinity"] {
            for (at, term) in each(affinity?[kind]?[hard], "\(field).\(kind).\(hard)") { podTerm(term, at) }
            for (at, term) in each(affinity?[kind]?[soft], "\(field).\(kind).\(soft)") {
                weight(term, at)
                podTerm(term["podAffinityTerm"] ?? [:], "\(at).podAffinityTerm")
            }
        }
    }

    private mutating func weight(_ term: JSON, _ at: String) {
        let weight = term["weight"] ?? 0
        if !(1...100).contains(weight.int ?? 0) { invalid("\(at).weight", weight, "must be in the range 1-100") }
    }

    mutating func nodeSelector(_ selector: JSON, _ field: String) {
        let terms = "\(field).nodeSelectorTerms"
        if selector["nodeSelectorTerms"]?.array?.isEmpty ?? true {
            return required(terms, "must have at least one node selector term")
        }
        for (at, term) in each(selector["nodeSelectorTerms"], terms) { nodeTerm(term, at, checksValues: true) }
    }

    private mutating func nodeTerm(_ term: JSON, _ field: String, checksValues: Bool) {
        for (at, one) in each(term["matchExpressions"], "\(field).matchExpressions") {
            if ["Gt", "Lt"].contains(one[text: "operator"]) {
                if one["values"]?.array?.count != 1 {
                    required("\(at).values", "must be specified single value when `operator` is 'Lt' or 'Gt'")
                }
            } else {
                selectorOperator(one, at, ["In", "NotIn"], ["Exists", "DoesNotExist"])
            }
            form(one[text: "key"], "\(at).key", Names.qualifiedName)
            if checksValues { selectorValues(one, at) }
        }
        for (at, one) in each(term["matchFields"], "\(field).matchFields") {
            if !["In", "NotIn"].contains(one[text: "operator"]) {
                invalid("\(at).operator", .string(one[text: "operator"]), "not a valid selector operator")
            } else if one["values"]?.array?.count != 1 {
                required("\(at).values", "must be only one value when `operator` is 'In' or 'NotIn' for node field selector")
            }
            if one["key"] != "metadata.name" {
                invalid("\(at).key", .string(one[text: "key"]), "not a valid field selector key")
            } else {
                for (at, value) in each(one["values"], "\(at).values") { form(value.string ?? "", at, Names.subdomain) }
            }
        }
    }

    private mutating func podTerm(_ term: JSON, _ field: String) {
        labelSelector(term["labelSelector"], "\(field).labelSelector")
        labelSelector(term["namespaceSelector"], "\(field).namespaceSelector")
        for name in term["namespaces"]?.array ?? [] { form(name.string ?? "", "\(field).namespace", Names.label) }
        for member in ["matchLabelKeys", "mismatchLabelKeys"] { labelKeys(term, field, member) }
        if term[text: "topologyKey"].isEmpty { required("\(field).topologyKey", "can not be empty") }
        form(term[text: "topologyKey"], "\(field).topologyKey", Names.qualifiedName)
    }

    private mutating func labelKeys(_ owner: JSON, _ field: String, _ member: String) {
        guard owner[member]?.array?.isEmpty == false else { return }
        if owner["labelSelector"] == nil {
            return forbidden("\(field).\(member)", "must not be specified when labelSelector is not set")
        }
        for (at, key) in each(owner[member], "\(field).\(member)") { form(key.string ?? "", at, Names.qualifiedName) }
    }

    mutating func tolerations(_ tolerations: JSON?, _ field: String) {
        for (at, one) in each(tolerations, field) {
            let (key, word, value) = (one[text: "key"], one[text: "operator"], one[text: "value"])
            optionalForm(one["key"], "\(at).key", Names.qualifiedName)
            if key.isEmpty, word != "Exists" {
                invalid(
                    "\(at).operator", .string(word),
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"")
            }
            if one["tolerationSeconds"] != nil, one["effect"] != "NoExecute" {
                invalid("\(at).effect", .string(one[text: "effect"]), "effect must be 'NoExecute' when `tolerationSeconds` is set")
            }
            switch word {
            case "", "Equal":
                let mistakes = Names.labelValue(value)
                if !mistakes.isEmpty { invalid("\(at).operator", .string(value), mistakes.joined(separator: ";")) }
            case "Exists":
                if !value.isEmpty { invalid("\(at).operator", .string(value), "value must be empty when `operator` is 'Exists'") }
            case "Lt", "Gt": break
            default: unsupported("\(at).operator", .string(word), ["Equal", "Exists"])
            }
            if !one[text: "effect"].isEmpty { effect(one, at) }
        }
    }

    private mutating func effect(_ owner: JSON, _ at: String) {
        choice(owner["effect"] ?? "", "\(at).effect", ["NoSchedule", "PreferNoSchedule", "NoExecute"], isRequired: true)
    }

    /// The taints of a node, which the real server finds in its metadata.
    mutating func taints(_ spec: JSON) {
        var seen: Set<String> = []
        for (at, taint) in each(spec["taints"], "metadata.taints") {
            form(taint[text: "key"], "\(at).key", Names.qualifiedName)
            let mistakes = Names.labelValue(taint[text: "value"])
            if !mistakes.isEmpty { invalid("\(at).value", .string(taint[text: "value"]), mistakes.joined(separator: ";")) }
            effect(taint, at)
            if !seen.insert("\(taint[text: "effect"]) \(taint[text: "key"])").inserted {
                duplicate(at, GoForm.of(taint, "Taint"), "taints must be unique by key and effect pair")
            }
        }
    }

    mutating func spread(_ constraints: JSON?, _ field: String) {
        let all = each(constraints, field)
        for (i, (at, one)) in all.enumerated() {
            let (key, action) = (one[text: "topologyKey"], one[text: "whenUnsatisfiable"])
            if one["maxSkew"]?.int ?? 0 <= 0 { invalid("\(at).maxSkew", one["maxSkew"] ?? 0, "must be greater than zero") }
            if key.isEmpty { required("\(at).topologyKey", "can not be empty") }
            choice(.string(action), "\(at).whenUnsatisfiable", ["DoNotSchedule", "ScheduleAnyway"])
            if all.dropFirst(i + 1).contains(where: {
                $0.value[text: "topologyKey"] == key && $0.value[text: "whenUnsatisfiable"] == action
            }) {
                duplicate("\(at).{topologyKey, whenUnsatisfiable}", .string("{\(key), \(action)}"))
            }
            if let domains = one["minDomains"] {
                if domains.int ?? 1 <= 0 { invalid("\(at).minDomains", domains, "must be greater than zero") }
                if action != "DoNotSchedule" {
                    invalid(
                        "\(at).minDomains", domains, "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not \(action)")
                }
            }
            for member in ["nodeAffinityPolicy", "nodeTaintsPolicy"] { choice(one[member], "\(at).\(member)", ["Honor", "Ignore"]) }
            labelKeys(one, at, "matchLabelKeys")
            labelSelector(one["labelSelector"], "\(at).labelSelector")
        }
    }
}
