import Synchronization

/// A value that is made when it is first asked for. Making it must not ask for itself.
final class Lazily<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func get(_ make: () -> Value) -> Value {
        value.withLock { held in
            if let held { return held }
            let made = make()
            held = made
            return made
        }
    }
}
