import Core
import Kubernetes

/// Which fields the cluster's own parts have written: what stands in `managedFields` of the objects that they change.
///
/// What they write into a spec is recorded with the write, since server-side apply depends on it. What they make and report themselves is
/// told of an object when it is asked for: there is a lot of it, and it follows from the object.
enum Ownership {
    static let controllerManager = "kube-controller-manager"

    /// Kinds whose specs people and controllers write alike.
    private static let shared: Set<ResourceType> = [
        .deployments, .replicaSets, .statefulSets, .daemonSets, .jobs, .cronJobs, .persistentVolumeClaims, .persistentVolumes, .nodes,
    ]

    /// Whether writes of a kind are recorded as they come.
    static func isRecorded(_ type: ResourceType) -> Bool { shared.contains(type) }

    /// An object with `managedFields` after a controller has made it, or changed `old` into it.
    static func recorded(_ object: JSON, old: JSON?, type: ResourceType, subresource: String, now: Timestamp) -> JSON {
        guard shared.contains(type) else { return object }
        return written(object, old: old, type: type, by: controllerManager, subresource: subresource, now: now)
    }

    /// The same after a person has changed `old` into it with `kubectl edit`, whatever its kind.
    static func edited(_ object: JSON, old: JSON, type: ResourceType, now: Timestamp) -> JSON {
        written(object, old: old, type: type, by: "kubectl-edit", now: now)
    }

    private static func written(
        _ object: JSON, old: JSON?, type: ResourceType, by manager: String, subresource: String = "", now: Timestamp
    ) -> JSON {
        func own(_ object: JSON) -> JSON {
            var object = object
            object["status"] = nil
            return object
        }
        let recorded = merger(type, now).recordUpdate(old: old.map(own), new: own(object), manager: manager, subresource: subresource)
        var object = object
        object[at: "metadata", "managedFields"] = recorded[at: "metadata", "managedFields"]
        return object
    }

    private static func merger(_ type: ResourceType, _ now: Timestamp) -> ServerSideApply {
        let schema = Schemas.builtIn.schema(kind: type.kind, group: type.group, version: type.version)
        return ServerSideApply(schema: schema, apiVersion: type.apiVersion, now: now)
    }

    // MARK: What follows from the object

    /// An object with those owners that nobody has recorded: who made it, and who reports its status.
    static func completed(_ object: JSON, type: ResourceType) -> JSON {
        var object = object
        var entries = object[at: "metadata", "managedFields"]?.array ?? []
        let made = object[at: "metadata", "creationTimestamp"]?.string ?? ""
        let isOwned = (object[at: "metadata", "ownerReferences"]?.array ?? []).contains { $0["controller"]?.bool == true }
        if entries.isEmpty, isOwned, let at = Timestamp(made) {
            let new = merger(type, at).recordUpdate(old: nil, new: asMade(object, type), manager: controllerManager)
            entries += new[at: "metadata", "managedFields"]?.array ?? []
        }
        for (manager, status) in reported(object, type) where !status.isEmpty {
            let at = entries.firstIndex { $0["manager"]?.string == manager && $0["subresource"] == "status" }
            if let at, entries[at][at: "fieldsV1", "f:status"] != nil { continue }
            guard let time = Timestamp(newest(.object(status)) ?? made) else { continue }
            let before: JSON = ["metadata": ["name": ""]]
            let new = merger(type, time).recordUpdate(
                old: before, new: ["metadata": ["name": ""], "status": .object(status)], manager: manager, subresource: "status")
            let own = new[at: "metadata", "managedFields"]?.array ?? []
            if let at {
                entries[at][at: "fieldsV1", "f:status"] = own.first?[at: "fieldsV1", "f:status"]
            } else {
                entries += own
            }
        }
        entries = ServerSideApply.sorted(entries)
        if !entries.isEmpty { object[at: "metadata", "managedFields"] = .array(entries) }
        return object
    }

    /// The object without what admission and scheduler have added to what its controller has sent.
    private static func asMade(_ object: JSON, _ type: ResourceType) -> JSON {
        var object = object
        object["status"] = nil
        object[at: "metadata", "managedFields"] = nil
        guard type == .pods, case .object(var spec)? = object["spec"] else { return object }
        for field in ["nodeName", "serviceAccount", "priority", "preemptionPolicy", "imagePullSecrets"] { spec[field] = nil }
        if spec["serviceAccountName"] == "default" { spec["serviceAccountName"] = nil }
        func isGiven(_ toleration: JSON) -> Bool {
            ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"].contains(toleration["key"]?.string ?? "")
        }
        spec["tolerations"] = remaining(spec["tolerations"]) { !isGiven($0) }
        func isToken(_ item: JSON) -> Bool { item["name"]?.string?.hasPrefix("kube-api-access-") == true }
        spec["volumes"] = remaining(spec["volumes"]) { !isToken($0) }
        for field in ["containers", "initContainers"] {
            guard let list = spec[field]?.array else { continue }
            spec[field] = .array(
                list.map { container in
                    var container = container
                    container["volumeMounts"] = remaining(container["volumeMounts"]) { !isToken($0) }
                    return container
                })
        }
        object["spec"] = .object(spec)
        return object
    }

    private static func remaining(_ list: JSON?, where isKept: (JSON) -> Bool) -> JSON? {
        guard let kept = list?.array?.filter(isKept), !kept.isEmpty else { return nil }
        return .array(kept)
    }

    /// The parts of the status, by who reports them.
    private static func reported(_ object: JSON, _ type: ResourceType) -> [(manager: String, status: JSONObject)] {
        guard case .object(var status)? = object["status"] else { return [] }
        switch type {
        case .pods:
            status["qosClass"] = nil
            let conditions = status["conditions"]?.array ?? []
            // A pod that has found its node has no scheduler's condition any more: the binding has set it.
            let waiting = conditions.filter { $0["type"] == "PodScheduled" && $0["status"] == "False" }
            var scheduler: JSONObject = [:]
            if !waiting.isEmpty { scheduler["conditions"] = .array(waiting) }
            status["conditions"] = remaining(status["conditions"]) { $0["type"] != "PodScheduled" }
            return [("kubelet", status["startTime"] == nil ? [:] : status), ("kube-scheduler", scheduler)]
        case .nodes: return [("kubelet", status)]
        case .persistentVolumeClaims: return [(controllerManager, status["phase"] == "Pending" ? [:] : status)]
        case .services, .customResourceDefinitions: return []
        case .namespaces: return [(controllerManager, status["conditions"] == nil ? [:] : status)]
        default: return [(controllerManager, status)]
        }
    }

    /// The last time that stands in a value.
    private static func newest(_ value: JSON) -> String? {
        switch value {
        case .string(let text): text.hasSuffix("Z") && Timestamp(text) != nil ? text : nil
        case .array(let list): list.compactMap(newest).max()
        case .object(let members): members.values.compactMap(newest).max()
        default: nil
        }
    }
}
