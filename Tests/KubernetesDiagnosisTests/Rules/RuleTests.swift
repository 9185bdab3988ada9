import Core
import Diagnosis
import Testing

@testable import KubernetesDiagnosis

/// What one rule put down of a case, what the others said taken away.
private struct Words {
    var hypotheses: [Hypothesis] = []
    var symptoms: [Symptom] = []
    var hygiene: [Finding] = []

    /// Whether it says nothing that somebody would read. What a rule of incidents tells beside them pages nobody.
    var isSilent: Bool { hypotheses.isEmpty && !symptoms.contains(where: \.isReportable) && (!isHygiene || hygiene.isEmpty) }
    private(set) var isHygiene = false

    init(of name: String, _ snapshot: KubernetesSnapshot) {
        let examination = Examination(of: Scene(snapshot.inOrder()))
        var draft = Draft()
        for rule in Rules.all {
            let before = draft
            rule.examine(examination, &draft)
            guard rule.name == name else { continue }
            isHygiene = rule is any HygieneRule
            hypotheses = draft.hypotheses.filter { !before.hypotheses.contains($0) }
            symptoms = Array(draft.symptoms.dropFirst(before.symptoms.count))
            hygiene = Array(draft.hygiene.dropFirst(before.hygiene.count))
        }
    }

    func blames(_ cause: Cause) -> Bool {
        hypotheses.contains { $0.category == cause.category && $0.resource == cause.resource }
            || cause.isUndecided && symptoms.contains { $0.isReportable && $0.entity.withoutContainer == cause.resource }
    }
}

/// Each rule speaks where it should, is silent where all is well, and is not taken in by what only looks like its fault.
@Suite struct RuleTests {
    @Test func everyRuleHasItsThreeCases() throws {
        for rule in Rules.all {
            let missing = Set(RuleCase.Kind.allCases).subtracting(RuleCase.all.filter { $0.rule == rule.name }.compactMap(\.kind))
            #expect(missing.isEmpty, "Fixtures/rules/\(rule.name).yaml lacks \(missing.map(\.rawValue).sorted().joined(separator: ", "))")
        }
    }

    /// Else nothing could be told from what is built on them.
    @Test(arguments: ["shop", "measured-shop"])
    func theBasesAreWell(_ name: String) throws {
        let report = diagnose(try CaseCluster(["base": .string(name)]).snapshot())
        #expect(RuleTests.said(report).isEmpty)
        #expect(report.undetermined.isEmpty)
    }

    @Test(arguments: RuleCase.all)
    func isToldApart(_ test: RuleCase) throws {
        let snapshot = try test.snapshot()
        let report = diagnose(snapshot)
        let words = Words(of: test.rule, snapshot)
        let said = RuleTests.said(report)
        switch try #require(test.kind, "no kind of case is called \(test.name)") {
        case .positive:
            if test.expected.hasPrefix("hygiene of ") {
                let entity = test.expected.dropFirst("hygiene of ".count)
                #expect(words.hygiene.contains { $0.entity.resource == entity }, "\(said)")
                #expect(report.causes.isEmpty, "\(said)")
            } else {
                let first = try #require(report.causes.first, "nothing is found")
                #expect("\(first.category) of \(first.resource.resource)" == test.expected, "\(said)")
                #expect(words.blames(first), "another rule says so: \(words.hypotheses.map(\.text)) \(words.symptoms.map(\.effect))")
            }
        case .negative:
            #expect(test.expected == RuleTests.answer(report), "\(said)")
            #expect(words.isSilent, "\(words.hypotheses.map(\.text)) \(words.symptoms.map(\.effect)) \(words.hygiene.map(\.text))")
        case .redHerring:
            #expect(test.expected == RuleTests.answer(report), "\(said)")
            for cause in report.causes { #expect(!words.blames(cause), "\(cause.text)") }
            if words.isHygiene { #expect(words.isSilent, "\(words.hygiene.map(\.text))") }
        }
    }

    private static func answer(_ report: DiagnosisReport) -> String {
        report.causes.isEmpty ? "healthy" : report.causes.map { "\($0.category) of \($0.resource.resource)" }.joined(separator: ", ")
    }

    private static func said(_ report: DiagnosisReport) -> [String] {
        report.causes.map { "\($0.category) of \($0.resource.resource) \($0.confidence): \($0.text) \($0.undecided)" }
            + report.hygiene.map { "\($0.rule) of \($0.entity.resource): \($0.text)" }
    }
}
