/// One signature of a function and what it does.
package struct Overload: Sendable {
    /// `size`, or an operator as cel-go names it (`_+_`, `@in`); names with dots are of no value.
    package let name: String
    /// Whether it is called on its first parameter.
    package let isMember: Bool
    package let parameters: [ValueType]
    package let result: ValueType
    /// Throws `EvaluationError`. The values have the types of `parameters`.
    let body: @Sendable ([Value], inout Meter) throws -> Value

    /// A function.
    package init(
        _ name: String, _ parameters: [ValueType], _ result: ValueType, _ body: @escaping @Sendable ([Value], inout Meter) throws -> Value
    ) {
        self.init(name: name, isMember: false, parameters, result, body)
    }

    /// A function without arguments that is called on a value.
    package init(
        on type: ValueType, _ name: String, _ result: ValueType, _ body: @escaping @Sendable ([Value], inout Meter) throws -> Value
    ) {
        self.init(name: name, isMember: true, [type], result, body)
    }

    /// A function that is called on a value.
    package init(
        on type: ValueType, _ name: String, _ parameters: [ValueType], _ result: ValueType,
        _ body: @escaping @Sendable ([Value], inout Meter) throws -> Value
    ) {
        self.init(name: name, isMember: true, [type] + parameters, result, body)
    }

    private init(
        name: String, isMember: Bool, _ parameters: [ValueType], _ result: ValueType,
        _ body: @escaping @Sendable ([Value], inout Meter) throws -> Value
    ) {
        self.name = name
        self.isMember = isMember
        self.parameters = parameters
        self.result = result
        self.body = body
    }

    /// Whether values of these types may be given.
    fileprivate func takes(_ values: [Value]) -> Bool {
        for (value, parameter) in zip(values, parameters) {
            switch (parameter, value) {
            case (.dyn, _), (.parameter, _), (.list, .list), (.map, .map), (.optional, .optional), (.type, .type): continue
            default: if value.type != parameter { return false }
            }
        }
        return true
    }
}

/// The functions that programs may call.
struct Library: Sendable {
    private let byName: [String: [Overload]]
    /// Names with dots.
    let qualifiedNames: Set<String>

    init(_ overloads: [Overload]) {
        byName = Dictionary(grouping: overloads, by: \.name)
        qualifiedNames = Set(byName.keys.filter { $0.contains(".") })
    }

    static let standardOverloads: [Overload] =
        Operators.overloads + Conversions.overloads + Strings.overloads + Lists.overloads + Times.overloads + Patterns.overloads
        + Optionals.overloads + Quantities.overloads + Locations.overloads + Addresses.overloads + Formats.overloads
    static let standard = Library(standardOverloads)

    func knows(_ name: String) -> Bool { byName[name] != nil }

    func overloads(_ name: String, isMember: Bool, count: Int) -> [Overload] {
        (byName[name] ?? []).filter { $0.isMember == isMember && $0.parameters.count == count }
    }

    func overload(_ name: String, isMember: Bool, _ values: [Value]) -> Overload? {
        byName[name]?.first { $0.isMember == isMember && $0.parameters.count == values.count && $0.takes(values) }
    }
}
