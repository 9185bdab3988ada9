package import Core
package import Kubernetes

extension ObjectStore {
    /// Deletes an object, or marks it as being deleted: a pod on a node with a grace period, an object with finalizers, a namespace.
    /// Returns its last state. Whether it is gone: ``get(_:)``.
    ///
    /// Who does the rest: the garbage collector (dependants), the kubelet (pods: a second delete with grace 0) and the namespace
    /// controller are parts of the simulation.
    package mutating func delete(_ key: ObjectKey, options: DeleteOptions = DeleteOptions(), now: Timestamp) throws(APIFailure) -> JSON {
        guard let old = get(key) else { throw APIFailure.notFound(key) }
        let found = old["metadata"]
        if let uid = options.uid, uid != found?["uid"]?.string {
            throw APIFailure.precondition(key, field: "UID", wanted: uid, found: found?["uid"]?.string ?? "")
        }
        if let version = options.resourceVersion, version != found?["resourceVersion"]?.string {
            throw APIFailure.precondition(key, field: "ResourceVersion", wanted: version, found: found?["resourceVersion"]?.string ?? "")
        }
        var object = old
        let isPod = key.type.plural == "pods" && key.type.group.isEmpty
        let isNamespace = key.type.plural == "namespaces" && key.type.group.isEmpty
        var finalizers = found?["finalizers"]?.array ?? []
        switch options.propagation {
        case .foreground:
            if !finalizers.contains("foregroundDeletion") { finalizers.append("foregroundDeletion") }
            finalizers.removeAll { $0 == "orphan" }
        case .orphan:
            if !finalizers.contains("orphan") { finalizers.append("orphan") }
            finalizers.removeAll { $0 == "foregroundDeletion" }
        case .background, nil: break
        }
        let isDeleting = found?["deletionTimestamp"] != nil
        let grace = isPod ? ObjectStore.gracePeriod(of: old, asked: options.gracePeriodSeconds) : 0
        let holdsOn =
            isPod && grace > 0 || !finalizers.isEmpty
            || isNamespace && !(old[at: "spec", "finalizers"]?.array?.isEmpty ?? true)
        guard holdsOn else {
            let version = nextVersion()
            object[at: "metadata", "resourceVersion"] = .string(String(version))
            if isPod {
                if !isDeleting { object[at: "metadata", "deletionTimestamp"] = .string(now.rfc3339()) }
                object[at: "metadata", "deletionGracePeriodSeconds"] = 0
            }
            remove(key, last: object, previous: old)
            return object
        }
        var metadata = found ?? [:]
        if isDeleting {
            let before = metadata["deletionGracePeriodSeconds"]?.int ?? 0
            if isPod, options.gracePeriodSeconds != nil, grace < before {
                metadata["deletionTimestamp"] = .string((now + .seconds(grace)).rfc3339())
                metadata["deletionGracePeriodSeconds"] = JSON(grace)
            }
        } else {
            metadata["deletionTimestamp"] = .string((now + .seconds(grace)).rfc3339())
            if !isNamespace { metadata["deletionGracePeriodSeconds"] = JSON(grace) }
            if isPod, let generation = metadata["generation"]?.int { metadata["generation"] = JSON(generation + 1) }
        }
        metadata["finalizers"] = finalizers.isEmpty ? nil : .array(finalizers)
        object["metadata"] = metadata
        if isNamespace { object[at: "status", "phase"] = "Terminating" }
        if object == old { return old }
        return replace(object, key: key, previous: old)
    }

    /// Seconds a pod gets: none when it is on no node or has ended, else what is asked for or what its spec says.
    private static func gracePeriod(of pod: JSON, asked: Int?) -> Int {
        if pod[at: "spec", "nodeName"]?.string?.isEmpty ?? true { return 0 }
        if let phase = pod[at: "status", "phase"]?.string, phase == "Succeeded" || phase == "Failed" { return 0 }
        return max(0, asked ?? pod[at: "spec", "terminationGracePeriodSeconds"]?.int ?? 30)
    }
}
