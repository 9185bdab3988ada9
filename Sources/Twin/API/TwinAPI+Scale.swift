import Core
import Kubernetes

// The subresource `scale` of whatever has replicas.
extension TwinAPI {
    func scale(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        guard ["get", "update", "patch"].contains(context.verb) else { throw TwinAPI.methodNotAllowed }
        guard let object = state.store.get(context.target.key) else { throw notFound(context) }
        let places = ScalePlaces(context.resource.custom)
        func scale(of object: JSON) -> JSON { places.scale(of: object) }
        if context.verb == "get" {
            if context.resource.custom != nil, object[path: places.spec[...]] == nil { throw places.missing }
            return .json(200, scale(of: object))
        }
        let old = scale(of: object)
        var wanted: JSON
        if context.verb == "patch" {
            let document = try JSON(requestBody: context.request.body, allowsYAML: false)
            if context.request.headers["content-type"]?.hasPrefix("application/json-patch+json") == true {
                guard let patched = try? JSONPatch(document).apply(to: old) else {
                    throw APIFailure(422, "Invalid", "the server rejected our request due to an error in our request", hasDetails: true)
                }
                wanted = patched
            } else {
                wanted = old.merging(patch: document)
            }
        } else {
            wanted = try JSON(requestBody: context.request.body, allowsYAML: true)
        }
        if let problem = SchemaCheck(wanted, schema: schemas["Scale"]).problem {
            guard context.verb == "patch" else {
                throw APIFailure.badRequest("Scale in version \"v1\" cannot be handled as a Scale: \(problem)")
            }
            throw TwinAPI.undecodable(wanted.text(), problem)
        }
        if wanted[at: "metadata", "name"] == nil { wanted[at: "metadata", "name"] = .string(context.target.name ?? "") }
        try checkPlace(wanted, context)
        let key = context.target.key
        if let version = wanted[at: "metadata", "resourceVersion"]?.string, !version.isEmpty,
            version != object[at: "metadata", "resourceVersion"]?.string
        {
            throw APIFailure.conflict(key)
        }
        let replicas = wanted[at: "spec", "replicas"] ?? 0
        guard let count = replicas.int, count >= 0 else {
            throw APIFailure(
                422, "Invalid",
                "Scale.autoscaling \"\(key.name)\" is invalid: spec.replicas: Invalid value: \(replicas.text()): must be greater than or equal to 0",
                name: key.name, group: "autoscaling", kind: "Scale",
                causes: [
                    .init(
                        reason: "FieldValueInvalid", message: "Invalid value: \(replicas.text()): must be greater than or equal to 0",
                        field: "spec.replicas")
                ])
        }
        var changed = object
        changed[path: places.spec[...]] = JSON(count)
        changed = recorded(old: object, new: changed, context)
        changed[at: "metadata", "resourceVersion"] = nil
        try AdmissionPolicies.check(
            admission(context, "UPDATE", new: scale(of: changed), old: old), state.store, warnings: &context.warnings)
        if context.isDryRun {
            var answer = scale(of: changed)
            answer[at: "metadata", "resourceVersion"] = object[at: "metadata", "resourceVersion"]
            return .json(200, answer)
        }
        return .json(200, scale(of: try state.store.update(changed, key: key, subresource: .scale, now: context.now)))
    }
}

/// Where the numbers of a scale stand in an object: the paths of a definition, or those of all built-in kinds.
private struct ScalePlaces {
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
