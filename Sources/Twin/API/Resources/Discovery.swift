import Core
import Kubernetes

/// The discovery documents, made from the table of resources.
struct Discovery: Sendable {
    let resources: APIResources

    static let aggregatedType = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

    static func wantsAggregated(_ accept: String?) -> Bool {
        accept?.contains("as=APIGroupDiscoveryList") == true && accept?.contains("v=v2") == true
    }

    /// `/api` or `/apis` in the form of apidiscovery.k8s.io/v2.
    func aggregated(core: Bool) -> JSON {
        let groups = resources.groups.filter { $0.name.isEmpty == core }
        return [
            "kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": [:],
            "items": .array(
                groups.map { group in
                    [
                        "metadata": core ? [:] : ["name": .string(group.name)],
                        "versions": .array(
                            group.versions.map { version in
                                [
                                    "version": .string(version),
                                    "resources": .array(resources.resources(group: group.name, version: version).map(aggregated)),
                                    "freshness": "Current",
                                ]
                            }),
                    ]
                }),
        ]
    }

    private func aggregated(_ resource: APIResource) -> JSON {
        var out: JSON = [
            "resource": .string(resource.type.plural), "responseKind": ["group": "", "version": "", "kind": .string(resource.type.kind)],
            "scope": resource.type.isNamespaced ? "Namespaced" : "Cluster", "singularResource": .string(resource.singular),
            "verbs": JSON(resource.verbs),
        ]
        if !resource.shortNames.isEmpty { out["shortNames"] = JSON(resource.shortNames) }
        if !resource.categories.isEmpty { out["categories"] = JSON(resource.categories) }
        if !resource.subresources.isEmpty {
            out["subresources"] = .array(
                resource.subresources.map {
                    [
                        "subresource": .string($0.name),
                        "responseKind": ["group": .string($0.group), "version": .string($0.version), "kind": .string($0.kind)],
                        "verbs": JSON($0.verbs),
                    ]
                })
        }
        return out
    }

    /// `/api`
    var coreVersions: JSON {
        [
            "kind": "APIVersions", "versions": ["v1"],
            "serverAddressByClientCIDRs": [["clientCIDR": "0.0.0.0/0", "serverAddress": "127.0.0.1"]],
        ]
    }

    /// `/apis`
    var groupList: JSON {
        ["kind": "APIGroupList", "apiVersion": "v1", "groups": .array(resources.groups.filter { !$0.name.isEmpty }.map(body))]
    }

    /// `/apis/<group>`; nil for an unknown one.
    func group(_ name: String) -> JSON? {
        guard let group = resources.groups.first(where: { $0.name == name && !name.isEmpty }) else { return nil }
        var out: JSON = ["kind": "APIGroup", "apiVersion": "v1"]
        for (key, value) in body(group).object ?? [:] { out[key] = value }
        return out
    }

    private func body(_ group: APIResources.Group) -> JSON {
        let versions = group.versions.map { version -> JSON in
            ["groupVersion": .string("\(group.name)/\(version)"), "version": .string(version)]
        }
        return ["name": .string(group.name), "versions": .array(versions), "preferredVersion": versions[0]]
    }

    /// `/api/v1`, `/apis/<group>/<version>`
    func list(group: String, version: String) -> JSON {
        var items: [JSON] = []
        for resource in resources.resources(group: group, version: version) {
            var item: JSON = [
                "name": .string(resource.type.plural), "singularName": .string(resource.singular),
                "namespaced": .bool(resource.type.isNamespaced),
                "kind": .string(resource.type.kind), "verbs": JSON(resource.verbs),
            ]
            if !resource.shortNames.isEmpty { item["shortNames"] = JSON(resource.shortNames) }
            if !resource.categories.isEmpty { item["categories"] = JSON(resource.categories) }
            if let hash = resource.storageVersionHash { item["storageVersionHash"] = .string(hash) }
            items.append(item)
            for sub in resource.subresources {
                var item: JSON = [
                    "name": .string("\(resource.type.plural)/\(sub.name)"), "singularName": "",
                    "namespaced": .bool(resource.type.isNamespaced),
                ]
                if !sub.group.isEmpty { item["group"] = .string(sub.group) }
                if !sub.version.isEmpty { item["version"] = .string(sub.version) }
                item["kind"] = .string(sub.kind)
                item["verbs"] = JSON(sub.verbs)
                items.append(item)
            }
        }
        var out: JSON = ["kind": "APIResourceList"]
        if !group.isEmpty { out["apiVersion"] = "v1" }
        out["groupVersion"] = .string(group.isEmpty ? version : "\(group)/\(version)")
        out["resources"] = .array(items)
        return out
    }
}
