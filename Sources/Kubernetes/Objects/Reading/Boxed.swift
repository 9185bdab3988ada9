import Core

/// Keeps a value that is mostly absent out of line, so that the struct around it stays small.
@propertyWrapper
package struct Boxed<Value: Sendable & Equatable>: Sendable, Equatable {
    private final class Storage: Sendable {
        let value: Value
        init(_ value: consuming Value) { self.value = value }
    }

    private var storage: Storage?

    package init() {}
    package init(wrappedValue: Value?) { storage = wrappedValue.map(Storage.init) }

    package var wrappedValue: Value? {
        get { storage?.value }
        set { storage = newValue.map(Storage.init) }
    }

    package static func == (a: Boxed, b: Boxed) -> Bool { a.storage === b.storage || a.wrappedValue == b.wrappedValue }
}

extension Boxed where Value: JSONReadable {
    init(from reader: inout JSONReader) throws(JSONError) { storage = Storage(try Value(from: &reader)) }
}
