/// Messages of the scheduler, word for word as captured from Kubernetes 1.36; `{}` marks a place to fill.
enum SchedulerTexts {
    static let assigned = Template("Successfully assigned {}/{} to {}")
    static let unavailable = Template("0/{} nodes are available: {}. {}")
    static let preemption = Template("no new claims to deallocate, preemption: 0/{} nodes are available: {}.")
    static let noNodes = Template("no nodes available to schedule pods")
    static let notHelpful = "Preemption is not helpful for scheduling"
    static let noVictims = "No preemption victims found for incoming pod"

    static let insufficient = Template("Insufficient {}")
    static let tooManyPods = "Too many pods"
    static let selector = "node(s) didn't match Pod's node affinity/selector"
    static let untolerated = "node(s) had untolerated taint(s)"
    static let unschedulable = "node(s) were unschedulable"
    static let antiAffinity = "node(s) didn't match pod anti-affinity rules"
    static let affinity = "node(s) didn't match pod affinity rules"
    static let existingAntiAffinity = "node(s) didn't satisfy existing pods anti-affinity rules"
    static let hostPorts = "node(s) didn't have free ports for the requested pod ports"
    static let unboundClaims = "pod has unbound immediate PersistentVolumeClaims"
    static let claimNotFound = Template("persistentvolumeclaim \"{}\" not found")
}
