import Core
import Diagnosis
import Testing

@testable import KubernetesDiagnosis

/// A fault that the rules have never heard of is not called by another name with confidence.
@Suite struct LeftOutTests {
    @Test func withoutItsRulesNineInTenCasesAreOpen() throws {
        var honest = 0
        var wrong: [String] = []
        let cases = Golden.cases.filter { !$0.isHealthy }
        for golden in cases {
            let report = diagnose(try SnapshotFolder.read(golden.folder), leavingOut: golden.category)
            let first = report.causes.first
            if let first, !first.isUndecided, first.confidence >= 0.5, !golden.accepts(first.category) {
                wrong.append("\(golden.name): \(first.category) \(first.resource.resource) \(first.confidence)")
            } else {
                honest += 1
            }
        }
        print(wrong.joined(separator: "\n"))
        print("\(honest) of \(cases.count) without a confident wrong answer")
        #expect(Double(honest) >= 0.9 * Double(cases.count), "\(wrong)")
    }

    /// Of the right answers at least nine in ten are given with confidence 0.8 or more.
    @Test func rightAnswersAreConfident() throws {
        let confidences = try Golden.cases.filter { !$0.isHealthy }.compactMap { golden -> Double? in
            let first = diagnose(try SnapshotFolder.read(golden.folder)).causes.first
            return first.flatMap { golden.accepts($0.category) ? $0.confidence : nil }
        }
        let high = confidences.count { $0 >= 0.8 }
        print("\(high) of \(confidences.count) right answers with confidence 0.8 or more")
        #expect(Double(high) >= 0.9 * Double(confidences.count))
    }
}
