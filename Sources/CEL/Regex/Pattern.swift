/// A regular expression that is matched in time linear in the text, by walking all its states at once (R. Cox, "Regular Expression Matching:
/// the Virtual Machine Approach", 2009): no pattern of a user can hang the server.
package struct Pattern: Sendable {
    /// Why a pattern cannot be read, in Go's words: `error parsing regexp: missing closing ): …`.
    package struct Problem: Error, Sendable {
        package let message: String
    }

    private enum Step: Sendable {
        case set(PatternNode.CharacterSet)
        case assertion(PatternNode.Assertion)
        /// Goes on at both, the first preferred.
        case fork(Int, Int)
        case jump(Int)
        case match
    }

    private var steps: [Step] = []
    private static let maxSteps = 10_000
    /// Nodes compiled: empty ones, often repeated, make work but no steps.
    private var work = 0

    package init(_ pattern: String) throws(Problem) {
        do throws(PatternParser.Problem) {
            try compile(try PatternParser.parse(pattern))
        } catch {
            throw Problem(message: "error parsing regexp: \(error.message)")
        }
        steps.append(.match)
    }

    /// How many steps the pattern has: the work for each character of a text.
    var size: Int { steps.count }

    private mutating func compile(_ node: PatternNode) throws(PatternParser.Problem) {
        work += 1
        guard steps.count < Pattern.maxSteps, work < 10 * Pattern.maxSteps else {
            throw PatternParser.Problem(message: "expression too large")
        }
        switch node {
        case .empty: break
        case .set(let set): steps.append(.set(set))
        case .assertion(let assertion): steps.append(.assertion(assertion))
        case .sequence(let items): for item in items { try compile(item) }
        case .choice(let branches):
            var exits: [Int] = []
            for (i, branch) in branches.enumerated() {
                guard i < branches.count - 1 else { try compile(branch); break }
                let fork = steps.count
                steps.append(.match)
                try compile(branch)
                exits.append(steps.count)
                steps.append(.match)
                steps[fork] = .fork(fork + 1, steps.count)
            }
            for exit in exits { steps[exit] = .jump(steps.count) }
        case .repetition(let inner, let least, let most, let isLazy):
            for _ in 0..<least { try compile(inner) }
            if let most {
                var forks: [Int] = []
                for _ in least..<most {
                    forks.append(steps.count)
                    steps.append(.match)
                    try compile(inner)
                }
                for fork in forks { steps[fork] = isLazy ? .fork(steps.count, fork + 1) : .fork(fork + 1, steps.count) }
            } else {
                let fork = steps.count
                steps.append(.match)
                try compile(inner)
                steps.append(.jump(fork))
                steps[fork] = isLazy ? .fork(steps.count, fork + 1) : .fork(fork + 1, steps.count)
            }
        }
    }

    // MARK: Matching

    /// Whether the pattern matches anywhere in the text.
    package func matches(_ text: String) -> Bool { first(in: Array(text.unicodeScalars), from: 0) != nil }

    /// The leftmost match from a place on, the preferred one of those that begin there.
    func first(in text: [Unicode.Scalar], from start: Int) -> Range<Int>? {
        var current = Threads(count: steps.count)
        var following = Threads(count: steps.count)
        var best: Range<Int>?
        var i = start
        while true {
            if best == nil { add(0, begin: i, at: i, text, to: &current) }
            if current.list.isEmpty, best != nil { return best }
            following.removeAll()
            walk: for thread in current.list {
                switch steps[thread.step] {
                case .match:
                    best = thread.begin..<i
                    // Threads behind are less preferred.
                    break walk
                case .set(let set):
                    if i < text.count, set.contains(text[i]) {
                        add(thread.step + 1, begin: thread.begin, at: i + 1, text, to: &following)
                    }
                case .assertion, .fork, .jump: break
                }
            }
            swap(&current, &following)
            guard i < text.count else { return best }
            i += 1
        }
    }

    private struct Threads {
        var list: [(step: Int, begin: Int)] = []
        private var seen: [Bool]

        init(count: Int) { seen = Array(repeating: false, count: count) }

        mutating func visits(_ step: Int) -> Bool {
            if seen[step] { return false }
            seen[step] = true
            return true
        }

        mutating func removeAll() {
            list.removeAll(keepingCapacity: true)
            for i in seen.indices { seen[i] = false }
        }
    }

    /// Follows everything that consumes nothing, in order of preference, without recursion.
    private func add(_ step: Int, begin: Int, at i: Int, _ text: [Unicode.Scalar], to threads: inout Threads) {
        var pending = [step]
        while let step = pending.popLast() {
            guard threads.visits(step) else { continue }
            switch steps[step] {
            case .jump(let next): pending.append(next)
            case .fork(let preferred, let other): pending += [other, preferred]
            case .assertion(let assertion): if Pattern.holds(assertion, text, i) { pending.append(step + 1) }
            case .set, .match: threads.list.append((step, begin))
            }
        }
    }

    private static func holds(_ assertion: PatternNode.Assertion, _ text: [Unicode.Scalar], _ i: Int) -> Bool {
        func isWord(_ at: Int) -> Bool { text.indices.contains(at) && (Lexer.isLetter(text[at]) || Lexer.isDigit(text[at])) }
        switch assertion {
        case .textStart: return i == 0
        case .textEnd: return i == text.count
        case .lineStart: return i == 0 || text[i - 1] == "\n"
        case .lineEnd: return i == text.count || text[i] == "\n"
        case .wordBoundary: return isWord(i - 1) != isWord(i)
        case .noWordBoundary: return isWord(i - 1) == isWord(i)
        }
    }
}
