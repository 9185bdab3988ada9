/// A node of the syntax tree. `depth` bounds the recursion of whoever walks it.
final class Expression: Sendable {
    indirect enum Kind: Sendable {
        case literal(Value)
        case identifier(String)
        case select(Expression, String, isOptional: Bool)
        /// The macro `has(a.b)`.
        case has(Expression, String)
        case index(Expression, Expression, isOptional: Bool)
        case call(String, target: Expression?, [Expression])
        case list([(value: Expression, isOptional: Bool)])
        case map([(key: Expression, value: Expression, isOptional: Bool)])
        case and([Expression])
        case or([Expression])
        case conditional(Expression, Expression, Expression)
        case fold(Fold)
        /// `target.optMap(x, …)` and `target.optFlatMap(x, …)`.
        case optionalMap(Expression, variable: String, Expression, isFlat: Bool)
    }

    /// A macro over the elements of a list or the keys of a map (cel-spec, "Macros").
    struct Fold: Sendable {
        enum Operation: Sendable { case all, exists, existsOne, map, filter, transformList, transformMap, transformMapEntry }
        let operation: Operation
        let range: Expression
        /// One, or index (key) and value.
        let variables: [String]
        /// The predicate; of `map` and the transformations an optional filter.
        let condition: Expression?
        let transform: Expression?
    }

    let kind: Kind
    /// The place that messages name.
    let offset: Int
    let depth: Int

    init(_ kind: Kind, at offset: Int) {
        self.kind = kind
        self.offset = offset
        depth = 1 + (Expression.children(kind).map(\.depth).max() ?? 0)
    }

    private static func children(_ kind: Kind) -> [Expression] {
        switch kind {
        case .literal, .identifier: []
        case .select(let operand, _, _), .has(let operand, _): [operand]
        case .index(let operand, let key, _): [operand, key]
        case .call(_, let target, let arguments): (target.map { [$0] } ?? []) + arguments
        case .list(let elements): elements.map(\.value)
        case .map(let entries): entries.flatMap { [$0.key, $0.value] }
        case .and(let terms), .or(let terms): terms
        case .conditional(let condition, let yes, let no): [condition, yes, no]
        case .fold(let fold): [fold.range, fold.condition, fold.transform].compactMap(\.self)
        case .optionalMap(let target, _, let body, _): [target, body]
        }
    }

    /// `a.b.c` of a chain of plain selections; nil for anything else.
    var qualifiedName: String? {
        switch kind {
        case .identifier(let name): name
        case .select(let operand, let field, isOptional: false): operand.qualifiedName.map { "\($0).\(field)" }
        default: nil
        }
    }

    /// Every name that stands in the tree as an identifier, bound or free.
    var identifiers: Set<String> {
        if case .identifier(let name) = kind { return [name] }
        return Expression.children(kind).reduce(into: []) { $0.formUnion($1.identifiers) }
    }
}
