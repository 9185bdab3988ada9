import Core
import Diagnosis
import Kubernetes

/// Pods that were put out and are still listed: over for whoever has others in their place.
struct EvictionHygiene: HygieneRule {
    let name = "evicted-pods"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Pods of a workload were evicted and are still listed.",
            sees: ["pods"],
            evidence: ["status.reason Evicted and its message"],
            contradictedBy: ["others are in their place"],
            next: ["delete them; see why the node had to put them out"],
            references: ["https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/"])
    }

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        return scene.workloads.compactMap { workload in
            let evicted = workload.allPods.filter { scene.snapshot.pods[$0].status.reason == "Evicted" }
            guard let last = evicted.last, !said.speaks(of: workload.path) else { return nil }
            let message = scene.snapshot.pods[last].status.message ?? ""
            return finding(
                workload.path,
                "\(evicted.count) pod\(evicted.count == 1 ? " was" : "s were") evicted"
                    + (message.isEmpty ? "" : ": \(message.prefix(200))"),
                now: scene.now)
        }
    }
}
