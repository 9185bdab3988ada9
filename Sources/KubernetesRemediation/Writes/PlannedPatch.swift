package import Core
package import Kubernetes
package import Remediation

/// The forms that a step's `patch` and `inverse` have on Kubernetes: `{"merge": …}`, `{"strategic": …}`, or a reference to a revision
/// whose template is put in place, `{"revision": 6, "templateHash": …}`.
package enum PlannedPatch {
    /// What is sent: the patch with the annotation, and uid and version of `seen` as preconditions. A version that is no longer the
    /// newest makes the server answer 409 for each of the forms.
    /// - Throws: ``MartletError`` `.refused` when the revision is gone, `.invalid` for a form that is none of these.
    package static func resolve(_ patch: JSON, on seen: ObservedTarget, annotation: String?) throws(MartletError) -> Patch {
        if let body = patch["merge"] { return .merge(complete(body, seen, annotation)) }
        if let body = patch["strategic"] { return .strategic(complete(body, seen, annotation)) }
        guard let reference = TemplateReference(json: patch) else {
            throw MartletError(.invalid, "the plan for \(seen.path.shortDescription) holds a patch of unknown form")
        }
        guard let template = reference.template(among: seen.related["ReplicaSet"] ?? []) else {
            throw MartletError(
                .refused, "revision \(reference.revision) of \(seen.path.shortDescription) is gone",
                fix: "roll out a good version by your usual way; raise spec.revisionHistoryLimit to keep more revisions")
        }
        var operations: [JSON] = [
            ["op": "add", "path": "/metadata/uid", "value": .string(seen.uid)],
            ["op": "add", "path": "/metadata/resourceVersion", "value": .string(seen.resourceVersion)],
            ["op": "replace", "path": "/spec/template", "value": template],
        ]
        if let annotation {
            if seen.object[at: "metadata", "annotations"]?.object == nil {
                operations.append(["op": "add", "path": "/metadata/annotations", "value": [:]])
            }
            let name = ObservedTarget.operationAnnotation.replacing("/", with: "~1")
            operations.append(["op": "add", "path": .string("/metadata/annotations/\(name)"), "value": .string(annotation)])
        }
        return .json(.array(operations))
    }

    private static func complete(_ body: JSON, _ seen: ObservedTarget, _ annotation: String?) -> JSON {
        var body = body
        body[at: "metadata", "uid"] = .string(seen.uid)
        body[at: "metadata", "resourceVersion"] = .string(seen.resourceVersion)
        if let annotation { body[at: "metadata", "annotations", ObservedTarget.operationAnnotation] = .string(annotation) }
        return body
    }

    /// The parts of a workload that a patch reads or touches: always its pod template, and the fields of `spec` it sets.
    package static func parts(of patch: JSON) -> [[String]] {
        let spec = (patch["merge"] ?? patch["strategic"])?["spec"]?.object?.keys ?? []
        return [["spec", "template"]] + spec.filter { $0 != "template" }.map { ["spec", $0] }
    }
}
