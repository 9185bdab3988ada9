import Core
import Kubernetes

/// The defaults that the API server writes into an object that leaves them open (pkg/apis/*/v1/defaults.go of Kubernetes v1.36).
enum Defaults {
    static func apply(_ object: JSON, type: ResourceType) -> JSON {
        guard case .object(var members) = object else { return object }
        func spec(_ change: (inout JSONObject) -> Void) {
            var spec = members["spec"]?.object ?? [:]
            members["spec"] = .null
            change(&spec)
            members["spec"] = .object(spec)
        }
        switch (type.group, type.plural) {
        case ("", "pods"): spec { podSpec(&$0, isPod: true) }
        case ("", "podtemplates"): template(in: &members, "template")
        case ("", "replicationcontrollers"): replicationController(&members)
        case ("apps", "deployments"): spec(deployment)
        case ("apps", "replicasets"):
            spec {
                set(&$0, "replicas", 1); template(in: &$0, "template")
            }
        case ("apps", "statefulsets"): spec(statefulSet)
        case ("apps", "daemonsets"):
            spec(daemonSet)
            if members["metadata"]?[at: "annotations", templateGeneration] == nil {
                var metadata = members["metadata"] ?? [:]
                metadata[at: "annotations", templateGeneration] = "1"
                members["metadata"] = metadata
            }
        case ("batch", "jobs"): spec { job(&$0, isTemplate: false) }
        case ("batch", "cronjobs"): spec(cronJob)
        case ("", "services"): spec(service)
        case ("", "namespaces"): namespace(&members)
        case ("", "secrets"): secret(&members)
        case ("", "events"): event(&members)
        case ("apiextensions.k8s.io", "customresourcedefinitions"):
            members = DefinitionStatus.withDefaults(.object(members)).object ?? members
            if members["status"] == nil { members["status"] = DefinitionStatus.fresh(.object(members)) }
        case ("", "persistentvolumeclaims"):
            spec {
                set(&$0, "resources", [:]); set(&$0, "volumeMode", "Filesystem")
            }
            if members["status"] == nil { members["status"] = ["phase": "Pending"] }
        case ("", "persistentvolumes"): spec(volume)
        case ("", "endpoints"): endpoints(&members)
        case ("", "limitranges"): spec(limitRange)
        case ("", "resourcequotas"), ("", "nodes"), ("coordination.k8s.io", "leases"), ("policy", "poddisruptionbudgets"),
            ("networking.k8s.io", "ingresses"):
            set(&members, "spec", [:])
        case ("autoscaling", _): spec(autoscaler)
        case ("networking.k8s.io", "networkpolicies"): spec(networkPolicy)
        case ("networking.k8s.io", "ingressclasses"):
            spec {
                guard case .object(var parameters)? = $0["parameters"] else { return }
                set(&parameters, "scope", "Cluster")
                $0["parameters"] = .object(parameters)
            }
        case ("discovery.k8s.io", "endpointslices"): endpointSlice(&members)
        case ("storage.k8s.io", "storageclasses"):
            set(&members, "reclaimPolicy", "Delete")
            set(&members, "volumeBindingMode", "Immediate")
        case ("storage.k8s.io", "csidrivers"): spec(driver)
        case ("scheduling.k8s.io", "priorityclasses"):
            set(&members, "value", 0)
            set(&members, "preemptionPolicy", "PreemptLowerPriority")
        case ("rbac.authorization.k8s.io", "roles"), ("rbac.authorization.k8s.io", "clusterroles"): set(&members, "rules", .null)
        case ("apps", "controllerrevisions"): set(&members, "revision", 0)
        case ("rbac.authorization.k8s.io", "rolebindings"), ("rbac.authorization.k8s.io", "clusterrolebindings"): binding(&members)
        case ("admissionregistration.k8s.io", "validatingadmissionpolicies"):
            spec {
                set(&$0, "failurePolicy", "Fail")
                matchResources(in: &$0, "matchConstraints")
            }
        case ("admissionregistration.k8s.io", "validatingadmissionpolicybindings"): spec { matchResources(in: &$0, "matchResources") }
        case ("admissionregistration.k8s.io", "validatingwebhookconfigurations"): webhooks(&members, isMutating: false)
        case ("admissionregistration.k8s.io", "mutatingwebhookconfigurations"): webhooks(&members, isMutating: true)
        default: break
        }
        if members["status"] == nil, let status = firstStatus[type.plural] { members["status"] = status }
        return .object(members)
    }

