import Core
import Diagnosis
import Kubernetes

/// Scheduler and controller manager hold leases; one that is not renewed tells that its holder does not run.
struct ControlPlaneRule: Rule {
    let name = "control-plane-lease"
    let categories = ["scheduler-down", "controller-manager-down", "scheduler-missing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "The scheduler or the controller manager does not run.",
            sees: ["leases in kube-system", "pods"],
            evidence: ["a lease that is not renewed; pods and workloads that nobody looks at"],
            contradictedBy: ["a renewed lease"],
            next: ["look at its pod or unit on the control plane"],
            references: ["https://kubernetes.io/docs/concepts/architecture/leases/"])
    }

    private static func isOfControlPlane(_ lease: Lease) -> Bool {
        lease.metadata.namespace == "kube-system" && ["kube-scheduler", "kube-controller-manager"].contains(lease.metadata.name)
    }

    /// Leases of the control plane that nobody renews, with when somebody last did and how long ago that is.
    static func silentLeases(_ scene: Scene) -> [(lease: Lease, renewed: Timestamp, age: Duration)] {
        // Where watching lags behind, all leases look old, and by how much is not known: age is counted from the newest of all. Nodes renew
        // theirs as well; only where there are no others, it is counted from now.
        let renewals = scene.snapshot.leases.compactMap { lease in lease.spec.renewTime.map { (isOfControlPlane(lease), $0) } }
        let latest = renewals.contains { !$0.0 } ? renewals.map(\.1).max() ?? scene.now : scene.now
        return scene.snapshot.leases.filter(isOfControlPlane).compactMap { lease in
            guard let renewed = lease.spec.renewTime else { return nil }
            let age = latest - renewed
            return age > .seconds(max(30, 2 * (lease.spec.leaseDurationSeconds ?? 15))) ? (lease, renewed, age) : nil
        }
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        let unnoticed = examination.troubles.filter { !$0.unnoticed.isEmpty }
        for (lease, renewed, age) in Self.silentLeases(scene) {
            let isScheduler = lease.metadata.name == "kube-scheduler"
            let path = scene.path("Lease", "kube-system", lease.metadata.name)
            var support = [
                Support(
                    .decisive,
                    Evidence(
                        .status, source: path.resource,
                        text: "not renewed for \(Int(age.secondCount)) s; its duration is \(lease.spec.leaseDurationSeconds ?? 15) s",
                        time: renewed))
            ]
            var sufferers: [EntityPath] = []
            if isScheduler {
                sufferers = unnoticed.map(\.workload.path)
                if let first = unnoticed.first {
                    support.append(
                        Support(
                            .strong,
                            Evidence(.status, source: scene.podName(first.unnoticed[0]), text: "Pending without a single scheduling event"))
                    )
                }
            } else {
                for workload in scene.workloads where workload.deployment != nil {
                    guard let d = workload.deployment,
                        scene.snapshot.deployments[d].status.observedGeneration < workload.metadata.generation
                    else { continue }
                    sufferers.append(workload.path)
                }
                sufferers.sort()
                for sufferer in sufferers {
                    draft.symptoms.append(
                        Symptom(
                            "not-reconciled", sufferer, effect: "no controller has acted on its newest version", severity: .high,
                            since: renewed, isReportable: false))
                }
                if let first = sufferers.first {
                    support.append(
                        Support(.strong, Evidence(.status, source: first.resource, text: "its newest generation was never observed")))
                }
            }
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: isScheduler ? "scheduler-down" : "controller-manager-down", resource: path, depth: .external,
                    severity: .critical, complaint: "is not renewed",
                    fact: isScheduler ? "the scheduler does not run" : "the controller manager does not run",
                    text: isScheduler
                        ? "the scheduler does not run: its lease is not renewed, and pods stay Pending without a scheduling event"
                        : "the controller manager does not run: its lease is not renewed, and changes are not acted on",
                    since: renewed, support: support, explains: sufferers))
        }
        for trouble in unnoticed {
            guard let p = trouble.unnoticed.first, let scheduler = scene.snapshot.pods[p].spec.schedulerName,
                scheduler != "default-scheduler",
                let created = scene.snapshot.pods[p].metadata.creationTimestamp, scene.now - created > .seconds(30)
            else { continue }
            draft.hypotheses.append(
                Hypothesis(
                    rule: "scheduler-name", category: "scheduler-missing", resource: trouble.workload.path, depth: .specific,
                    severity: trouble.severity, complaint: "is never scheduled",
                    fact: "there is no scheduler \(scheduler)",
                    text: "the pods name the scheduler \(scheduler), and no scheduler looks at them", since: created,
                    support: [
                        scene.spec(trouble.workload.path, .strong, "schedulerName \(scheduler)"),
                        Support(
                            .strong,
                            Evidence(
                                .status, source: scene.podName(p),
                                text: "Pending for \(Int((scene.now - created).secondCount)) s without conditions or events")),
                    ]))
        }
    }
}
