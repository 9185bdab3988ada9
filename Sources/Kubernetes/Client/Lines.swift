/// The lines of a body, without their ends; a last line without an end counts. The body is only read when a line is asked for.
package struct Lines: AsyncSequence, Sendable {
    package typealias Element = [UInt8]

    let body: HTTPBody
    /// A longer line is an error.
    let limit: Int

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate var pieces: HTTPBody.Iterator
        fileprivate let limit: Int
        private var buffer: [UInt8] = []
        private var start = 0
        private var scanned = 0

        fileprivate init(_ pieces: HTTPBody.Iterator, limit: Int) {
            self.pieces = pieces
            self.limit = limit
        }

        package mutating func next() async throws -> [UInt8]? {
            while true {
                if let end = buffer[scanned...].firstIndex(of: 0x0A) {
                    let line = Array(buffer[start..<end])
                    start = end + 1
                    scanned = start
                    return line
                }
                scanned = buffer.count
                guard scanned - start <= limit else { throw BodyTooLarge(limit: limit) }
                guard let piece = try await pieces.next() else {
                    defer { (buffer, start, scanned) = ([], 0, 0) }
                    return start < buffer.count ? Array(buffer[start...]) : nil
                }
                if start == buffer.count {
                    (buffer, start, scanned) = (piece, 0, 0)
                } else {
                    buffer.removeSubrange(..<start)
                    scanned -= start
                    start = 0
                    buffer += piece
                }
            }
        }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(body.makeAsyncIterator(), limit: limit) }
}

extension HTTPBody {
    package func lines(limit: Int = 16 << 20) -> Lines { Lines(body: self, limit: limit) }
}
