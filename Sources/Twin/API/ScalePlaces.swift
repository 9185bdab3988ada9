import Core
import Kubernetes

/// Where the numbers of a scale stand in an object: the paths of a definition, or those of all built-in kinds.
struct ScalePlaces {
    var spec = ["spec", "replicas"]
    var status = ["status", "replicas"]
    /// Of a custom kind, where it writes its selector as text; nil: built-in kinds have an object.
    var selector: [String]?
    let isCustom: Bool

    init(_ version: CustomVersion?) {
        isCustom = version != nil
        guard let scale = version?.scale else { return }
        spec = SimplePath(scale.spec).members ?? spec
        status = SimplePath(scale.status).members ?? status
        selector = scale.selector.flatMap { SimplePath($0).members }
    }

    /// Nothing stands where the definition says that replicas are.
    var missing: APIFailure {
        let text = "the spec replicas field \(JSON.string("." + spec.joined(separator: ".")).text()) does not exist"
        return APIFailure(500, "InternalError", "Internal error occurred: \(text)", causes: [.init(reason: "", message: text)])
    }

    func scale(of object: JSON) -> JSON {
        var metadata: JSON = [:]
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object[at: "metadata", field]
        }
        var status: JSON = ["replicas": object[path: self.status[...]] ?? 0]
        let text =
            isCustom
            ? selector.flatMap { object[path: $0[...]]?.string } ?? "" : Selectors.labelSelector(object[at: "spec", "selector"]).description
        if !text.isEmpty { status["selector"] = .string(text) }
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
            "spec": object[path: spec[...]].map { $0 == 0 ? [:] : ["replicas": $0] } ?? [:], "status": status,
        ]
    }
}
