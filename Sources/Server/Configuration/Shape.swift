import Core

/// What may stand in one place of the configuration file. One tree of shapes drives the strict reader, the nearest-key hints
/// and the JSON schema, so that they cannot drift apart.
indirect enum Shape: Sendable {
    /// Free text; a reference is refused, since only secrets may be references.
    case text(example: String)
    case choice([String])
    case integer(ClosedRange<Int>)
    case boolean
    /// `90s`, `5m`, `1h30m`, `7d`
    case duration
    /// RFC 3339
    case instant
    /// `host:port`, `[::1]:8420`, `:8421`
    case address
    /// `http://` or `https://`; may be a reference, since many such addresses carry a secret.
    case location
    /// Only `${env:NAME}` or `${file:PATH}`.
    case secret
    case list(Shape)
    /// Keys that the user chooses.
    case table(Shape)
    case record([Field])
    /// One value, or the same thing spelled out as a record.
    case either(Shape, Shape)

    struct Field: Sendable {
        let name: String
        let shape: Shape
        let about: String
        let isRequired: Bool
        /// A name that INTERFACES section 3 gives and that this version has no use for yet.
        let isReserved: Bool

        init(_ name: String, _ shape: Shape, _ about: String, required: Bool = false, reserved: Bool = false) {
            self.name = name
            self.shape = shape
            self.about = about
            isRequired = required
            isReserved = reserved
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
        case .address: "an address such as 127.0.0.1:8420"
        case .location: "an http or https address"
        case .secret: "a reference, ${env:NAME} or ${file:PATH}"
        case .list(let element): "a list; each element \(element.expectation)"
        case .table: "a table of names"
        case .record(let fields): "a table with \(fields.filter { !$0.isReserved }.map(\.name).joined(separator: ", "))"
        case .either(let a, let b): "\(a.expectation), or \(b.expectation)"
        }
    }
}
