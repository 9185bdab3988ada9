import Core
import Diagnosis
import Foundation

/// Measurements in words and as evidence.
enum TrafficWords {
    static func seconds(_ value: Double) -> String { value < 1 ? "\(Int((value * 1000).rounded())) ms" : String(format: "%.1f s", value) }
    static func percent(_ share: Double) -> String {
        share < 0.1 ? String(format: "%.1f %%", share * 100) : "\(Int((share * 100).rounded())) %"
    }
    static func number(_ value: Double) -> String { value < 10 ? String(format: "%.2g", value) : "\(Int(value.rounded()))" }

    /// `answers take 812 ms, 12 ms before` and `21 % of requests fail`, of a workload to which it applies.
    static func effect(_ signals: WorkloadSignals) -> String {
        var parts: [String] = []
        if signals.isFailing, let share = signals.errorShare {
            parts.append("\(percent(share.now)) of requests fail" + (share.before.map { ", \(percent($0)) before" } ?? ""))
        }
        if signals.isSlow, let latency = signals.latency {
            parts.append("answers take \(seconds(latency.now))" + (latency.before.map { ", \(seconds($0)) before" } ?? ""))
        }
        return parts.joined(separator: "; ")
    }

    static func evidence(_ path: EntityPath, _ text: String) -> Evidence { Evidence(.metric, source: path.resource, text: text) }
}

extension TrafficFacts {
    /// What is felt, as evidence. Named after the Service's side of it, since what the pods use is another witness.
    func felt() -> Support {
        Support(.strong, Evidence(.metric, source: "requests/\(path.name)", text: effect))
    }

    /// What speaks for the workload itself being slow or failing: it is the last in the chain to whom it happens.
    func hypothesis(
        _ rule: String, _ category: String, _ depth: Hypothesis.Depth = .specific, complaint: String, fact: String, text: String,
        support: [Support], at resource: EntityPath? = nil, key: String? = nil, change: Change? = nil, since: Timestamp? = nil,
        against: [Support] = [], missing: [String] = [], next: [String] = []
    ) -> Hypothesis {
        Hypothesis(
            rule: rule, category: category, resource: resource ?? path, key: key, depth: depth, severity: .high, complaint: complaint,
            fact: fact,
            text: text, since: since, support: support, against: against, explains: [path], change: change, missing: missing, next: next)
    }
}
