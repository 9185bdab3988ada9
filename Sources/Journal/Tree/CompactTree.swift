/// The roots of the perfect subtrees that a Merkle tree of `size` leaves consists of, largest first: all that is needed to append
/// and to know the root, in O(log n) memory.
package struct CompactTree: Sendable, Hashable {
    package private(set) var size: Int64
    package private(set) var peaks: [[UInt8]]

    package init() { (size, peaks) = (0, []) }

    /// Continues a tree that was stored; nil when the peaks do not fit the size.
    package init?(size: Int64, peaks: [[UInt8]]) {
        guard size >= 0, peaks.count == size.nonzeroBitCount, peaks.allSatisfy({ $0.count == 32 }) else { return nil }
        (self.size, self.peaks) = (size, peaks)
    }

    package mutating func append(leafHash: [UInt8]) {
        var hash = leafHash
        // Each trailing one of the size is a perfect subtree as large as what has been built: they become one.
        for _ in 0..<(~size).trailingZeroBitCount { hash = MerkleHash.node(peaks.removeLast(), hash) }
        peaks.append(hash)
        size += 1
    }

    package var root: [UInt8] {
        guard let last = peaks.last else { return MerkleHash.empty }
        return peaks.dropLast().reversed().reduce(last) { MerkleHash.node($1, $0) }
    }
}
