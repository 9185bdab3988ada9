/// Finds the type of an expression, and what cannot be right in it (cel-spec, langdef.md, "Gradual Type Checking"), in cel-go's words.
struct Checker {
    /// Types that expressions may name.
    static let types: [String: ValueType] = [
        "bool": .bool, "int": .int, "uint": .uint, "double": .double, "string": .string, "bytes": .bytes, "null_type": .null,
        "list": .list(.dyn), "map": .map(.dyn, .dyn), "type": .type(.dyn), "dyn": .dyn, "optional_type": .optional(.dyn),
        "google.protobuf.Timestamp": .timestamp, "google.protobuf.Duration": .duration,
    ]

    private(set) var issues: [(message: String, offset: Int)] = []
    private let environment: Environment
    private var scope: [(name: String, type: ValueType)] = []

    init(_ environment: Environment) { self.environment = environment }

    private mutating func report(_ message: String, _ place: Int) -> ValueType {
        issues.append((message, place))
        // Taken for anything, so that one mistake is told once.
        return .dyn
    }

    mutating func type(of expression: Expression) -> ValueType {
        let place = expression.offset
        switch expression.kind {
        case .literal(let value): return value.type
        case .identifier(let name): return identifier(name, place)
        case .select(let operand, let field, let isOptional):
            if !isOptional, let name = expression.qualifiedName, !scope.contains(where: { name.hasPrefix($0.name + ".") }) {
                if let type = environment.variables[name] { return type }
                if let type = Checker.types[name] { return .type(type) }
            }
            let member = self.field(field, of: type(of: operand), place)
            return isOptional ? .optional(Checker.flat(member)) : member
        case .has(let operand, let field):
            _ = self.field(field, of: type(of: operand), place)
            return .bool
        case .index(let operand, let key, let isOptional):
            let container = type(of: operand)
            let result = resolve(isOptional ? "_[?_]" : "_[_]", isMember: false, [container, type(of: key)], place)
            return isOptional ? .optional(Checker.flat(result)) : result
        case .call(let name, let target, let arguments):
            var types: [ValueType] = []
            if let target { types.append(type(of: target)) }
            for argument in arguments { types.append(type(of: argument)) }
            return call(name, isMember: target != nil, types, place)
        case .list(let elements): return .list(list(elements))
        case .map(let entries): return map(entries)
        case .and(let terms): return logical("_&&_", terms, place)
        case .or(let terms): return logical("_||_", terms, place)
        case .conditional(let condition, let yes, let no):
            let types = [type(of: condition), type(of: yes), type(of: no)]
            return resolve("_?_:_", isMember: false, types, place)
        case .fold(let fold): return self.fold(fold, place)
        case .optionalMap(let target, let name, let body, let isFlat):
            let inner = Checker.flat(type(of: target))
            scope.append((name, inner))
            let result = type(of: body)
            scope.removeLast()
            return isFlat ? result : .optional(result)
        }
    }

    private static func flat(_ type: ValueType) -> ValueType { if case .optional(let inner) = type { inner } else { type } }

    private mutating func identifier(_ name: String, _ place: Int) -> ValueType {
        if let bound = scope.last(where: { $0.name == name }) { return bound.type }
        if let type = environment.variables[name] { return type }
        if let type = Checker.types[name] { return .type(type) }
        return report("undeclared reference to '\(name)' (in container '')", place)
    }

    private mutating func field(_ field: String, of type: ValueType, _ place: Int) -> ValueType {
        switch type {
        case .dyn, .parameter: return .dyn
        case .map(_, let value): return value
        case .optional(let inner): return .optional(Checker.flat(self.field(field, of: inner, place)))
        case .object(let object): return object.fields[field] ?? report("undefined field '\(field)'", place)
        default: return report("type '\(type)' does not support field selection", place)
        }
    }

    // MARK: Calls

    private mutating func call(_ name: String, isMember: Bool, _ types: [ValueType], _ place: Int) -> ValueType {
        guard environment.library.knows(name) else { return report("undeclared reference to '\(name)' (in container '')", place) }
        return resolve(name, isMember: isMember, types, place)
    }

