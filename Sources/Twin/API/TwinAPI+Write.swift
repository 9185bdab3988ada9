import Core
import Kubernetes

// create and update.
extension TwinAPI {
    func create(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        guard context.target.name == nil else { throw TwinAPI.methodNotAllowed }
        var object = try body(&context)
        try place(&object, context)
        return try store(created: object, &context, state: &state, operation: "Update")
    }

    /// Namespace of the path into the object; a different one in it is an error.
    private func place(_ object: inout JSON, _ context: RequestContext) throws(APIFailure) {
        guard context.resource.type.isNamespaced else { return }
        let wanted = context.target.namespace ?? object[at: "metadata", "namespace"]?.string ?? "default"
        if let given = object[at: "metadata", "namespace"]?.string, !given.isEmpty, given != wanted {
            throw APIFailure.badRequest("the namespace of the provided object does not match the namespace sent on the request")
        }
        object[at: "metadata", "namespace"] = .string(wanted)
    }

    func store(
        created given: JSON, _ context: inout RequestContext, state: inout ClusterState, operation: String
    ) throws(APIFailure) -> APIAnswer {
        let type = context.resource.storage
        var object = given
        for field in ["uid", "resourceVersion", "creationTimestamp", "deletionTimestamp", "generation", "selfLink"] {
            if field == "resourceVersion", let version = object[at: "metadata", field]?.string, !version.isEmpty {
                throw APIFailure(500, "", "resourceVersion should not be set on objects to be created")
            }
            if object[at: "metadata", field] != nil { object[at: "metadata", field] = nil }
        }
        // A node comes with its status: the kubelet makes it.
        if type != .nodes, ObjectStore.hasStatus(type) || context.resource.custom?.hasStatus == true { object["status"] = nil }
        if let name = object[at: "metadata", "name"]?.string, !name.isEmpty {
            let key = ObjectKey(type: type, namespace: object[at: "metadata", "namespace"]?.string ?? "", name: name)
            if type.isNamespaced, state.store.get(ObjectKey(type: .namespaces, namespace: "", name: key.namespace)) != nil,
                state.store.get(key) != nil
            {
                throw APIFailure.alreadyExists(ObjectKey(type: context.resource.type, namespace: key.namespace, name: name))
            }
        }
        if type.group == "certificates.k8s.io" { SigningRequest.sign(&object, by: context.user) }
        if context.resource.type.group == "events.k8s.io" {
            var validation = Validation()
            validation.newEvent(object)
            let name = object[at: "metadata", "name"]?.string ?? ""
            if !validation.causes.isEmpty { throw APIFailure.invalid(type, name: name, causes: validation.causes) }
        }
        // The fields are its maker's as they came in; what admission adds belongs to nobody.
        let owned = operation == "Update" ? recorded(old: nil, new: Defaults.apply(object, type: type), context) : object
        var heard: [String] = []
        defer { context.warnings += heard }
        object = try Admission.admit(admission(context, "CREATE", new: object, old: nil), object, &state.store, warnings: &heard)
        heard = Warnings.onCreate(object, type) + heard
        object[at: "metadata", "managedFields"] = owned[at: "metadata", "managedFields"]
        if type == .persistentVolumes { object[at: "status", "lastPhaseTransitionTime"] = .string(context.now.rfc3339()) }
        if context.isDryRun {
            var copy = state.store
            var answer = try copy.create(object, type: type, now: context.now)
            answer[at: "metadata", "resourceVersion"] = nil
            return respond(201, answer, context, state)
        }
        let stored = try state.store.create(object, type: type, now: context.now)
        if type == .customResourceDefinitions { try establish(stored, &state, now: context.now) }
        if type == .clusterRoles { AggregatedRoles.refresh(&state.store, now: context.now) }
        if type == .namespaces { Bootstrap.equip(stored[at: "metadata", "name"]?.string ?? "", &state.store, now: context.now) }
        return respond(201, stored, context, state)
    }

    /// The request as those see it who judge it.
    func admission(_ context: RequestContext, _ operation: String, new: JSON?, old: JSON?) -> AdmissionRequest {
        AdmissionRequest(
            operation: operation, resource: context.resource, subresource: context.target.subresource ?? "",
            namespace: (new ?? old)?[at: "metadata", "namespace"]?.string ?? "",
            name: context.target.name ?? (new ?? old)?[at: "metadata", "name"]?.string ?? "", user: context.user,
            isDryRun: context.isDryRun, object: new, oldObject: old, resources: resources)
    }

