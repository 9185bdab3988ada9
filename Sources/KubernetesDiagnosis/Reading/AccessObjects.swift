import Kubernetes

/// Who may do what in some namespaces: their bindings and those of the cluster, and the roles that these give to service accounts.
///
/// Such objects are many and seldom of use, so that nobody follows them: they are listed when a program's log says that the API refused
/// it something, and only what concerns the service accounts of its namespace is kept.
package struct AccessObjects: Sendable {
    private var roles: [KubernetesObject] = []
    private var bindings: [KubernetesObject] = []
    private var listed: Set<String> = []
    private var forbidden: [(type: ResourceType, scope: ListScope)] = []

    package init() {}

    fileprivate static func wanted(_ namespaces: [String]) -> [(type: ResourceType, scope: ListScope)] {
        if namespaces.isEmpty { return [] }
        return [ResourceType.roles, .roleBindings].flatMap { type in namespaces.map { (type, ListScope(namespace: $0)) } }
            + [(.clusterRoles, .all), (.clusterRoleBindings, .all)]
    }

    fileprivate mutating func take(_ answer: SnapshotCollector.Answer, to want: (type: ResourceType, scope: ListScope)) {
        switch answer {
        case .objects(let objects):
            listed.insert(want.type.plural)
            if want.type == .roles || want.type == .clusterRoles { roles += objects } else { bindings += objects }
        case .forbidden: forbidden.append(want)
        // Not a note of the snapshot: for want of these, nothing else is less well seen. What is concluded from them says so.
        case .absent, .failed: break
        }
    }

    /// Drops what gives nothing to a service account of the namespaces.
    fileprivate mutating func drop(othersThan namespaces: [String]) {
        let kept = bindings.compactMap { object in RoleBinding(object).map { (object, $0) } }.filter { $0.1.binds(anyOf: namespaces) }
        bindings = kept.map(\.0)
        let given = kept.map(\.1.role)
        roles = roles.filter { role in given.contains { $0.isOf(role) } }
    }

    /// Puts them into a snapshot of the namespaces that may be asked for, nil for all.
    package func add(to snapshot: inout KubernetesSnapshot) {
        snapshot.roles += roles
        snapshot.roleBindings += bindings
        snapshot.listed.formUnion(listed)
        for (type, scope) in forbidden { snapshot.forbid(type, in: scope, of: snapshot.namespaces) }
    }
}

extension SnapshotCollector {
    /// Lists who may do what in some namespaces. Throws whatever keeps the server from being reached.
    package func access(in namespaces: [String]) async throws -> AccessObjects {
        let wanted = AccessObjects.wanted(namespaces)
        var access = AccessObjects()
        for (want, answer) in zip(wanted, try await lists(wanted)) { access.take(answer, to: want) }
        access.drop(othersThan: namespaces)
        return access
    }
}
