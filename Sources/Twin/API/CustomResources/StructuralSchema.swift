import CEL
import Core

/// The schema of a custom resource: what it prunes, fills in and refuses (kubernetes.io "Extend the Kubernetes API with
/// CustomResourceDefinitions").
struct StructuralSchema: Sendable {
    let json: JSON

    init(_ json: JSON) { self.json = json }

    // MARK: Pruning

    /// The object without fields that the schema does not name, and their paths.
    func pruned(_ object: JSON) -> (object: JSON, unknown: [String]) {
        var unknown: [String] = []
        let out = Self.prune(object, json, "", isRoot: true, &unknown)
        return (out, unknown)
    }

    private static let envelope: Set<String> = ["apiVersion", "kind", "metadata"]

    private static func prune(_ value: JSON, _ schema: JSON, _ path: String, isRoot: Bool, _ unknown: inout [String]) -> JSON {
        switch value {
        case .object(let members):
            var out: JSONObject = [:]
            let keeps = schema["x-kubernetes-preserve-unknown-fields"]?.bool == true
            let embedded = schema["x-kubernetes-embedded-resource"]?.bool == true
            for (key, child) in members {
                let place = path.isEmpty ? key : "\(path).\(key)"
                if (isRoot || embedded) && envelope.contains(key) {
                    out[key] = child
                } else if let inner = schema["properties"]?[key] {
                    out[key] = prune(child, inner, place, isRoot: false, &unknown)
                } else if let inner = schema["additionalProperties"], inner.object != nil {
                    out[key] = prune(child, inner, place, isRoot: false, &unknown)
                } else if keeps || schema["additionalProperties"]?.bool == true {
                    out[key] = child
                } else {
                    unknown.append(place)
                }
            }
            return .object(out)
        case .array(let list):
            guard let items = schema["items"] else { return value }
            return .array(list.enumerated().map { prune($1, items, "\(path)[\($0)]", isRoot: false, &unknown) })
        default: return value
        }
    }

    // MARK: Defaults

    func withDefaults(_ object: JSON) -> JSON { Self.fill(object, json) }

    private static func fill(_ value: JSON, _ schema: JSON) -> JSON {
        switch value {
        case .object(var members):
            for (key, inner) in schema["properties"]?.object ?? [:] {
                let isUnset = members[key] == nil || members[key]?.isNull == true && inner["nullable"]?.bool != true
                if isUnset, let value = inner["default"] { members[key] = value }
                if let child = members[key] { members[key] = fill(child, inner) }
            }
            if let inner = schema["additionalProperties"], inner.object != nil {
                for key in members.keys where schema["properties"]?[key] == nil { members[key] = members[key].map { fill($0, inner) } }
            }
            return .object(members)
        case .array(let list): return schema["items"].map { items in .array(list.map { fill($0, items) }) } ?? value
        default: return value
        }
    }

    // MARK: Validation

    /// What is wrong with an object, and what is to be warned of, in the words of the real server. `old`: what it was before.
    func findings(_ object: JSON, old: JSON?) -> (causes: [APIFailure.Cause], warnings: [String]) {
        var causes: [APIFailure.Cause] = []
        var hasRules = false
        Self.check(object, json, "", &causes, &hasRules)
        Self.duplicates(object, json, "", &causes)
        guard hasRules else { return (causes, []) }
        // Rules may count on types and on what is required.
        if causes.contains(where: { Self.blocking.contains($0.reason) }) {
            causes.append(
                .init(
                    reason: "FieldValueInvalid",
                    message:
                        "Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing "
                        + "errors to complete validation", field: "<nil>"))
            return (causes, [])
        }
        let rules = RuleEvaluation(object, old: old, schema: json)
        return (causes + rules.causes, rules.warnings)
    }

    /// What is wrong with a default, whose place in the definition is `field`.
    func findings(ofDefault value: JSON, _ field: String) -> [APIFailure.Cause] {
        var causes: [APIFailure.Cause] = []
        var hasRules = false
        Self.check(value, json, field, &causes, &hasRules)
        return causes
    }

    private static let blocking: Set<String> = [
        "FieldValueNotSupported", "FieldValueRequired", "FieldValueTooLong", "FieldValueTooMany", "FieldValueTypeInvalid",
    ]

