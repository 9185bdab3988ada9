/// A query string under construction; values are percent-encoded, nil and false leave nothing.
struct Query {
    private(set) var text = ""

    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        text += (text.isEmpty ? "?" : "&") + name + "=" + percentEncoded(value)
    }

    mutating func add(_ name: String, _ value: Int?) { add(name, value.map(String.init)) }
    mutating func add(_ name: String, when condition: Bool) { if condition { add(name, "true") } }
}
