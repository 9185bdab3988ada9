import Core
import Kubernetes
import Twin

/// Objects of a cluster, with what their programs were last seen to do written into them as the twin reads it: what a simulated cluster
/// goes on from.
struct SeenObjects {
    static let behaviourAnnotation = "twin.martlet/behaviour"

    private(set) var objects: [JSON] = []
    /// Hashes of the templates as they came → the same templates with behaviours.
    private(set) var templates: [String: JSON] = [:]
    let programs: ObservedPrograms
    /// The images that were not given out.
    let catalogue: BehaviourCatalogue

    /// - Parameters:
    ///   - remembered: programs that were seen to work before.
    ///   - needed: bytes that a killed program is known to need.
    ///   - keepsStated: whether a behaviour that an object states by its annotation stays; else it is replaced by what was seen.
    init(
        _ given: [JSON], podMetrics: [JSON], remembered: [SeenProgram] = [], at now: Timestamp, needed: Double? = nil,
        keepsStated: Bool = false
    ) throws(MartletError) {
        let programs = ObservedPrograms(
            pods: given.filter { $0["kind"] == "Pod" }, replicaSets: given.filter { $0["kind"] == "ReplicaSet" }, metrics: podMetrics,
            remembered: remembered, at: now)
        self.programs = programs
        // What is no reference names nothing that a registry could hold; the kubelet refuses it by itself.
        let images = programs.missingImages.sorted().filter { (try? ImageReference($0)) != nil }
            .map { image -> JSON in ["image": .string(image), "pull": "absent"] }
        catalogue = try BehaviourCatalogue(
            yaml: (["version": 1, "images": .array(images)] as JSON).text(), place: "the images that were not given out")
        for var object in given {
            if let path = SeenObjects.template(object["kind"]?.string ?? ""), let template = object[path: path[...]] {
                let annotated = SeenObjects.annotated(template, programs, needed, keepsStated)
                object[path: path[...]] = annotated
                templates[TemplateReference.hash(template)] = TemplateReference.plain(annotated)
            } else if object["kind"] == "Pod" {
                object = SeenObjects.annotated(object, programs, needed, keepsStated)
            }
            objects.append(object)
        }
    }

    /// Where objects of a kind hold the template of their pods.
    private static func template(_ kind: String) -> [String]? {
        switch kind {
        case "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "Job": ["spec", "template"]
        case "CronJob": ["spec", "jobTemplate", "spec", "template"]
        case "ControllerRevision": ["data", "spec", "template"]
        default: nil
        }
    }

    /// A template, or a pod, with the annotation that says what its programs do.
    private static func annotated(_ subject: JSON, _ programs: ObservedPrograms, _ needed: Double?, _ keepsStated: Bool) -> JSON {
        if keepsStated, subject[at: "metadata", "annotations", behaviourAnnotation] != nil { return subject }
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
}
