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
        // What all versions have alike, the server's own form has once.
        let versions = spec["versions"]?.array ?? []
        if let shared = Validation.shared(versions, "additionalPrinterColumns") { columns(shared, "spec.additionalPrinterColumns") }
        if let shared = Validation.shared(versions, "schema") {
            definedSchema(shared["openAPIV3Schema"], "spec.validation.openAPIV3Schema")
        }
        if let shared = Validation.shared(versions, "subresources") { subresources(shared, "spec.subresources") }
        conversion(spec["conversion"])
        if spec["preserveUnknownFields"]?.bool == true {
            invalid(
                "spec.preserveUnknownFields", true,
                "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead")
        }
        storedVersions(definition, versions)
        let approval = "api-approved.kubernetes.io"
        let isProtected = ["k8s.io", "kubernetes.io"].contains { group == $0 || group.hasSuffix("." + $0) }
        if isProtected, definition[at: "metadata", "annotations", approval]?.string?.isEmpty ?? true {
            required(
                "metadata.annotations[\(approval)]",
                "protected groups must have approval annotation \"\(approval)\", see https://github.com/kubernetes/enhancements/pull/1111")
        }
    }

    /// The member that all versions have alike (Convert_v1_CustomResourceDefinitionSpec_To_apiextensions_CustomResourceDefinitionSpec).
    private static func shared(_ versions: [JSON], _ member: String) -> JSON? {
        guard let first = versions.first?[member], versions.allSatisfy({ $0[member] == first }) else { return nil }
        return first
    }

    private mutating func versions(_ spec: JSON) {
        let list = spec["versions"]?.array ?? []
        for (at, version) in each(spec["versions"], "spec.versions") where version[at: "schema", "openAPIV3Schema"] == nil {
            required("\(at).schema.openAPIV3Schema", "schemas are required")
        }
        var names: Set<String> = []
        var isUnique = true
        for (at, version) in each(spec["versions"], "spec.versions") {
            let name = version[text: "name"]
            if !names.insert(name).inserted { isUnique = false }
            let mistakes = Names.serviceName(name)
            if !mistakes.isEmpty { invalid("\(at).name", .string(name), mistakes.joined(separator: ",")) }
            if Validation.shared(list, "schema") == nil, let schema = version[at: "schema", "openAPIV3Schema"] {
                definedSchema(schema, "\(at).schema.openAPIV3Schema")
            }
            if Validation.shared(list, "subresources") == nil { subresources(version["subresources"], "\(at).subresources") }
            if Validation.shared(list, "additionalPrinterColumns") == nil {
                columns(version["additionalPrinterColumns"], "\(at).additionalPrinterColumns")
            }
        }
        if !isUnique { invalid("spec.versions", Validation.goVersions(list), "must contain unique version names") }
        if list.count(where: { $0["storage"]?.bool == true }) != 1 {
            invalid("spec.versions", Validation.goVersions(list), "must have exactly one version marked as storage version")
        }
    }

    /// The versions as the server's own form has them, whose members have Go's names.
    private static func goVersions(_ versions: [JSON]) -> JSON {
        func own(_ version: JSON, _ member: String) -> JSON { shared(versions, member) == nil ? version[member] ?? .null : .null }
        return .array(
            versions.map { version in
                [
                    "Name": version["name"] ?? "", "Served": version["served"] ?? false, "Storage": version["storage"] ?? false,
                    "Deprecated": version["deprecated"] ?? false, "DeprecationWarning": version["deprecationWarning"] ?? .null,
                    "Schema": own(version, "schema"), "Subresources": own(version, "subresources"),
                    "AdditionalPrinterColumns": own(version, "additionalPrinterColumns"),
                    "SelectableFields": own(version, "selectableFields"),
                ]
            })
    }

    /// Objects may lie in every version that was ever stored.
    private mutating func storedVersions(_ definition: JSON, _ versions: [JSON]) {
        let field = "status.storedVersions"
        let names = Set(versions.map { $0[text: "name"] })
        guard let old else {
            if !versions.contains(where: { $0["storage"]?.bool == true }) {
                invalid(field, [], "must have at least one stored version")
            }
            return
        }
        for (at, stored) in each(old[at: "status", "storedVersions"], field) where !names.contains(stored.string ?? "") {
            let name = stored.string ?? ""
            invalid(
                at, stored,
                "missing from spec.versions; \(name) was previously a storage version, and must remain in spec.versions until a storage "
                    + "migration ensures no data remains persisted in \(name) and removes \(name) from status.storedVersions")
        }
    }

    private mutating func conversion(_ conversion: JSON?) {
        let field = "spec.conversion"
        switch conversion?["strategy"]?.string {
        case "Webhook":
            if conversion?[at: "webhook", "clientConfig"] == nil {
                required("\(field).webhookClientConfig", "required when strategy is set to Webhook")
            }
            if conversion?[at: "webhook", "conversionReviewVersions"]?.array?.isEmpty ?? true {
                required("\(field).conversionReviewVersions")
            }
        case "None":
            if conversion?[at: "webhook", "clientConfig"] != nil {
                forbidden("\(field).webhookClientConfig", "should not be set when strategy is not set to Webhook")
            }
        case let strategy?: unsupported("\(field).strategy", .string(strategy), ["None", "Webhook"])
        case nil: break
        }
    }

    private mutating func columns(_ columns: JSON?, _ field: String) {
        let types = ["boolean", "date", "integer", "number", "string"]
        for (at, column) in each(columns, field) {
            if column[text: "name"].isEmpty { required("\(at).name") }
            if column[text: "type"].isEmpty {
                required("\(at).type", "must be one of \(types.joined(separator: ","))")
            } else {
                choice(column["type"], "\(at).type", types)
            }
            if column[text: "jsonPath"].isEmpty {
                required("\(at).JSONPath")
            } else if !column[text: "jsonPath"].hasPrefix(".") {
                invalid("\(at).JSONPath", column["jsonPath"], "must be a simple json path starting with .")
            }
        }
    }

    private mutating func subresources(_ subresources: JSON?, _ field: String) {
        guard let scale = subresources?["scale"], !scale.isNull else { return }
        for (member, root) in [("specReplicasPath", "spec"), ("statusReplicasPath", "status")] {
            let path = scale[text: member]
            if path.isEmpty {
                required("\(field).scale.\(member)")
            } else if !path.hasPrefix(".\(root).") {
                invalid("\(field).scale.\(member)", .string(path), "should be a json path under .\(root)")
            }
        }
        if let path = scale["labelSelectorPath"]?.string, !path.isEmpty, !path.hasPrefix(".spec."), !path.hasPrefix(".status.") {
            invalid("\(field).scale.labelSelectorPath", .string(path), "should be a json path under either .status or .spec")
        }
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
