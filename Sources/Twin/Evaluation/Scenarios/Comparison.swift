import Core

/// Captured facts against those of the twin.
struct Comparison: Sendable {
    let agreeing: Int
    let all: Int
    let differences: [EvaluationCase.Difference]

    var share: Double { all == 0 ? 1 : Double(agreeing) / Double(all) }

    init(expected: [String: Int], found: [String: Int]) {
        var agreeing = 0
        var all = 0
        var differences: [EvaluationCase.Difference] = []
        for fact in Set(expected.keys).union(found.keys).sorted() {
            let (a, b) = (expected[fact] ?? 0, found[fact] ?? 0)
            agreeing += min(a, b)
            all += max(a, b)
            if a != b {
                differences.append(
                    EvaluationCase.Difference(fact, expected: a == 0 ? Optional.none : JSON(a), found: b == 0 ? Optional.none : JSON(b)))
            }
        }
        self.agreeing = agreeing
        self.all = all
        self.differences = differences
    }
}
