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
    /// What every request of a deprecated version is warned of; nil for any other.
    var deprecation: String?

    /// Throws what is wrong with a custom object: first with its metadata, then by its schema. `old` is what it was before.
    static func check(_ object: JSON, old: JSON?, _ resource: APIResource, warnings: inout [String]) throws(APIFailure) {
        guard let custom = resource.custom else { return }
        var causes = Validation.causes(object, type: resource.storage, old: old)
        if let findings = custom.schema?.findings(object, old: old) {
            warnings += findings.warnings
            causes += findings.causes
        }
        if causes.isEmpty { return }
        throw APIFailure.invalid(resource.type, name: object[at: "metadata", "name"]?.string ?? "", causes: causes)
    }
}

extension APIResources {
    /// These resources and those that the definitions in a store add.
    func adding(definitions: [JSON]) -> APIResources {
        var result = self
        for definition in definitions where definition[at: "spec", "group"]?.string != nil && !DefinitionStatus.isRefused(definition) {
            for resource in APIResources.custom(definition)
            where result[resource.type.group, resource.type.version, resource.type.plural] == nil {
                result.append(resource)
            }
        }
        result.sortVersions { name in !groups.contains { $0.name == name } }
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
            var deprecation: String?
            if version["deprecated"]?.bool == true {
                deprecation =
                    version["deprecationWarning"]?.string ?? DefinitionStatus.deprecation(of: name, versions, group: group, kind: kind)
            }
            return APIResource(
                type: type(name), storage: type(stored), singular: names?["singular"]?.string ?? kind.lowercased(),
                shortNames: (names?["shortNames"]?.array ?? []).compactMap(\.string),
                categories: (names?["categories"]?.array ?? []).compactMap(\.string),
                verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"], subresources: subresources,
                custom: CustomVersion(
                    schema: version[at: "schema", "openAPIV3Schema"].map { StructuralSchema($0) }, hasStatus: sub?["status"] != nil,
                    scale: scale, columns: version["additionalPrinterColumns"]?.array ?? [], deprecation: deprecation))
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

    /// The status once its names are accepted and it is served; or why they are not, where `others` of its group have taken them
    /// (apiextensions-apiserver pkg/controller/status/naming_controller.go).
    static func established(_ definition: JSON, others: [JSON], now: Timestamp) -> JSON {
        var status = definition["status"] ?? fresh(definition)
        let wanted = definition[at: "spec", "names"] ?? [:]
        var accepted: JSON = ["plural": "", "kind": ""]
        let names = others.compactMap { $0[at: "status", "acceptedNames"] }
        let resources = Set(
            names.flatMap { [$0["plural"], $0["singular"]] + ($0["shortNames"]?.array ?? []).map { Optional($0) } }.compactMap {
                $0?.string
            })
        let kinds = Set(names.flatMap { [$0["kind"]?.string, $0["listKind"]?.string] }.compactMap(\.self))
        var conflict: (reason: String, message: String)?
        for (member, reason) in [
            ("plural", "PluralConflict"), ("singular", "SingularConflict"), ("shortNames", "ShortNamesConflict"), ("kind", "KindConflict"),
            ("listKind", "ListKindConflict"),
        ] {
            let taken = member.lowercased().hasSuffix("kind") ? kinds : resources
            let found = (wanted[member]?.array ?? [wanted[member]].compactMap(\.self)).compactMap(\.string).filter { taken.contains($0) }
            if found.isEmpty { accepted[member] = wanted[member]; continue }
            let texts = found.map { "\"\($0)\" is already in use" }
            conflict = (reason, texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]")
        }
        status["conditions"] =
            if let conflict {
                [
                    condition("NamesAccepted", conflict.reason, conflict.message, now, isTrue: false),
                    condition("Established", "NotAccepted", "not all names are accepted", now, isTrue: false),
                ]
            } else {
                [
                    condition("NamesAccepted", "NoConflicts", "no conflicts found", now),
                    condition("Established", "InitialNamesAccepted", "the initial names have been accepted", now),
                ]
            }
        status["acceptedNames"] = conflict == nil ? wanted : accepted
        return status
    }

    /// Whether others have the names of a definition, so that it is not served.
    static func isRefused(_ definition: JSON) -> Bool {
        (definition[at: "status", "conditions"]?.array ?? []).contains { $0["type"] == "NamesAccepted" && $0["status"] == "False" }
    }

    /// Names the newest served version that is not deprecated, where there is one after this.
    static func deprecation(of version: String, _ versions: [JSON], group: String, kind: String) -> String {
        let names = versions.filter { $0["served"]?.bool == true && $0["deprecated"]?.bool != true }.compactMap { $0["name"]?.string }
        let order = (names + [version]).sorted { VersionName($0) > VersionName($1) }
        let better = order.prefix { $0 != version }.first.map { "; use \(group)/\($0) \(kind)" } ?? ""
        return "\(group)/\(version) \(kind) is deprecated\(better)"
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

    private static func condition(_ type: String, _ reason: String, _ message: String, _ now: Timestamp, isTrue: Bool = true) -> JSON {
        [
            "type": .string(type), "status": isTrue ? "True" : "False", "lastTransitionTime": .string(now.rfc3339()),
            "reason": .string(reason),
            "message": .string(message),
        ]
    }
}

/// The name of a version in Kubernetes' order: v2 over v1 over v2beta1 over v1alpha1, and any other name after those, by the alphabet.
struct VersionName: Comparable {
    private let rank: [Int]
    private let name: String

    init(_ name: String) {
        self.name = name
        rank = VersionName.rank(name) ?? []
    }

    /// Stability, major and minor; nil for a name of another form.
    private static func rank(_ name: String) -> [Int]? {
        guard name.first == "v" else { return nil }
        let major = name.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(major), number > 0 else { return nil }
        let rest = name.dropFirst(1 + major.count)
        if rest.isEmpty { return [2, number, 0] }
        for (word, stability) in [("beta", 1), ("alpha", 0)] where rest.hasPrefix(word) {
            return Int(rest.dropFirst(word.count)).map { [stability, number, $0] }
        }
        return nil
    }

    static func < (a: VersionName, b: VersionName) -> Bool {
        if a.rank.isEmpty || b.rank.isEmpty { return a.rank.isEmpty == b.rank.isEmpty ? a.name > b.name : a.rank.isEmpty }
        return a.rank.lexicographicallyPrecedes(b.rank)
    }
}
