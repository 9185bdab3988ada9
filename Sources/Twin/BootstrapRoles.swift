import Core

/// The roles that every cluster has and whom they are bound to (plugin/pkg/auth/authorizer/rbac/bootstrappolicy of Kubernetes v1.36).
enum BootstrapRoles {
    static let all: [(name: String, rules: [JSON])] = [
        ("cluster-admin", [rule(["*"], ["*"], ["*"]), paths(["*"], ["*"])]),
        ("admin", adminOnly + editOnly + view),
        ("edit", editOnly + view),
        ("view", view),
        ("system:aggregate-to-admin", adminOnly),
        ("system:aggregate-to-edit", editOnly),
        ("system:aggregate-to-view", view),
        (
            "system:basic-user",
            [
                rule(["authorization.k8s.io"], ["selfsubjectaccessreviews", "selfsubjectrulesreviews"], ["create"]),
                rule(["authentication.k8s.io"], ["selfsubjectreviews"], ["create"]),
            ]
        ),
        (
            "system:discovery",
            [
                paths(
                    [
                        "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz", "/version",
                        "/version/",
                    ], ["get"])
            ]
        ),
        ("system:public-info-viewer", [paths(["/healthz", "/livez", "/readyz", "/version", "/version/"], ["get"])]),
    ]

    private static let aggregate = "rbac.authorization.k8s.io/aggregate-to-"

    /// The role as an object. The three roles for people are made of all that are labelled for them.
    static func object(_ name: String, rules: [JSON]) -> JSON {
        var role: JSON = [
            "metadata": [
                "name": .string(name), "labels": ["kubernetes.io/bootstrapping": "rbac-defaults"],
                "annotations": ["rbac.authorization.kubernetes.io/autoupdate": "true"],
            ], "rules": .array(rules),
        ]
        let part = "system:aggregate-to-"
        let target = name.hasPrefix(part) ? String(name.dropFirst(part.count)) : ["edit": "admin", "view": "edit"][name]
        if let target { role[at: "metadata", "labels", aggregate + target] = "true" }
        if ["admin", "edit", "view"].contains(name) {
            role["aggregationRule"] = ["clusterRoleSelectors": [["matchLabels": [aggregate + name: "true"]]]]
        }
        return role
    }

    /// Roles that are bound to groups under their own name.
    static let bindings: [(role: String, groups: [String])] = [
        ("cluster-admin", ["system:masters"]), ("system:basic-user", ["system:authenticated"]),
        ("system:discovery", ["system:authenticated"]),
        ("system:public-info-viewer", ["system:authenticated", "system:unauthenticated"]),
    ]

    private static let read = ["get", "list", "watch"]
    private static let write = ["create", "delete", "deletecollection", "patch", "update"]

    private static let view: [JSON] = [
        rule(
            [""],
            [
                "configmaps", "endpoints", "persistentvolumeclaims", "persistentvolumeclaims/status", "pods", "replicationcontrollers",
                "replicationcontrollers/scale", "serviceaccounts", "services", "services/status",
            ], read),
        rule(
            [""],
            [
                "bindings", "limitranges", "namespaces/status", "pods/log", "pods/status", "replicationcontrollers/status",
                "resourcequotas", "resourcequotas/status",
            ], read),
        rule([""], ["namespaces"], read),
        rule(["", "events.k8s.io"], ["events"], read),
        rule(["discovery.k8s.io"], ["endpointslices"], read),
        rule(
            ["apps"],
            [
                "controllerrevisions", "daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status",
                "replicasets", "replicasets/scale", "replicasets/status", "statefulsets", "statefulsets/scale", "statefulsets/status",
            ], read),
        rule(["autoscaling"], ["horizontalpodautoscalers", "horizontalpodautoscalers/status"], read),
        rule(["batch"], ["cronjobs", "cronjobs/status", "jobs", "jobs/status"], read),
        rule(
            ["extensions"],
            [
                "daemonsets", "daemonsets/status", "deployments", "deployments/scale", "deployments/status", "ingresses",
                "ingresses/status", "networkpolicies", "replicasets", "replicasets/scale", "replicasets/status",
                "replicationcontrollers/scale",
            ], read),
        rule(["policy"], ["poddisruptionbudgets", "poddisruptionbudgets/status"], read),
        rule(["networking.k8s.io"], ["ingresses", "ingresses/status", "networkpolicies"], read),
        rule(["resource.k8s.io"], ["resourceclaims", "resourceclaims/status", "resourceclaimtemplates"], read),
    ]

    private static let editOnly: [JSON] = [
        rule([""], ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"], read),
        rule([""], ["serviceaccounts"], ["impersonate"]),
        rule([""], ["pods", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy"], write),
        rule([""], ["pods/eviction"], ["create"]),
        rule(
            [""],
            [
                "configmaps", "events", "persistentvolumeclaims", "replicationcontrollers", "replicationcontrollers/scale", "secrets",
                "serviceaccounts", "services", "services/proxy",
            ], write),
        rule([""], ["serviceaccounts/token"], ["create"]),
        rule(
            ["apps"],
            [
                "daemonsets", "deployments", "deployments/rollback", "deployments/scale", "replicasets", "replicasets/scale",
                "statefulsets",
                "statefulsets/scale",
            ], write),
        rule(["autoscaling"], ["horizontalpodautoscalers"], write),
        rule(["batch"], ["cronjobs", "jobs"], write),
        rule(["policy"], ["poddisruptionbudgets"], write),
        rule(["networking.k8s.io"], ["ingresses", "networkpolicies"], write),
        rule(["coordination.k8s.io"], ["leases"], write + read),
    ]

    private static let adminOnly: [JSON] = [
        rule(["authorization.k8s.io"], ["localsubjectaccessreviews"], ["create"]),
        rule(["rbac.authorization.k8s.io"], ["rolebindings", "roles"], write + read),
    ]

    private static func rule(_ groups: [String], _ resources: [String], _ verbs: [String]) -> JSON {
        ["verbs": JSON(verbs), "apiGroups": JSON(groups), "resources": JSON(resources)]
    }

    private static func paths(_ paths: [String], _ verbs: [String]) -> JSON { ["verbs": JSON(verbs), "nonResourceURLs": JSON(paths)] }
}
