import CEL
import Core

/// A policy's expressions, applied to one write (kubernetes.io "Validating Admission Policy").
struct PolicyEvaluation {
    /// A validation that does not hold, or cannot be told.
    struct Denial {
        var message: String
        var reason = "Invalid"
    }

    private let policy: JSON
    private let ignoresErrors: Bool
    private let activation: PolicyActivation
    private let environment: CEL.Environment
    private let messageEnvironment: CEL.Environment
    private let conditionEnvironment: CEL.Environment
    private var remaining = PolicyLanguage.budget

    /// `values`: of `object`, `oldObject`, `request`, `namespaceObject`, `params` and the authorizer.
    init(_ policy: JSON, values: [String: Value]) {
        self.policy = policy
        ignoresErrors = policy[at: "spec", "failurePolicy"] == "Ignore"
        let hasParams = policy[at: "spec", "paramKind"] != nil
        let variables = PolicyVariables(policy, hasParams: hasParams)
        activation = PolicyActivation(values, variables: variables.expressions)
        environment = PolicyLanguage.environment(hasParams: hasParams, hasAuthorizer: true, composed: variables.types)
        messageEnvironment = PolicyLanguage.environment(hasParams: hasParams, hasAuthorizer: false, composed: variables.types)
        conditionEnvironment = PolicyLanguage.environment(hasParams: hasParams, hasAuthorizer: true, composed: nil)
    }

    private struct OutOfBudget: Error {}

    /// The value of an expression, or why there is none.
    private mutating func value(
        _ text: String, _ environment: CEL.Environment, results: [ValueType]
    ) throws(OutOfBudget) -> Result<Value, EvaluationError> {
        switch PolicyExpression(text, environment, results: results).program {
        case .failure(let problem): return .failure(EvaluationError("compilation error: \(problem.detail)"))
        case .success(let program):
            var meter = Meter(min(remaining, PolicyLanguage.callLimit))
            let before = meter.remaining
            do throws(EvaluationError) {
                let value = try program.evaluate(activation, &meter)
                remaining -= before - meter.remaining
                return .success(value)
            } catch {
                if error.isOverBudget, remaining < PolicyLanguage.callLimit { throw OutOfBudget() }
                remaining -= before - max(0, meter.remaining)
                return .failure(EvaluationError("expression '\(text)' resulted in error: \(error.message)"))
            }
        }
    }

    private func failed(_ message: String) -> [Denial] { ignoresErrors ? [] : [Denial(message: message)] }

    /// What the policy says against the write, in the order of its validations.
    mutating func denials() -> [Denial] {
        do throws(OutOfBudget) {
            switch try conditionsHold() {
            case .success(false): return []
            case .failure(let error): return failed(error.message)
            case .success(true): break
            }
            var denials: [Denial] = []
            for validation in policy[at: "spec", "validations"]?.array ?? [] { denials += try denial(validation) }
            for annotation in policy[at: "spec", "auditAnnotations"]?.array ?? [] {
                // The note itself goes to an audit log, which the twin does not keep.
                let text = annotation["valueExpression"]?.string ?? ""
                if case .failure(let error) = try value(text, messageEnvironment, results: []) { denials += failed(error.message) }
            }
            return denials
        } catch {
            return failed(PolicyLanguage.outOfBudget)
        }
    }

    /// Whether every match condition holds; one that does not hides the errors of others.
    private mutating func conditionsHold() throws(OutOfBudget) -> Result<Bool, EvaluationError> {
        var errors: [String] = []
        for condition in policy[at: "spec", "matchConditions"]?.array ?? [] {
            switch try value(condition["expression"]?.string?.trimmingSpaces ?? "", conditionEnvironment, results: [.bool]) {
            case .success(.bool(true)): break
            case .success: return .success(false)
            case .failure(let error): errors.append(error.message)
            }
        }
        if errors.isEmpty { return .success(true) }
        return .failure(EvaluationError(errors.count == 1 ? errors[0] : "[\(errors.joined(separator: ", "))]"))
    }

    private mutating func denial(_ validation: JSON) throws(OutOfBudget) -> [Denial] {
        let text = validation["expression"]?.string ?? ""
        switch try value(text, environment, results: [.bool]) {
        case .success(.bool(true)): return []
        case .failure(let error): return failed(error.message)
        case .success:
            var message = ""
            if let expression = validation["messageExpression"]?.string, !expression.isEmpty,
                case .success(.string(let made)) = try value(expression, messageEnvironment, results: [.string])
            {
                message = made.trimmingSpaces
                // A message that would not fit a line of an answer is as good as none.
                if message.utf8.count > 5 * 1024 || message.contains("\n") { message = "" }
            }
            if message.isEmpty { message = validation["message"]?.string?.trimmingSpaces ?? "" }
            if message.isEmpty { message = "failed expression: \(text.trimmingSpaces)" }
            return [Denial(message: message, reason: validation["reason"]?.string ?? "Invalid")]
        }
    }
}

/// The variables that a policy composes, each of which may name those before it.
struct PolicyVariables {
    private(set) var expressions: [String: PolicyExpression] = [:]
    private(set) var types: [String: ValueType] = [:]

    init(_ policy: JSON, hasParams: Bool) {
        for variable in policy[at: "spec", "variables"]?.array ?? [] {
            guard let name = variable["name"]?.string, let text = variable["expression"]?.string else { continue }
            let environment = PolicyLanguage.environment(hasParams: hasParams, hasAuthorizer: true, composed: types)
            let expression = PolicyExpression(text, environment, results: [])
            expressions[name] = expression
            types[name] = expression.resultType
        }
    }
}
