/// The body of an answer as it arrives; the next piece is only fetched when it is asked for, so back-pressure reaches the server.
/// Read it once.
package struct HTTPBody: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    private let make: @Sendable () -> Iterator

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let step: () async throws -> [UInt8]?

        package mutating func next() async throws -> [UInt8]? { try await step() }
    }

    /// A body that is there already.
    package init(_ bytes: [UInt8]) {
        make = {
            var rest: [UInt8]? = bytes
            return Iterator {
                defer { rest = nil }
                return rest
            }
        }
    }

    /// A body that is made piece by piece.
    package init<Pieces: AsyncSequence & Sendable>(_ pieces: Pieces) where Pieces.Element == [UInt8] {
        make = {
            var iterator = pieces.makeAsyncIterator()
            return Iterator { try await iterator.next() }
        }
    }

    /// A body whose pieces `next` gives until it returns nil.
    package init(next: @escaping @Sendable () async throws -> [UInt8]?) {
        make = { Iterator { try await next() } }
    }

    package func makeAsyncIterator() -> Iterator { make() }

    /// The whole body, cut off with an error beyond `limit` bytes.
    package func collect(upTo limit: Int) async throws -> [UInt8] {
        var result: [UInt8] = []
        for try await piece in self {
            if result.isEmpty { result = piece } else { result += piece }
            if result.count > limit { throw BodyTooLarge(limit: limit) }
        }
        return result
    }
}

/// A body was longer than the reader was willing to hold.
package struct BodyTooLarge: Error, Sendable {
    package let limit: Int
}
