import Core
import Kubernetes

/// What a CustomResourceDefinition says of one of its versions.
struct CustomVersion: Sendable {
    /// nil: anything is let in and nothing is pruned.
    let schema: StructuralSchema?
    let hasStatus: Bool
    /// Paths of `spec.replicas`, `status.replicas` and the selector; nil without a scale subresource.
    let scale: (spec: String, status: String, selector: String?)?
    let columns: [JSON]

    /// Throws what the schema finds wrong with an object; `old` is what it was before.
    static func check(_ object: JSON, old: JSON?, _ resource: APIResource, warnings: inout [String]) throws(APIFailure) {
        guard let findings = resource.custom?.schema?.findings(object, old: old) else { return }
        warnings += findings.warnings
        if findings.causes.isEmpty { return }
        throw APIFailure.invalid(resource.type, name: object[at: "metadata", "name"]?.string ?? "", causes: findings.causes)
    }
}

extension APIResources {
    /// These resources and those that the definitions in a store add.
    func adding(definitions: [JSON]) -> APIResources {
        var result = self
        for definition in definitions where definition[at: "spec", "group"]?.string != nil {
            for resource in APIResources.custom(definition)
            where result[resource.type.group, resource.type.version, resource.type.plural] == nil {
                result.append(resource)
            }
        }
        return result
    }

    /// The resources that one definition serves, one for each version.
    static func custom(_ definition: JSON) -> [APIResource] {
        let spec = definition["spec"]
        let versions = spec?["versions"]?.array ?? []
        guard let group = spec?["group"]?.string, let plural = spec?[at: "names", "plural"]?.string,
            let kind = spec?[at: "names", "kind"]?.string,
            let stored = versions.first(where: { $0["storage"]?.bool == true })?["name"]?.string
        else { return [] }
        func type(_ version: String) -> ResourceType {
            ResourceType(group: group, version: version, plural: plural, kind: kind, isNamespaced: spec?["scope"] == "Namespaced")
        }
        let names = spec?["names"]
        return versions.filter { $0["served"]?.bool == true }.compactMap { version -> APIResource? in
            guard let name = version["name"]?.string else { return nil }
            let sub = version["subresources"]
            var subresources: [APIResource.Subresource] = []
            if sub?["status"] != nil {
                subresources.append(.init(name: "status", group: group, version: name, kind: kind, verbs: ["get", "patch", "update"]))
            }
            if sub?["scale"] != nil {
                subresources.append(
                    .init(name: "scale", group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"]))
            }
            let scale = sub?["scale"].map {
                (
                    $0["specReplicasPath"]?.string ?? ".spec.replicas", $0["statusReplicasPath"]?.string ?? ".status.replicas",
                    $0["labelSelectorPath"]?.string
                )
            }
            return APIResource(
                type: type(name), storage: type(stored), singular: names?["singular"]?.string ?? kind.lowercased(),
                shortNames: (names?["shortNames"]?.array ?? []).compactMap(\.string),
                categories: (names?["categories"]?.array ?? []).compactMap(\.string),
                verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"], subresources: subresources,
                custom: CustomVersion(
                    schema: version[at: "schema", "openAPIV3Schema"].map { StructuralSchema($0) }, hasStatus: sub?["status"] != nil,
                    scale: scale, columns: version["additionalPrinterColumns"]?.array ?? []))
        }
    }
}

/// The life of a definition: what the API server itself writes into it.
enum DefinitionStatus {
    /// Defaults of a new or changed definition (apiextensions/v1 defaults.go).
    static func withDefaults(_ definition: JSON) -> JSON {
        var out = definition
        let kind = out[at: "spec", "names", "kind"]?.string ?? ""
        if out[at: "spec", "names", "singular"]?.string?.isEmpty ?? true {
            out[at: "spec", "names", "singular"] = .string(kind.lowercased())
        }
        if out[at: "spec", "names", "listKind"]?.string?.isEmpty ?? true { out[at: "spec", "names", "listKind"] = .string(kind + "List") }
        if out[at: "spec", "conversion"] == nil { out[at: "spec", "conversion"] = ["strategy": "None"] }
        return out
    }

    /// The status of a definition that has just been made.
    static func fresh(_ definition: JSON) -> JSON {
        let stored = (definition[at: "spec", "versions"]?.array ?? []).filter { $0["storage"]?.bool == true }.compactMap { $0["name"] }
        return ["conditions": .null, "acceptedNames": ["plural": "", "kind": ""], "storedVersions": .array(stored)]
    }

    /// The status once its names are accepted and it is served.
    static func established(_ definition: JSON, now: Timestamp) -> JSON {
        var status = definition["status"] ?? fresh(definition)
        status["conditions"] = [
            condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
            condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now),
        ]
        status["acceptedNames"] = definition[at: "spec", "names"]
        return status
    }

    static let cleanup = "customresourcecleanup.apiextensions.k8s.io"

    static func terminating(_ definition: JSON, now: Timestamp) -> JSON {
        var status = definition["status"] ?? [:]
        status["conditions"] = .array(
            (status["conditions"]?.array ?? []) + [
                condition(
                    "Terminating", "InstanceDeletionPending",
                    "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon", now)
            ])
        return status
    }

    private static func condition(_ type: String, _ reason: String, _ message: String, _ now: Timestamp) -> JSON {
        [
            "type": .string(type), "status": "True", "lastTransitionTime": .string(now.rfc3339()), "reason": .string(reason),
            "message": .string(message),
        ]
    }
}
