import CEL
import Core

/// The values that a policy's expressions see for one request and one parameter. The policy's own variables are evaluated when they are
/// first asked for, and once.
final class PolicyActivation: Activation {
    private let values: [String: Value]
    private let expressions: [String: PolicyExpression]
    private var evaluated: [String: Result<Value, EvaluationError>] = [:]

    /// `variables`: the policy's own, by name.
    init(_ values: [String: Value], variables: [String: PolicyExpression]) {
        self.values = values
        expressions = variables
    }

    func value(of name: String, _ meter: inout Meter) throws -> Value? {
        if let value = values[name] { return value }
        guard name.hasPrefix("variables.") else { return nil }
        let variable = String(name.dropFirst("variables.".count))
        guard let expression = expressions[variable] else { return nil }
        if let result = evaluated[variable] { return try result.get() }
        // Should it name itself, by another of the same name.
        evaluated[variable] = .failure(EvaluationError("composited variable \"\(variable)\" fails to evaluate: it needs itself"))
        let result: Result<Value, EvaluationError>
        switch expression.program {
        case .failure(let problem):
            result = .failure(EvaluationError("composited variable \"\(variable)\" fails to compile: \(problem.detail)"))
        case .success(let program):
            do {
                result = .success(try program.evaluate(self, &meter))
            } catch let error where error.isOverBudget {
                throw error
            } catch {
                result = .failure(EvaluationError("composited variable \"\(variable)\" fails to evaluate: \(error.message)"))
            }
        }
        evaluated[variable] = result
        return try result.get()
    }
}