    private static func check(_ value: JSON, _ schema: JSON, _ path: String, _ causes: inout [APIFailure.Cause], _ hasRules: inout Bool) {
        if schema["x-kubernetes-validations"]?.array?.isEmpty == false { hasRules = true }
        if value.isNull, schema["nullable"]?.bool == true { return }
        func invalid(_ detail: String, _ shown: JSON? = nil) {
            causes.append(
                .init(
                    reason: "FieldValueInvalid", message: "Invalid value: \((shown ?? value).text()): \(path) in body \(detail)",
                    field: path))
        }
        let isEither = schema["x-kubernetes-int-or-string"]?.bool == true
        if let wanted = isEither ? "integer,string" : schema["type"]?.string,
            isEither ? value.int == nil && value.string == nil : !matches(value, wanted)
        {
            causes.append(
                .init(
                    reason: "FieldValueTypeInvalid",
                    message: "Invalid value: \(JSON.string(name(of: value)).text()): \(path) in body must be of type \(wanted): "
                        + "\(JSON.string(name(of: value)).text())", field: path))
            return
        }
        if let allowed = schema["enum"]?.array, !allowed.contains(value) {
            let list = allowed.map { $0.text() }.joined(separator: ", ")
            causes.append(
                .init(
                    reason: "FieldValueNotSupported", message: "Unsupported value: \(value.text()): supported values: \(list)", field: path)
            )
        }
        if let number = value.double {
            if let low = schema["minimum"]?.double {
                let isOpen = schema["exclusiveMinimum"]?.bool == true
                if isOpen ? number <= low : number < low {
                    invalid("should be greater than\(isOpen ? "" : " or equal to") \(JSON.number(low).text())")
                }
            }
            if let high = schema["maximum"]?.double {
                let isOpen = schema["exclusiveMaximum"]?.bool == true
                if isOpen ? number >= high : number > high {
                    invalid("should be less than\(isOpen ? "" : " or equal to") \(JSON.number(high).text())")
                }
            }
            if let factor = schema["multipleOf"]?.double, factor > 0, number.truncatingRemainder(dividingBy: factor) != 0 {
                invalid("should be a multiple of \(JSON.number(factor).text())")
            }
        }
        if let text = value.string { checkText(text, schema, invalid) }
        switch value {
        case .object(let members):
            for key in (schema["required"]?.array ?? []).compactMap(\.string) where members[key] == nil {
                causes.append(.init(reason: "FieldValueRequired", message: "Required value", field: path.isEmpty ? key : "\(path).\(key)"))
            }
            for key in members.keys.sorted() {
                let inner = schema["properties"]?[key] ?? schema["additionalProperties"].flatMap { $0.object == nil ? nil : $0 }
                if let inner, let child = members[key] { check(child, inner, path.isEmpty ? key : "\(path).\(key)", &causes, &hasRules) }
            }
            for (bound, isTooMany) in [("minProperties", false), ("maxProperties", true)] {
                if let limit = schema[bound]?.int, isTooMany ? members.count > limit : members.count < limit {
                    invalid("should have at \(isTooMany ? "most" : "least") \(limit) properties", JSON(members.count))
                }
            }
        case .array(let list):
            if let low = schema["minItems"]?.int, list.count < low { invalid("should have at least \(low) items", JSON(list.count)) }
            if let high = schema["maxItems"]?.int, list.count > high {
                causes.append(
                    .init(reason: "FieldValueTooMany", message: "Too many: \(list.count): must have at most \(high) items", field: path))
            }
            if let items = schema["items"] {
                for (i, item) in list.enumerated() { check(item, items, "\(path)[\(i)]", &causes, &hasRules) }
            }
        default: break
        }
    }

    /// What stands twice in sets and in lists by key (apiextensions-apiserver pkg/apiserver/schema/listtype).
    private static func duplicates(_ value: JSON, _ schema: JSON, _ path: String, _ causes: inout [APIFailure.Cause]) {
        switch value {
        case .object(let members):
            for key in members.keys.sorted() {
                let inner = schema["properties"]?[key] ?? schema["additionalProperties"].flatMap { $0.object == nil ? nil : $0 }
                if let inner, let child = members[key] { duplicates(child, inner, path.isEmpty ? key : "\(path).\(key)", &causes) }
            }
        case .array(let list):
            let keys = (schema["x-kubernetes-list-map-keys"]?.array ?? []).compactMap(\.string)
            var seen: Set<JSON> = []
            for (i, item) in list.enumerated() {
                let identity: JSON
                switch schema["x-kubernetes-list-type"]?.string {
                case "set": identity = item
                case "map": identity = .object(JSONObject(keys.compactMap { key in item[key].map { (key, $0) } }))
                default: continue
                }
                if !seen.insert(identity).inserted {
                    causes.append(
                        .init(reason: "FieldValueDuplicate", message: "Duplicate value: \(identity.text())", field: "\(path)[\(i)]"))
                }
            }
            if let items = schema["items"] {
                for (i, item) in list.enumerated() { duplicates(item, items, "\(path)[\(i)]", &causes) }
            }
        default: break
        }
    }

    private static func checkText(_ text: String, _ schema: JSON, _ invalid: (String, JSON?) -> Void) {
        if let low = schema["minLength"]?.int, text.count < low { invalid("should be at least \(low) chars long", nil) }
        if let high = schema["maxLength"]?.int, text.count > high { invalid("should be at most \(high) chars long", nil) }
        if let pattern = schema["pattern"]?.string, let compiled = try? Pattern(pattern), !compiled.matches(text) {
            invalid("should match '\(pattern)'", nil)
        }
    }

    private static func matches(_ value: JSON, _ type: String) -> Bool {
        switch type {
        case "object": value.object != nil
        case "array": value.array != nil
        case "string": value.string != nil
        case "boolean": value.bool != nil
        case "integer": value.int != nil
        case "number": value.double != nil
        default: true
        }
    }

    private static func name(of value: JSON) -> String {
        switch value {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "array"
        case .object: "object"
        }
    }
}
