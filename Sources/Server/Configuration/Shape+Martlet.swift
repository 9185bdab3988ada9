import Core
import Documents

extension Shape {
    /// The whole configuration file (INTERFACES section 3).
    static let martlet = Shape.record([
        Field("version", .integer(1...1), "The version of this format.", required: true),
        Field(
            "server",
            .record([
                Field("listen", .address, "Where pages and API are served. Beyond loopback only with tls."),
                Field(
                    "tls",
                    .record([
                        Field("certificate", .text(example: "/etc/martlet/tls.crt"), "PEM file: certificate chain.", required: true),
                        Field("key", .text(example: "/etc/martlet/tls.key"), "PEM file: private key.", required: true),
                    ]), "Serve HTTPS."),
                Field("publicURL", .location, "What people type: links in notifications begin with it, and its host is accepted."),
                Field("probes", .address, "A second, plain HTTP listener for /healthz, /readyz and /metrics only."),
            ]), "The web server."),
        Field("clusters", .list(cluster), "What is watched. Without any: the current context of the kubeconfig."),
        Field("environments", .table(environment), "What Martlet may do where. An environment that is not named is `suggest`."),
        Field(
            "storage",
            .record([
                Field("home", .text(example: "/var/lib/martlet"), "The folder of the journal and keys."),
                Field("journal", .text(example: "postgres://…"), "", reserved: true),
                Field("signals", .text(example: "clickhouse://…"), "", reserved: true),
                Field("retention", .table(.duration), "", reserved: true),
            ]), "Where things are kept."),
        Field("sources", .list(.text(example: "")), "", reserved: true),
        Field("notify", .list(notification), "Who is told."),
        Field(
            "redaction",
            .record([
                Field(
                    "names", .list(.text(example: "iban")),
                    "Further names of settings whose values are secret, compared word by word: iban covers customerIban."),
                Field("keep", .list(.text(example: "TOKEN_TTL")), "Exact names whose values are not secret although they look so."),
            ]), "What is never stored or shown."),
    ])

    private static let cluster = Shape.record([
        Field("name", .text(example: "eu-1"), "How it is called in paths and on pages.", required: true),
        Field("context", .text(example: "prod-eu-1"), "The context of the kubeconfig that reaches it; by default the current one."),
        Field("kubeconfig", .text(example: "/home/me/.kube/config"), "The kubeconfig file; by default as kubectl finds it."),
        Field("inCluster", .boolean, "Use the service account of the pod that Martlet runs in."),
        Field("environment", .text(example: "staging"), "A name of `environments`; `prod` by default."),
        Field(
            "credentials",
            .record([
                Field("read", credentials, "What Martlet watches with."),
                Field("act", credentials, "What Martlet changes with."),
            ]), "Who Martlet is in the cluster: reading and acting can differ."),
        Field("namespaces", .list(.text(example: "shop")), "Only these; all by default."),
        Field(
            "secrets", .choice(["none", "keys", "helm", "tls"]),
            "What is read of Secrets: nothing (the default), or names and keys; values are dropped in the reader. helm and tls are reserved."
        ),
    ])

    private static let credentials = Shape.record([
        Field("context", .text(example: "prod-eu-1-operator"), "Another context of the kubeconfig."),
        Field("as", .text(example: "system:serviceaccount:martlet:actor"), "Impersonate this user."),
        Field("token", .secret, "A bearer token."),
    ])

    private static let autonomy = Shape.choice(Autonomy.allCases.map(\.rawValue))

    private static let environment = Shape.record([
        Field(
            "autonomy",
            .either(autonomy, .record(RiskClass.allCases.map { Field($0.rawValue, autonomy, "Actions of \($0.rawValue) risk.") })),
            "What Martlet does by itself, for every risk class or for each. A class that is not named is `suggest`."),
        Field(
            "optionalGates", .list(.choice(GateResult.Gate.allCases.map(\.rawValue))),
            "Gates that may be inconclusive without blocking anybody. A failed gate always blocks."),
        Field("approvals", .integer(1...5), "How many people must approve."),
        Field("verification", .record([Field("window", .duration, "How long the effect is watched.")]), "How a repair is judged."),
        Field(
            "limits",
            .record([
                Field("cooldown", .duration, "Between two operations on one thing."),
                Field("attempts", .integer(1...100), "Operations on one thing in 24 hours."),
                Field("breaker", .integer(1...100), "Operations that fail in a row before Martlet stops acting on a thing."),
            ]), "What stops loops."),
        Field(
            "freeze",
            .list(
                .record([
                    Field("from", .instant, "First moment.", required: true),
                    Field("until", .instant, "Moment after the last.", required: true),
                    Field("reason", .text(example: "Black Friday"), "Shown to whoever wants to act."),
                ])), "Times in which nothing is changed."),
    ])

    private static let notification = Shape.record([
        Field(
            "webhook",
            .record([
                Field("url", .location, "Where the JSON is posted.", required: true),
                Field("secret", .secret, "Signs each post with HMAC-SHA256."),
            ]), "A signed POST, at least once: a repeat has the same Martlet-Delivery.", required: true),
        Field(
            "on", .list(.choice(NotificationSettings.Occasion.allCases.map(\.rawValue))),
            "When; every occasion by default. awaiting-approval comes once for each wait of an incident, not for each plan."),
    ])
}
