import Core

// The rules in the schemas of definitions (pkg/apis/apiextensions/validation of Kubernetes v1.36). What a rule may cost at most is not
// estimated.
extension Validation {
    mutating func validationRules(_ object: JSON) {
        let versions = object[at: "spec", "versions"]?.array ?? []
        let schemas = versions.map { $0[at: "schema", "openAPIV3Schema"] }
        // One schema for all versions is told as the definition's own.
        if let first = schemas.first, let first, schemas.allSatisfy({ $0 == first }) {
            rules(first, "spec.validation.openAPIV3Schema", isRoot: true, fixed: nil)
            return
        }
        for (i, schema) in schemas.enumerated() {
            if let schema { rules(schema, "spec.versions[\(i)].schema.openAPIV3Schema", isRoot: true, fixed: nil) }
        }
    }

    /// `fixed`: the place of the list or map around, of which no part can be compared with its former self.
    private mutating func rules(_ schema: JSON, _ field: String, isRoot: Bool, fixed: String?) {
        for key in schema["properties"]?.object?.keys.sorted() ?? [] {
            guard let inner = schema["properties"]?[key] else { continue }
            let isAtomic = schema["x-kubernetes-map-type"] == "atomic"
            rules(inner, "\(field).properties[\(key)]", isRoot: embeds(inner), fixed: fixed ?? (isAtomic ? field : nil))
        }
        if let inner = schema["additionalProperties"], inner.object != nil {
            rules(inner, "\(field).additionalProperties", isRoot: embeds(inner), fixed: fixed)
        }
        if let inner = schema["items"], inner.object != nil {
            let isMap = schema["x-kubernetes-list-type"] == "map"
            rules(inner, "\(field).items", isRoot: embeds(inner), fixed: fixed ?? (isMap ? nil : field))
        }
        for (i, json) in (schema["x-kubernetes-validations"]?.array ?? []).enumerated() {
            rule(json, schema, "\(field).x-kubernetes-validations[\(i)]", isRoot: isRoot, fixed: fixed)
        }
    }

    private func embeds(_ schema: JSON) -> Bool { schema["x-kubernetes-embedded-resource"]?.bool == true }

    private mutating func rule(_ json: JSON, _ schema: JSON, _ field: String, isRoot: Bool, fixed: String?) {
        let text = json["rule"]?.string ?? ""
        if text.trimmingSpaces.isEmpty {
            required("\(field).rule", "rule is not specified")
            return
        }
        let message = json["message"]?.string ?? ""
        if !message.isEmpty, message.trimmingSpaces.isEmpty {
            invalid("\(field).message", .string(message), "message must be non-empty if specified")
        } else if message.trimmingSpaces.contains("\n") {
            invalid("\(field).message", .string(message), "message must not contain line breaks")
        } else if text.trimmingSpaces.contains("\n"), message.trimmingSpaces.isEmpty {
            required("\(field).message", "message must be specified if rule contains line breaks")
        }
        let reasons = ["FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate"]
        if let reason = json["reason"], !reasons.contains(reason.string ?? "") { unsupported("\(field).reason", reason, reasons) }
        let rule = ValidationRule(json, self: SchemaType.type(of: schema, isRoot: isRoot))
        if let problem = rule.problem { invalid("\(field).rule", shown(json), problem) }
        if let problem = rule.messageProblem { invalid("\(field).messageExpression", shown(json), problem) }
        if rule.isTransition, let fixed {
            invalid("\(field).rule", .string(text), "oldSelf cannot be used on the uncorrelatable portion of the schema within \(fixed)")
        }
    }

    /// A rule as the real server shows its own form of it.
    private func shown(_ json: JSON) -> JSON {
        [
            "Rule": json["rule"] ?? "", "Message": json["message"] ?? "", "MessageExpression": json["messageExpression"] ?? "",
            "Reason": json["reason"] ?? .null, "FieldPath": json["fieldPath"] ?? "", "OptionalOldSelf": json["optionalOldSelf"] ?? .null,
        ]
    }
}
