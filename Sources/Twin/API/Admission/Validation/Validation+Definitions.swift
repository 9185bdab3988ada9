import Core
import Kubernetes

/// Definitions of custom resources (apiextensions-apiserver pkg/apis/apiextensions/validation).
extension Validation {
    mutating func customResourceDefinition(_ definition: JSON) {
        let spec = definition["spec"] ?? [:]
        let names = spec["names"] ?? [:]
        let (name, plural, group) = (definition[at: "metadata", "name"]?.string ?? "", names[text: "plural"], spec[text: "group"])
        if name != "\(plural).\(group)" {
            invalid("metadata.name", .string(name), "must be spec.names.plural+\".\"+spec.group")
        }
        if group.isEmpty {
            required("spec.group")
        } else if !Names.subdomain(group).isEmpty {
            invalid("spec.group", .string(group), Names.subdomain(group).joined(separator: ","))
        } else if !group.contains(".") {
            invalid("spec.group", .string(group), "should be a domain with at least one dot")
        }
        choice(spec["scope"] ?? "", "spec.scope", ["Cluster", "Namespaced"], isRequired: true)
        versions(spec)
        definedNames(names)
    }

    private mutating func versions(_ spec: JSON) {
        var names: Set<String> = []
        var isUnique = true
        for (at, version) in each(spec["versions"], "spec.versions") {
            let name = version[text: "name"]
            if !names.insert(name).inserted { isUnique = false }
            let mistakes = Names.serviceName(name)
            if !mistakes.isEmpty { invalid("\(at).name", .string(name), mistakes.joined(separator: ",")) }
            if let schema = version[at: "schema", "openAPIV3Schema"] {
                if schema[text: "type"].isEmpty, schema["x-kubernetes-preserve-unknown-fields"]?.bool != true {
                    required("\(at).schema.openAPIV3Schema.type", "must not be empty at the root")
                } else if schema["type"] != "object", schema["type"] != nil {
                    invalid("\(at).schema.openAPIV3Schema.type", schema["type"], "must be object at the root")
                }
                structure(schema, "\(at).schema.openAPIV3Schema")
            } else {
                required("\(at).schema.openAPIV3Schema", "schemas are required")
            }
        }
        if !isUnique { invalid("spec.versions", spec["versions"], "must contain unique version names") }
        if (spec["versions"]?.array ?? []).count(where: { $0["storage"]?.bool == true }) != 1 {
            invalid("spec.versions", spec["versions"] ?? .null, "must have exactly one version marked as storage version")
        }
    }

    /// Every value that is named has a type (apiserver/schema, structural schemas).
    private mutating func structure(_ schema: JSON, _ field: String) {
        for (name, property) in members(schema["properties"]) {
            typed(property, "\(field).properties[\(name)]", "must not be empty for specified object fields")
        }
        if let items = schema["items"] { typed(items, "\(field).items", "must not be empty for specified array items") }
        if let rest = schema["additionalProperties"], rest.object != nil {
            typed(rest, "\(field).additionalProperties", "must not be empty for specified object fields")
        }
    }

    private mutating func typed(_ schema: JSON, _ field: String, _ why: String) {
        let isOpen = ["x-kubernetes-int-or-string", "x-kubernetes-preserve-unknown-fields"].contains { schema[$0]?.bool == true }
        if schema[text: "type"].isEmpty, !isOpen { required("\(field).type", why) }
        structure(schema, field)
    }

    private mutating func definedNames(_ names: JSON) {
        for member in ["plural", "singular"] where names[member] != nil {
            for mistake in names[text: member].isEmpty ? [] : Names.serviceName(names[text: member]) {
                invalid("spec.names.\(member)", .string(names[text: member]), mistake)
            }
        }
        for member in ["kind", "listKind"] where !names[text: member].isEmpty {
            for mistake in Names.serviceName(names[text: member].lowercased()) {
                invalid(
                    "spec.names.\(member)", .string(names[text: member]), "may have mixed case, but should otherwise match: \(mistake)")
            }
        }
        for (at, name) in each(names["shortNames"], "spec.names.shortNames") { form(name.string ?? "", at, Names.serviceName) }
        for member in ["plural", "kind"] where names[text: member].isEmpty { required("spec.names.\(member)") }
    }
}
