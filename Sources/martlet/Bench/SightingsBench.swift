import ArgumentParser
import Core
import Diagnosis
import Kubernetes
import KubernetesDiagnosis

/// What it costs at each look to see which revisions work: when nothing is known yet, when all is, and when one has just been released.
/// Deployments have ten pods each and keep ten revisions.
struct SightingsBench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "sightings")

    func run() async throws {
        for pods in [1000, 10_000, 20_000] {
            var snapshot = try withHistory(GeneratedCluster(pods: pods, faults: 50).snapshot(), of: 10)
            let causes = diagnose(snapshot).causes
            let first = measure("first", pods, snapshot, causes)
            for revision in first { snapshot.seenRevisions[revision.id] = revision }
            _ = measure("settled", pods, snapshot, causes)
            if let released = first.last { snapshot.seenRevisions[released.id] = nil }
            _ = measure("one-new", pods, snapshot, causes)
        }
    }

    private func measure(_ what: String, _ pods: Int, _ snapshot: KubernetesSnapshot, _ causes: [Cause]) -> [SeenRevision] {
        var sightings: [SeenRevision] = []
        let cost = Cost.least(of: 15) { sightings = snapshot.sightings(causes: causes) }
        Figure(
            name: "sightings-\(what)-\(pods)-pods", value: cost.wall * 1000, unit: "ms",
            more: ["sightings": JSON(sightings.count), "replicaSets": JSON(snapshot.replicaSets.count)]
        ).print()
        return sightings
    }

    /// The same with ReplicaSets of earlier revisions, without pods.
    private func withHistory(_ snapshot: KubernetesSnapshot, of count: Int) -> KubernetesSnapshot {
        var snapshot = snapshot
        for set in snapshot.replicaSets {
            for age in 1...count {
                var old = set
                old.metadata.uid += "-\(age)"
                old.metadata.name += "-\(age)"
                old.metadata.annotations["deployment.kubernetes.io/revision"] = "\(1000 - age)"
                (old.spec.replicas, old.status.readyReplicas, old.status.replicas) = (0, 0, 0)
                snapshot.replicaSets.append(old)
            }
        }
        return snapshot
    }
}
