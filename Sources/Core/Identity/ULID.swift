/// A ULID (github.com/ulid/spec): 48 bits of milliseconds and 80 random bits in Crockford's base 32, sortable by time.
package struct ULID: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let description: String

    package init(time: Timestamp, using generator: inout some RandomNumberGenerator) {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)
        let milliseconds = UInt64(max(0, time.nanoseconds / 1_000_000))
        var text: [UInt8] = (0..<10).map { alphabet[Int(milliseconds >> UInt64(45 - 5 * $0) & 31)] }
        for _ in 0..<16 { text.append(alphabet[Int(generator.next() & 31)]) }
        description = String(decoding: text, as: UTF8.self)
    }

    /// Reads 26 characters of the alphabet; nil for anything else.
    package init?(_ text: String) {
        let allowed = Set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        guard text.count == 26, text.allSatisfy(allowed.contains) else { return nil }
        description = text
    }

    package static func < (a: ULID, b: ULID) -> Bool { a.description < b.description }
}
