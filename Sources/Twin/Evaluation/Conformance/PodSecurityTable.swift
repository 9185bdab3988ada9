package import Core

/// Pods that a level of the Pod Security Standards lets through or not (test data of kubernetes/pod-security-admission): each is created,
/// as a dry run, in a namespace of the simulated cluster that enforces the level.
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

    /// `pass`, `fail`, or nil where the pod was refused for another reason.
    private static func admission(of row: JSON, level: String, version: String) -> (result: String?, text: String) {
        let options = TwinOptions(nodes: 1)
        var store = ObjectStore()
        Bootstrap.populate(&store, options: options)
        var state = ClusterState(store: store, simulation: NoSimulation(), tokens: [:], version: options.version)
        func post(_ path: String, _ object: JSON) -> APIAnswer? {
            let request = TwinRequest("POST", target: path, headers: ["content-type": "application/json"], body: object.serialized())
            guard case .answer(let answer) = TwinAPI().handle(request, state: &state, now: options.start) else { return nil }
            return answer
        }
        let labels: JSON = [
            "pod-security.kubernetes.io/enforce": .string(level), "pod-security.kubernetes.io/enforce-version": .string(version),
        ]
        _ = post("/api/v1/namespaces", ["metadata": ["name": "checked", "labels": labels]])
        var metadata: JSON = ["name": "sample"]
        metadata["annotations"] = row["annotations"]
        let answer = post("/api/v1/namespaces/checked/pods?dryRun=All", ["metadata": metadata, "spec": row["spec"] ?? [:]])
        guard let answer else { return (nil, "no answer") }
        if answer.status == 201 { return ("pass", "pass") }
        let message = (try? JSON(parsing: answer.body))?["message"]?.string ?? "HTTP \(answer.status)"
        return (answer.status == 403 && message.contains("violates PodSecurity") ? "fail" : nil, message)
    }
}
