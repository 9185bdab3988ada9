import Core

/// Conversions between types (cel-spec, langdef.md, "Conversion Functions").
enum Conversions {
    static let overloads: [Overload] = numbers + texts + others

    private static let numbers: [Overload] =
        convert("int", to: .int, from: [.int, .uint, .double, .string, .timestamp, .duration], int)
        + convert("uint", to: .uint, from: [.uint, .int, .double, .string], uint)
        + convert("double", to: .double, from: [.double, .int, .uint, .string], double)

    private static let texts: [Overload] =
        convert("string", to: .string, from: [.string, .bool, .int, .uint, .double, .bytes, .timestamp, .duration], string)
        + convert("bytes", to: .bytes, from: [.bytes, .string]) { value in
            if case .string(let text) = value { .bytes(Array(text.utf8)) } else { value }
        }
        + convert("bool", to: .bool, from: [.bool, .string], bool)

    private static let others: [Overload] =
        convert("dyn", to: .dyn, from: [.parameter("A")]) { $0 }
        + convert("type", to: .type(.parameter("A")), from: [.parameter("A")]) { .type($0.type) }

    @Sendable private static func bool(_ value: Value) throws -> Value {
        guard case .string(let text) = value else { return value }
        switch text {
        case "1", "t", "T", "true", "TRUE", "True": return .bool(true)
        case "0", "f", "F", "false", "FALSE", "False": return .bool(false)
        default: throw EvaluationError("strconv.ParseBool: parsing \(quoted(text)): invalid syntax")
        }
    }

    private static func convert(
        _ name: String, to result: ValueType, from types: [ValueType], _ body: @escaping @Sendable (Value) throws -> Value
    ) -> [Overload] {
        types.map { type in
            Overload(name, [type], result) { values, meter in
                if let text = values[0].string { try meter.traverse(text.utf8.count) }
                return try body(values[0])
            }
        }
    }

    // MARK: Numbers

    @Sendable private static func int(_ value: Value) throws -> Value {
        switch value {
        case .uint(let x):
            guard let result = Int64(exactly: x) else { throw EvaluationError.integerOverflow }
            return .int(result)
        case .double(let x):
            guard x > -9_223_372_036_854_775_808, x < 9_223_372_036_854_775_808 else { throw EvaluationError.integerOverflow }
            return .int(Int64(x))
        case .string(let text):
            guard let result = Int64(text) else { throw notANumber("ParseInt", text, isWhole(text)) }
            return .int(result)
        case .timestamp(let time): return .int(time.wholeSeconds)
        case .duration(let nanoseconds): return .int(nanoseconds)
        default: return value
        }
    }

    @Sendable private static func uint(_ value: Value) throws -> Value {
        switch value {
        case .int(let x):
            guard let result = UInt64(exactly: x) else { throw EvaluationError.unsignedOverflow }
            return .uint(result)
        case .double(let x):
            guard x >= 0, x < 18_446_744_073_709_551_616 else { throw EvaluationError.unsignedOverflow }
            return .uint(UInt64(x))
        case .string(let text):
            guard let result = UInt64(text) else { throw notANumber("ParseUint", text, isWhole(text) && !text.hasPrefix("-")) }
            return .uint(result)
        default: return value
        }
    }

    @Sendable private static func double(_ value: Value) throws -> Value {
        switch value {
        case .int(let x): return .double(Double(x))
        case .uint(let x): return .double(Double(x))
        case .string(let text):
            guard let result = Double(text) else { throw notANumber("ParseFloat", text, false) }
            return .double(result)
        default: return value
        }
    }

    private static func isWhole(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        return !digits.isEmpty && digits.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func notANumber(_ function: String, _ text: String, _ isTooLarge: Bool) -> EvaluationError {
        EvaluationError("strconv.\(function): parsing \(quoted(text)): \(isTooLarge ? "value out of range" : "invalid syntax")")
    }

    // MARK: Text

    @Sendable private static func string(_ value: Value) throws -> Value {
        if case .bytes(let bytes) = value {
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw EvaluationError("invalid UTF-8 in bytes, cannot convert to string")
            }
            return .string(text)
        }
        return .string(shown(value))
    }

    /// A value as `string()` and messages show it.
    static func shown(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool(let x): x ? "true" : "false"
        case .int(let x): String(x)
        case .uint(let x): String(x)
        case .double(let x): decimal(x)
        case .string(let x): x
        case .bytes(let x): String(decoding: x, as: UTF8.self)
        case .timestamp(let x): Times.shown(x)
        case .duration(let x): Times.seconds(x)
        case .type(let x): x.description
        case .list(let x): "[\(x.map(shown).joined(separator: ", "))]"
        case .map(let x): "{\(x.entries.map { "\(shown($0.key)): \(shown($0.value))" }.sorted().joined(separator: ", "))}"
        case .optional(let x): x.map { "optional(\(shown($0)))" } ?? "optional.none()"
        case .opaque(let x): x.type.description
        }
    }

    /// The shortest decimal number, as Go's `%g` writes it.
    static func decimal(_ x: Double) -> String {
        if x.isNaN { return "NaN" }
        if x.isInfinite { return x < 0 ? "-Inf" : "+Inf" }
        var text = "\(x)"
        if text.hasSuffix(".0") { text.removeLast(2) }
        guard let e = text.firstIndex(of: "e") else { return text }
        var mantissa = text[..<e]
        if mantissa.hasSuffix(".0") { mantissa = mantissa.dropLast(2) }
        let exponent = Int(text[text.index(after: e)...]) ?? 0
        let digits = String(abs(exponent))
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(digits.count < 2 ? "0" : "")\(digits)"
    }

    /// As Go's `%q`.
    static func quoted(_ text: String) -> String { JSON.string(text).text() }
}
