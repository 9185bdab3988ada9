import Core
import Kubernetes

extension JSON {
    /// A member that is text; empty where it is missing, as in Go.
    subscript(text key: String) -> String { self[key]?.string ?? "" }
}

/// The words in which rules are written: what is wrong with a field, and the tests that many fields share.
extension Validation {
    // MARK: What is wrong

    mutating func required(_ field: String, _ detail: String = "") {
        append("FieldValueRequired", field, detail.isEmpty ? "Required value" : "Required value: \(detail)")
    }

    /// The value is shown as Go prints it; nil leaves it out.
    mutating func invalid(_ field: String, _ value: JSON?, _ detail: String) {
        let shown = value.map { ": \(Validation.shown($0))" } ?? ""
        append("FieldValueInvalid", field, "Invalid value\(shown)" + (detail.isEmpty ? "" : ": \(detail)"))
    }

    mutating func unsupported(_ field: String, _ value: JSON, _ allowed: [String]) {
        let list = allowed.map { "\"\($0)\"" }.joined(separator: ", ")
        append("FieldValueNotSupported", field, "Unsupported value: \(Validation.shown(value)): supported values: \(list)")
    }

    mutating func duplicate(_ field: String, _ value: JSON, _ detail: String = "") {
        append("FieldValueDuplicate", field, "Duplicate value: \(Validation.shown(value))" + (detail.isEmpty ? "" : ": \(detail)"))
    }

    mutating func forbidden(_ field: String, _ detail: String) { append("FieldValueForbidden", field, "Forbidden: \(detail)") }

    mutating func notFound(_ field: String, _ value: String, _ detail: String = "") {
        append("FieldValueNotFound", field, "Not found: \(JSON.string(value).text())" + (detail.isEmpty ? "" : ": \(detail)"))
    }

    mutating func tooLong(_ field: String, _ limit: Int) {
        append("FieldValueTooLong", field, "Too long: may not be more than \(limit) bytes")
    }

    mutating func tooMany(_ field: String, _ count: Int, _ limit: Int) {
        append("FieldValueTooMany", field, "Too many: \(count): must have at most \(limit) items")
    }

    /// Text as it is; anything else with the escapes of Go's encoding/json.
    private static func shown(_ value: JSON) -> String {
        if value.string != nil { return value.text() }
        return value.text().replacing("<", with: "\\u003c").replacing(">", with: "\\u003e").replacing("&", with: "\\u0026")
    }

    // MARK: Lists, numbers and words

    /// The elements of a list, each with its path.
    func each(_ list: JSON?, _ field: String) -> [(at: String, value: JSON)] {
        (list?.array ?? []).enumerated().map { ("\(field)[\($0.offset)]", $0.element) }
    }

    /// The members of an object in the order of their keys.
    func members(_ object: JSON?) -> [(key: String, value: JSON)] {
        (object?.object.map(Array.init) ?? []).sorted { $0.key < $1.key }
    }

    mutating func nonNegative(_ value: JSON?, _ field: String) {
        if let value, let number = value.int, number < 0 { invalid(field, value, "must be greater than or equal to 0") }
    }

    mutating func positive(_ value: JSON?, _ field: String) {
        if let value, let number = value.int, number <= 0 { invalid(field, value, "must be greater than 0") }
    }

    mutating func inRange(_ value: JSON?, _ range: ClosedRange<Int>, _ field: String) {
        guard let value, let number = value.int, !range.contains(number) else { return }
        invalid(field, value, "must be between \(range.lowerBound) and \(range.upperBound), inclusive")
    }

    /// One of the words; `isRequired` where the empty word is called missing.
    mutating func choice(_ value: JSON?, _ field: String, _ allowed: [String], isRequired: Bool = false) {
        guard let word = value?.string else { return }
        if isRequired, word.isEmpty { return required(field) }
        if !allowed.contains(word) { unsupported(field, .string(word), allowed) }
    }

