/// Names that differ by a slip of the finger.
enum NearMiss {
    /// The candidate nearest to `name` when it is near enough to be meant: at most a quarter of its letters, and no more than three,
    /// are wrong; or one contains the other. The first in order among equals.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        let allowed = min(3, max(1, name.count / 4))
        var best: (distance: Int, name: String)?
        var related: String?
        for candidate in candidates where candidate != name {
            let d = distance(name, candidate, limit: allowed)
            if d <= allowed, best.map({ (d, candidate) < $0 }) ?? true { best = (d, candidate) }
            if best == nil, related.map({ candidate < $0 }) ?? true, isPart(name, candidate) { related = candidate }
        }
        return best?.name ?? related
    }

    /// Whether one of two names begins or ends with the other and a dash between.
    private static func isPart(_ a: String, _ b: String) -> Bool {
        let (long, short) = a.utf8.count > b.utf8.count ? (a.utf8, b.utf8) : (b.utf8, a.utf8)
        guard short.count >= 3, long.count > short.count else { return false }
        let dash = UInt8(ascii: "-")
        return long.starts(with: short) && long.dropFirst(short.count).first == dash
            || long.reversed().starts(with: short.reversed()) && long.dropLast(short.count).last == dash
    }

    /// Edit distance with transpositions (Damerau, 1964; optimal string alignment), or `limit` + 1 when it is greater.
    static func distance(_ a: String, _ b: String, limit: Int) -> Int {
        if abs(a.utf8.count - b.utf8.count) > limit || a.utf8.count > 200 || b.utf8.count > 200 { return limit + 1 }
        // Most names are told apart by what this alone sees: no copies of them are made.
        var a = a, b = b
        return a.withUTF8 { x in
            b.withUTF8 { y in
                // What both begin and end with does not change the distance; of names it is most.
                var start = 0, tail = 0
                let shorter = min(x.count, y.count)
                while start < shorter, x[start] == y[start] { start += 1 }
                while tail < shorter - start, x[x.count - 1 - tail] == y[y.count - 1 - tail] { tail += 1 }
                let (inX, inY) = (x[start..<x.count - tail], y[start..<y.count - tail])
                return min(limit + 1, distance(UnsafeBufferPointer(rebasing: inX), UnsafeBufferPointer(rebasing: inY), limit: limit))
            }
        }
    }

    private static func distance(_ x: UnsafeBufferPointer<UInt8>, _ y: UnsafeBufferPointer<UInt8>, limit: Int) -> Int {
        if x.isEmpty || y.isEmpty { return max(x.count, y.count) }
        var before = [Int](repeating: 0, count: y.count + 1)
        var previous = Array(0...y.count)
        var current = before
        for i in 1...x.count {
            current[0] = i
            var least = i
            for j in 1...y.count {
                let cost = x[i - 1] == y[j - 1] ? 0 : 1
                current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
                if i > 1, j > 1, x[i - 1] == y[j - 2], x[i - 2] == y[j - 1] { current[j] = min(current[j], before[j - 2] + 1) }
                least = min(least, current[j])
            }
            // A transposition reaches back two rows, but costs one more than what it starts from.
            if least > limit + 1 { return least }
            (before, previous, current) = (previous, current, before)
        }
        return previous[y.count]
    }
}
