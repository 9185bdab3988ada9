import Core
import Kubernetes
import Foundation

/// One resource as the API serves it, with what discovery tells about it.
struct APIResource: Sendable {
    struct Subresource: Sendable {
        let name: String
        let group: String
        let version: String
        let kind: String
        let verbs: [String]
    }

    /// As it is served.
    let type: ResourceType
    /// As it is stored: events and autoscalers are served in two forms.
    let storage: ResourceType
    let singular: String
    let shortNames: [String]
    let categories: [String]
    let verbs: [String]
    let subresources: [Subresource]
    /// What its definition says; nil for a built-in one.
    var custom: CustomVersion?

    var groupVersion: String { type.group.isEmpty ? type.version : "\(type.group)/\(type.version)" }

    func subresource(_ name: String) -> Subresource? { subresources.first { $0.name == name } }

    /// What the real server computes: the first eight bytes of SHA-256 over the storage version, in base 64.
    var storageVersionHash: String? {
        guard verbs.contains("watch") else { return nil }
        let bytes = Digest.sha256(Array("\(storage.group)/\(storage.version)/\(storage.kind)".utf8)).prefix(8)
        return Data(bytes).base64EncodedString()
    }
}

/// All resources that the twin serves, in the order in which discovery lists them.
struct APIResources: Sendable {
    static let served = APIResources(ResourceText.all)

    struct Group: Sendable {
        let name: String
        /// Preferred first.
        var versions: [String]
    }

    private(set) var all: [APIResource]
    private(set) var groups: [Group]
    private var index: [String: Int]

    mutating func append(_ resource: APIResource) {
        index["\(resource.type.group)/\(resource.type.version)/\(resource.type.plural)"] = all.count
        all.append(resource)
        if let i = groups.firstIndex(where: { $0.name == resource.type.group }) {
            if !groups[i].versions.contains(resource.type.version) { groups[i].versions.append(resource.type.version) }
        } else {
            groups.append(Group(name: resource.type.group, versions: [resource.type.version]))
        }
    }

    /// Puts the versions of some groups in Kubernetes' order, newest stable first.
    mutating func sortVersions(of isWanted: (String) -> Bool) {
        for i in groups.indices where isWanted(groups[i].name) { groups[i].versions.sort { VersionName($0) > VersionName($1) } }
    }

    /// The resource under `/apis/<group>/<version>/<plural>`; nil when there is none.
    subscript(group: String, version: String, plural: String) -> APIResource? { index["\(group)/\(version)/\(plural)"].map { all[$0] } }

    func has(group: String, version: String) -> Bool { groups.contains { $0.name == group && $0.versions.contains(version) } }

    func resources(group: String, version: String) -> [APIResource] { all.filter { $0.type.group == group && $0.type.version == version } }

    /// The resource of a kind, in its preferred version.
    func resource(kind: String, apiVersion: String) -> APIResource? {
        all.first { $0.type.kind == kind && $0.groupVersion == apiVersion && !$0.verbs.isEmpty && $0.type.group != "metrics.k8s.io" }
    }

    /// Reads lines `group/version plural Kind ns|cl [short=…] [cat=…] [verbs=…] [singular=…] [sub=…]`.
    init(_ text: String) {
        var all: [APIResource] = []
        var groups: [Group] = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            guard words.count >= 4 else { continue }
            let sides = words[0].split(separator: "/").map(String.init)
            let (group, version) = sides.count == 2 ? (sides[0], sides[1]) : ("", words[0])
            func option(_ name: String) -> [String]? {
                words.dropFirst(4).first { $0.hasPrefix(name + "=") }.map {
                    $0.dropFirst(name.count + 1).split(separator: ",").map(String.init)
                }
            }
            let type = ResourceType(group: group, version: version, plural: words[1], kind: words[2], isNamespaced: words[3] == "ns")
            let storage =
                switch (group, version, words[1]) {
                case ("events.k8s.io", _, "events"):
                    ResourceType(group: "", version: "v1", plural: "events", kind: "Event", isNamespaced: true)
                case ("autoscaling", "v1", "horizontalpodautoscalers"):
                    ResourceType(group: group, version: "v2", plural: words[1], kind: words[2], isNamespaced: true)
                default: type
                }
            all.append(
                APIResource(
                    type: type, storage: storage, singular: words.contains("singular=") ? "" : words[2].lowercased(),
                    shortNames: option("short") ?? [], categories: option("cat") ?? [],
                    verbs: option("verbs") ?? ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"],
                    subresources: (option("sub") ?? []).map { APIResources.subresource($0, of: type) }))
            if let i = groups.firstIndex(where: { $0.name == group }) {
                if !groups[i].versions.contains(version) { groups[i].versions.append(version) }
            } else {
                groups.append(Group(name: group, versions: [version]))
            }
        }
        self.all = all
        self.groups = groups
        index = Dictionary(all.enumerated().map { ("\($1.type.group)/\($1.type.version)/\($1.type.plural)", $0) }, uniquingKeysWith: { $1 })
    }

    private static func subresource(_ name: String, of type: ResourceType) -> APIResource.Subresource {
        func made(_ kind: String, _ verbs: [String], group: String = "", version: String = "") -> APIResource.Subresource {
            APIResource.Subresource(name: name, group: group, version: version, kind: kind, verbs: verbs)
        }
        let all = ["create", "delete", "get", "patch", "update"]
        return switch name {
        case "scale": made("Scale", ["get", "patch", "update"], group: "autoscaling", version: "v1")
        case "eviction": made("Eviction", ["create"], group: "policy", version: "v1")
        case "token": made("TokenRequest", ["create"], group: "authentication.k8s.io", version: "v1")
        case "binding": made("Binding", ["create"])
        case "attach": made("PodAttachOptions", ["create", "get"])
        case "exec": made("PodExecOptions", ["create", "get"])
        case "portforward": made("PodPortForwardOptions", ["create", "get"])
        case "proxy": made("\(type.kind)ProxyOptions", all)
        case "log": made(type.kind, ["get"])
        case "finalize": made(type.kind, ["update"])
        default: made(type.kind, ["get", "patch", "update"])
        }
    }
}
