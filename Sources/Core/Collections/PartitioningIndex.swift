extension RandomAccessCollection {
    /// The first index whose element satisfies the predicate, or `endIndex`, where no element that satisfies it precedes one that does
    /// not: a binary search.
    @inlinable package func partitioningIndex(where belongsAfter: (Element) throws -> Bool) rethrows -> Index {
        var low = startIndex
        var count = self.count
        while count > 0 {
            let half = count / 2
            let middle = index(low, offsetBy: half)
            if try belongsAfter(self[middle]) {
                count = half
            } else {
                low = index(after: middle)
                count -= half + 1
            }
        }
        return low
    }
}
