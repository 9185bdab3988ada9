import Core
import Kubernetes

/// The objects that a binding gives to its policy as `params` (`ParamKind` and `ParamRef` of admissionregistration.k8s.io/v1).
struct PolicyParameters {
    let request: AdmissionRequest
    let store: ObjectStore

    enum Found {
        /// nil: the policy is evaluated without a parameter.
        case objects([JSON?])
        case misconfiguredPolicy(String)
        case misconfiguredBinding(String)
    }

    func of(_ binding: JSON, policy: JSON) -> Found {
        guard let kind = policy[at: "spec", "paramKind"] else { return .objects([nil]) }
        let (name, version) = (kind["kind"]?.string ?? "", kind["apiVersion"]?.string ?? "")
        guard let resource = request.resources.resource(kind: name, apiVersion: version) else {
            let shown = version.contains("/") ? version : "/\(version)"
            return .misconfiguredPolicy("failed to find resource referenced by paramKind: '\(shown), Kind=\(name)'")
        }
        guard let reference = binding[at: "spec", "paramRef"] else { return .objects([nil]) }
        var namespace = ""
        if resource.type.isNamespaced {
            namespace = reference["namespace"]?.string ?? request.namespace
            if namespace.isEmpty {
                return .misconfiguredBinding("cannot use namespaced paramRef in policy binding that matches cluster-scoped resources")
            }
        } else if reference["namespace"]?.string?.isEmpty == false {
            return .misconfiguredBinding("paramRef.namespace must not be provided for a cluster-scoped `paramKind`")
        }
        let objects: [JSON]
        if let wanted = reference["name"]?.string, !wanted.isEmpty {
            objects = store.get(ObjectKey(type: resource.storage, namespace: namespace, name: wanted)).map { [$0] } ?? []
        } else {
            let selector = Selectors.labelSelector(reference["selector"])
            objects = store.list(resource.storage, namespace: resource.type.isNamespaced ? namespace : nil).filter {
                selector.isEmpty || selector.matches($0[at: "metadata", "labels"]?.stringMap ?? [:])
            }
        }
        if objects.isEmpty, reference["parameterNotFoundAction"] == "Deny" {
            return .misconfiguredBinding("no params found for policy binding with `Deny` parameterNotFoundAction")
        }
        return .objects(objects.map { ServedForm.served($0, resource) })
    }
}
