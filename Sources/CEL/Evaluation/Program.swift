/// What an expression may name: variables with their types, and functions.
package struct Environment: Sendable {
    /// By name; a name may have dots (`authorizer.requestResource`).
    package var variables: [String: ValueType]
    let library: Library

    /// The functions of the language and of Kubernetes, and `extra` ones.
    package init(variables: [String: ValueType], functions extra: [Overload] = []) {
        self.variables = variables
        library = extra.isEmpty ? .standard : Library(Library.standardOverloads + extra)
    }
}

/// Where a program finds the values of its variables.
package protocol Activation {
    /// nil where the variable has no value. May evaluate another program, at the cost of `meter`.
    func value(of name: String, _ meter: inout Meter) throws -> Value?
}

extension [String: Value]: Activation {
    package func value(of name: String, _ meter: inout Meter) -> Value? { self[name] }
}

/// An expression that was parsed and checked.
package struct Program: Sendable {
    /// The expression as it was given.
    package let text: String
    package let resultType: ValueType
    /// Every name that stands in the expression as an identifier.
    package let identifiers: Set<String>
    private let expression: Expression
    private let environment: Environment

    package init(_ text: String, _ environment: Environment) throws(CompileError) {
        let source = Source(text)
        let expression = try Parser.parse(source, functions: environment.library.qualifiedNames)
        var checker = Checker(environment)
        let type = checker.type(of: expression)
        guard checker.issues.isEmpty else { throw CompileError(source, checker.issues) }
        self.text = text
        self.environment = environment
        self.expression = expression
        resultType = type
        identifiers = expression.identifiers
    }

    /// The value; what it costs is taken from `meter`.
    package func evaluate(_ activation: any Activation, _ meter: inout Meter) throws(EvaluationError) -> Value {
        var evaluator = Evaluator(environment: environment, activation: activation, meter: meter)
        defer { meter = evaluator.meter }
        do {
            return try evaluator.value(of: expression)
        } catch let error as EvaluationError {
            throw error
        } catch {
            throw EvaluationError("\(error)")
        }
    }
}
