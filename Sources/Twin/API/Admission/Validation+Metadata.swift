import Core
import Kubernetes

extension Validation {
    // MARK: Forms of names

    mutating func label(_ text: String, _ field: String) {
        for why in Names.labelProblems(text) { invalid(field, .string(text), why) }
    }

    mutating func subdomain(_ text: String, _ field: String) {
        for why in Names.subdomainProblems(text) { invalid(field, .string(text), why) }
    }

    mutating func qualifiedName(_ text: String, _ field: String) {
        for why in Names.qualifiedProblems(text) { invalid(field, .string(text), why) }
    }

    mutating func labelValue(_ text: String, _ field: String) {
        for why in Names.labelValueProblems(text) { invalid(field, .string(text), why) }
    }

    /// Labels, and whatever else is a map of the form of labels.
    mutating func labels(_ labels: JSON?, _ field: String) {
        for (key, value) in labels?.object ?? [:] {
            qualifiedName(key, field)
            labelValue(value.string ?? "", field)
        }
    }

    mutating func annotations(_ annotations: JSON?, _ field: String) {
        var size = 0
        for (key, value) in annotations?.object ?? [:] {
            for why in Names.qualifiedProblems(key.lowercased()) { invalid(field, .string(key), why) }
            size += key.utf8.count + (value.string ?? "").utf8.count
        }
        if size > 262_144 { tooLong(field, 262_144) }
    }

    mutating func labelSelector(_ selector: JSON?, _ field: String) {
        labels(selector?["matchLabels"], "\(field).matchLabels")
        for (i, one) in (selector?["matchExpressions"]?.array ?? []).enumerated() {
            let place = "\(field).matchExpressions[\(i)]"
            requirement(one, place, ordered: false)
            qualifiedName(one["key"]?.string ?? "", "\(place).key")
            for (j, value) in (one["values"]?.array ?? []).enumerated() { labelValue(value.string ?? "", "\(place).values[\(j)]") }
        }
    }

    /// Operator and values of one requirement; `ordered` for those that can also compare.
    mutating func requirement(_ one: JSON, _ field: String, ordered: Bool) {
        let values = one["values"]?.array ?? []
        switch one["operator"]?.string ?? "" {
        case "In", "NotIn":
            if values.isEmpty { required("\(field).values", "must be specified when `operator` is 'In' or 'NotIn'") }
        case "Exists", "DoesNotExist":
            if !values.isEmpty { forbidden("\(field).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'") }
        case "Gt" where ordered, "Lt" where ordered:
            if values.count != 1 { required("\(field).values", "must be specified single value when `operator` is 'Lt' or 'Gt'") }
        case let other: invalid("\(field).operator", .string(other), "not a valid selector operator")
        }
    }

    // MARK: Metadata

    mutating func metadata(_ object: JSON, _ type: ResourceType, old: JSON?) {
        let name = object[at: "metadata", "name"]?.string ?? ""
        if old == nil {
            if let base = object[at: "metadata", "generateName"]?.string, !base.isEmpty {
                for why in Names.problems(base.hasSuffix("-") ? String(base.dropLast()) + "a" : base, type) {
                    invalid("metadata.generateName", .string(base), why)
                }
            }
            if name.isEmpty { required("metadata.name", "name or generateName is required") }
        }
        if !name.isEmpty { for why in Names.problems(name, type) { invalid("metadata.name", .string(name), why) } }
        labels(object[at: "metadata", "labels"], "metadata.labels")
        annotations(object[at: "metadata", "annotations"], "metadata.annotations")
        owners(object[at: "metadata", "ownerReferences"]?.array ?? [])
        finalizers(object, type, old: old)
    }

    private mutating func owners(_ references: [JSON]) {
        let field = "metadata.ownerReferences"
        var controller: String?
        for one in references {
            func text(_ member: String) -> String { one[member]?.string ?? "" }
            if text("apiVersion").isEmpty { invalid("\(field).apiVersion", "", "version must not be empty") }
            for member in ["kind", "name", "uid"] where text(member).isEmpty { invalid("\(field).\(member)", "", "must not be empty") }
            guard one["controller"]?.bool == true else { continue }
            let this = "\(text("kind"))/\(text("name"))"
            if let controller {
                invalid(
                    field, .array(references),
                    "Only one reference can have Controller set to true. Found \"true\" in references for \(controller) and \(this)")
            } else {
                controller = this
            }
        }
    }

    private mutating func finalizers(_ object: JSON, _ type: ResourceType, old: JSON?) {
        let list = (object[at: "metadata", "finalizers"]?.array ?? []).compactMap(\.string)
        if let old, old[at: "metadata", "deletionTimestamp"] != nil {
            let before = Set((old[at: "metadata", "finalizers"]?.array ?? []).compactMap(\.string))
            let added = Set(list).subtracting(before).sorted()
            if !added.isEmpty {
                let shown = added.map { JSON.string($0).text() }.joined(separator: ", ")
                forbidden(
                    "metadata.finalizers",
                    "no new finalizers can be added if the object is being deleted, found new finalizers []string{\(shown)}")
            }
        }
        for one in list { qualifiedName(one, "metadata.finalizers") }
        guard !ObjectStore.isCustom(type) else { return }
        for (i, one) in list.enumerated() where !one.contains("/") && !["kubernetes", "orphan", "foregroundDeletion"].contains(one) {
            invalid(
                "metadata.finalizers[\(i)]", .string(one), "name is neither a standard finalizer name nor is it fully qualified")
        }
    }
}
