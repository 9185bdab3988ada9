import Core
import Diagnosis
import Testing

@testable import KubernetesDiagnosis

/// What counts as right when recorded cases are diagnosed.
@Suite struct EvaluationTests {
    private func cause(
        _ category: String, _ resource: String, namespace: String = "n", confidence: Double = 0.9, alternatives: [(String, String)] = []
    ) -> Cause {
        func path(_ text: String) -> EntityPath {
            let parts = text.split(separator: "/")
            return EntityPath(cluster: "c", namespace: namespace, kind: String(parts[0]), name: String(parts[1]))
        }
        return Cause(
            severity: .high, category: category, resource: path(resource), title: "t", text: "t", confidence: confidence,
            alternatives: alternatives.map { .init(category: $0.0, resource: path($0.1), confidence: 0.2) })
    }

    private func answer(_ causes: Cause...) -> DiagnosisAnswer {
        DiagnosisAnswer(DiagnosisReport(time: Sample.now, cluster: "c", causes: causes))
    }

    private func truth(_ text: String) throws -> GroundTruth { try #require(GroundTruth(json: JSON(parsing: text))) }

    @Test func theFirstAnswerCounts() throws {
        let oom = try truth(#"{"category":"oom-killed","resource":"Deployment/web","namespace":"n"}"#)
        #expect(oom.isRight(answer(cause("oom-killed", "Deployment/web")), first: 1))
        #expect(!oom.isRight(answer(cause("oom-killed", "Deployment/db")), first: 1))
        #expect(!oom.isRight(answer(cause("oom-killed", "Deployment/web", namespace: "other")), first: 1))
        let second = answer(cause("app-crash", "Deployment/web", alternatives: [("oom-killed", "Deployment/web")]))
        #expect(!oom.isRight(second, first: 1) && oom.isRight(second, first: 3))
        #expect(!oom.isRight(answer(), first: 3))
    }

    @Test func whatIsAsRightIsAccepted() throws {
        let node = try truth(#"{"category":"node-not-ready","resource":"Node/w","namespace":"n","accept":["node-kubelet-down"]}"#)
        #expect(node.isRight(answer(cause("node-kubelet-down", "Node/w", namespace: "")), first: 1))
        let dns = try truth(#"{"category":"x","resource":"Deployment/dns","namespace":"n","resource_namespace":"kube-system"}"#)
        #expect(dns.isRight(answer(cause("x", "Deployment/dns", namespace: "kube-system")), first: 1))
        #expect(!dns.isRight(answer(cause("x", "Deployment/dns")), first: 1))
    }

    @Test func severalFaultsAreASet() throws {
        let both = try truth(
            #"{"category":"multiple","namespace":"n","faults":[{"category":"a","resource":"Pod/x"},{"category":"b","resource":"Pod/y"}]}"#)
        #expect(both.isRight(answer(cause("b", "Pod/y"), cause("a", "Pod/x", confidence: 0.5)), first: 1))
        #expect(!both.isRight(answer(cause("a", "Pod/x")), first: 3))
        #expect(!both.isRight(answer(cause("a", "Pod/x"), cause("b", "Pod/y"), cause("c", "Pod/z")), first: 3))
        #expect(both.excess(answer(cause("a", "Pod/x"), cause("c", "Pod/z"))) == 1)
    }

    @Test func healthMeansNoIncident() throws {
        let healthy = try truth(#"{"category":"healthy","resource":"Deployment/web"}"#)
        #expect(healthy.isRight(answer(), first: 1) && !healthy.isRight(answer(cause("undecided", "Deployment/web")), first: 3))
        let line = answer().json(case: "quiet")
        #expect(line["category"] == "healthy" && line["resource"] == .null && line["incidents"] == [])
    }

    @Test func theScoreSaysHowWellConfidenceAgrees() throws {
        var score = DiagnosisScore()
        let fault = try truth(#"{"category":"a","resource":"Pod/x","namespace":"n"}"#)
        for i in 0..<10 { score.add(answer(cause(i == 0 ? "b" : "a", "Pod/x", confidence: 0.92)), truth: fault, milliseconds: Double(i)) }
        score.add(answer(cause("undecided", "Pod/x", confidence: 0.3)), truth: fault, milliseconds: 1)
        score.add(answer(), truth: nil, milliseconds: 1)
        score.addError()
        let summary = score.json("x")
        #expect(summary["cases"] == 13 && summary["errors"] == 1 && summary["withoutTruth"] == 1)
        #expect(summary["at1"] == 0.8181 && summary["undecided"] == 0.0909 && summary[at: "categories", "a", "cases"] == 11)
        let bins = summary["calibration"]?.array ?? []
        #expect(bins.count == 1 && bins.first?["from"] == 0.9 && bins.first?["answers"] == 10 && bins.first?["share"] == 0.9)
        #expect(summary[at: "ms", "max"] == 9)
    }
}
