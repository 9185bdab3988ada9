import Core
import Kubernetes

extension Defaults {
    static func autoscaler(_ spec: inout JSONObject) {
        set(&spec, "minReplicas", 1)
        if spec["metrics"]?.array?.isEmpty ?? true {
            spec["metrics"] = [
                ["type": "Resource", "resource": ["name": "cpu", "target": ["type": "Utilization", "averageUtilization": 80]]]
            ]
        }
        guard case .object(var behavior)? = spec["behavior"] else { return }
        behavior["scaleUp"] = rules(
            behavior["scaleUp"], window: 0,
            [["type": "Pods", "value": 4, "periodSeconds": 15], ["type": "Percent", "value": 100, "periodSeconds": 15]])
        behavior["scaleDown"] = rules(behavior["scaleDown"], window: nil, [["type": "Percent", "value": 100, "periodSeconds": 15]])
        spec["behavior"] = .object(behavior)
    }

    private static func rules(_ given: JSON?, window: JSON?, _ policies: JSON) -> JSON {
        var rules = given?.object ?? [:]
        if let window { set(&rules, "stabilizationWindowSeconds", window) }
        set(&rules, "selectPolicy", "Max")
        set(&rules, "policies", policies)
        return .object(rules)
    }

    static func binding(_ members: inout JSONObject) {
        if case .object(var role)? = members["roleRef"] {
            if role["apiGroup"]?.string?.isEmpty ?? true { role["apiGroup"] = "rbac.authorization.k8s.io" }
            members["roleRef"] = .object(role)
        }
        guard case .array(let subjects)? = members["subjects"] else { return }
        members["subjects"] = .array(
            subjects.map { subject in
                guard case .object(var subject) = subject else { return subject }
                if subject["kind"] == "User" || subject["kind"] == "Group" { set(&subject, "apiGroup", "rbac.authorization.k8s.io") }
                return .object(subject)
            })
    }

    /// Limits follow from maxima, requests from limits, then from minima.
    static func limitRange(_ spec: inout JSONObject) {
        guard case .array(let items)? = spec["limits"] else { spec["limits"] = .null; return }
        spec["limits"] = .array(
            items.map { item in
                guard case .object(var item) = item, item["type"] == "Container" else { return item }
                for (target, source) in [("default", "max"), ("defaultRequest", "default"), ("defaultRequest", "min")] {
                    var amounts = item[target]?.object ?? [:]
                    for (name, value) in item[source]?.object ?? [:] { set(&amounts, name, value) }
                    if !amounts.isEmpty { item[target] = .object(amounts) }
                }
                return .object(item)
            })
    }

    static func webhooks(_ members: inout JSONObject, isMutating: Bool) {
        guard case .array(let list)? = members["webhooks"] else { return }
        members["webhooks"] = .array(
            list.map { webhook in
                guard case .object(var webhook) = webhook else { return webhook }
                set(&webhook, "failurePolicy", "Fail")
                set(&webhook, "matchPolicy", "Equivalent")
                set(&webhook, "namespaceSelector", [:])
                set(&webhook, "objectSelector", [:])
                set(&webhook, "timeoutSeconds", 10)
                if isMutating { set(&webhook, "reinvocationPolicy", "Never") }
                if case .object(var service)? = webhook["clientConfig"]?["service"] {
                    set(&service, "port", 443)
                    webhook["clientConfig"]?["service"] = .object(service)
                }
                if case .array(let rules)? = webhook["rules"] {
                    webhook["rules"] = .array(
                        rules.map { rule in
                            guard case .object(var rule) = rule else { return rule }
                            set(&rule, "scope", "*")
                            return .object(rule)
                        })
                }
                return .object(webhook)
            })
    }

    static func driver(_ spec: inout JSONObject) {
        set(&spec, "attachRequired", true)
        set(&spec, "fsGroupPolicy", "ReadWriteOnceWithFSType")
        for flag in ["podInfoOnMount", "storageCapacity", "requiresRepublish", "seLinuxMount"] { set(&spec, flag, false) }
        if spec["volumeLifecycleModes"]?.array?.isEmpty ?? true { spec["volumeLifecycleModes"] = ["Persistent"] }
    }

    static func volume(_ spec: inout JSONObject) {
        set(&spec, "persistentVolumeReclaimPolicy", "Retain")
        set(&spec, "volumeMode", "Filesystem")
        if case .object(var path)? = spec["hostPath"] {
            set(&path, "type", "")
            spec["hostPath"] = .object(path)
        }
    }
}
