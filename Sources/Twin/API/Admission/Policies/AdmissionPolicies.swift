import CEL
import Core
import Kubernetes

/// Judges writes by the policies of the store (kubernetes.io "Validating Admission Policy"; messages of apiserver
/// pkg/admission/plugin/policy/validating of Kubernetes v1.36). Failures to be audited go nowhere: the twin keeps no audit log.
enum AdmissionPolicies {
    private static func type(_ plural: String, _ kind: String) -> ResourceType {
        ResourceType(group: "admissionregistration.k8s.io", version: "v1", plural: plural, kind: kind, isNamespaced: false)
    }

    static let policies = type("validatingadmissionpolicies", "ValidatingAdmissionPolicy")
    static let bindings = type("validatingadmissionpolicybindings", "ValidatingAdmissionPolicyBinding")

    /// Throws the first denial, and adds a warning for each failure that is only to be warned of.
    static func check(_ request: AdmissionRequest, _ store: ObjectStore, warnings: inout [String]) throws(APIFailure) {
        // Who could forbid the change of policies could not be got rid of.
        guard request.resource.type.group != policies.group, store.count(policies) > 0 else { return }
        var refusal: APIFailure?
        for policy in store.list(policies, namespace: nil) {
            let name = policy[at: "metadata", "name"]?.string ?? ""
            let bound = store.list(bindings, namespace: nil).filter { $0[at: "spec", "policyName"]?.string == name }
            let match = ResourceMatch(request: request, store: store)
            guard !bound.isEmpty, let version = match.version(in: policy[at: "spec", "matchConstraints"]) else { continue }
            for binding in bound where match.version(in: binding[at: "spec", "matchResources"]) != nil {
                let actions = (binding[at: "spec", "validationActions"]?.array ?? []).compactMap(\.string)
                let bindingName = binding[at: "metadata", "name"]?.string ?? ""
                let by = "ValidatingAdmissionPolicy '\(name)' with binding '\(bindingName)'"
                switch denials(of: policy, binding, version, request, store) {
                case .judged(let denials):
                    for denial in denials {
                        if actions.contains("Deny") { refusal = refusal ?? failure(denial, by, request) }
                        if actions.contains("Warn") { warnings.append("Validation failed for \(by): \(denial.message)") }
                    }
                case .misconfigured(let message, let isBinding) where policy[at: "spec", "failurePolicy"] != "Ignore":
                    let by = isBinding ? by : "ValidatingAdmissionPolicy '\(name)'"
                    refusal = refusal ?? failure(.init(message: message), by, request)
                case .misconfigured: break
                }
            }
        }
        if let refusal { throw refusal }
    }

    private enum Judgement {
        case judged([PolicyEvaluation.Denial])
        case misconfigured(String, isBinding: Bool)
    }

    private static func denials(
        of policy: JSON, _ binding: JSON, _ version: APIResource, _ request: AdmissionRequest, _ store: ObjectStore
    ) -> Judgement {
        switch PolicyParameters(request: request, store: store).of(binding, policy: policy) {
        case .misconfiguredPolicy(let why): return .misconfigured("failed to configure policy: \(why)", isBinding: false)
        case .misconfiguredBinding(let why): return .misconfigured("failed to configure binding: \(why)", isBinding: true)
        case .objects(let objects):
            let values = values(request, version, store)
            return .judged(
                objects.flatMap { object in
                    var evaluation = PolicyEvaluation(policy, values: values.merging(["params": Value(object ?? .null)]) { $1 })
                    return evaluation.denials()
                })
        }
    }

    private static func values(_ request: AdmissionRequest, _ version: APIResource, _ store: ObjectStore) -> [String: Value] {
        func shown(_ object: JSON?) -> Value {
            guard let object else { return .null }
            return Value(request.subresource == "scale" ? object : ServedForm.served(object, version))
        }
        var namespace: JSON = .null
        if request.resource.type.isNamespaced,
            let home = store.get(ObjectKey(type: .namespaces, namespace: "", name: request.namespace))
        {
            namespace = ["metadata": home["metadata"] ?? [:], "spec": home["spec"] ?? [:], "status": home["status"] ?? [:]]
            namespace[at: "metadata", "managedFields"] = nil
            namespace[at: "metadata", "ownerReferences"] = nil
        }
        return [
            "object": shown(request.object), "oldObject": shown(request.oldObject), "request": Value(request.document(as: version)),
            "namespaceObject": Value(namespace),
        ].merging(AuthorizerLibrary.values(request, store)) { $1 }
    }

    private static let codes = ["Forbidden": 403, "Unauthorized": 401, "RequestEntityTooLarge": 413]

    private static func failure(_ denial: PolicyEvaluation.Denial, _ by: String, _ request: AdmissionRequest) -> APIFailure {
        let message = "\(by) denied request: \(denial.message)"
        var failure = APIFailure.forbidden(request.key, message)
        failure.reason = denial.reason
        failure.code = codes[denial.reason] ?? 422
        failure.causes = [.init(reason: "", message: message)]
        return failure
    }
}
