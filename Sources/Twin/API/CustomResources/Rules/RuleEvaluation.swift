import CEL
import Core

/// The rules of a schema, applied to an object and what it was before (apiextensions-apiserver pkg/apiserver/schema/cel of Kubernetes v1.36).
struct RuleEvaluation {
    private(set) var causes: [APIFailure.Cause] = []
    /// Failures of values that the write left as they were: they are only warned of.
    private(set) var warnings: [String] = []
    private var remaining = PolicyLanguage.budget
    /// By place in the schema.
    private var compiled: [String: [ValidationRule]] = [:]

    private struct OutOfBudget: Error {}

    /// A value under its schema, with its former self.
    private struct Node {
        var value: JSON
        var schema: JSON
        /// Empty for the root.
        var path: String
        /// The path in the schema.
        var place = ""
        /// nil when there is none that it can be compared with.
        var old: JSON?
        /// Whether it, or the nearest part around it that can be compared, is as it was.
        var isUnchanged: Bool
        var isRoot = false

        var field: String { path.isEmpty ? "<nil>" : path }
    }

    init(_ object: JSON, old: JSON?, schema: JSON) {
        do throws(OutOfBudget) {
            try visit(Node(value: object, schema: schema, path: "", old: old, isUnchanged: object == old, isRoot: true))
        } catch {
            // The cause tells it.
        }
    }

    private mutating func visit(_ node: Node) throws(OutOfBudget) {
        if node.value.isNull { return }
        let rules = rules(of: node)
        if !rules.isEmpty {
            let value = SchemaType.value(node.value, node.schema, isRoot: node.isRoot)
            let old = node.old.map { SchemaType.value($0, node.schema, isRoot: node.isRoot) }
            for rule in rules { try check(rule, node, value, old) }
        }
        switch node.value {
        case .object(let members):
            let isCorrelated = node.schema["x-kubernetes-map-type"] != "atomic"
            for key in members.keys.sorted() {
                guard let child = members[key] else { continue }
                let named = node.schema["properties"]?[key]
                guard let schema = named ?? node.schema["additionalProperties"], schema.object != nil else { continue }
                let path = named == nil ? "\(node.path)[\(key)]" : node.path.isEmpty ? key : "\(node.path).\(key)"
                try visit(child, schema, path, named == nil ? "*" : key, isCorrelated ? node.old?[key] : nil, in: node)
            }
        case .array(let list):
            guard let items = node.schema["items"] else { return }
            let keys = node.schema["x-kubernetes-list-type"] == "map" ? node.schema["x-kubernetes-list-map-keys"]?.array ?? [] : []
            for (i, item) in list.enumerated() {
                let former =
                    keys.isEmpty
                    ? nil
                    : node.old?.array?.first { old in
                        keys.compactMap(\.string).allSatisfy { old[$0] == item[$0] }
                    }
                try visit(item, items, "\(node.path)[\(i)]", "[]", former, in: node)
            }
        default: break
        }
    }

    private mutating func visit(_ value: JSON, _ schema: JSON, _ path: String, _ step: String, _ old: JSON?, in parent: Node)
        throws(OutOfBudget)
    {
        try visit(
            Node(
                value: value, schema: schema, path: path, place: "\(parent.place)/\(step)", old: old,
                isUnchanged: old.map { $0 == value } ?? parent.isUnchanged,
                isRoot: schema["x-kubernetes-embedded-resource"]?.bool == true))
    }

    /// The rules of a schema, its own and those of `allOf`, compiled once for all values that it is for.
    private mutating func rules(of node: Node) -> [ValidationRule] {
        if let known = compiled[node.place] { return known }
        let all = [node.schema] + (node.schema["allOf"]?.array ?? [])
        let json = all.flatMap { $0["x-kubernetes-validations"]?.array ?? [] }
        let type = json.isEmpty ? .dyn : SchemaType.type(of: node.schema, isRoot: node.isRoot)
        let rules = json.map { ValidationRule($0, self: type) }
        compiled[node.place] = rules
        return rules
    }

    // MARK: One rule

    private mutating func check(_ rule: ValidationRule, _ node: Node, _ value: Value, _ old: Value?) throws(OutOfBudget) {
        if rule.text.isEmpty { return }
        func invalid(_ detail: String, at field: String? = nil) -> APIFailure.Cause {
            .init(
                reason: "FieldValueInvalid", message: "Invalid value: \(type(node)): \(detail)", field: field ?? node.field)
        }
        guard case .success(let program) = rule.rule.program, rule.problem == nil else {
            causes.append(invalid("rule compile error: \(rule.problem ?? "")"))
            return
        }
        let isOptional = rule.json["optionalOldSelf"]?.bool == true
        // A transition needs something to come from.
        if rule.isTransition, old == nil, !isOptional { return }
        var values = ["self": value]
        values["oldSelf"] = isOptional ? .optional(old) : old
        do throws(EvaluationError) {
            if try evaluate(program, values) == .bool(true) { return }
        } catch {
            let why =
                error.message.hasPrefix("no such overload")
                ? "'\(error.message)': call arguments did not match a supported operator, function or macro signature for rule: \(rule.shown)"
                : error.isOverBudget
                    ? "'\(error.message)': no further validation rules will be run due to call cost exceeds limit for rule: \(rule.shown)"
                    : "\(error.message) evaluating rule: \(rule.shown)"
            causes.append(invalid(remaining < 0 ? PolicyLanguage.outOfBudget : why))
            if error.isOverBudget { throw OutOfBudget() }
            return
        }
        add(rule, node, message(rule, values) ?? rule.plainMessage, isSettled: !rule.isTransition && node.isUnchanged)
    }

    private func type(_ node: Node) -> String { JSON.string(node.schema["type"]?.string ?? "").text() }

    private mutating func add(_ rule: ValidationRule, _ node: Node, _ detail: String, isSettled: Bool) {
        let path = rule.json["fieldPath"]?.string ?? ""
        let field = path.isEmpty ? node.field : node.path.isEmpty && path.hasPrefix(".") ? String(path.dropFirst()) : node.path + path
        let body: String
        switch rule.json["reason"]?.string {
        case "FieldValueForbidden": body = "Forbidden: \(detail)"
        case "FieldValueRequired": body = "Required value: \(detail)"
        case "FieldValueDuplicate": body = "Duplicate value: \(type(node))"
        default: body = "Invalid value: \(type(node)): \(detail)"
        }
        if isSettled {
            warnings.append("\(field): \(body)")
        } else {
            causes.append(.init(reason: rule.json["reason"]?.string ?? "FieldValueInvalid", message: body, field: field))
        }
    }

    private mutating func evaluate(_ program: Program, _ values: [String: Value]) throws(EvaluationError) -> Value {
        let limit = min(remaining, PolicyLanguage.callLimit)
        var meter = Meter(limit)
        defer { remaining = meter.remaining < 0 && limit < PolicyLanguage.callLimit ? -1 : remaining - (limit - max(0, meter.remaining)) }
        return try program.evaluate(values, &meter)
    }

    /// What the rule's own expression says; nil when it says nothing that can be shown.
    private mutating func message(_ rule: ValidationRule, _ values: [String: Value]) -> String? {
        guard case .success(let program)? = rule.message?.program, rule.messageProblem == nil,
            case .string(let text)? = try? evaluate(program, values)
        else { return nil }
        let message = text.trimmingSpaces
        return message.isEmpty || message.contains("\n") || message.utf8.count > 5 * 1024 ? nil : message
    }
}
