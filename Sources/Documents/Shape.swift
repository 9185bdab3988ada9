package import Core

/// What may stand in one place of a YAML file that people write. One tree of shapes drives the strict reader, the nearest-key hints
/// and the JSON schema, so that they cannot drift apart.
package indirect enum Shape: Sendable {
    /// Free text; a reference is refused, since only secrets may be references.
    case text(example: String)
    case choice([String])
    case integer(ClosedRange<Int>)
    case number(ClosedRange<Double>)
    case boolean
    /// `90s`, `5m`, `1h30m`, `7d`
    case duration
    /// RFC 3339
    case instant
    /// Text of a form of its own, such as an address.
    case form(Form)
    /// Anything: an object of somebody else's format.
    case any
    case list(Shape)
    /// Keys that the user chooses.
    case table(Shape)
    case record([Field])
    /// One value, or the same thing spelled out as a record.
    case either(Shape, Shape)

    package struct Field: Sendable {
        package let name: String
        package let shape: Shape
        package let about: String
        package let isRequired: Bool
        /// A name that is promised and that this version has no use for yet.
        package let isReserved: Bool

        package init(_ name: String, _ shape: Shape, _ about: String, required: Bool = false, reserved: Bool = false) {
            self.name = name
            self.shape = shape
            self.about = about
            isRequired = required
            isReserved = reserved
        }
    }

    /// A form of text: what it is called in messages, its JSON Schema, and which texts have it. References (`${…}`) are tested like others.
    package struct Form: Sendable {
        let expectation: String
        let schema: JSON
        let holds: @Sendable (String) -> Bool

        package init(_ expectation: String, schema: JSON, _ holds: @escaping @Sendable (String) -> Bool) {
            self.expectation = expectation
            self.schema = schema
            self.holds = holds
        }
    }

    /// What the user should have written, for error messages.
    var expectation: String {
        switch self {
        case .text(let example): "text such as \(example)"
        case .choice(let names): "one of \(names.joined(separator: ", "))"
        case .integer(let range):
            range.upperBound == .max
                ? "a whole number from \(range.lowerBound)" : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .duration: "a duration such as 90s, 5m or 1h30m"
        case .instant: "a time such as 2026-11-22T14:00:00Z"
        case .number(let range): "a number from \(JSON.ecmaScriptNumber(range.lowerBound)) to \(JSON.ecmaScriptNumber(range.upperBound))"
        case .form(let form): form.expectation
        case .any: "anything"
        case .list(let element): "a list; each element \(element.expectation)"
        case .table: "a table of names"
        case .record(let fields): "a table with \(fields.filter { !$0.isReserved }.map(\.name).joined(separator: ", "))"
        case .either(let a, let b): "\(a.expectation), or \(b.expectation)"
        }
    }
}
