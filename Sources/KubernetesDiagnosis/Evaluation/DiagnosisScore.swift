package import Core

/// How often diagnoses were right, how well their confidence says so, and how long they took.
package struct DiagnosisScore: Sendable {
    private struct Tally {
        var cases = 0
        var at1 = 0
        var at3 = 0

        mutating func add(_ at1: Bool, _ at3: Bool) {
            cases += 1
            if at1 { self.at1 += 1 }
            if at3 { self.at3 += 1 }
        }

        var json: JSON {
            ["cases": JSON(cases), "at1": DiagnosisScore.share(at1, of: cases), "at3": DiagnosisScore.share(at3, of: cases)]
        }
    }

    /// Answers whose confidence lies in one tenth.
    private struct Bin {
        var answers = 0
        var right = 0
        var confidence = 0.0
    }

    private var all = Tally()
    private var categories: [String: Tally] = [:]
    private var bins = [Bin](repeating: Bin(), count: 10)
    private var faulty = 0
    private var undecided = 0
    private var excess = 0
    private var errors = 0
    private var untold = 0
    private var milliseconds: [Double] = []

    package init() {}

    /// A case that could not be read.
    package mutating func addError() { errors += 1 }

    /// A case that was diagnosed; `truth` nil where nobody said what is wrong in it.
    package mutating func add(_ answer: DiagnosisAnswer, truth: GroundTruth?, milliseconds: Double) {
        self.milliseconds.append(milliseconds)
        guard let truth else { untold += 1; return }
        let right = truth.isRight(answer, first: 1)
        all.add(right, truth.isRight(answer, first: 3))
        categories[truth.category, default: Tally()].add(right, truth.isRight(answer, first: 3))
        excess += truth.excess(answer)
        if !truth.faults.isEmpty {
            faulty += 1
            if answer.isUndecided { undecided += 1 }
        }
        for blame in answer.incidents where !blame.isUndecided {
            let i = min(9, max(0, Int((blame.confidence * 10).rounded(.down))))
            bins[i].answers += 1
            bins[i].confidence += blame.confidence
            if truth.faults.contains(where: { $0.isNamed(by: blame) }) { bins[i].right += 1 }
        }
    }

    /// The last line. Shares have four decimals; those of nothing are null.
    package func json(_ name: String) -> JSON {
        var out: JSON = ["summary": .string(name), "cases": JSON(all.cases + untold + errors)]
        if errors > 0 { out["errors"] = JSON(errors) }
        if all.cases > 0 {
            if untold > 0 { out["withoutTruth"] = JSON(untold) }
            out["at1"] = DiagnosisScore.share(all.at1, of: all.cases)
            out["at3"] = DiagnosisScore.share(all.at3, of: all.cases)
            out["undecided"] = DiagnosisScore.share(undecided, of: faulty)
            out["excessIncidents"] = JSON(excess)
            out["categories"] = .object(JSONObject(categories.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) }))
            out["calibration"] = .array(
                bins.indices.filter { bins[$0].answers > 0 }.map { i in
                    [
                        "from": .number(Double(i) / 10), "to": .number(Double(i + 1) / 10), "answers": JSON(bins[i].answers),
                        "right": JSON(bins[i].right), "share": DiagnosisScore.share(bins[i].right, of: bins[i].answers),
                        "confidence": DiagnosisScore.rounded(bins[i].confidence / Double(bins[i].answers)),
                    ]
                })
        }
        let times = milliseconds.sorted()
        if let longest = times.last {
            out["ms"] = [
                "median": DiagnosisScore.rounded(times[times.count / 2]), "p95": DiagnosisScore.rounded(times[times.count * 95 / 100]),
                "max": DiagnosisScore.rounded(longest),
            ]
        }
        return out
    }

    private static func share(_ part: Int, of whole: Int) -> JSON { whole == 0 ? .null : rounded(Double(part) / Double(whole)) }

    private static func rounded(_ value: Double) -> JSON { .number((value * 10_000).rounded(.down) / 10_000) }
}
