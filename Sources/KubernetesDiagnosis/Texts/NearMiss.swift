/// Names that differ by a slip of the finger.
enum NearMiss {
    /// The candidate nearest to `name` when it is near enough to be meant: at most a quarter of its letters, and no more than three,
    /// are wrong; or one contains the other. The first in order among equals.
    static func of(_ name: String, among candidates: some Sequence<String>) -> String? {
        var best: (distance: Int, name: String)?
        let allowed = min(3, max(1, name.count / 4))
        for candidate in Set(candidates).sorted() where candidate != name {
            let d = distance(name, candidate, limit: allowed)
            if d <= allowed, best.map({ d < $0.distance }) ?? true { best = (d, candidate) }
        }
        if let best { return best.name }
        guard name.count >= 3 else { return nil }
        return Set(candidates).sorted().first {
            $0 != name && $0.count >= 3
                && (name.hasPrefix($0 + "-") || $0.hasPrefix(name + "-") || name.hasSuffix("-" + $0) || $0.hasSuffix("-" + name))
        }
    }

    /// Edit distance with transpositions (Damerau, 1964; optimal string alignment), or `limit` + 1 when it is greater.
    static func distance(_ a: String, _ b: String, limit: Int) -> Int {
        let x = Array(a.utf8), y = Array(b.utf8)
        if abs(x.count - y.count) > limit || x.count > 200 || y.count > 200 { return limit + 1 }
        if x.isEmpty || y.isEmpty { return max(x.count, y.count) }
        var before = [Int](repeating: 0, count: y.count + 1)
        var previous = Array(0...y.count)
        for i in 1...x.count {
            var current = [i] + [Int](repeating: 0, count: y.count)
            for j in 1...y.count {
                let cost = x[i - 1] == y[j - 1] ? 0 : 1
                current[j] = min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost)
                if i > 1, j > 1, x[i - 1] == y[j - 2], x[i - 2] == y[j - 1] { current[j] = min(current[j], before[j - 2] + 1) }
            }
            before = previous
            previous = current
        }
        return min(previous[y.count], limit + 1)
    }
}
