/// A regular expression as a tree (RE2 syntax, https://github.com/google/re2/wiki/Syntax).
indirect enum PatternNode: Sendable {
    enum Assertion: Sendable { case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary }

    case empty
    case set(CharacterSet)
    case assertion(Assertion)
    case sequence([PatternNode])
    case choice([PatternNode])
    case repetition(PatternNode, least: Int, most: Int?, isLazy: Bool)

    /// A set of characters by ranges.
    struct CharacterSet: Sendable {
        var ranges: [ClosedRange<UInt32>] = []
        var isNegated = false
        var ignoresCase = false

        static let all: ClosedRange<UInt32> = 0...0x10FFFF

        func contains(_ c: Unicode.Scalar) -> Bool {
            var found = has(c.value)
            if !found, ignoresCase {
                let text = String(c)
                for other in [text.lowercased(), text.uppercased()] where other.unicodeScalars.count == 1 {
                    if let scalar = other.unicodeScalars.first, has(scalar.value) { found = true }
                }
            }
            return found != isNegated
        }

        private func has(_ code: UInt32) -> Bool { ranges.contains { $0.contains(code) } }

        /// The ranges of everything else.
        static func inverse(of ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
            var out: [ClosedRange<UInt32>] = []
            var next: UInt32 = 0
            for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
                if range.lowerBound > next { out.append(next...(range.lowerBound - 1)) }
                next = max(next, range.upperBound + 1)
            }
            if next <= all.upperBound { out.append(next...all.upperBound) }
            return out
        }
    }
}
