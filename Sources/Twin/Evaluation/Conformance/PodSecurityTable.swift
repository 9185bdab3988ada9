package import Core
import Kubernetes

/// Pods that a level of the Pod Security Standards lets through or not (test data of kubernetes/pod-security-admission): each meets the
/// admission of a namespace that enforces the level.
package enum PodSecurityTable: ConformanceTable {
    package static func recognises(_ document: JSON) -> Bool {
        guard let first = document["cases"]?.array?.first else { return false }
        return first["level"]?.string != nil && first["expected"]?.string != nil && first["spec"]?.object != nil
    }

    package static func evaluate(_ document: JSON) -> [EvaluationCase] {
        (document["cases"]?.array ?? []).map { row in
            let level = row["level"]?.string ?? ""
            let version = row["version"]?.string ?? "latest"
            let file = row["file"]?.string ?? row["control"]?.string ?? ""
            let name = "\(version)/\(level)/\(row["expected"]?.string ?? "")/\(file)"
            let answer = admission(of: row, level: level, version: version)
            return EvaluationCase(
                name,
                differences: answer.result == row["expected"]?.string
                    ? [] : [.init("admission", expected: row["expected"], found: .string(answer.text))])
        }
    }

    /// `pass` or `fail`, as the admission plugin decides. The pods are no more than their level needs, and some are not valid otherwise.
    private static func admission(of row: JSON, level: String, version: String) -> (result: String, text: String) {
        let labels: JSON = [
            "pod-security.kubernetes.io/enforce": .string(level), "pod-security.kubernetes.io/enforce-version": .string(version),
        ]
        var metadata: JSON = ["name": "sample", "namespace": "checked"]
        metadata["annotations"] = row["annotations"]
        do {
            var store = ObjectStore()
            _ = try store.create(["metadata": ["name": "checked", "labels": labels]], type: .namespaces, now: TwinOptions().start)
            let pod = Defaults.apply(["metadata": metadata, "spec": row["spec"] ?? [:]], type: .pods)
            try PodSecurity.check(pod, ObjectKey(type: .pods, namespace: "checked", name: "sample"), store)
            return ("pass", "pass")
        } catch {
            return ("fail", error.message)
        }
    }
}
