import CEL
import Core

// Admission policies and their bindings (pkg/apis/admissionregistration/validation of Kubernetes v1.36).
extension Validation {
    mutating func policy(_ object: JSON) {
        let spec = object["spec"] ?? [:]
        let kind = spec["paramKind"]
        if let failure = spec["failurePolicy"], failure != "Fail", failure != "Ignore" {
            unsupported("spec.failurePolicy", failure, ["Fail", "Ignore"])
        }
        if let kind {
            for field in ["apiVersion", "kind"] where kind[field]?.string?.isEmpty ?? true { required("spec.paramKind.\(field)") }
        }
        if let constraints = spec["matchConstraints"] {
            matchResources(constraints, "spec.matchConstraints")
            if constraints["resourceRules"]?.array?.isEmpty ?? true { required("spec.matchConstraints.resourceRules") }
        } else {
            required("spec.matchConstraints")
        }
        policyExpressions(spec, hasParams: kind != nil)
    }

    private mutating func policyExpressions(_ spec: JSON, hasParams: Bool) {
        let plain = PolicyLanguage.environment(hasParams: hasParams, hasAuthorizer: true, composed: nil)
        var names: Set<String> = []
        for (i, condition) in (spec["matchConditions"]?.array ?? []).enumerated() {
            let field = "spec.matchConditions[\(i)]"
            let name = condition["name"]?.string ?? ""
            expression(condition["expression"]?.string?.trimmingSpaces, "\(field).expression", plain, [.bool], missing: "")
            if name.isEmpty { required("\(field).name") } else if !names.insert(name).inserted { duplicate("\(field).name", .string(name)) }
        }
        var composed: [String: ValueType] = [:]
        for (i, variable) in (spec["variables"]?.array ?? []).enumerated() {
            let field = "spec.variables[\(i)]"
            let name = variable["name"]?.string ?? ""
            if name.trimmingSpaces.isEmpty {
                required("\(field).name", "name is not specified")
            } else if name.wholeMatch(of: /[_a-zA-Z][_a-zA-Z0-9]*/) == nil {
                invalid("\(field).name", .string(name), "name is not a valid CEL identifier")
            }
            let environment = PolicyLanguage.environment(hasParams: hasParams, hasAuthorizer: true, composed: composed)
            composed[name] = expression(variable["expression"]?.string, "\(field).expression", environment, [])
        }
        let environment = PolicyLanguage.environment(hasParams: hasParams, hasAuthorizer: true, composed: composed)
        let messages = PolicyLanguage.environment(hasParams: hasParams, hasAuthorizer: false, composed: composed)
        let validations = spec["validations"]?.array ?? []
        let annotations = spec["auditAnnotations"]?.array ?? []
        if validations.isEmpty, annotations.isEmpty {
            let why = "validations or auditAnnotations must contain at least one item"
            required("spec.validations", why)
            required("spec.auditAnnotations", why)
        }
        for (i, one) in validations.enumerated() { validation(one, "spec.validations[\(i)]", environment, messages) }
        for (i, annotation) in annotations.enumerated() {
            let field = "spec.auditAnnotations[\(i)]"
            if annotation["key"]?.string?.isEmpty ?? true { required("\(field).key") }
            let text = annotation["valueExpression"]?.string
            expression(text, "\(field).valueExpression", messages, [.string, .null], missing: "valueExpression must be specified")
        }
    }

    private mutating func validation(_ one: JSON, _ field: String, _ environment: CEL.Environment, _ messages: CEL.Environment) {
        expression(one["expression"]?.string, "\(field).expression", environment, [.bool])
        if let text = one["messageExpression"]?.string, !text.isEmpty {
            if text.trimmingSpaces.isEmpty {
                invalid("\(field).messageExpression", .string(text), "must be non-empty if specified")
            } else {
                expression(text, "\(field).messageExpression", messages, [.string])
            }
        }
        if let message = one["message"]?.string, !message.isEmpty {
            if message.trimmingSpaces.isEmpty {
                invalid("\(field).message", .string(message), "message must be non-empty if specified")
            } else if message.trimmingSpaces.contains("\n") {
                invalid("\(field).message", .string(message), "message must not contain line breaks")
            }
        }
        let reasons = ["Forbidden", "Invalid", "RequestEntityTooLarge", "Unauthorized"]
        if let reason = one["reason"], !reasons.contains(reason.string ?? "") { unsupported("\(field).reason", reason, reasons) }
    }

    /// Tells what is wrong with an expression; returns the type of its value.
    @discardableResult
    private mutating func expression(
        _ text: String?, _ field: String, _ environment: CEL.Environment, _ results: [ValueType],
        missing: String = "expression is not specified"
    ) -> ValueType {
        guard let text, !text.trimmingSpaces.isEmpty else {
            required(field, missing)
            return .dyn
        }
        let expression = PolicyExpression(text, environment, results: results)
        if case .failure(let problem) = expression.program { invalid(field, .string(text), problem.detail) }
        return expression.resultType
    }

    private mutating func matchResources(_ resources: JSON, _ field: String) {
        if let policy = resources["matchPolicy"], policy != "Exact", policy != "Equivalent" {
            unsupported("\(field).matchPolicy", policy, ["Equivalent", "Exact"])
        }
        for list in ["resourceRules", "excludeResourceRules"] {
            for (i, rule) in (resources[list]?.array ?? []).enumerated() {
                let place = "\(field).\(list)[\(i)]"
                for member in ["operations", "apiGroups", "apiVersions", "resources"] where rule[member]?.array?.isEmpty ?? true {
                    required("\(place).\(member)")
                }
                let known = ["*", "CONNECT", "CREATE", "DELETE", "UPDATE"]
                for (j, operation) in (rule["operations"]?.array ?? []).enumerated() where !known.contains(operation.string ?? "") {
                    unsupported("\(place).operations[\(j)]", operation, known)
                }
            }
        }
    }

    mutating func policyBinding(_ object: JSON) {
        let spec = object["spec"] ?? [:]
        if spec["policyName"]?.string?.isEmpty ?? true { required("spec.policyName") }
        if let reference = spec["paramRef"] {
            let isNamed = reference["name"]?.string?.isEmpty == false
            if isNamed, reference["selector"] != nil {
                forbidden("spec.paramRef.name", "name and selector are mutually exclusive")
            } else if !isNamed, reference["selector"] == nil {
                required("spec.paramRef", "one of name or selector must be specified")
            }
            if let action = reference["parameterNotFoundAction"]?.string, !action.isEmpty {
                if action != "Allow", action != "Deny" {
                    unsupported("spec.paramRef.parameterNotFoundAction", .string(action), ["Allow", "Deny"])
                }
            } else {
                required("spec.paramRef.parameterNotFoundAction")
            }
        }
        if let resources = spec["matchResources"] { matchResources(resources, "spec.matchResources") }
        var actions: Set<String> = []
        for (i, action) in (spec["validationActions"]?.array ?? []).enumerated() {
            let name = action.string ?? ""
            if !["Audit", "Deny", "Warn"].contains(name) {
                unsupported("spec.validationActions[\(i)]", action, ["Audit", "Deny", "Warn"])
            }
            if !actions.insert(name).inserted { duplicate("spec.validationActions[\(i)]", action) }
        }
        if actions.isSuperset(of: ["Deny", "Warn"]) {
            invalid(
                "spec.validationActions", spec["validationActions"] ?? .null,
                "must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers "
                    + "serves no purpose)")
        }
        if actions.isEmpty { required("spec.validationActions", "at least one validation action is required") }
    }
}