    /// Says every mistake of a text.
    mutating func form(_ text: String, _ field: String, _ rule: (String) -> [String]) {
        for mistake in rule(text) { invalid(field, .string(text), mistake) }
    }

    /// The same for a member that must be there.
    mutating func requiredForm(_ text: String, _ field: String, _ rule: (String) -> [String]) {
        text.isEmpty ? required(field) : form(text, field, rule)
    }

    /// The same for a member that may be missing or empty.
    mutating func optionalForm(_ value: JSON?, _ field: String, _ rule: (String) -> [String]) {
        if let text = value?.string, !text.isEmpty { form(text, field, rule) }
    }

    // MARK: Ports, percentages and quantities

    mutating func portNumber(_ value: JSON?, _ field: String) { inRange(value ?? 0, 1...65535, field) }

    mutating func portNumberOrName(_ value: JSON?, _ field: String) {
        if let name = value?.string { form(name, field, Names.portName) } else { portNumber(value, field) }
    }

    mutating func protocolName(_ value: JSON?, _ field: String) { choice(value, field, ["SCTP", "TCP", "UDP"], isRequired: true) }

    mutating func intOrPercent(_ value: JSON?, _ field: String) {
        if let text = value?.string { form(text, field, Names.percent) } else { nonNegative(value, field) }
    }

    mutating func notOverAll(_ value: JSON?, _ field: String) {
        guard let value, let percent = Validation.percent(value), percent > 100 else { return }
        invalid(field, value, "must not be greater than 100%")
    }

    private static func percent(_ value: JSON?) -> Int? {
        guard let text = value?.string, Names.percent(text).isEmpty else { return nil }
        return Int(text.dropLast())
    }

    /// The number of an integer or a percentage.
    func amount(_ value: JSON?) -> Int { value?.int ?? Validation.percent(value) ?? 0 }

    // MARK: Labels

    mutating func labels(_ labels: JSON?, _ field: String) {
        for (key, value) in members(labels) {
            form(key, field, Names.qualifiedName)
            if let text = value.string { form(text, field, Names.labelValue) }
        }
    }

    mutating func annotations(_ annotations: JSON?, _ field: String) {
        for (key, _) in members(annotations) {
            for mistake in Names.qualifiedName(key.lowercased()) { invalid(field, .string(key), mistake) }
        }
        let size = members(annotations).reduce(0) { $0 + $1.key.utf8.count + ($1.value.string?.utf8.count ?? 0) }
        if size > 262_144 { tooLong(field, 262_144) }
    }

    mutating func labelSelector(_ selector: JSON?, _ field: String) {
        labels(selector?["matchLabels"], "\(field).matchLabels")
        for (at, one) in each(selector?["matchExpressions"], "\(field).matchExpressions") {
            selectorOperator(one, at, ["In", "NotIn"], ["Exists", "DoesNotExist"])
            form(one[text: "key"], "\(at).key", Names.qualifiedName)
            selectorValues(one, at)
        }
    }

    /// The operator of a requirement and the number of its values.
    mutating func selectorOperator(_ one: JSON, _ at: String, _ withValues: [String], _ without: [String]) {
        let (word, count) = (one[text: "operator"], one["values"]?.array?.count ?? 0)
        if withValues.contains(word) {
            if count == 0 { required("\(at).values", "must be specified when `operator` is 'In' or 'NotIn'") }
        } else if without.contains(word) {
            if count > 0 { forbidden("\(at).values", "may not be specified when `operator` is 'Exists' or 'DoesNotExist'") }
        } else {
            invalid("\(at).operator", .string(word), "not a valid selector operator")
        }
    }

    mutating func selectorValues(_ one: JSON, _ at: String) {
        for (at, value) in each(one["values"], "\(at).values") { form(value.string ?? "", at, Names.labelValue) }
    }

    /// Whether Go could make a selector of it at all.
    func isSelector(_ selector: JSON?) -> Bool {
        var copy = Validation()
        copy.labelSelector(selector, "")
        return copy.causes.isEmpty
    }
}
