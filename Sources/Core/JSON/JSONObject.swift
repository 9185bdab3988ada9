import OrderedCollections

/// The members of a JSON object in the order in which they came; look-up is O(1). Equality ignores the order.
package struct JSONObject: Sendable, Equatable, Sequence, ExpressibleByDictionaryLiteral {
    private var members: OrderedDictionary<String, JSON>

    package init() { members = [:] }

    /// A key that stands twice keeps its last value.
    package init(_ pairs: some Sequence<(String, JSON)>) {
        members = OrderedDictionary(pairs.map { ($0.0, $0.1) }, uniquingKeysWith: { $1 })
    }
    package init(dictionaryLiteral elements: (String, JSON)...) { self.init(elements) }

    package var count: Int { members.count }
    package var isEmpty: Bool { members.isEmpty }
    package var keys: [String] { Array(members.keys) }
    package var values: [JSON] { Array(members.values) }

    /// The value of a key; setting nil removes it, setting a new key appends it.
    package subscript(key: String) -> JSON? {
        get { members[key] }
        set { members[key] = newValue }
    }

    @discardableResult
    package mutating func removeValue(forKey key: String) -> JSON? { members.removeValue(forKey: key) }

    package func mapValues(_ transform: (JSON) throws -> JSON) rethrows -> JSONObject {
        var result = JSONObject()
        for (key, value) in members { result.members[key] = try transform(value) }
        return result
    }

    package struct Iterator: IteratorProtocol {
        fileprivate var members: OrderedDictionary<String, JSON>.Iterator

        package mutating func next() -> (key: String, value: JSON)? { members.next() }
    }

    package func makeIterator() -> Iterator { Iterator(members: members.makeIterator()) }

    package static func == (a: JSONObject, b: JSONObject) -> Bool {
        a.members.count == b.members.count && a.members.allSatisfy { b.members[$0.key] == $0.value }
    }
}
