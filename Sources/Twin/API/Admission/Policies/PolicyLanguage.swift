import CEL
import Core

/// What expressions of admission policies may name (kubernetes.io "Validating Admission Policy", "Validation Expression"), and what they may
/// cost.
enum PolicyLanguage {
    /// What one expression may cost, in cel-go's units.
    static let callLimit = 1_000_000
    /// What all expressions of one policy may cost for one request.
    static let budget = 10_000_000

    static let outOfBudget = "validation failed due to running out of cost budget, no further validation rules will be run"

    /// The environment of a policy's expressions. `composed` are the policy's own variables so far; nil where there is no `variables`.
    static func environment(hasParams: Bool, hasAuthorizer: Bool, composed: [String: ValueType]?) -> CEL.Environment {
        var environment = hasAuthorizer ? withAuthorizer : plain
        if hasParams { environment.variables["params"] = .dyn }
        guard let composed else { return environment }
        environment.variables["variables"] = .object(ObjectType(name: "kubernetes.variables", fields: composed))
        for (name, type) in composed { environment.variables["variables.\(name)"] = type }
        return environment
    }

    private static let plain = CEL.Environment(variables: variables)
    private static let withAuthorizer = CEL.Environment(
        variables: variables.merging(AuthorizerLibrary.variables) { $1 }, functions: AuthorizerLibrary.overloads)

    private static let variables: [String: ValueType] = [
        "object": .dyn, "oldObject": .dyn, "request": .object(request), "namespaceObject": .object(namespace),
    ]

    private static let kind = ValueType.object(
        ObjectType(name: "kubernetes.GroupVersionKind", fields: ["group": .string, "version": .string, "kind": .string]))
    private static let resource = ValueType.object(
        ObjectType(name: "kubernetes.GroupVersionResource", fields: ["group": .string, "version": .string, "resource": .string]))
    private static let user = ValueType.object(
        ObjectType(
            name: "kubernetes.UserInfo",
            fields: ["username": .string, "uid": .string, "groups": .list(.string), "extra": .map(.string, .list(.string))]))
    private static let request = ObjectType(
        name: "kubernetes.AdmissionRequest",
        fields: [
            "kind": kind, "resource": resource, "subResource": .string, "requestKind": kind, "requestResource": resource,
            "requestSubResource": .string, "name": .string, "namespace": .string, "operation": .string, "userInfo": user, "dryRun": .bool,
            "options": .dyn,
        ])
    private static let labels = ValueType.map(.string, .string)
    private static let namespace = ObjectType(
        name: "kubernetes.Namespace",
        fields: [
            "metadata": .object(
                ObjectType(
                    name: "kubernetes.NamespaceMetadata",
                    fields: [
                        "name": .string, "generateName": .string, "namespace": .string, "labels": labels, "annotations": labels,
                        "UID": .string, "creationTimestamp": .timestamp, "deletionGracePeriodSeconds": .int,
                        "deletionTimestamp": .timestamp, "generation": .int, "resourceVersion": .string, "finalizers": .list(.string),
                    ])),
            "spec": .object(ObjectType(name: "kubernetes.NamespaceSpec", fields: ["finalizers": .list(.string)])),
            "status": .object(
                ObjectType(name: "kubernetes.NamespaceStatus", fields: ["conditions": .list(.dyn), "phase": .string])),
        ])
}

/// An expression of a policy: the program, or why there is none.
struct PolicyExpression: Sendable {
    let text: String
    let program: Result<Program, Problem>

    struct Problem: Error { let detail: String }

    /// `results`: what it may evaluate to; empty for anything.
    init(_ text: String, _ environment: CEL.Environment, results: [ValueType]) {
        self.text = text
        do throws(CompileError) {
            let program = try Program(text, environment)
            if results.isEmpty || results.contains(program.resultType) {
                self.program = .success(program)
            } else {
                let wanted = results.count == 1 ? "\(results[0])" : "one of [\(results.map(\.description).joined(separator: " "))]"
                self.program = .failure(Problem(detail: "must evaluate to \(wanted) but got \(program.resultType)"))
            }
        } catch {
            program = .failure(Problem(detail: "compilation failed: \(error.description)"))
        }
    }

    /// `dyn` where there is no program, or its type is too deep to go on with.
    var resultType: ValueType {
        if case .success(let program) = program, program.resultType.depth <= 50 { program.resultType } else { .dyn }
    }
}
