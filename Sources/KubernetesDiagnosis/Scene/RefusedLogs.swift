import Core
import Kubernetes

/// The logs that were asked for and may not be read. That is said whatever else decides the cause: who sees less should know it.
struct RefusedLogs {
    private var byWorkload: [EntityPath: [String]] = [:]

    init(_ scene: Scene) {
        for (key, log) in scene.snapshot.logs {
            if case .refused(let status, _) = log, status == 401 || status == 403 { note(key, status, scene) }
        }
    }

    private mutating func note(_ key: KubernetesSnapshot.LogKey, _ status: Int, _ scene: Scene) {
        guard let pod = scene.podIndex(namespace: key.namespace, name: key.pod) else { return }
        let path = scene.workload(ofPod: pod).path
        // Of the workload, not of its pods: their names change, and what is said must not.
        let text = "not allowed to read the logs of container \(key.container) of \(path.shortDescription) (\(status))"
        if !(byWorkload[path] ?? []).contains(text) { byWorkload[path, default: []].append(text) }
    }

    /// One sentence each, in order.
    var texts: [String] { byWorkload.values.flatMap { $0 }.sorted() }

    /// The causes, each decided one with what of its own could not be read; undecided ones name what they miss already.
    func noted(in causes: [Cause]) -> [Cause] {
        if byWorkload.isEmpty { return causes }
        return causes.map { cause in
            if cause.isUndecided { return cause }
            var cause = cause
            let own = Set([cause.resource.withoutContainer] + cause.symptoms.map(\.withoutContainer))
            cause.unread = own.flatMap { byWorkload[$0] ?? [] }.sorted()
            return cause
        }
    }
}
