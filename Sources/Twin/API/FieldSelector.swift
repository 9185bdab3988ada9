import Core
import Kubernetes

/// `status.phase=Running,spec.nodeName!=`: compares fields by their text.
struct FieldSelector: Sendable {
    private struct Term { let path: [String]; let value: String; let isEqual: Bool }

    private let terms: [Term]

    init(_ text: String, type: ResourceType) throws(APIFailure) {
        var terms: [Term] = []
        for part in text.split(separator: ",") {
            guard let at = part.firstIndex(of: "=") else {
                throw APIFailure.badRequest("invalid selector: '\(text)'; can't understand '\(part)'")
            }
            let negated = part[..<at].hasSuffix("!")
            let field = String(part[..<at].dropLast(negated ? 1 : 0))
            var value = part[part.index(after: at)...]
            if !negated, value.hasPrefix("=") { value = value.dropFirst() }
            guard FieldSelector.isKnown(field, type) else {
                throw APIFailure.badRequest(
                    FieldSelector.hasOwnFields(type)
                        ? "field label not supported: \(field)"
                        : "\"\(field)\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"")
            }
            let path = FieldSelector.stored(field, type)
            terms.append(Term(path: path.split(separator: ".").map(String.init), value: String(value), isEqual: !negated))
        }
        self.terms = terms
    }

    /// The name that a selector asks for, and no other; nil where it asks for none.
    static func name(in text: String) -> String? {
        for part in text.split(separator: ",") where part.hasPrefix("metadata.name=") {
            let value = part.dropFirst("metadata.name=".count).drop { $0 == "=" }
            if !value.isEmpty, Names.pathSegment(String(value)).isEmpty { return String(value) }
        }
        return nil
    }

    func matches(_ object: JSON) -> Bool {
        terms.allSatisfy { term in
            let found: String
            switch object[path: term.path[...]] {
            case .string(let text)?: found = text
            case .bool(let flag)?: found = flag ? "true" : "false"
            case .integer(let number)?: found = String(number)
            default:
                // `source` selects the component of an event.
                found =
                    switch term.path {
                    case ["source"]: object[at: "source", "component"]?.string ?? ""
                    case ["spec", "unschedulable"]: "false"
                    case ["status", "succeeded"]: "0"
                    default: ""
                    }
            }
            return (found == term.value) == term.isEqual
        }
    }

    /// The name of a field in the stored object.
    private static func stored(_ field: String, _ type: ResourceType) -> String {
        switch (type.group, type.plural) {
        case ("events.k8s.io", "events"):
            field == "reportingController"
                ? "reportingComponent" : field.replacing("regarding.", with: "involvedObject.", maxReplacements: 1)
        case ("batch", "jobs"): field == "status.successful" ? "status.succeeded" : field
        default: field
        }
    }

    private static let references = ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"]

    /// Whether a kind can be selected by more than name and namespace, which is asked for in another way.
    private static func hasOwnFields(_ type: ResourceType) -> Bool {
        [
            "pods", "events", "nodes", "namespaces", "secrets", "replicasets", "replicationcontrollers", "jobs", "services",
            "certificatesigningrequests",
        ].contains(type.plural)
    }

    private static func isKnown(_ field: String, _ type: ResourceType) -> Bool {
        if field == "metadata.name" || field == "metadata.namespace" { return true }
        return switch type.plural {
        case "pods":
            [
                "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase",
                "status.podIP", "status.nominatedNodeName",
            ].contains(field)
        case "events" where type.group == "events.k8s.io":
            references.contains { field == "regarding.\($0)" } || ["reason", "reportingController", "type"].contains(field)
        case "events":
            references.contains { field == "involvedObject.\($0)" } || ["reason", "reportingComponent", "source", "type"].contains(field)
        case "certificatesigningrequests": field == "spec.signerName"
        case "nodes": field == "spec.unschedulable"
        case "namespaces": field == "status.phase"
        case "secrets": field == "type"
        case "replicasets", "replicationcontrollers": field == "status.replicas"
        case "jobs": field == "status.successful"
        case "services": field == "spec.clusterIP" || field == "spec.type"
        default: false
        }
    }
}
