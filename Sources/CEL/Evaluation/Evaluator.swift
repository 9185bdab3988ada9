/// Walks a tree (cel-spec, langdef.md, "Evaluation").
struct Evaluator {
    let environment: Environment
    let activation: any Activation
    var meter: Meter
    /// Variables of macros, innermost last.
    var scope: [(name: String, value: Value)] = []

    init(environment: Environment, activation: any Activation, meter: Meter) {
        self.environment = environment
        self.activation = activation
        self.meter = meter
    }

    mutating func value(of expression: Expression) throws -> Value {
        meter.depth += 1
        defer { meter.depth -= 1 }
        guard meter.depth <= Meter.maxDepth else { throw EvaluationError.tooDeep }
        switch expression.kind {
        case .literal(let value): return value
        case .identifier(let name): return try variable(name)
        case .select(let operand, let field, let isOptional):
            if !isOptional, let name = expression.qualifiedName, isVariable(name) { return try variable(name) }
            return try member(.string(field), of: try value(of: operand), isOptional: isOptional)
        case .has(let operand, let field):
            try meter.pay(1)
            return .bool(try Evaluator.find(.string(field), in: Evaluator.unwrapped(try value(of: operand))) != nil)
        case .index(let operand, let key, let isOptional):
            let container = try value(of: operand)
            return try member(try value(of: key), of: container, isOptional: isOptional)
        case .call(let name, let target, let arguments): return try call(name, target, arguments)
        case .list(let elements): return try list(elements)
        case .map(let entries): return try map(entries)
        case .and(let terms): return try logical(terms, settledBy: false)
        case .or(let terms): return try logical(terms, settledBy: true)
        case .conditional(let condition, let yes, let no):
            guard let isTrue = try value(of: condition).bool else { throw EvaluationError.noSuchOverload }
            return try value(of: isTrue ? yes : no)
        case .fold(let fold): return try self.fold(fold)
        case .optionalMap(let target, let name, let body, let isFlat):
            guard case .optional(let inner) = try value(of: target) else { throw EvaluationError.noSuchOverload }
            guard let inner else { return .optional(nil) }
            let result = try value(of: body, with: [(name, inner)])
            return isFlat ? result : .optional(result)
        }
    }

    mutating func value(of expression: Expression, with bindings: [(name: String, value: Value)]) throws -> Value {
        scope += bindings
        defer { scope.removeLast(bindings.count) }
        return try value(of: expression)
    }

    // MARK: Names

    private func isVariable(_ name: String) -> Bool {
        environment.variables[name] != nil && !scope.contains { name.hasPrefix($0.name + ".") }
    }

    private mutating func variable(_ name: String) throws -> Value {
        try meter.pay(1)
        if let bound = scope.last(where: { $0.name == name }) { return bound.value }
        if environment.variables[name] != nil {
            if let value = try activation.value(of: name, &meter) { return value }
        } else if let type = Checker.types[name] {
            return .type(type)
        }
        throw EvaluationError("no such attribute(s): \(name)")
    }

    // MARK: Members

    static func unwrapped(_ value: Value) -> Value {
        if case .optional(let inner?) = value { inner } else { value }
    }

    private mutating func member(_ key: Value, of container: Value, isOptional: Bool) throws -> Value {
        try meter.pay(1)
        if case .optional(let inner) = container {
            // What is chosen from an optional is one.
            guard let inner else { return .optional(nil) }
            return .optional(try Evaluator.find(key, in: inner))
        }
        let found = try Evaluator.find(key, in: container)
        if isOptional { return .optional(found) }
        if let found { return found }
        if case .list = container { throw EvaluationError.indexOutOfBounds(key) }
        throw EvaluationError.noSuchKey(key)
    }

    /// nil where there is no such member.
    private static func find(_ key: Value, in container: Value) throws -> Value? {
        switch container {
        case .map(let map): return map[key]
        case .list(let list):
            let index: Int?
            switch key {
            case .int(let i): index = Int(i)
            case .uint(let i): index = Int(exactly: i)
            case .double(let i): index = Int(exactly: i)
            default: throw EvaluationError("unsupported index type '\(key.type)' in list")
            }
            return index.flatMap { list.indices.contains($0) ? list[$0] : nil }
        default: return nil
        }
    }

    // MARK: Operators

    /// `&&`, `||`, `all` and `exists`: a term that settles the matter hides the errors of the others.
    mutating func settled(by settling: Bool, _ count: Int, _ term: (inout Evaluator, Int) throws -> Value) throws -> Value {
        var failure: (any Error)?
        for i in 0..<count {
            do {
                switch try term(&self, i) {
                case .bool(settling): return .bool(settling)
                case .bool: break
                default: failure = failure ?? EvaluationError.noSuchOverload
                }
            } catch let error as EvaluationError where error.isOverBudget {
                throw error
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
        return .bool(!settling)
    }

    private mutating func logical(_ terms: [Expression], settledBy settling: Bool) throws -> Value {
        try settled(by: settling, terms.count) { try $0.value(of: terms[$1]) }
    }

    private mutating func call(_ name: String, _ target: Expression?, _ arguments: [Expression]) throws -> Value {
        try meter.pay(1)
        var values: [Value] = []
        if let target { values.append(try value(of: target)) }
        if target != nil, name == "or" || name == "orValue", arguments.count == 1, case .optional(let inner) = values[0] {
            // The other is looked at only where it is needed.
            guard let inner else { return try value(of: arguments[0]) }
            return name == "or" ? values[0] : inner
        }
        for argument in arguments { values.append(try value(of: argument)) }
        guard let overload = environment.library.overload(name, isMember: target != nil, values) else {
            throw EvaluationError.noSuchOverload
        }
        return try overload.body(values, &meter)
    }

    // MARK: Literals

    private mutating func list(_ elements: [(value: Expression, isOptional: Bool)]) throws -> Value {
        try meter.pay(10)
        var list: [Value] = []
        for element in elements {
            let value = try value(of: element.value)
            if !element.isOptional { list.append(value) } else if case .optional(let inner?) = value { list.append(inner) }
        }
        return .list(list)
    }

    private mutating func map(_ entries: [(key: Expression, value: Expression, isOptional: Bool)]) throws -> Value {
        try meter.pay(30)
        var map = ValueMap()
        for entry in entries {
            let key = try value(of: entry.key)
            var value = try value(of: entry.value)
            if entry.isOptional {
                guard case .optional(let inner) = value else { throw EvaluationError.noSuchOverload }
                guard let inner else { continue }
                value = inner
            }
            try Evaluator.insert(key, value, into: &map)
        }
        return .map(map)
    }

    static func insert(_ key: Value, _ value: Value, into map: inout ValueMap) throws {
        switch key {
        case .bool, .int, .uint, .string: break
        default: throw EvaluationError("unsupported key type: \(key.type)")
        }
        guard map[key] == nil else { throw EvaluationError("insert failed: key \(Conversions.shown(key)) already exists") }
        map[key] = value
    }
}
