import CEL
import Core

/// One of `x-kubernetes-validations`, compiled for its place in a schema.
struct ValidationRule: Sendable {
    let json: JSON
    let rule: PolicyExpression
    let message: PolicyExpression?

    init(_ json: JSON, self type: ValueType) {
        let old: ValueType = json["optionalOldSelf"]?.bool == true ? .optional(type) : type
        let environment = CEL.Environment(variables: ["self": type, "oldSelf": old])
        self.json = json
        rule = PolicyExpression(json["rule"]?.string ?? "", environment, results: [])
        let text = json["messageExpression"]?.string ?? ""
        message = text.trimmingSpaces.isEmpty ? nil : PolicyExpression(text, environment, results: [])
    }

    var text: String { rule.text.trimmingSpaces }

    /// Whether it compares with what was there before.
    var isTransition: Bool { if case .success(let program) = rule.program { program.identifiers.contains("oldSelf") } else { false } }

    /// What messages call the rule.
    var shown: String {
        let message = json["message"]?.string?.trimmingSpaces ?? ""
        return message.isEmpty ? text : message
    }

    /// What is told when it does not hold and there is no better message.
    var plainMessage: String {
        let message = json["message"]?.string?.trimmingSpaces ?? ""
        return message.isEmpty ? "failed rule: \(text)" : message
    }

    /// Why the expression is no rule; nil when it is one.
    var problem: String? {
        switch rule.program {
        case .failure(let problem): problem.detail
        case .success(let program): program.resultType == .bool ? nil : "cel expression must evaluate to a bool"
        }
    }

    /// Why the expression is no message; nil when it is one, or there is none.
    var messageProblem: String? {
        switch message?.program {
        case nil: nil
        case .failure(let problem)?: "messageExpression \(problem.detail)"
        case .success(let program)?: program.resultType == .string ? nil : "messageExpression must evaluate to a string"
        }
    }
}
