/// Strings of one document that came lately, found by their first and last eight bytes, so that what comes again needs no memory of its own.
package struct RecentStrings {
    private var known = [(first: UInt64, last: UInt64, place: Range<Int>, text: String)](repeating: (0, 0, 0..<0, ""), count: 256)

    package init() {}

    @inline(__always)
    fileprivate mutating func string(at place: Range<Int>, _ reader: JSONReader) -> String {
        let (first, last) = reader.ends(place)
        let slot = Int(truncatingIfNeeded: ((first ^ last &* 31 &+ UInt64(truncatingIfNeeded: place.count)) &* 0x9E37_79B9_7F4A_7C15) >> 56)
        // For up to sixteen bytes these and their count say it all.
        if known[slot].first == first, known[slot].last == last, known[slot].place.count == place.count,
            place.count <= 16 || reader.areEqual(known[slot].place, place)
        {
            return known[slot].text
        }
        let text = String(decoding: reader.bytes(place), as: UTF8.self)
        known[slot] = (first, last, place, text)
        return text
    }
}

/// Telling that what was read before comes again.
extension JSONReader {
    /// Moves past the next value if its bytes are those of an earlier object, array or string, which stood at `range`; otherwise it stays.
    package mutating func skip(ifEqualTo range: Range<Int>) -> Bool {
        // What is in the middle tells most values apart; their beginnings are alike.
        let count = range.count, middle = count / 2
        guard count <= end - offset, count > 0, base[offset + middle] == base[range.lowerBound + middle],
            areEqual(range, offset..<offset + count)
        else { return false }
        offset += count
        return true
    }

    /// A hash of how the value at `start` begins: of the bytes to the first closing brace, or of the first 128. It tells most objects and
    /// arrays of one kind apart.
    package func fingerprint(at start: Int) -> UInt64 {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let last = min(end - 8, start &+ 120)
        var hash: UInt64 = 0
        var i = start
        while i <= last {
            let word = UnsafeRawPointer(base + i).loadUnaligned(as: UInt64.self)
            let brace = word ^ 0x7D7D_7D7D_7D7D_7D7D
            let hit = (brace &- ones) & ~brace & 0x8080_8080_8080_8080
            // What follows the brace is shifted out.
            if hit != 0 { return (hash ^ word &<< UInt64(63 &- hit.trailingZeroBitCount)) &* 0x9E37_79B9_7F4A_7C15 }
            hash = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash &>> 32
            i &+= 8
        }
        return hash
    }

    /// A string with its escapes resolved; the one that came before where its bytes come again. All that is recent must be of this document.
    package mutating func string(sharing recent: inout RecentStrings) throws(JSONError) -> String {
        let (place, escaped) = try rawString()
        return escaped ? try string(place, escaped: true) : recent.string(at: place, self)
    }

    /// The same for a key that has just been read.
    package func key(_ raw: UnsafeBufferPointer<UInt8>, sharing recent: inout RecentStrings) throws(JSONError) -> String {
        guard let start = raw.baseAddress, !raw.contains(0x5C) else { return try JSONReader.key(raw, at: offset) }
        return recent.string(at: start - base..<start - base + raw.count, self)
    }

    /// The first and the last eight bytes of a place; of less than eight, all that there are.
    @inline(__always)
    fileprivate func ends(_ place: Range<Int>) -> (first: UInt64, last: UInt64) {
        let start = UnsafeRawPointer(base + place.lowerBound)
        if place.count >= 8 {
            return (start.loadUnaligned(as: UInt64.self), start.loadUnaligned(fromByteOffset: place.count &- 8, as: UInt64.self))
        }
        guard place.lowerBound + 8 <= end else { return (bytes(place).reversed().reduce(0) { $0 << 8 | UInt64($1) }, 0) }
        return (start.loadUnaligned(as: UInt64.self) & (1 &<< UInt64(8 &* place.count) &- 1), 0)
    }
}
