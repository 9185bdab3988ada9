import Core
import Kubernetes

/// What decoding into Go structs and encoding them again makes of an object: fields that the schema does not know are dropped, and so is what
/// Go leaves out (nothing, empty, zero); amounts are written in their one form.
enum Pruning {
    static func prune(_ object: JSON, schema: ObjectSchema?) -> JSON {
        guard let schema else { return object }
        return pruned(object, .object(schema.name, retainKeys: false))
    }

    private static func isOmitted(_ value: JSON, _ type: FieldType, _ key: String, of schema: ObjectSchema) -> Bool {
        if value.isNull { return !timesWithoutPointer.contains(key) }
        if schema.requires(key) { return false }
        switch (type, value) {
        case (.map, .object(let members)): return members.isEmpty
        case (.list, .array(let list)): return list.isEmpty
        case (.boolean, .bool(false)), (.integer, .integer(0)), (.long, .integer(0)), (.string, .string("")):
            return !isPointer(key, of: schema)
        default: return false
        }
    }

    private static func pruned(_ value: JSON, _ type: FieldType) -> JSON {
        switch (type, value) {
        case (.object(let name, _), .object(let members)):
            guard let schema = Schemas.builtIn[name] else { return value }
            var out: JSONObject = [:]
            for (key, child) in members {
                guard let field = schema[key], !isOmitted(child, field, key, of: schema) else { continue }
                let value = pruned(child, field)
                if !isOmitted(value, field, key, of: schema) { out[key] = value }
            }
            return .object(out)
        case (.map(let element, _), .object(let members)): return .object(members.mapValues { pruned($0, element) })
        case (.list(let element, _), .array(let list)): return .array(list.map { pruned($0, element) })
        case (.quantity, _): return Amounts.quantity(value).map { .string($0.description) } ?? value
        default: return value
        }
    }

    // MARK: Pointers

    /// Times that are no pointers, so that one that is not set is written as null.
    private static let timesWithoutPointer: Set<String> = [
        "lastProbeTime", "lastTransitionTime", "lastHeartbeatTime", "lastUpdateTime", "firstTimestamp", "lastTimestamp", "eventTime",
        "deprecatedFirstTimestamp", "deprecatedLastTimestamp",
    ]

    /// Whether a member is a pointer, which keeps a zero that was sent. Those of statuses count what is there and are none.
    private static func isPointer(_ key: String, of schema: ObjectSchema) -> Bool {
        if pointersOfOne.contains("\(schema.name).\(key)") { return true }
        if let message = WireSchema.builtIn.messages[schema.name] { return message.fields.contains { $0.name == key && $0.isPointer } }
        return pointers.contains(key) && !schema.name.hasSuffix("Status") && schema.name != "Subject"
    }

    private static let pointers: Set<String> = [
        "replicas", "minReplicas", "revisionHistoryLimit", "progressDeadlineSeconds", "partition", "terminationGracePeriodSeconds",
        "activeDeadlineSeconds", "tolerationSeconds", "runAsUser", "runAsGroup", "fsGroup", "defaultMode", "mode", "parallelism",
        "completions", "backoffLimit", "backoffLimitPerIndex", "maxFailedIndexes", "ttlSecondsAfterFinished", "priority",
        "leaseDurationSeconds", "leaseTransitions", "startingDeadlineSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit",
        "minDomains", "expirationSeconds", "deletionGracePeriodSeconds", "gracePeriodSeconds", "targetCPUUtilizationPercentage", "start",
        "automountServiceAccountToken", "shareProcessNamespace", "enableServiceLinks", "setHostnameAsFQDN", "hostUsers", "optional",
        "privileged", "runAsNonRoot", "readOnlyRootFilesystem", "allowPrivilegeEscalation", "immutable", "controller",
        "blockOwnerDeletion", "allocateLoadBalancerNodePorts", "suspend", "manualSelector", "ready", "serving", "terminating",
        "allowVolumeExpansion", "orphanDependents", "storageClassName", "ingressClassName", "runtimeClassName", "preemptionPolicy",
        "holderIdentity", "preferredHolder", "timeZone", "appProtocol", "loadBalancerClass", "ipFamilyPolicy", "internalTrafficPolicy",
        "trafficDistribution", "volumeMode", "completionMode", "podReplacementPolicy", "managedBy", "mountPropagation",
        "recursiveReadOnly", "localhostProfile", "apiGroup", "hostnameOverride", "fsGroupChangePolicy", "procMount",
        "seLinuxChangePolicy", "supplementalGroupsPolicy", "volumeAttributesClassName", "propagationPolicy",
    ]

    /// Pointers whose names other types have for plain values.
    private static let pointersOfOne: Set<String> = [
        "HostPathVolumeSource.type", "EndpointSlicePort.name", "EndpointSlicePort.protocol", "EndpointSlicePort.port",
        "GRPCAction.service", "Endpoint.hostname", "Endpoint.nodeName", "Endpoint.zone", "LeaseSpec.strategy",
    ]
}
