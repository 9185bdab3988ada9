import Core

/// A resource that the server offers.
package struct OfferedResource: Sendable, Hashable {
    package let type: ResourceType
    package let verbs: [String]
    package let shortNames: [String]
    package let subresources: [String]
}

/// All resources of a server, each group in its preferred version.
package struct Discovery: Sendable {
    package var resources: [OfferedResource] = []
    /// Group versions that could not be asked, such as an aggregated API whose service is down.
    package var unavailable: [String] = []

    package func offers(_ type: ResourceType) -> Bool { resources.contains { $0.type == type } }
}

/// The server's own version.
package struct ServerVersion: Sendable, Hashable {
    package let gitVersion: String
    package let platform: String
}

extension KubernetesClient {
    package func version() async throws -> ServerVersion {
        let json = try await send(HTTPCall(path: "/version", headers: KubernetesClient.acceptJSON)) { try JSON(parsing: $0) }
        return ServerVersion(gitVersion: json["gitVersion"]?.string ?? "", platform: json["platform"]?.string ?? "")
    }

    /// The identity of the cluster: the uid of its namespace `kube-system` (INTERFACES section 1).
    package func clusterUID() async throws -> String { try await get(Namespace.self, name: "kube-system").metadata.uid }

    /// Two calls where the server knows aggregated discovery (1.30 on), else one a group version.
    package func discover() async throws -> Discovery {
        var result = Discovery()
        for path in ["/api", "/apis"] {
            let accept = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
            let json = try await send(HTTPCall(path: path, headers: [("Accept", accept)])) { try JSON(parsing: $0) }
            if json["kind"]?.string == "APIGroupDiscoveryList" {
                for group in json["items"]?.array ?? [] { result.add(group) }
            } else {
                for (group, version) in KubernetesClient.legacyVersions(json) { try await addLegacy(group, version, to: &result) }
            }
        }
        result.resources.sort { $0.type < $1.type }
        result.unavailable.sort()
        return result
    }

    private static func legacyVersions(_ json: JSON) -> [(String, String)] {
        if let versions = json["versions"]?.array { return versions.compactMap { $0.string.map { ("", $0) } } }
        return (json["groups"]?.array ?? []).compactMap { group in
            guard let name = group["name"]?.string,
                let version = group[at: "preferredVersion", "version"]?.string ?? group["versions"]?[0]?["version"]?.string
            else { return nil }
            return (name, version)
        }
    }

    private func addLegacy(_ group: String, _ version: String, to result: inout Discovery) async throws {
        let path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
        do {
            let json = try await send(HTTPCall(path: path, headers: KubernetesClient.acceptJSON)) { try JSON(parsing: $0) }
            result.addLegacy(json["resources"]?.array ?? [], group: group, version: version)
        } catch let error as APIError where error.status != nil {
            result.unavailable.append(group.isEmpty ? version : "\(group)/\(version)")
        }
    }
}

extension Discovery {
    /// One group of an APIGroupDiscoveryList; its first version is the preferred one.
    fileprivate mutating func add(_ group: JSON) {
        let name = group[at: "metadata", "name"]?.string ?? ""
        guard let version = group["versions"]?[0], let number = version["version"]?.string else { return }
        if version["freshness"]?.string == "Stale" { unavailable.append(name.isEmpty ? number : "\(name)/\(number)") }
        for resource in version["resources"]?.array ?? [] {
            guard let plural = resource["resource"]?.string, let kind = resource[at: "responseKind", "kind"]?.string else { continue }
            resources.append(
                OfferedResource(
                    type: ResourceType(
                        group: name, version: number, plural: plural, kind: kind, isNamespaced: resource["scope"]?.string == "Namespaced"),
                    verbs: Discovery.strings(resource["verbs"]), shortNames: Discovery.strings(resource["shortNames"]),
                    subresources: (resource["subresources"]?.array ?? []).compactMap { $0["subresource"]?.string }))
        }
    }

    fileprivate mutating func addLegacy(_ list: [JSON], group: String, version: String) {
        var subresources: [String: [String]] = [:]
        for resource in list {
            let parts = (resource["name"]?.string ?? "").split(separator: "/", maxSplits: 1)
            if parts.count == 2 { subresources[String(parts[0]), default: []].append(String(parts[1])) }
        }
        for resource in list {
            guard let plural = resource["name"]?.string, !plural.contains("/"), let kind = resource["kind"]?.string else { continue }
            resources.append(
                OfferedResource(
                    type: ResourceType(
                        group: group, version: version, plural: plural, kind: kind, isNamespaced: resource["namespaced"]?.bool ?? false),
                    verbs: Discovery.strings(resource["verbs"]), shortNames: Discovery.strings(resource["shortNames"]),
                    subresources: subresources[plural] ?? []))
        }
    }

    private static func strings(_ json: JSON?) -> [String] { (json?.array ?? []).compactMap(\.string) }
}
