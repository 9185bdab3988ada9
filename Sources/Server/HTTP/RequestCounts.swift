import Synchronization

/// How many requests were answered, by method, route and status: bounded, since routes come from our table.
final class RequestCounts: Sendable {
    struct Key: Hashable, Comparable, Sendable {
        let method: String
        let route: String
        let status: Int

        static func < (a: Key, b: Key) -> Bool { (a.route, a.method, a.status) < (b.route, b.method, b.status) }
    }

    private let counts = Mutex<[Key: Int]>([:])

    func count(_ method: String, _ route: String, _ status: Int) {
        counts.withLock { $0[Key(method: method, route: route, status: status), default: 0] += 1 }
    }

    var all: [(key: Key, count: Int)] { counts.withLock { $0 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
}