    private func warnings(_ object: JSON, _ context: inout RequestContext, _ state: ClusterState) {
        if let text = Admission.securityWarning(object, context.resource.type, state.store) { context.warnings.append(text) }
    }

    /// The object with `managedFields` after a write by an ordinary verb: in the names of the version that the request speaks.
    func recorded(old: JSON?, new: JSON, _ context: RequestContext) -> JSON {
        let resource = context.resource
        let type = resource.type
        let apply = ServerSideApply(resource, served: type, now: context.now)
        // A status of its own belongs to those who write it there.
        let ownsStatus = context.target.subresource == nil && (ObjectStore.hasStatus(type) || resource.custom?.hasStatus == true)
        func shown(_ object: JSON) -> JSON {
            var object = ServedForm.served(object, resource)
            if ownsStatus { object["status"] = nil }
            return object
        }
        let served = apply.recordUpdate(
            old: old.map(shown), new: shown(new), manager: context.manager, subresource: context.target.subresource ?? "")
        var out = new
        out[at: "metadata", "managedFields"] = served[at: "metadata", "managedFields"]
        return out
    }

    /// Accepts the names of a new definition, as the API server's own controllers do at once.
    func establish(_ definition: JSON, _ state: inout ClusterState, now: Timestamp) throws(APIFailure) {
        let key = ObjectKey(type: .customResourceDefinitions, namespace: "", name: definition[at: "metadata", "name"]?.string ?? "")
        var changed = definition
        let others = state.store.list(.customResourceDefinitions, namespace: nil).filter {
            $0[at: "metadata", "name"] != definition[at: "metadata", "name"] && $0[at: "spec", "group"] == definition[at: "spec", "group"]
        }
        changed["status"] = DefinitionStatus.established(definition, others: others, now: now)
        changed[at: "metadata", "resourceVersion"] = nil
        let apply = ServerSideApply(
            schema: schemas["CustomResourceDefinition"], apiVersion: "apiextensions.k8s.io/v1", now: now)
        changed = apply.recordUpdate(old: definition, new: changed, manager: "kube-apiserver", subresource: "status")
        _ = try state.store.update(changed, key: key, subresource: .status, now: now)
    }

    func update(_ context: inout RequestContext, state: inout ClusterState) throws(APIFailure) -> APIAnswer {
        var object = try body(&context)
        try place(&object, context)
        try checkPlace(object, context)
        let type = context.resource.storage
        let version = object[at: "metadata", "resourceVersion"]?.string ?? ""
        guard let old = state.store.get(context.target.key) else {
            guard ObjectStore.isMadeByUpdate(type), version.isEmpty, context.target.subresource == nil else { throw notFound(context) }
            return try store(created: object, &context, state: &state, operation: "Update")
        }
        if version.isEmpty, context.resource.custom != nil || ObjectStore.needsVersion(type) {
            var validation = Validation()
            validation.invalid("metadata.resourceVersion", 0, "must be specified for an update")
            let named = ResourceType(
                group: type.group, version: type.version, plural: type.plural, kind: type.plural, isNamespaced: type.isNamespaced)
            throw APIFailure.invalid(named, name: context.target.name ?? "", causes: validation.causes)
        }
        return try store(changed: object, old: old, &context, state: &state)
    }

