package import Core

extension Value {
    /// A document without a schema: whole numbers are `int`, others `double`.
    package init(_ json: JSON) {
        switch json {
        case .null: self = .null
        case .bool(let x): self = .bool(x)
        case .integer(let x): self = .int(x)
        case .number(let x): self = .double(x)
        case .string(let x): self = .string(x)
        case .array(let x): self = .list(x.map { Value($0) })
        case .object(let members):
            var map = ValueMap()
            for (key, value) in members { map[.string(key)] = Value(value) }
            self = .map(map)
        }
    }
}

extension Value {
    /// A span as Go's `time.ParseDuration` reads it; nil for anything else.
    package init?(duration text: String) {
        guard let nanoseconds = try? Times.duration(text) else { return nil }
        self = .duration(nanoseconds)
    }

    /// The type as a program sees it when it runs: lists and maps do not say of what.
    package var type: ValueType {
        switch self {
        case .null: .null
        case .bool: .bool
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .string: .string
        case .bytes: .bytes
        case .list: .list(.dyn)
        case .map: .map(.dyn, .dyn)
        case .timestamp: .timestamp
        case .duration: .duration
        case .type: .type(.dyn)
        case .optional: .optional(.dyn)
        case .opaque(let value): value.type
        }
    }

    /// The text of a string; nil for every other value.
    package var string: String? { if case .string(let text) = self { text } else { nil } }
    /// nil for every other value than a bool.
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
}

extension Value: CustomStringConvertible {
    /// As messages show it.
    package var description: String { Conversions.shown(self) }
}
