/// Guesses what was meant.
package enum Nearest {
    /// The candidate that the fewest edits lead to, when that is few enough to be a slip; ties go to the first.
    package static func match(_ word: String, among candidates: [String]) -> String? {
        let distances = candidates.map { (distance(word.lowercased(), $0.lowercased()), $0) }
        guard let best = distances.min(by: { $0.0 < $1.0 }) else { return nil }
        return best.0 <= max(2, min(word.count, best.1.count) / 2) ? best.1 : nil
    }

    /// The guess as the end of a message: `; did you mean "shop"?`, or nothing.
    package static func hint(_ word: String, among candidates: [String]) -> String {
        match(word, among: candidates).map { "; did you mean \"\($0)\"?" } ?? ""
    }

    /// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours (Damerau 1964). O(n·m).
    package static func distance(_ a: String, _ b: String) -> Int {
        let a = Array(a.prefix(100)), b = Array(b.prefix(100))
        var rows = [Array(0...b.count)]
        for i in 0..<a.count {
            var row = [i + 1]
            for j in 0..<b.count {
                var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, rows[i - 1][j - 1] + 1) }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
