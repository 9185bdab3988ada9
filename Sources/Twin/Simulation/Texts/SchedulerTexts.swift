/// Messages of the scheduler. `{}` marks a place to fill.
enum SchedulerTexts {
    // MARK: Captured from Kubernetes 1.36, word for word

    static let assigned = Template("Successfully assigned {}/{} to {}")
    static let unavailable = Template("0/{} nodes are available: {}.")
    static let postFilter = Template("no new claims to deallocate, preemption: {}")
    static let preemption = Template("0/{} nodes are available: {}.")
    static let notEligible = Template("not eligible due to {}.")
    static let victimsTerminate = "a terminating pod on the nominated node"
    static let preempted = Template("Preempted by pod {} on node {}")
    static let notHelpful = "Preemption is not helpful for scheduling"
    static let noVictims = "No preemption victims found for incoming pod"
    static let insufficient = Template("Insufficient {}")
    static let selector = "node(s) didn't match Pod's node affinity/selector"
    static let untolerated = "node(s) had untolerated taint(s)"
    static let unschedulable = "node(s) were unschedulable"
    static let antiAffinity = "node(s) didn't match pod anti-affinity rules"
    static let unboundClaims = "pod has unbound immediate PersistentVolumeClaims"

    // MARK: Not captured

    static let noNodes = Template("no nodes available to schedule pods")
    static let tooManyPods = "Too many pods"
    static let affinity = "node(s) didn't match pod affinity rules"
    static let existingAntiAffinity = "node(s) didn't satisfy existing pods anti-affinity rules"
    static let hostPorts = "node(s) didn't have free ports for the requested pod ports"
    static let spread = "node(s) didn't match pod topology spread constraints"
    static let spreadLabel = "node(s) didn't match pod topology spread constraints (missing required label)"
    static let volumeAffinity = "node(s) didn't match PersistentVolume's node affinity"
    static let volumeZone = "node(s) had no available volume zone"
    static let noVolumeToBind = "node(s) didn't find available persistent volumes to bind"
    static let notNamed = Template("node(s) didn't satisfy plugin(s) [{}]")
    static let neverPreempts = "preemptionPolicy=Never"
    static let preempting = Template("{}: preempting to accommodate a higher priority pod")
    static let claimNotFound = Template("persistentvolumeclaim \"{}\" not found")
    static let ephemeralClaimAwaited = Template(
        "waiting for ephemeral volume controller to create the persistentvolumeclaim \"{}\"")
    static let claimDeleted = Template("persistentvolumeclaim \"{}\" is being deleted")

    /// `1 Insufficient cpu, 2 node(s) …`, in the order of these texts.
    static func histogram(_ counts: [String: Int]) -> String { counts.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ") }
}
