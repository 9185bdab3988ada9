import Core

/// Keeps a large value out of line and copies it only when a copy is changed, so that copying the object around it costs one count of
/// references instead of dozens.
@propertyWrapper
package struct Shared<Value: JSONReadable & Equatable>: Sendable, Equatable {
    private final class Storage: @unchecked Sendable {
        // Changed only while one `Shared` alone refers to it.
        var value: Value
        init(_ value: Value) { self.value = value }
        init(from reader: inout JSONReader) throws(JSONError) {
            value = Value()
            try value.read(from: &reader)
        }
    }

    /// Nothing, for as long as the value is the empty one.
    private var storage: Storage?

    package init() {}
    package init(wrappedValue: Value) { storage = Storage(wrappedValue) }
    init(from reader: inout JSONReader) throws(JSONError) { storage = try Storage(from: &reader) }

    package var wrappedValue: Value {
        _read { if let storage { yield storage.value } else { yield Value() } }
        _modify {
            let own = owned()
            yield &own.value
        }
        set { storage = Storage(newValue) }
    }

    /// The storage, made or copied so that nothing else refers to it.
    private mutating func owned() -> Storage {
        if isKnownUniquelyReferenced(&storage), let storage { return storage }
        let own = Storage(wrappedValue)
        storage = own
        return own
    }

    package static func == (a: Shared, b: Shared) -> Bool { a.storage === b.storage || a.wrappedValue == b.wrappedValue }
}
