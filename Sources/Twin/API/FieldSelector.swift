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
            terms.append(Term(path: field.split(separator: ".").map(String.init), value: String(value), isEqual: !negated))
        }
        self.terms = terms
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
                    term.path == ["source"]
                    ? object[at: "source", "component"]?.string ?? "" : term.path == ["spec", "unschedulable"] ? "false" : ""
            }
            return (found == term.value) == term.isEqual
        }
    }

    /// Whether a kind can be selected by more than name and namespace, which is asked for in another way.
    private static func hasOwnFields(_ type: ResourceType) -> Bool {
        ["pods", "events", "nodes", "namespaces", "secrets", "replicasets", "replicationcontrollers", "jobs", "services"].contains(
            type.plural)
    }

    private static func isKnown(_ field: String, _ type: ResourceType) -> Bool {
        if field == "metadata.name" || field == "metadata.namespace" { return true }
        return switch type.plural {
        case "pods":
            [
                "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase",
                "status.podIP", "status.nominatedNodeName",
            ].contains(field)
        case "events":
            field.hasPrefix("involvedObject.") || field.hasPrefix("regarding.")
                || ["reason", "reportingComponent", "source", "type"].contains(field)
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
