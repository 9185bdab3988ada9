import Core
import Testing

/// Seeded mutations of a document: the reader answers with a value or a JSONError, and what it accepts survives writing and reading.
@Suite struct JSONMutation {
    private static let document = Array(
        #"{"a":[1,-2.5e3,true,null,"x\u00e9\n\"\ud83d\ude00"],"b":{"c":{},"d":[]},"long key with spaces":"0123456789 abcdef","n":9007199254740993}"#
            .utf8)

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func neverCrashesAndRoundTrips(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let interesting: [UInt8] = [0x22, 0x5C, 0x7B, 0x7D, 0x5B, 0x5D, 0x2C, 0x3A, 0x00, 0x1F, 0x80, 0xFF, 0x2D, 0x2E, 0x65, 0x75]
        var accepted = 0
        for _ in 0..<5000 {
            var bytes = JSONMutation.document
            for _ in 0...(generator.next() % 4) where bytes.count > 2 {
                let at = Int(generator.next() % UInt64(bytes.count))
                switch generator.next() % 4 {
                case 0: bytes[at] = interesting[Int(generator.next() % UInt64(interesting.count))]
                case 1: bytes.remove(at: at)
                case 2: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: at)
                default: bytes.removeLast(Int(generator.next() % UInt64(bytes.count - 1)))
                }
            }
            guard let value = try? JSON(parsing: bytes) else { continue }
            accepted += 1
            #expect((try? JSON(parsing: value.serialized())) == value)
            #expect((try? JSON(parsing: value.serialized(sortedKeys: true, pretty: true))) == value)
        }
        #expect(accepted > 100)
    }
}
