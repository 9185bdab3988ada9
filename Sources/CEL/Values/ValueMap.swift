/// A map that keeps the order in which it was made. A numeric key is found by any number of the same value.
package struct ValueMap: Sendable, Equatable {
    /// In order.
    package private(set) var entries: [(key: Value, value: Value)] = []
    private var places: [Value: Int] = [:]

    package init() {}

    package var count: Int { entries.count }

    /// Setting changes the entry where it stands, or adds one; nil is not set.
    package subscript(key: Value) -> Value? {
        get { places[key].map { entries[$0].value } }
        set {
            guard let newValue else { return }
            if let place = places[key] {
                entries[place].value = newValue
            } else {
                places[key] = entries.count
                entries.append((key, newValue))
            }
        }
    }

    package static func == (a: ValueMap, b: ValueMap) -> Bool {
        a.count == b.count && a.entries.allSatisfy { b[$0.key] == $0.value }
    }
}
