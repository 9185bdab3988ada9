import Core
import Kubernetes

/// What a path of the API names.
enum RequestTarget: Sendable {
    struct Object: Sendable {
        var resource: APIResource
        var namespace: String?
        var name: String?
        var subresource: String?
        /// What stands behind `/proxy`.
        var rest: String

        /// The key under which it is stored.
        var key: ObjectKey {
            ObjectKey(type: resource.storage, namespace: resource.type.isNamespaced ? namespace ?? "" : "", name: name ?? "")
        }
    }

    case object(Object)
    /// A resource that does not exist in a group version that does.
    case unknownResource
    case discovery(group: String, version: String)
    case group(String)
    case other

    /// Names of a resource, whether there is such a one or not.
    struct Names: Sendable, Equatable {
        var group: String
        var namespace: String?
        var plural: String
        var name: String?
        var subresource: String?
    }

    /// What a path asks for by its form alone, as access is decided before a resource is looked for; nil when it is no resource.
    static func names(in path: String) -> Names? {
        let parts = path.split(separator: "/").map { TwinRequest.decode($0) }
        var rest: ArraySlice<String>
        let group: String
        switch parts.first {
        case "api" where parts.count >= 3: (group, rest) = ("", parts[2...])
        case "apis" where parts.count >= 4: (group, rest) = (parts[1], parts[3...])
        default: return nil
        }
        var namespace: String?
        if rest.first == "namespaces", rest.count >= 3, !(rest.count == 3 && ["status", "finalize"].contains(rest.last ?? "")) {
            namespace = rest.dropFirst().first
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.first else { return nil }
        let tail = Array(rest.dropFirst())
        return Names(
            group: group, namespace: namespace, plural: plural, name: tail.first, subresource: tail.count > 1 ? tail[1] : nil)
    }

    init(path: String, resources: APIResources) {
        let parts = path.split(separator: "/").map { TwinRequest.decode($0) }
        var rest: ArraySlice<String>
        let group: String
        let version: String
        switch parts.first {
        case "api" where parts.count >= 2: (group, version, rest) = ("", parts[1], parts[2...])
        case "apis" where parts.count == 2: self = .group(parts[1]); return
        case "apis" where parts.count >= 3: (group, version, rest) = (parts[1], parts[2], parts[3...])
        default: self = .other; return
        }
        guard resources.has(group: group, version: version) else { self = .other; return }
        if rest.isEmpty { self = .discovery(group: group, version: version); return }
        var namespace: String?
        if rest.first == "namespaces", rest.count >= 3, let name = rest.dropFirst().first,
            !(group.isEmpty && rest.count == 3 && ["status", "finalize"].contains(rest.last ?? ""))
        {
            namespace = name
            rest = rest.dropFirst(2)
        }
        guard let plural = rest.first, let resource = resources[group, version, plural], namespace == nil || resource.type.isNamespaced
        else {
            self = .unknownResource
            return
        }
        let names = Array(rest.dropFirst())
        self = .object(
            Object(
                resource: resource, namespace: namespace, name: names.first, subresource: names.count > 1 ? names[1] : nil,
                rest: names.dropFirst(2).joined(separator: "/")))
    }
}

extension TwinRequest {
    /// A request of the old form `/api/v1/watch/namespaces/shop/pods/web` as the one that took its place: with a parameter, and with the name
    /// as a selector.
    var withoutWatchPath: TwinRequest {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let at = parts.dropFirst().first == "apis" ? 4 : 3
        guard method == "GET", parts.count > at + 1, parts[at] == "watch", ["api", "apis"].contains(parts[1]) else { return self }
        parts.remove(at: at)
        var request = self
        request.query.append(("watch", "true"))
        request.path = parts.joined(separator: "/")
        if let name = RequestTarget.names(in: request.path)?.name {
            request.query.append(("fieldSelector", "metadata.name=\(name)"))
            request.path = parts.dropLast().joined(separator: "/")
        }
        return request
    }
}
