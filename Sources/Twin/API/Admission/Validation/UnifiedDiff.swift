/// What changed between two texts, as `diff -u` shows it, without the names of files.
enum UnifiedDiff {
    /// Hunks with three lines around each change; empty for equal texts.
    static func of(_ old: String, _ new: String) -> String {
        let (a, b) = (
            old.split(separator: "\n", omittingEmptySubsequences: false), new.split(separator: "\n", omittingEmptySubsequences: false)
        )
        let lines = edits(a, b)
        var out = ""
        var start = 0
        while let first = lines[start...].firstIndex(where: { $0.mark != " " }) {
            // Changes with up to six equal lines between them share a hunk.
            var last = first
            while let next = lines[(last + 1)...].firstIndex(where: { $0.mark != " " }), next - last <= 7 { last = next }
            let hunk = lines[max(start, first - 3)..<min(lines.count, last + 4)]
            out += header(hunk) + hunk.map { "\($0.mark)\($0.text)\n" }.joined()
            start = last + 1
        }
        return out
    }

    private struct Line {
        var mark: Character
        var text: Substring
        /// How many lines of both texts stand before it.
        var before: (old: Int, new: Int)
    }

    private static func header(_ hunk: ArraySlice<Line>) -> String {
        let (old, new) = (hunk.count { $0.mark != "+" }, hunk.count { $0.mark != "-" })
        guard let before = hunk.first?.before else { return "" }
        return "@@ -\(range(before.old, old)) +\(range(before.new, new)) @@\n"
    }

    private static func range(_ before: Int, _ count: Int) -> String {
        count == 1 ? "\(before + 1)" : "\(count == 0 ? before : before + 1),\(count)"
    }

    /// The longest common subsequence, by its lengths for every pair of endings.
    private static func edits(_ a: [Substring], _ b: [Substring]) -> [Line] {
        var length = Array(repeating: Array(repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in a.indices.reversed() {
            for j in b.indices.reversed() {
                length[i][j] = a[i] == b[j] ? length[i + 1][j + 1] + 1 : max(length[i + 1][j], length[i][j + 1])
            }
        }
        var lines: [Line] = []
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            if i < a.count, j < b.count, a[i] == b[j] {
                lines.append(Line(mark: " ", text: a[i], before: (i, j)))
                (i, j) = (i + 1, j + 1)
            } else if i < a.count, j == b.count || length[i + 1][j] >= length[i][j + 1] {
                lines.append(Line(mark: "-", text: a[i], before: (i, j)))
                i += 1
            } else {
                lines.append(Line(mark: "+", text: b[j], before: (i, j)))
                j += 1
            }
        }
        return lines
    }
}