    /// The result of the overloads that fit; `dyn` where they differ.
    private mutating func resolve(_ name: String, isMember: Bool, _ types: [ValueType], _ place: Int) -> ValueType {
        var result: ValueType?
        for overload in environment.library.overloads(name, isMember: isMember, count: types.count) {
            var unification = Unification()
            guard zip(types, overload.parameters).allSatisfy({ unification.fits($0, $1) }) else { continue }
            let type = unification.applied(to: overload.result)
            result = result.map { $0 == type ? type : .dyn } ?? type
        }
        return result ?? noOverload(name, isMember: isMember, types, place)
    }

    private mutating func noOverload(_ name: String, isMember: Bool, _ types: [ValueType], _ place: Int) -> ValueType {
        let names = types.map(\.description)
        let signature =
            isMember ? "\(names[0]).(\(names.dropFirst().joined(separator: ", ")))" : "(\(names.joined(separator: ", ")))"
        return report("found no matching overload for '\(name)' applied to '\(signature)'", place)
    }

    private mutating func logical(_ name: String, _ terms: [Expression], _ place: Int) -> ValueType {
        let types = terms.map { type(of: $0) }
        for type in types where type != .bool && type != .dyn {
            let pair = types[0] == type ? [type, types.count > 1 ? types[1] : .bool] : [.bool, type]
            return noOverload(name, isMember: false, pair, place)
        }
        return .bool
    }

    // MARK: Literals and macros

    private mutating func joined(_ a: ValueType?, _ b: ValueType, _ place: Int) -> ValueType {
        guard let a else { return b }
        return Unification.join(a, b) ?? report("expected type '\(a)' but found '\(b)'", place)
    }

    private mutating func list(_ elements: [(value: Expression, isOptional: Bool)]) -> ValueType {
        var joint: ValueType?
        for element in elements {
            let type = type(of: element.value)
            joint = joined(joint, element.isOptional ? Checker.flat(type) : type, element.value.offset)
        }
        return joint ?? .parameter("T")
    }

    private mutating func map(_ entries: [(key: Expression, value: Expression, isOptional: Bool)]) -> ValueType {
        var keys: ValueType?
        var values: ValueType?
        for entry in entries {
            keys = joined(keys, type(of: entry.key), entry.key.offset)
            let type = type(of: entry.value)
            values = joined(values, entry.isOptional ? Checker.flat(type) : type, entry.value.offset)
        }
        return .map(keys ?? .parameter("K"), values ?? .parameter("V"))
    }

    private mutating func fold(_ fold: Expression.Fold, _ place: Int) -> ValueType {
        let variables: [ValueType]
        let range = type(of: fold.range)
        switch range {
        case .list(let element): variables = fold.variables.count == 1 ? [element] : [.int, element]
        case .map(let key, let value): variables = fold.variables.count == 1 ? [key] : [key, value]
        case .dyn, .parameter: variables = [.dyn, .dyn]
        default:
            return report(
                "expression of type '\(range)' cannot be range of a comprehension (must be list, map, or dynamic)", fold.range.offset)
        }
        for (name, type) in zip(fold.variables, variables) { scope.append((name, type)) }
        defer { scope.removeLast(fold.variables.count) }
        let condition = fold.condition.map { type(of: $0) } ?? .bool
        let made = fold.transform.map { type(of: $0) } ?? .dyn
        let isBool = condition == .bool || condition == .dyn
        let element = variables[variables.count - 1]
        switch fold.operation {
        // The macros are folds whose step is one of these operators, which is what messages name.
        case .all: return isBool ? .bool : noOverload("_&&_", isMember: false, [.bool, condition], place)
        case .exists: return isBool ? .bool : noOverload("_||_", isMember: false, [.bool, condition], place)
        case .existsOne: return isBool ? .bool : noOverload("_?_:_", isMember: false, [condition, .int, .int], place)
        case .filter:
            let result = ValueType.list(variables[0])
            return isBool ? result : noOverload("_?_:_", isMember: false, [condition, result, result], place)
        case .map, .transformList:
            let result = ValueType.list(made)
            return isBool ? result : noOverload("_?_:_", isMember: false, [condition, result, result], place)
        case .transformMap: return .map(variables[0], made)
        case .transformMapEntry: if case .map = made { return made } else { return .map(.dyn, element) }
        }
    }
}
