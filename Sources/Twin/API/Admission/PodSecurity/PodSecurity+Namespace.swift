import Core
import Kubernetes

/// What the pods of a namespace do that its new level would not let them (pod-security-admission, EvaluatePodsInNamespace).
extension PodSecurity {
    /// Warnings for a change of a namespace; none where its level is no stricter than it was.
    static func warnings(namespace: JSON, old: JSON, _ store: ObjectStore) -> [String] {
        let new = Level(namespace)
        let before = Level(old)
        guard new != before, new.rank > 0, new.rank > before.rank || new.version != before.version else { return [] }
        var pods: [(reason: String, first: String, count: Int)] = []
        for pod in store.list(.pods, namespace: namespace.metadataName) {
            let found = violations(pod, restricted: new.word == "restricted", version: PodSecurityVersion(new.version))
            if found.isEmpty { continue }
            // The names of the rules without what exactly breaks them.
            let reason = found.map { $0.split(separator: " (").first.map(String.init) ?? $0 }.joined(separator: ", ")
            if let i = pods.firstIndex(where: { $0.reason == reason }) {
                pods[i].count += 1
            } else {
                pods.append((reason, pod.metadataName, 1))
            }
        }
        if pods.isEmpty { return [] }
        let lines = pods.map { one in
            let others = one.count - 1
            return one.first + (others == 0 ? "" : " (and \(others) other pod\(others == 1 ? "" : "s"))") + ": \(one.reason)"
        }
        return [
            "existing pods in namespace \"\(namespace.metadataName)\" violate the new PodSecurity enforce level \"\(new.word):\(new.version)\""
        ] + lines.sorted()
    }

    private struct Level: Equatable {
        let word: String
        let version: String

        init(_ namespace: JSON) {
            let labels = namespace[at: "metadata", "labels"]?.stringMap ?? [:]
            word = labels["pod-security.kubernetes.io/enforce"] ?? "privileged"
            version = labels["pod-security.kubernetes.io/enforce-version"] ?? "latest"
        }

        /// How strict it is; a word that is not known lets everything in.
        var rank: Int { ["baseline": 1, "restricted": 2][word] ?? 0 }
    }
}
