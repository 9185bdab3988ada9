import Core

/// The roles that every cluster has and whom they are bound to (plugin/pkg/auth/authorizer/rbac/bootstrappolicy of Kubernetes v1.36).
enum BootstrapRoles {
    static let all: [(name: String, rules: [JSON])] = [
        ("cluster-admin", [rule(["*"], ["*"], ["*"]), paths(["*"], ["*"])]),
        ("admin", editOnly + view + adminOnly),
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
        (
            "system:monitoring",
            [
                paths(
                    ["/healthz", "/healthz/*", "/livez", "/livez/*", "/metrics", "/metrics/slis", "/readyz", "/readyz/*"], ["get"])
            ]
        ),
        (
            "system:service-account-issuer-discovery",
            [
                paths(
                    [
                        "/.well-known/openid-configuration", "/.well-known/openid-configuration/", "/openid/v1/jwks", "/openid/v1/jwks/",
                    ], ["get"])
            ]
        ),
    ]

    /// The same as objects, with the labels by which some gather the rules of others.
    static let objects: [JSON] = all.map { name, rules in
        var role: JSON = [
            "metadata": [
                "name": .string(name), "labels": ["kubernetes.io/bootstrapping": "rbac-defaults"],
                "annotations": ["rbac.authorization.kubernetes.io/autoupdate": "true"],
            ], "rules": .array(rules),
        ]
        func label(_ gatherer: String) -> String { "rbac.authorization.k8s.io/aggregate-to-\(gatherer)" }
        if let gatherer = gatheredBy[name] { role[at: "metadata", "labels", label(gatherer)] = "true" }
        if ["view", "edit", "admin"].contains(name) {
            role["aggregationRule"] = ["clusterRoleSelectors": [["matchLabels": .object([label(name): "true"])]]]
        }
        return role
    }

    private static let gatheredBy = [
        "view": "edit", "edit": "admin", "system:aggregate-to-view": "view", "system:aggregate-to-edit": "edit",
        "system:aggregate-to-admin": "admin",
    ]

    /// Roles that are bound to groups under their own name.
    static let bindings: [(role: String, groups: [String])] = [
        ("cluster-admin", ["system:masters"]), ("system:basic-user", ["system:authenticated"]),
        ("system:discovery", ["system:authenticated"]),
        ("system:public-info-viewer", ["system:authenticated", "system:unauthenticated"]),
        ("system:monitoring", ["system:monitoring"]), ("system:service-account-issuer-discovery", ["system:serviceaccounts"]),
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
