import Synchronization

/// What comes down an open watch or a followed log. A reader that falls behind gets all that came meanwhile in one piece, so that many
/// changes cost a slow connection few writes.
package struct FrameStream: AsyncSequence, Sendable {
    fileprivate final class Buffer: Sendable {
        let held = Mutex<(bytes: [UInt8], frames: Int)>(([], 0))

        func take() -> [UInt8]? {
            held.withLock { held in
                guard held.frames > 0 else { return nil }
                defer { held = ([], 0) }
                return held.bytes
            }
        }
    }

    /// The end at which frames go in. The stream lasts for as long as somebody reads it, not for as long as this is held.
    struct Sender: Sendable {
        fileprivate let buffer: Buffer
        fileprivate let wake: AsyncStream<Void>.Continuation
        fileprivate let limit: Int

        /// False when the reader is `limit` frames behind: it has to begin anew.
        func send(_ frame: [UInt8]) -> Bool {
            let fits = buffer.held.withLock { held in
                guard held.frames < limit else { return false }
                if held.frames == 0 { held.bytes = frame } else { held.bytes += frame }
                held.frames += 1
                return true
            }
            if fits { wake.yield() }
            return fits
        }

        /// What was sent is still read.
        func finish() { wake.finish() }
    }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let buffer: Buffer
        fileprivate var wakes: AsyncStream<Void>.Iterator

        package mutating func next() async -> [UInt8]? {
            while true {
                if let bytes = buffer.take() { return bytes }
                if await wakes.next() == nil { return buffer.take() }
            }
        }
    }

    private let buffer = Buffer()
    private let wakes: AsyncStream<Void>

    /// - Parameter onEnd: called when it was finished, or nobody reads it any more.
    static func make(limit: Int, onEnd: @escaping @Sendable () -> Void) -> (stream: FrameStream, sender: Sender) {
        let (wakes, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        wake.onTermination = { _ in onEnd() }
        let stream = FrameStream(wakes: wakes)
        return (stream, Sender(buffer: stream.buffer, wake: wake, limit: limit))
    }

    private init(wakes: AsyncStream<Void>) { self.wakes = wakes }

    package func makeAsyncIterator() -> Iterator { Iterator(buffer: buffer, wakes: wakes.makeAsyncIterator()) }
}
