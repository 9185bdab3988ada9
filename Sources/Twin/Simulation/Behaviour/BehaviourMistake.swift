import Core
import Documents
import Kubernetes

/// What is wrong with the annotation `twin.martlet/behaviour`, which is then passed over as a whole.
enum BehaviourMistake {
    /// Of a pod, or of the template of a workload; nil where nothing is wrong, or nothing is said.
    static func find(in object: JSON) -> String? {
        let template = object[at: "spec", "template"] ?? object[at: "spec", "jobTemplate", "spec", "template"] ?? object
        guard let text = template[at: "metadata", "annotations", PodWorker.behaviourAnnotation]?.string else { return nil }
        let place = "annotation \(PodWorker.behaviourAnnotation)"
        let names = ["initContainers", "containers", "ephemeralContainers"].flatMap { list in
            (template[at: "spec", list]?.array ?? []).compactMap { $0["name"]?.string }
        }
        do throws(MartletError) {
            let stranger = try BehaviourReader.annotation(text, place: place).keys.sorted().first { !names.contains($0) }
            return stranger.map { "\(place): there is no container \"\($0.terminalSafe)\"\(Nearest.hint($0, among: names))" }
        } catch {
            return error.message
        }
    }
}
