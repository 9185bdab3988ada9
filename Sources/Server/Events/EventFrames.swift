import Core
import Journal

/// The bytes of one event stream. They are made when the connection asks for more: a reader that does not read costs nothing.
struct EventFrames: AsyncSequence, Sendable {
    let stream: EventStream
    let start: Int64

    func makeAsyncIterator() -> Iterator { Iterator(stream: stream, position: start) }

    struct Iterator: AsyncIteratorProtocol {
        private enum Step { case hello, waiting, reading(isQuiet: Bool) }

        private let stream: EventStream
        private var position: Int64
        private var step = Step.hello
        private var wakes: AsyncStream<Void>.Iterator?

        init(stream: EventStream, position: Int64) {
            self.stream = stream
            self.position = position
        }

        mutating func next() async throws -> [UInt8]? {
            while true {
                switch step {
                case .hello:
                    wakes = await stream.feed.wakes().makeAsyncIterator()
                    step = .waiting
                    // The id makes a browser ask from here when the connection breaks before the first entry.
                    return Array("retry: 2000\nid: \(position)\n: martlet\n\n".utf8)
                case .waiting:
                    guard await wakes?.next() != nil else { return nil }
                    step = .reading(isQuiet: true)
                case .reading(let isQuiet):
                    guard stream.isWelcome() else { return nil }
                    let entries = try await stream.backend.entries(after: position, limit: EventStream.batch)
                    guard let last = entries.last else {
                        step = .waiting
                        if isQuiet { return Array(": alive\n\n".utf8) }
                        continue
                    }
                    position = last.entry.seq
                    step = .reading(isQuiet: false)
                    let boards = await stream.backend.boards()
                    return entries.flatMap { stream.frame($0, boards) }
                }
            }
        }
    }
}
