/// A JSON value that keeps the order in which keys were read and never loses an unknown field.
///
/// Equality and hashing ignore the order of keys. An integer equals a number of the same value.
package enum JSON: Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object(JSONObject)
}

extension JSON: Equatable {
    package static func == (a: JSON, b: JSON) -> Bool {
        switch (a, b) {
        case (.null, .null): true
        case (.bool(let x), .bool(let y)): x == y
        case (.integer(let x), .integer(let y)): x == y
        case (.number(let x), .number(let y)): x == y
        case (.integer(let x), .number(let y)): Double(x) == y
        case (.number(let x), .integer(let y)): x == Double(y)
        case (.string(let x), .string(let y)): x == y
        case (.array(let x), .array(let y)): x == y
        case (.object(let x), .object(let y)): x == y
        default: false
        }
    }
}

extension JSON: Hashable {
    package func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .bool(let x): hasher.combine(x)
        case .integer(let x): hasher.combine(Double(x))
        case .number(let x): hasher.combine(x)
        case .string(let x): hasher.combine(x)
        case .array(let x): hasher.combine(x)
        case .object(let x): for key in x.keys.sorted() { hasher.combine(key); hasher.combine(x[key]) }
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral, ExpressibleByStringInterpolation
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(arrayLiteral elements: JSON...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(JSONObject(elements))
    }
    package init(nilLiteral: ()) { self = .null }
}

// MARK: Reading

extension JSON {
    package var string: String? { if case .string(let x) = self { x } else { nil } }
    package var bool: Bool? { if case .bool(let x) = self { x } else { nil } }
    package var array: [JSON]? { if case .array(let x) = self { x } else { nil } }
    package var object: JSONObject? { if case .object(let x) = self { x } else { nil } }
    package var isNull: Bool { if case .null = self { true } else { false } }

    /// A whole number, also where it was written as `3.0`.
    package var int: Int? {
        switch self {
        case .integer(let x): Int(x)
        case .number(let x): Int(exactly: x)
        default: nil
        }
    }

    package var double: Double? {
        switch self {
        case .integer(let x): Double(x)
        case .number(let x): x
        default: nil
        }
    }

    /// The member of an object; nil for a missing key and for anything that is not an object. Setting `nil` removes the key;
    /// setting on anything but an object makes it one.
    package subscript(key: String) -> JSON? {
        get { if case .object(let members) = self { members[key] } else { nil } }
        set {
            var members: JSONObject
            if case .object(let existing) = self { members = existing } else { members = [:] }
            self = .null  // so that `members` is uniquely referenced while it is changed
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The element of an array; nil when out of bounds or not an array.
    package subscript(index: Int) -> JSON? {
        if case .array(let elements) = self, elements.indices.contains(index) { elements[index] } else { nil }
    }

    /// Follows keys downwards: `pod[at: "spec", "nodeName"]`. Setting makes the objects on the way.
    package subscript(at path: String...) -> JSON? {
        get { self[path: path[...]] }
        set { self[path: path[...]] = newValue }
    }

    package subscript(path path: ArraySlice<String>) -> JSON? {
        get {
            var value: JSON? = self
            for key in path { value = value?[key] }
            return value
        }
        set {
            guard let first = path.first else { self = newValue ?? .null; return }
            if path.count == 1 { self[first] = newValue; return }
            if newValue == nil && self[first] == nil { return }
            var child = self[first] ?? .object([:])
            self[first] = .null
            child[path: path.dropFirst()] = newValue
            self[first] = child
        }
    }

    /// The strings of an object of strings, such as labels; members of other types are left out.
    package var stringMap: [String: String] {
        guard case .object(let members) = self else { return [:] }
        var result: [String: String] = [:]
        for (key, value) in members { if case .string(let x) = value { result[key] = x } }
        return result
    }

    package init(_ map: [String: String]) {
        self = .object(JSONObject(map.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }))
    }

    package init(_ strings: [String]) { self = .array(strings.map { .string($0) }) }
    package init(_ value: Int) { self = .integer(Int64(value)) }
    /// The string, or JSON null.
    package init(_ value: String?) { self = value.map { .string($0) } ?? .null }
}
