import Core
import Kubernetes

// The subresource `scale` of whatever has replicas.
extension TwinAPI {
    func scale(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        guard ["get", "update", "patch"].contains(context.verb) else { throw TwinAPI.methodNotAllowed }
        guard let object = state.store.get(context.target.key) else { throw notFound(context) }
        let old = ScaleForm.of(object)
        if context.verb == "get" { return .json(200, old) }
        let isApply = context.verb == "patch" && context.request.headers["content-type"]?.hasPrefix("application/apply-patch+yaml") == true
        let wanted = try isApply ? appliedScale(context, object) : changedScale(context, old)
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
        changed[at: "spec", "replicas"] = JSON(count)
        if isApply {
            changed = ScaleForm.taking(wanted, into: changed, apiVersion: context.resource.groupVersion)
        } else {
            changed = recorded(old: object, new: changed, context)
        }
        changed[at: "metadata", "resourceVersion"] = nil
        try CustomVersion.check(changed, old: object, context.resource, warnings: &context.warnings)
        try AdmissionPolicies.check(
            admission(context, "UPDATE", new: ScaleForm.of(changed), old: old), state.store, warnings: &context.warnings)
        if context.isDryRun {
            var answer = ScaleForm.of(changed)
            answer[at: "metadata", "resourceVersion"] = object[at: "metadata", "resourceVersion"]
            return .json(200, answer)
        }
        return .json(200, ScaleForm.of(try state.store.update(changed, key: key, subresource: .scale, now: context.now)))
    }

    /// The scale that an update or one of the plain patches asks for.
    private func changedScale(_ context: RequestContext, _ old: JSON) throws(APIFailure) -> JSON {
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
            let (kind, version) = (wanted["kind"]?.string ?? "", wanted["apiVersion"]?.string?.split(separator: "/").last ?? "")
            if !kind.isEmpty, kind != "Scale" {
                throw APIFailure.badRequest(
                    "\(kind) in version \"\(version)\" cannot be handled as a Scale: converting (\(version).\(kind)) to (autoscaling.Scale): "
                        + "unknown conversion")
            }
        }
        if let problem = SchemaCheck(wanted, schema: schemas["Scale"]).problem {
            guard context.verb == "patch" else {
                throw APIFailure.badRequest("Scale in version \"v1\" cannot be handled as a Scale: \(problem)")
            }
            throw TwinAPI.undecodable(wanted.text(), problem)
        }
        if wanted[at: "metadata", "name"] == nil { wanted[at: "metadata", "name"] = .string(context.target.name ?? "") }
        try checkPlace(wanted, context)
        return wanted
    }

    /// The scale after an apply, with those who own its replicas.
    private func appliedScale(_ context: RequestContext, _ object: JSON) throws(APIFailure) -> JSON {
        try RequestOptions.check(context.request, kind: "PatchOptions", isApply: true)
        var document = try appliedDocument(context)
        let (version, kind) = (document["apiVersion"]?.string ?? "", document["kind"]?.string ?? "")
        guard version == "autoscaling/v1", kind == "Scale" else { throw TwinAPI.wrongType(version, kind) }
        if document[at: "metadata", "name"] == nil { document[at: "metadata", "name"] = .string(context.target.name ?? "") }
        try checkPlace(document, context)
        let merger = ServerSideApply(schema: schemas["Scale"], apiVersion: "autoscaling/v1", now: context.now)
        if let problem = merger.problem(document) {
            throw APIFailure(
                500, "", "failed to create typed patch object (/\(context.target.name ?? ""); autoscaling/v1, Kind=Scale): \(problem)")
        }
        return try merger.apply(
            document, to: ScaleForm.owned(object), manager: context.request["fieldManager"] ?? "", force: context.request.flag("force"),
            subresource: "scale")
    }
}

/// An object as a `Scale`, and back.
enum ScaleForm {
    static func of(_ object: JSON) -> JSON {
        var metadata: JSON = [:]
        for field in ["name", "namespace", "uid", "resourceVersion", "creationTimestamp"] {
            metadata[field] = object[at: "metadata", field]
        }
        var status: JSON = ["replicas": object[at: "status", "replicas"] ?? 0]
        let selector = Selectors.labelSelector(object[at: "spec", "selector"]).description
        if !selector.isEmpty { status["selector"] = .string(selector) }
        return [
            "kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": metadata,
            "spec": object[at: "spec", "replicas"].map { $0 == 0 ? [:] : ["replicas": $0] } ?? [:], "status": status,
        ]
    }

    private static let replicas: JSON = ["f:spec": ["f:replicas": [:]]]

    /// The scale with the managers of the object's replicas (fieldmanager.ScaleHandler, ToSubresource).
    static func owned(_ object: JSON) -> JSON {
        var scale = of(object)
        scale[at: "metadata", "managedFields"] = .array(
            (object[at: "metadata", "managedFields"]?.array ?? []).compactMap { entry in
                guard entry[at: "fieldsV1", "f:spec", "f:replicas"] != nil else { return nil }
                var entry = entry
                entry["fieldsV1"] = replicas
                return entry
            })
        return scale
    }

    /// The object with the managers of a scale (ToParent).
    static func taking(_ scale: JSON, into object: JSON, apiVersion: String) -> JSON {
        func id(_ entry: JSON) -> [JSON?] { [entry["manager"], entry["operation"], entry["subresource"]] }
        var owners = (scale[at: "metadata", "managedFields"]?.array ?? []).filter { $0[at: "fieldsV1", "f:spec", "f:replicas"] != nil }
        var entries: [JSON] = (object[at: "metadata", "managedFields"]?.array ?? []).compactMap { entry in
            var entry = entry
            if let at = owners.firstIndex(where: { id($0) == id(entry) }) {
                owners.remove(at: at)
                return entry
            }
            entry[at: "fieldsV1", "f:spec", "f:replicas"] = nil
            if entry[at: "fieldsV1", "f:spec"]?.object?.isEmpty == true { entry[at: "fieldsV1", "f:spec"] = nil }
            return entry["fieldsV1"]?.object?.isEmpty == true ? nil : entry
        }
        for var owner in owners {
            owner["apiVersion"] = .string(apiVersion)
            entries.append(owner)
        }
        var object = object
        object[at: "metadata", "managedFields"] = .array(entries)
        return object
    }
}
