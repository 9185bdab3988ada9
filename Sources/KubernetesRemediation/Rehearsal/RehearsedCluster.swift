import Core
import Kubernetes
import Remediation
import Twin

/// The simulated cluster of one rehearsal: the live objects with what their programs were last seen to do, and no way out.
struct RehearsedCluster {
    static let behaviourAnnotation = "twin.martlet/behaviour"

    let cluster: SimulatedCluster
    let runner: KubernetesRunner
    let reader: WorkloadReader
    /// Real templates' hashes → the same templates with behaviours, for patches that refer to a revision.
    private let templates: [String: JSON]
    private let programs: ObservedPrograms
    private let needed: Double?

    /// - Parameter needed: bytes that the plan says a killed program needs.
    init(_ snapshot: LiveSnapshot, at now: Timestamp, needed: Double?) throws {
        let programs = ObservedPrograms(
            pods: snapshot.all("Pod"), replicaSets: snapshot.all("ReplicaSet"), metrics: snapshot.podMetrics, at: now)
        var templates: [String: JSON] = [:]
        var objects: [JSON] = []
        for var object in snapshot.objects {
            switch object["kind"]?.string {
            case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet":
                guard let template = object[at: "spec", "template"] else { break }
                let annotated = RehearsedCluster.annotated(template, programs, needed)
                object[at: "spec", "template"] = annotated
                templates[TemplateReference.hash(template)] = TemplateReference.plain(annotated)
            case "Pod": object = RehearsedCluster.annotated(object, programs, needed)
            default: break
            }
            objects.append(object)
        }
        self.templates = templates
        self.programs = programs
        self.needed = needed
        let simulation = Simulation(
            options: SimulationOptions(
                catalogue: try BehaviourCatalogue(yaml: RehearsedCluster.images(programs), place: "the images that were not given out"),
                assumeSecretsExist: snapshot.isUnknown(.secrets), leasePeriod: .seconds(30), admit: Admission.admit))
        cluster = SimulatedCluster(loading: objects, options: TwinOptions(start: now), simulation: simulation)
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

    var missingImages: [String: String] { programs.missingImages }

    /// A template, or a pod, with the annotation that says what its programs do. What stood there is replaced: it is told by the thing
    /// itself, and not seen.
    private static func annotated(_ subject: JSON, _ programs: ObservedPrograms, _ needed: Double?) -> JSON {
        var behaviours: JSON = [:]
        for (list, isInit) in [("initContainers", true), ("containers", false)] {
            for container in subject[at: "spec", list]?.array ?? [] {
                guard let name = container["name"]?.string else { continue }
                behaviours[name] = programs.behaviour(of: container, isInit: isInit, needed: needed).behaviour
            }
        }
        var result = subject
        result[at: "metadata", "annotations", behaviourAnnotation] = .string(behaviours.text(sortedKeys: true))
        return result
    }

    private static func images(_ programs: ObservedPrograms) -> String {
        let images = programs.missingImages.keys.sorted().map { image -> JSON in ["image": .string(image), "pull": "absent"] }
        return (["version": 1, "images": .array(images)] as JSON).text()
    }
}
