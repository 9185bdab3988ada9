package import Core

/// What every write can be told.
package struct WriteOptions: Sendable, Hashable {
    /// Admission and validation run, nothing is stored.
    package var dryRun: Bool
    /// Whose fields these become.
    package var fieldManager: String?

    package init(dryRun: Bool = false, fieldManager: String? = "martlet") {
        self.dryRun = dryRun
        self.fieldManager = fieldManager
    }

    package static let dryRun = WriteOptions(dryRun: true)

    func add(to query: inout Query, manager: Bool = true) {
        if dryRun { query.add("dryRun", "All") }
        if manager { query.add("fieldManager", fieldManager) }
    }
}

/// A change of an object in one of the forms that the server takes.
package enum Patch: Sendable {
    /// RFC 6902: an array of operations.
    case json(JSON)
    /// RFC 7386.
    case merge(JSON)
    /// Kubernetes' own: lists are merged by key.
    case strategic(JSON)

    var contentType: String {
        switch self {
        case .json: "application/json-patch+json"
        case .merge: "application/merge-patch+json"
        case .strategic: "application/strategic-merge-patch+json"
        }
    }

    package var body: JSON {
        switch self {
        case .json(let body), .merge(let body), .strategic(let body): body
        }
    }
}

/// How an object is deleted, and under which conditions.
package struct DeleteRequest: Sendable, Hashable {
    package enum Propagation: String, Sendable { case background = "Background", foreground = "Foreground", orphan = "Orphan" }

    package var uid: String?
    package var resourceVersion: String?
    package var gracePeriodSeconds: Int?
    package var propagation: Propagation?

    package init(uid: String? = nil, resourceVersion: String? = nil, gracePeriodSeconds: Int? = nil, propagation: Propagation? = nil) {
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.gracePeriodSeconds = gracePeriodSeconds
        self.propagation = propagation
    }

    func body(dryRun: Bool) -> JSON {
        var body: JSON = ["kind": "DeleteOptions", "apiVersion": "v1"]
        if let uid { body[at: "preconditions", "uid"] = .string(uid) }
        if let resourceVersion { body[at: "preconditions", "resourceVersion"] = .string(resourceVersion) }
        if let gracePeriodSeconds { body["gracePeriodSeconds"] = JSON(gracePeriodSeconds) }
        if let propagation { body["propagationPolicy"] = .string(propagation.rawValue) }
        if dryRun { body["dryRun"] = ["All"] }
        return body
    }
}

extension KubernetesClient {
    /// Stores a new object, in the namespace that it names unless another is given; the answer is the object as stored.
    @discardableResult
    package func create(
        _ object: JSON, as type: ResourceType, namespace: String? = nil, options: WriteOptions = WriteOptions()
    ) async throws -> JSON {
        var query = Query()
        options.add(to: &query)
        let home = namespace ?? (type.isNamespaced ? object[at: "metadata", "namespace"]?.string : nil) ?? ""
        return try await write("POST", type.path(namespace: home) + query.text, object)
    }

    /// Replaces an object. With a `resourceVersion` in it a newer version is a conflict, without one it is overwritten.
    @discardableResult
    package func update(
        _ object: JSON, at key: ObjectKey, subresource: String? = nil, options: WriteOptions = WriteOptions()
    ) async throws -> JSON {
        var query = Query()
        options.add(to: &query)
        return try await write("PUT", key.path(subresource) + query.text, object)
    }

    @discardableResult
    package func patch(
        _ key: ObjectKey, _ patch: Patch, subresource: String? = nil, options: WriteOptions = WriteOptions()
    ) async throws -> JSON {
        var query = Query()
        options.add(to: &query)
        return try await write("PATCH", key.path(subresource) + query.text, patch.body, type: patch.contentType)
    }

    /// Server-side apply. A conflict with another manager is an error with causes `FieldManagerConflict` unless forced.
    @discardableResult
    package func apply(
        _ object: JSON, at key: ObjectKey, manager: String = "martlet", force: Bool = false, dryRun: Bool = false
    ) async throws -> JSON {
        var query = Query()
        WriteOptions(dryRun: dryRun, fieldManager: manager).add(to: &query)
        query.add("force", when: force)
        return try await write("PATCH", key.path(nil) + query.text, object, type: "application/apply-patch+yaml")
    }

    /// The answer is the object where it lives on for a while, else a `Status`.
    @discardableResult
    package func delete(_ key: ObjectKey, _ request: DeleteRequest = DeleteRequest(), dryRun: Bool = false) async throws -> JSON {
        var query = Query()
        if dryRun { query.add("dryRun", "All") }
        return try await write("DELETE", key.path(nil) + query.text, request.body(dryRun: dryRun))
    }

    /// The replicas that are wanted, from the scale subresource.
    package func scale(of key: ObjectKey) async throws -> Int { try await get(key, subresource: "scale")[at: "spec", "replicas"]?.int ?? 0 }

    /// Sets the replicas by the scale subresource.
    @discardableResult
    package func scale(_ key: ObjectKey, to replicas: Int, options: WriteOptions = WriteOptions()) async throws -> JSON {
        try await patch(key, .merge(["spec": ["replicas": JSON(replicas)]]), subresource: "scale", options: options)
    }

    /// Removes a pod unless a disruption budget forbids it: then the error's status ``APIStatus/isBlockedByBudget``.
    @discardableResult
    package func evict(pod: String, namespace: String, _ request: DeleteRequest = DeleteRequest(), dryRun: Bool = false) async throws
        -> JSON
    {
        var query = Query()
        if dryRun { query.add("dryRun", "All") }
        let body: JSON = [
            "kind": "Eviction", "apiVersion": "policy/v1", "metadata": ["name": .string(pod), "namespace": .string(namespace)],
            "deleteOptions": request.body(dryRun: dryRun),
        ]
        let key = ObjectKey(type: .pods, namespace: namespace, name: pod)
        return try await write("POST", key.path("eviction") + query.text, body)
    }

    func write(_ method: String, _ path: String, _ body: JSON, type: String = "application/json") async throws -> JSON {
        let headers = KubernetesClient.acceptJSON + [("Content-Type", type)]
        return try await send(HTTPCall(method: method, path: path, headers: headers, body: body.serialized())) {
            $0.isEmpty ? .null : try JSON(parsing: $0)
        }
    }
}
