/// What the parameters of a signature stand for in one call (cel-spec, langdef.md, "Gradual Type Checking").
struct Unification {
    private var bindings: [String: ValueType] = [:]

    /// Whether an argument fits a parameter; binds what it says of the signature's own parameters.
    mutating func fits(_ argument: ValueType, _ parameter: ValueType) -> Bool {
        switch (parameter, argument) {
        case (.parameter(let name), _):
            guard let bound = bindings[name] else { bindings[name] = argument; return true }
            if bound == argument { return true }
            guard let joined = Unification.join(bound, argument) else { return false }
            bindings[name] = joined
            return true
        case (.dyn, _), (_, .dyn), (_, .parameter): return true
        case (.list(let a), .list(let b)), (.optional(let a), .optional(let b)): return fits(b, a)
        case (.map(let a, let c), .map(let b, let d)): return fits(b, a) && fits(d, c)
        case (.type, .type): return true
        case (.object, .null), (.opaque, .null), (.timestamp, .null), (.duration, .null): return true
        default: return argument == parameter
        }
    }

    /// The type of the result, with what is bound put in.
    func applied(to type: ValueType) -> ValueType {
        switch type {
        case .parameter(let name): bindings[name] ?? .dyn
        case .list(let element): .list(applied(to: element))
        case .map(let key, let value): .map(applied(to: key), applied(to: value))
        case .optional(let inner): .optional(applied(to: inner))
        case .type(let inner): .type(applied(to: inner))
        default: type
        }
    }

    /// The type that both may be taken for; nil when they exclude each other.
    static func join(_ a: ValueType, _ b: ValueType) -> ValueType? {
        switch (a, b) {
        case (.dyn, _), (_, .dyn): return .dyn
        case (.parameter, _): return b
        case (_, .parameter): return a
        case (.list(let x), .list(let y)): return join(x, y).map { .list($0) }
        case (.optional(let x), .optional(let y)): return join(x, y).map { .optional($0) }
        case (.map(let k, let v), .map(let l, let w)):
            guard let key = join(k, l), let value = join(v, w) else { return nil }
            return .map(key, value)
        case (.type, .type): return a
        case (.object, .null), (.opaque, .null), (.timestamp, .null), (.duration, .null): return a
        case (.null, .object), (.null, .opaque), (.null, .timestamp), (.null, .duration): return b
        default: return a == b ? a : nil
        }
    }
}
