/// Proofs over the journal's tree: that an entry is in it, and that a later tree only added to an earlier one (RFC 9162
/// sections 2.1.3 and 2.1.4). Making one reads all leaf hashes once; checking one needs nothing but the proof.
package enum MerkleProof {
    /// The audit path of leaf `index` (from 0) in the tree of these leaves, lowest level first; nil when there is no such leaf.
    package static func inclusion(of index: Int, leaves: [[UInt8]]) -> [[UInt8]]? {
        guard leaves.indices.contains(index) else { return nil }
        return path(index, leaves[...])
    }

    /// The proof that the tree of these leaves contains the tree of its first `size`; nil when it has fewer, empty when equal.
    package static func consistency(from size: Int, leaves: [[UInt8]]) -> [[UInt8]]? {
        guard size > 0, size <= leaves.count else { return size == 0 ? [] : nil }
        return subproof(size, leaves[...], isComplete: true)
    }

    /// RFC 9162 section 2.1.3.2.
    package static func verifyInclusion(leafHash: [UInt8], index: Int, size: Int, proof: [[UInt8]], root: [UInt8]) -> Bool {
        guard index >= 0, index < size else { return false }
        var (fn, sn, hash) = (index, size - 1, leafHash)
        for part in proof {
            if sn == 0 { return false }
            if fn & 1 == 1 || fn == sn {
                hash = MerkleHash.node(part, hash)
                while fn & 1 == 0 && fn != 0 { (fn, sn) = (fn >> 1, sn >> 1) }
            } else {
                hash = MerkleHash.node(hash, part)
            }
            (fn, sn) = (fn >> 1, sn >> 1)
        }
        return sn == 0 && hash == root
    }

    /// RFC 9162 section 2.1.4.2.
    package static func verifyConsistency(
        from first: Int, root firstRoot: [UInt8], to second: Int, root secondRoot: [UInt8], proof: [[UInt8]]
    ) -> Bool {
        if first == second { return proof.isEmpty && firstRoot == secondRoot }
        guard first > 0 else { return first == 0 && proof.isEmpty && firstRoot == MerkleHash.empty }
        guard first < second, var rest = Optional(proof[...]), !rest.isEmpty else { return false }
        if first.nonzeroBitCount == 1 { rest = [firstRoot] + rest }
        var (fn, sn) = (first - 1, second - 1)
        while fn & 1 == 1 { (fn, sn) = (fn >> 1, sn >> 1) }
        guard let start = rest.popFirst() else { return false }
        var (fr, sr) = (start, start)
        for part in rest {
            if sn == 0 { return false }
            if fn & 1 == 1 || fn == sn {
                fr = MerkleHash.node(part, fr)
                sr = MerkleHash.node(part, sr)
                while fn & 1 == 0 && fn != 0 { (fn, sn) = (fn >> 1, sn >> 1) }
            } else {
                sr = MerkleHash.node(sr, part)
            }
            (fn, sn) = (fn >> 1, sn >> 1)
        }
        return sn == 0 && fr == firstRoot && sr == secondRoot
    }

    static func root(_ leaves: ArraySlice<[UInt8]>) -> [UInt8] {
        var tree = CompactTree()
        for leaf in leaves { tree.append(leafHash: leaf) }
        return tree.root
    }

    /// The largest power of two below `count`.
    private static func split(_ count: Int) -> Int { 1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount) }

    private static func path(_ m: Int, _ leaves: ArraySlice<[UInt8]>) -> [[UInt8]] {
        guard leaves.count > 1 else { return [] }
        let k = split(leaves.count)
        return m < k
            ? path(m, leaves.prefix(k)) + [root(leaves.dropFirst(k))] : path(m - k, leaves.dropFirst(k)) + [root(leaves.prefix(k))]
    }

    private static func subproof(_ m: Int, _ leaves: ArraySlice<[UInt8]>, isComplete: Bool) -> [[UInt8]] {
        if m == leaves.count { return isComplete ? [] : [root(leaves)] }
        let k = split(leaves.count)
        return m <= k
            ? subproof(m, leaves.prefix(k), isComplete: isComplete) + [root(leaves.dropFirst(k))]
            : subproof(m - k, leaves.dropFirst(k), isComplete: false) + [root(leaves.prefix(k))]
    }
}
