import Core
import Kubernetes
import Remediation
import Twin

/// The simulated cluster of one rehearsal: the live objects with what their programs were last seen to do, and no way out.
struct RehearsedCluster {
    let cluster: SimulatedCluster
    let runner: KubernetesRunner
    let reader: WorkloadReader
    /// Real templates' hashes → the same templates with behaviours, for patches that refer to a revision.
    private let templates: [String: JSON]
    private let programs: ObservedPrograms
    private let needed: Double?

    /// - Parameter needed: bytes that the plan says a killed program needs.
    init(_ snapshot: LiveSnapshot, at now: Timestamp, needed: Double?) throws {
        let seen = try SeenObjects(
            snapshot.objects, podMetrics: snapshot.podMetrics, remembered: snapshot.remembered, at: now, needed: needed)
        templates = seen.templates
        programs = seen.programs
        self.needed = needed
        let simulation = Simulation(
            options: SimulationOptions(
                catalogue: seen.catalogue, assumeSecretsExist: snapshot.isUnknown(.secrets), leasePeriod: .seconds(30),
                admit: Admission.admit))
        cluster = SimulatedCluster(loading: seen.objects, options: TwinOptions(start: now), simulation: simulation)
        var limits = KubernetesClient.Limits()
        limits.callsPerSecond = 0
        let client = KubernetesClient(
            transport: InProcessTransport(cluster), server: ServerIdentity(url: "the rehearsal"), clock: cluster.clock, limits: limits)
        runner = KubernetesRunner(read: client, act: client)
        reader = WorkloadReader(client)
    }

    /// The patch as it applies here: a reference to a revision leads to the template with its behaviours.
    func translated(_ patch: JSON) -> JSON {
        guard let reference = TemplateReference(json: patch), let template = templates[reference.hash] else { return patch }
        return TemplateReference(revision: reference.revision, template: template).json
    }

    /// On what the behaviour of each container of the workload's present template rests.
    func bases(of seen: ObservedTarget) -> [(container: String, basis: ObservedPrograms.Basis)] {
        let spec = seen.object[at: "spec", "template", "spec"]
        return [("initContainers", true), ("containers", false)].flatMap { list, isInit in
            (spec?[list]?.array ?? []).map { container in
                (container["name"]?.string ?? "", programs.behaviour(of: container, isInit: isInit, needed: needed).basis)
            }
        }
    }
}
