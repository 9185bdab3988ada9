import Core
import Diagnosis
import Kubernetes

/// A container uses all of its CPU limit and says that it wants far more.
struct ThrottlingRule: Rule {
    let name = "cpu-limit"
    let categories = ["cpu-throttled"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A container uses all of its CPU limit and needs far more.",
            sees: ["pods", "podmetrics", "logs"],
            evidence: ["use at the limit; the need by the log, or probes that are not answered in time"],
            contradictedBy: ["use below the limit"],
            next: ["raise the limit"],
            references: ["https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for metrics in scene.snapshot.podMetrics {
            guard let p = scene.podIndex(namespace: metrics.metadata.namespace, name: metrics.metadata.name) else { continue }
            let pod = scene.snapshot.pods[p]
            for usage in metrics.containers {
                guard let spec = pod.spec.containers.first(where: { $0.name == usage.name }), let limit = spec.resources.limits["cpu"],
                    let used = usage.usage["cpu"],
                    limit.double > 0, used.double >= 0.95 * limit.double
                else { continue }
                let workload = scene.workload(ofPod: p)
                var support = [
                    Support(
                        .strong,
                        Evidence(
                            .metric, source: "Pod/\(pod.metadata.name)",
                            text: "uses \(used.milliValue)m of its limit of \(limit.milliValue)m CPU", time: metrics.timestamp)),
                    scene.spec(workload.path, .supporting, "CPU limit of container \(usage.name) is \(limit.milliValue)m"),
                ]
                let need = need(of: usage.name, pod: pod, beyond: limit, scene)
                if let need {
                    support.append(Support(.strong, Evidence(.log, source: "logs/\(pod.metadata.name).\(usage.name)", text: need.line)))
                }
                // Or its probes are not answered in time.
                let late = need == nil ? lateProbe(of: usage.name, workload, examination) : nil
                if let late { support.append(late) }
                guard need != nil || late != nil else { continue }
                let wants = need.map { "wants about \($0.milli)m CPU" } ?? "does not answer its probes in time"
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: "cpu-throttled", resource: workload.path, key: usage.name, depth: .specific,
                        severity: .medium, complaint: "is throttled",
                        fact: "it \(need.map { "wants \($0.milli)m CPU" } ?? "uses all it may"), its limit is \(limit.milliValue)m",
                        text:
                            "container \(usage.name) \(wants) and is held at its limit of \(limit.milliValue)m",
                        since: metrics.timestamp, support: support, facts: ["container": .string(usage.name)]))
            }
        }
    }

    /// A probe of a container in trouble that got no answer in time.
    private func lateProbe(of container: String, _ workload: Workload, _ examination: Examination) -> Support? {
        let failing = examination.trouble(of: workload.path)?.containers.first { $0.name == container }
        return failing.flatMap { failing in
            examination.scene.eventEvidence(failing.pods, .strong) {
                $0.reason == "Unhealthy" && LogLine($0.message).hasAny("deadline exceeded", "client.timeout", "timed out")
            }
        }
    }

    /// What the log says that it wants: `about 300 millicpu`, `needs 2 cores`.
    private func need(of container: String, pod: Pod, beyond limit: Quantity, _ scene: Scene) -> (milli: Int, line: String)? {
        guard case .text(let bytes) = scene.log(of: pod, container, previous: false) else { return nil }
        for line in LogReading.tail(of: bytes).reversed() where line.hasAny("millicpu", "millicores", "mcpu", " cores", "cpu") {
            let words = line.text.split(separator: " ")
            for (i, word) in words.enumerated() {
                guard let value = Double(word), i + 1 < words.count else { continue }
                let unit = words[i + 1].lowercased()
                let milli =
                    unit.hasPrefix("milli") || unit.hasPrefix("mcpu")
                    ? value : unit.hasPrefix("core") || unit.hasPrefix("cpu") ? value * 1000 : 0
                if milli >= 1.5 * limit.double * 1000 { return (Int(milli), line.text) }
            }
        }
        return nil
    }
}
