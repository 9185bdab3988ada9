import Foundation

extension Array {
    /// Whether both are copies of one array that none of the two has changed since: costs nothing, and false says nothing of what they hold.
    package func sharesStorage(with other: [Element]) -> Bool {
        withUnsafeBufferPointer { mine in
            other.withUnsafeBufferPointer { theirs in mine.count == theirs.count && mine.baseAddress == theirs.baseAddress }
        }
    }

    /// The indices at which two arrays of one length hold what is not the same bit for bit, ascending; nil where their lengths differ.
    ///
    /// The same bits are the same value, for values and references alike; other bits say nothing. Costs a comparison of memory, without counting
    /// references.
    package func indicesOfOtherBits(than other: [Element]) -> [Int]? {
        guard count == other.count else { return nil }
        if sharesStorage(with: other) { return [] }
        let stride = MemoryLayout<Element>.stride
        return withUnsafeBytes { mine in
            other.withUnsafeBytes { theirs in
                guard let a = mine.baseAddress, let b = theirs.baseAddress else { return [] }
                return (0..<count).filter { memcmp(a + $0 * stride, b + $0 * stride, stride) != 0 }
            }
        }
    }
}
