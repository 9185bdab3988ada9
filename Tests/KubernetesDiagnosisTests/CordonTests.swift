import Core
import Diagnosis
import Testing

@testable import KubernetesDiagnosis

/// Cordons: of a drain, forgotten, meant, and in the way of somebody.
@Suite struct CordonTests {
    private func sample(cordonedFor seconds: Int?, isTainted: Bool = true) throws -> Sample {
        var sample = Sample()
        var spec: JSON = [:]
        if let seconds {
            spec["unschedulable"] = true
            var taint: JSON = ["key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"]
            if isTainted { taint["timeAdded"] = .string(Sample.ago(seconds)) }
            spec["taints"] = [taint]
        }
        try sample.add(
            "Node",
            [
                "metadata": [
                    "name": "w1", "uid": "n1",
                    "managedFields": [
                        ["manager": "kubectl-cordon", "operation": "Update", "time": .string(Sample.ago(seconds ?? 0))],
                        ["manager": "kubelet", "operation": "Update", "subresource": "status", "time": .string(Sample.ago(1))],
                    ],
                ], "spec": spec, "status": ["conditions": [["type": "Ready", "status": "True"]]],
            ])
        return sample
    }

    @Test(
        arguments: [(60, nil), (3500, nil), (3700, "node-cordoned"), (6 * 86_400, "node-cordoned"), (8 * 86_400, nil)] as [(Int, String?)])
    func anHourIsForgottenAndAWeekIsMeant(_ seconds: Int, _ category: String?) throws {
        for isTainted in [true, false] {
            let report = diagnose(try sample(cordonedFor: seconds, isTainted: isTainted).snapshot)
            #expect(report.causes.map(\.category) == [category].compactMap(\.self))
            #expect(report.causes.allSatisfy { $0.severity == .low && $0.resource.resource == "Node/w1" })
            #expect(report.hygiene.contains { $0.rule == "node-cordoned" } == (seconds > 7 * 86_400))
        }
    }

    @Test func aNodeThatWasTakenBackIsFine() throws {
        #expect(diagnose(try sample(cordonedFor: nil).snapshot).causes.isEmpty)
    }
}