    /// What stands in the status before anybody has written it: the members that Go does not leave out when they are zero.
    private static let firstStatus: [String: JSON] = [
        "validatingadmissionpolicies": [:], "deployments": [:], "replicasets": ["replicas": 0], "replicationcontrollers": ["replicas": 0],
        "jobs": [:], "cronjobs": [:],
        "daemonsets": ["currentNumberScheduled": 0, "numberMisscheduled": 0, "desiredNumberScheduled": 0, "numberReady": 0],
        "statefulsets": ["replicas": 0, "availableReplicas": 0], "ingresses": ["loadBalancer": [:]], "services": ["loadBalancer": [:]],
        "persistentvolumes": ["phase": "Pending"],
        "horizontalpodautoscalers": ["desiredReplicas": 0, "currentMetrics": .null], "apiservices": [:], "resourcequotas": [:],
        "poddisruptionbudgets": ["disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0],
    ]

    private static func event(_ members: inout JSONObject) {
        for field in ["firstTimestamp", "lastTimestamp", "eventTime"] where members[field] == nil { members[field] = .null }
        set(&members, "source", [:])
        set(&members, "reportingComponent", "")
        set(&members, "reportingInstance", "")
    }

    static func set(_ object: inout JSONObject, _ key: String, _ value: JSON) {
        if object[key] == nil || object[key]?.isNull == true { object[key] = value }
    }

    private static func template(in object: inout JSONObject, _ key: String) {
        guard case .object(var template)? = object[key] else { return }
        object[key] = .null
        if template["metadata"] == nil { template["metadata"] = [:] }
        var spec = template["spec"]?.object ?? [:]
        podSpec(&spec, isPod: false)
        template["spec"] = .object(spec)
        object[key] = .object(template)
    }

    /// Where DaemonSets keep the generation of their template, which has no field in apps/v1.
    static let templateGeneration = "deprecated.daemonset.template.generation"

    private static func replicationController(_ members: inout JSONObject) {
        var spec = members["spec"]?.object ?? [:]
        set(&spec, "replicas", 1)
        template(in: &spec, "template")
        if let labels = spec["template"]?[at: "metadata", "labels"], labels.object?.isEmpty == false {
            set(&spec, "selector", labels)
            var metadata = members["metadata"]?.object ?? [:]
            set(&metadata, "labels", labels)
            members["metadata"] = .object(metadata)
        }
        members["spec"] = .object(spec)
    }

    private static func deployment(_ spec: inout JSONObject) {
        set(&spec, "replicas", 1)
        set(&spec, "revisionHistoryLimit", 10)
        set(&spec, "progressDeadlineSeconds", 600)
        var strategy = spec["strategy"]?.object ?? [:]
        set(&strategy, "type", "RollingUpdate")
        if strategy["type"] == "RollingUpdate" {
            var rolling = strategy["rollingUpdate"]?.object ?? [:]
            set(&rolling, "maxUnavailable", "25%")
            set(&rolling, "maxSurge", "25%")
            strategy["rollingUpdate"] = .object(rolling)
        }
        spec["strategy"] = .object(strategy)
        template(in: &spec, "template")
    }

    private static func statefulSet(_ spec: inout JSONObject) {
        set(&spec, "replicas", 1)
        set(&spec, "revisionHistoryLimit", 10)
        set(&spec, "podManagementPolicy", "OrderedReady")
        var strategy = spec["updateStrategy"]?.object ?? [:]
        set(&strategy, "type", "RollingUpdate")
        if strategy["type"] == "RollingUpdate" { set(&strategy, "rollingUpdate", ["partition": 0]) }
        spec["updateStrategy"] = .object(strategy)
        set(&spec, "persistentVolumeClaimRetentionPolicy", ["whenDeleted": "Retain", "whenScaled": "Retain"])
        if case .array(let claims)? = spec["volumeClaimTemplates"] {
            spec["volumeClaimTemplates"] = .array(
                claims.map { claim in
                    var claim = claim
                    claim["apiVersion"] = "v1"
                    claim["kind"] = "PersistentVolumeClaim"
                    return apply(claim, type: .persistentVolumeClaims)
                })
        }
        template(in: &spec, "template")
    }

    private static func daemonSet(_ spec: inout JSONObject) {
        set(&spec, "revisionHistoryLimit", 10)
        var strategy = spec["updateStrategy"]?.object ?? [:]
        set(&strategy, "type", "RollingUpdate")
        if strategy["type"] == "RollingUpdate" {
            var rolling = strategy["rollingUpdate"]?.object ?? [:]
            set(&rolling, "maxUnavailable", 1)
            set(&rolling, "maxSurge", 0)
            strategy["rollingUpdate"] = .object(rolling)
        }
        spec["updateStrategy"] = .object(strategy)
        template(in: &spec, "template")
    }

    private static func job(_ spec: inout JSONObject, isTemplate: Bool) {
        if !isTemplate {
            if spec["completions"] == nil, spec["parallelism"] == nil { spec["completions"] = 1 }
            set(&spec, "parallelism", 1)
            set(&spec, "backoffLimit", spec["backoffLimitPerIndex"] == nil ? 6 : 2_147_483_647)
            set(&spec, "completionMode", "NonIndexed")
            set(&spec, "manualSelector", false)
            set(&spec, "suspend", false)
            set(&spec, "podReplacementPolicy", spec["podFailurePolicy"] == nil ? "TerminatingOrFailed" : "Failed")
        }
        template(in: &spec, "template")
    }

    private static func cronJob(_ spec: inout JSONObject) {
        set(&spec, "concurrencyPolicy", "Allow")
        set(&spec, "suspend", false)
        set(&spec, "successfulJobsHistoryLimit", 3)
        set(&spec, "failedJobsHistoryLimit", 1)
        guard case .object(var template)? = spec["jobTemplate"] else { return }
        if template["metadata"] == nil { template["metadata"] = [:] }
        var inner = template["spec"]?.object ?? [:]
        job(&inner, isTemplate: true)
        template["spec"] = .object(inner)
        spec["jobTemplate"] = .object(template)
    }

    private static func namespace(_ members: inout JSONObject) {
        var spec = members["spec"]?.object ?? [:]
        set(&spec, "finalizers", ["kubernetes"])
        members["spec"] = .object(spec)
        var status = members["status"]?.object ?? [:]
        set(&status, "phase", "Active")
        members["status"] = .object(status)
        if let name = members["metadata"]?["name"] {
            var metadata = members["metadata"] ?? [:]
            metadata[at: "labels", "kubernetes.io/metadata.name"] = name
            members["metadata"] = metadata
        }
    }

    private static func secret(_ members: inout JSONObject) {
        set(&members, "type", "Opaque")
        guard case .object(let plain)? = members["stringData"] else { return }
        var data = members["data"]?.object ?? [:]
        for (key, value) in plain { data[key] = .string(Base64.encode(Array((value.string ?? "").utf8))) }
        members["data"] = .object(data)
        members.removeValue(forKey: "stringData")
    }
}
