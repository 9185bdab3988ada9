import Core
import Testing

@testable import Diagnosis

private func path(_ kind: String, _ name: String) -> EntityPath { EntityPath(cluster: "c", namespace: "n", kind: kind, name: name) }
private let now = Timestamp(seconds: Int64(1_800_000_000))

private func hypothesis(
    _ category: String, on resource: EntityPath, _ weights: [(Support.Weight, Evidence.Kind)] = [(.decisive, .status), (.strong, .event)],
    depth: Hypothesis.Depth = .specific, explains: [EntityPath] = [], dependsOn: [EntityPath] = []
) -> Hypothesis {
    Hypothesis(
        rule: "rule-\(category)", category: category, resource: resource, depth: depth, severity: .high, complaint: "fails", fact: category,
        text: category, since: now, support: weights.map { Support($0.0, Evidence($0.1, source: "s", text: "\(category) \($0.1)")) },
        explains: explains, dependsOn: dependsOn)
}

private func symptom(_ entity: EntityPath, followsFrom: [EntityPath] = []) -> Symptom {
    Symptom(
        "container-failing", entity, effect: "does not run", severity: .high, since: now, missing: ["the log"], followsFrom: followsFrom)
}

@Suite struct ReasoningTests {
    let a = path("Deployment", "a"), b = path("Deployment", "b"), service = path("Service", "b")

    @Test func independentKindsOfEvidenceRaiseConfidence() {
        let one = Confidence.of([Support(.strong, Evidence(.log, source: "", text: "x"))])
        let same = Confidence.of([
            Support(.strong, Evidence(.log, source: "", text: "x")), Support(.strong, Evidence(.log, source: "", text: "y")),
        ])
        let two = Confidence.of([
            Support(.strong, Evidence(.log, source: "", text: "x")), Support(.strong, Evidence(.event, source: "", text: "y")),
        ])
        #expect(one == same)
        #expect(two > one)
        #expect(
            Confidence.of(
                [Support(.decisive, Evidence(.log, source: "", text: "x"))],
                against: [Support(.decisive, Evidence(.spec, source: "", text: "n"))]) < 0.1)
    }

    @Test func aSymptomWithoutAReasonIsUndecidedAndSaysWhatIsMissing() {
        let causes = CaseFile(time: now, cluster: "c", symptoms: [symptom(a)]).concluded()
        #expect(causes.map(\.category) == ["undecided"])
        #expect(causes.first?.undecided == ["the log"])
    }

    @Test func weakEvidenceIsACandidateAndNoAnswer() {
        let causes = CaseFile(
            time: now, cluster: "c", symptoms: [symptom(a)], hypotheses: [hypothesis("x", on: a, [(.supporting, .status)])]
        ).concluded()
        #expect(causes.map(\.category) == ["undecided"])
        #expect(causes.first?.alternatives.map(\.category) == ["x"])
    }

    @Test func theSpecificReasonBeatsTheSurface() {
        let causes = CaseFile(
            time: now, cluster: "c", symptoms: [symptom(a.container("m"))],
            hypotheses: [hypothesis("app-crash", on: a, depth: .surface), hypothesis("missing-env", on: a)]
        ).concluded()
        #expect(causes.map(\.category) == ["missing-env"])
        #expect(causes.first?.alternatives.map(\.category) == ["app-crash"])
    }

    @Test func aFaultyDependencyTakesItsCallersAlong() {
        var graph = EntityGraph()
        graph.add(a, .calls, service)
        graph.add(service, .selects, b)
        let causes = CaseFile(
            time: now, cluster: "c", symptoms: [symptom(a)],
            hypotheses: [
                hypothesis("dependency-unreachable", on: a, depth: .surface, dependsOn: [service]),
                hypothesis("scaled-to-zero", on: b, depth: .external),
            ],
            graph: graph
        ).concluded()
        #expect(causes.map(\.category) == ["scaled-to-zero"])
        #expect(causes.first?.symptoms == [a])
        #expect(causes.first?.chain.map(\.resource) == [b, a])
        #expect(causes.first?.reach == [service])
    }

    @Test func aCircleOfDependenciesEnds() {
        let causes = CaseFile(
            time: now, cluster: "c", symptoms: [symptom(a), symptom(b)],
            hypotheses: [hypothesis("x", on: a, dependsOn: [b]), hypothesis("y", on: b, dependsOn: [a])]
        ).concluded()
        #expect(!causes.isEmpty)
    }

    @Test func independentFaultsAreToldApart() {
        let causes = CaseFile(
            time: now, cluster: "c", symptoms: [symptom(a), symptom(b)], hypotheses: [hypothesis("x", on: a), hypothesis("y", on: b)]
        ).concluded()
        #expect(Set(causes.map(\.category)) == ["x", "y"])
    }

    @Test func whatLastsKeepsTheTimeAtWhichItWasFirstSeen() {
        let file = CaseFile(time: now, cluster: "c", symptoms: [symptom(a)], hypotheses: [hypothesis("x", on: a)])
        var earlier = file.concluded()[0].findings
        for i in earlier.indices { earlier[i].firstSeen = now + .seconds(-500) }
        var later = file
        later.previous = earlier
        #expect(later.concluded()[0].findings.allSatisfy { $0.firstSeen == now + .seconds(-500) })
        #expect(later.concluded()[0].findings.map(\.fingerprint) == earlier.map(\.fingerprint))
    }

    @Test func theOrderOfThePartsDoesNotMatter() {
        var generator = SeededGenerator(seed: 3)
        let symptoms = [symptom(a), symptom(b), symptom(service, followsFrom: [b])]
        let hypotheses = [
            hypothesis("x", on: a), hypothesis("y", on: b), hypothesis("z", on: b, depth: .general),
            hypothesis("w", on: path("Node", "n"), depth: .external),
        ]
        let first = CaseFile(time: now, cluster: "c", symptoms: symptoms, hypotheses: hypotheses).concluded()
        for _ in 0..<10 {
            let again = CaseFile(
                time: now, cluster: "c", symptoms: symptoms.shuffled(using: &generator), hypotheses: hypotheses.shuffled(using: &generator))
            #expect(
                DiagnosisReport(time: now, cluster: "c", causes: again.concluded()).json()
                    == DiagnosisReport(time: now, cluster: "c", causes: first).json())
        }
    }
}
