/// The macros of the language and the two-variable ones that Kubernetes adds (cel-spec, langdef.md, "Macros").
enum Macros {
    static func has(_ argument: Expression, at place: Int) throws(Lexer.Problem) -> Expression.Kind {
        guard case .select(let operand, let field, isOptional: false) = argument.kind else {
            throw Lexer.Problem(message: "invalid argument to has() macro", offset: argument.offset)
        }
        return .has(operand, field)
    }

    /// What `target.name(arguments)` means as a macro; nil where it is a function.
    static func expand(
        _ name: String, target: Expression, _ arguments: [Expression], at place: Int
    ) throws(Lexer.Problem) -> Expression.Kind? {
        let variables: Int
        let operation: Expression.Fold.Operation
        switch (name, arguments.count) {
        case ("all", 2): (operation, variables) = (.all, 1)
        case ("all", 3): (operation, variables) = (.all, 2)
        case ("exists", 2): (operation, variables) = (.exists, 1)
        case ("exists", 3): (operation, variables) = (.exists, 2)
        case ("exists_one", 2), ("existsOne", 2): (operation, variables) = (.existsOne, 1)
        case ("exists_one", 3), ("existsOne", 3): (operation, variables) = (.existsOne, 2)
        case ("filter", 2): (operation, variables) = (.filter, 1)
        case ("map", 2), ("map", 3): (operation, variables) = (.map, 1)
        case ("transformList", 3), ("transformList", 4): (operation, variables) = (.transformList, 2)
        case ("transformMap", 3), ("transformMap", 4): (operation, variables) = (.transformMap, 2)
        case ("transformMapEntry", 3), ("transformMapEntry", 4): (operation, variables) = (.transformMapEntry, 2)
        case ("optMap", 2), ("optFlatMap", 2):
            return .optionalMap(target, variable: try variable(arguments[0]), arguments[1], isFlat: name == "optFlatMap")
        default: return nil
        }
        var names: [String] = []
        for argument in arguments.prefix(variables) { names.append(try variable(argument)) }
        let rest = arguments.dropFirst(variables)
        let isPredicate = [.all, .exists, .existsOne, .filter].contains(operation)
        return .fold(
            Expression.Fold(
                operation: operation, range: target, variables: names,
                condition: isPredicate || rest.count == 2 ? rest.first : nil, transform: isPredicate ? nil : rest.last))
    }

    private static func variable(_ argument: Expression) throws(Lexer.Problem) -> String {
        guard case .identifier(let name) = argument.kind else {
            throw Lexer.Problem(message: "argument must be a simple name", offset: argument.offset)
        }
        return name
    }
}