    /// Stores a changed object; the way of updates and of all patches.
    func store(
        changed given: JSON, old: JSON, _ context: inout RequestContext, state: inout ClusterState, records: Bool = true
    ) throws(APIFailure) -> APIAnswer {
        let type = context.resource.storage
        let key = context.target.key
        let subresource = context.target.subresource.flatMap(Subresource.init(rawValue:))
        var object = given
        if subresource == .status {
            var whole = old
            whole["status"] = object["status"]
            // Of custom objects nothing but the status is taken, of deployments all but the labels.
            if context.resource.custom == nil {
                whole["metadata"] = object["metadata"]
                if type == .deployments { whole[at: "metadata", "labels"] = old[at: "metadata", "labels"] }
            } else {
                whole[at: "metadata", "resourceVersion"] = object[at: "metadata", "resourceVersion"]
                whole[at: "metadata", "managedFields"] = object[at: "metadata", "managedFields"]
            }
            object = whole
        } else if subresource == .finalize {
            object = old
            object[at: "spec", "finalizers"] = given[at: "spec", "finalizers"]
            object[at: "metadata", "resourceVersion"] = given[at: "metadata", "resourceVersion"]
        } else if subresource == .resize || subresource == .ephemeralcontainers {
            object = try podSubresource(subresource, object, old, context)
        } else {
            if subresource == nil { try Webhooks.check(object, key, operation: "UPDATE", .mutating, state.store) }
            if type == .namespaces { object[at: "spec", "finalizers"] = old[at: "spec", "finalizers"] }
            object = Defaults.apply(object, type: type)
            if ObjectStore.hasStatus(type) || context.resource.custom?.hasStatus == true { object["status"] = old["status"] }
            if type == .daemonSets { object[at: "metadata", "annotations", Defaults.templateGeneration] = templateGeneration(object, old) }
            if type == .services, subresource == nil { object = try ServiceAllocation.allocate(object, old: old, state.store) }
            if context.resource.custom == nil {
                try Validation.check(object, type: type, old: old, looksForChanges: subresource == nil)
            }
            if type == .persistentVolumeClaims { try Admission.resize(object, old: old, key, state.store) }
            context.warnings += Warnings.onUpdate(object, old: old, type)
            warnings(object, &context, state)
        }
        // What nobody may change is taken from what is there.
        for field in ["uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds", "generateName"] {
            if field == "uid", let uid = object[at: "metadata", "uid"]?.string, !uid.isEmpty, uid != old[at: "metadata", "uid"]?.string {
                continue
            }
            object[at: "metadata", field] = old[at: "metadata", field]
        }
        // Version 0 is any.
        if object[at: "metadata", "resourceVersion"] == "0" { object[at: "metadata", "resourceVersion"] = nil }
        let version = object[at: "metadata", "resourceVersion"]
        if let text = version?.string, !text.isEmpty, text != old[at: "metadata", "resourceVersion"]?.string {
            throw APIFailure.conflict(ObjectKey(type: context.resource.type, namespace: key.namespace, name: key.name))
        }
        try CustomVersion.check(object, old: old, context.resource, warnings: &context.warnings)
        try AdmissionPolicies.check(admission(context, "UPDATE", new: object, old: old), state.store, warnings: &context.warnings)
        if subresource == nil { try Webhooks.check(object, key, operation: "UPDATE", .validating, state.store) }
        if records { object = recorded(old: old, new: object, context) }
        object[at: "metadata", "resourceVersion"] = version
        if context.isDryRun {
            var copy = state.store
            var answer = try copy.update(object, key: key, subresource: subresource, now: context.now)
            answer[at: "metadata", "resourceVersion"] = old[at: "metadata", "resourceVersion"]
            return respond(200, answer, context, state)
        }
        let stored = try state.store.update(object, key: key, subresource: subresource, now: context.now)
        if type == .clusterRoles { AggregatedRoles.refresh(&state.store, now: context.now) }
        return respond(200, stored, context, state)
    }

    /// Counts the changes of a DaemonSet's template.
    private func templateGeneration(_ object: JSON, _ old: JSON) -> JSON {
        let was = old[at: "metadata", "annotations", Defaults.templateGeneration]?.string.flatMap { Int($0) } ?? 1
        return .string(String(object[at: "spec", "template"] == old[at: "spec", "template"] ? was : was + 1))
    }

    /// A pod of which only the containers' resources, or the ephemeral containers, are taken from the request.
    private func podSubresource(
        _ subresource: Subresource?, _ given: JSON, _ old: JSON, _ context: RequestContext
    ) throws(APIFailure) -> JSON {
        var object = old
        object["metadata"] = given["metadata"]
        if subresource == .ephemeralcontainers {
            object[at: "spec", "ephemeralContainers"] = given[at: "spec", "ephemeralContainers"]
        } else {
            for field in ["initContainers", "containers"] {
                guard let list = old[at: "spec", field]?.array else { continue }
                object[at: "spec", field] = .array(
                    list.map { container in
                        var container = container
                        let wanted = given[at: "spec", field]?.array?.first { $0["name"] == container["name"] }
                        for member in ["resources", "resizePolicy"] { container[member] = wanted?[member] ?? container[member] }
                        return container
                    })
            }
        }
        object = Defaults.apply(object, type: .pods)
        try Validation.checkPodSubresource(object, old: old)
        return object
    }
}
