import Core
import Kubernetes
import Testing

@testable import Twin

/// What the API server writes into objects that leave it open.
@Suite struct DefaultingTests {
    let client = APIClient()
    static let home = "namespaces/default"

    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let body: JSON
        /// Members of the answer by their path.
        let expected: [(path: [String], value: JSON?)]
        var testDescription: String { path }

        init(_ path: String, _ body: JSON, _ expected: [(String, JSON?)]) {
            self.path = path
            self.body = body
            self.expected = expected.map { ($0.0.split(separator: "/").map(String.init), $0.1) }
        }
    }

    private static func template(_ labels: JSON = ["a": "b"]) -> JSON {
        ["metadata": ["labels": labels], "spec": ["containers": [["name": "c", "image": "a:1"]]]]
    }

    static let cases: [Case] = [
        .init(
            "/apis/apps/v1/\(home)/daemonsets",
            ["metadata": ["name": "d"], "spec": ["selector": ["matchLabels": ["a": "b"]], "template": template()]],
            [("metadata/annotations/deprecated.daemonset.template.generation", "1")]),
        .init(
            "/api/v1/\(home)/replicationcontrollers", ["metadata": ["name": "r"], "spec": ["template": template()]],
            [("spec/selector", ["a": "b"]), ("metadata/labels", ["a": "b"]), ("spec/replicas", 1)]),
        .init(
            "/api/v1/\(home)/persistentvolumeclaims",
            ["metadata": ["name": "c"], "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1024Mi"]]]],
            [
                ("metadata/finalizers", ["kubernetes.io/pvc-protection"]), ("spec/resources/requests/storage", "1Gi"),
                ("status", ["phase": "Pending"]),
            ]),
        .init(
            "/api/v1/persistentvolumes",
            [
                "metadata": ["name": "v"],
                "spec": ["capacity": ["storage": "1Gi"], "accessModes": ["ReadWriteOnce"], "hostPath": ["path": "/x"]],
            ],
            [
                ("metadata/finalizers", ["kubernetes.io/pv-protection"]), ("spec/hostPath/type", ""), ("status/phase", "Pending"),
            ]),
        .init(
            "/apis/autoscaling/v2/\(home)/horizontalpodautoscalers",
            [
                "metadata": ["name": "h"],
                "spec": [
                    "scaleTargetRef": ["kind": "Deployment", "name": "d"], "maxReplicas": 3,
                    "behavior": ["scaleUp": ["policies": [["type": "Pods", "value": 2, "periodSeconds": 15]]]],
                ],
            ],
            [
                (
                    "spec/behavior",
                    [
                        "scaleUp": [
                            "policies": [["type": "Pods", "value": 2, "periodSeconds": 15]], "stabilizationWindowSeconds": 0,
                            "selectPolicy": "Max",
                        ],
                        "scaleDown": ["policies": [["type": "Percent", "value": 100, "periodSeconds": 15]], "selectPolicy": "Max"],
                    ]
                )
            ]),
        .init(
            "/apis/autoscaling/v1/\(home)/horizontalpodautoscalers",
            ["metadata": ["name": "h1"], "spec": ["scaleTargetRef": ["kind": "Deployment", "name": "d"], "maxReplicas": 3]],
            [("status", ["currentReplicas": 0, "desiredReplicas": 0])]),
        .init(
            "/api/v1/\(home)/limitranges",
            ["metadata": ["name": "l"], "spec": ["limits": [["type": "Container", "max": ["cpu": 1], "min": ["memory": "64Mi"]]]]],
            [
                (
                    "spec/limits",
                    [
                        [
                            "type": "Container", "max": ["cpu": "1"], "min": ["memory": "64Mi"], "default": ["cpu": "1"],
                            "defaultRequest": ["cpu": "1", "memory": "64Mi"],
                        ]
                    ]
                )
            ]),
        .init(
            "/apis/rbac.authorization.k8s.io/v1/\(home)/rolebindings",
            ["metadata": ["name": "b"], "roleRef": ["kind": "Role", "name": "r"], "subjects": [["kind": "User", "name": "u"]]],
            [("roleRef/apiGroup", "rbac.authorization.k8s.io")]),
        .init(
            "/apis/networking.k8s.io/v1/\(home)/networkpolicies",
            ["metadata": ["name": "n"], "spec": ["podSelector": [:], "egress": [["ports": [["port": 53]]]]]],
            [("spec/policyTypes", ["Ingress", "Egress"]), ("spec/egress", [["ports": [["port": 53, "protocol": "TCP"]]]])]),
        .init(
            "/apis/discovery.k8s.io/v1/\(home)/endpointslices",
            [
                "metadata": ["name": "e"], "addressType": "IPv4", "endpoints": [["addresses": ["10.0.0.1"]]], "ports": [["port": 80]],
            ],
            [("ports", [["name": "", "port": 80, "protocol": "TCP"]]), ("endpoints", [["addresses": ["10.0.0.1"], "conditions": [:]]])]),
        .init(
            "/apis/scheduling.k8s.io/v1/priorityclasses", ["metadata": ["name": "high"], "value": 1000],
            [("metadata/generation", 1), ("preemptionPolicy", "PreemptLowerPriority")]),
        .init("/apis/coordination.k8s.io/v1/\(home)/leases", ["metadata": ["name": "l"]], [("spec", [:])]),
        .init(
            "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
            [
                "metadata": ["name": "w"],
                "webhooks": [
                    [
                        "name": "a.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                        "clientConfig": ["service": ["name": "s", "namespace": "n"]],
                        "rules": [["operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["secrets"]]],
                    ]
                ],
            ],
            [
                ("metadata/generation", 1),
                (
                    "webhooks",
                    [
                        [
                            "name": "a.example.com", "sideEffects": "None", "admissionReviewVersions": ["v1"],
                            "clientConfig": ["service": ["name": "s", "namespace": "n", "port": 443]],
                            "rules": [
                                [
                                    "operations": ["CREATE"], "apiGroups": [""], "apiVersions": ["v1"], "resources": ["secrets"],
                                    "scope": "*",
                                ]
                            ],
                            "failurePolicy": "Fail", "matchPolicy": "Equivalent", "namespaceSelector": [:], "objectSelector": [:],
                            "timeoutSeconds": 10, "reinvocationPolicy": "Never",
                        ]
                    ]
                ),
            ]),
        .init(
            "/api/v1/nodes", ["metadata": ["name": "n9"]],
            [("spec", ["taints": [["key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"]]])]),
    ]

    @Test(arguments: cases) func whatIsLeftOpenIsFilledIn(_ one: Case) async {
        let answer = await client.send("POST", "\(one.path)?dryRun=All", one.body)
        #expect(answer.status == 201, "\(answer.json.text())")
        for (path, value) in one.expected { #expect(answer.json[path: path[...]] == value) }
    }

    /// What says no more than nothing is not there, as Go leaves it out; a pointer keeps its zero.
    @Test func zerosAreLeftOutOrFilledIn() async {
        let answer = await client.send(
            "POST", "/apis/apps/v1/namespaces/default/deployments",
            [
                "metadata": ["name": "z", "creationTimestamp": .null, "labels": .null],
                "spec": [
                    "replicas": 0, "paused": false, "minReadySeconds": 0, "selector": ["matchLabels": ["a": "b"]],
                    "template": [
                        "metadata": ["creationTimestamp": .null, "labels": ["a": "b"]],
                        "spec": [
                            "hostNetwork": false, "nodeName": "", "tolerations": .null, "automountServiceAccountToken": false,
                            "containers": [
                                [
                                    "name": "c", "image": "a:1", "imagePullPolicy": "", "stdin": false, "readinessProbe": .null,
                                    "livenessProbe": ["httpGet": ["port": 80, "host": ""], "periodSeconds": 0],
                                    "securityContext": ["procMount": .null, "privileged": false],
                                ]
                            ],
                        ],
                    ],
                ],
            ])
        let spec = answer.json["spec"]
        #expect(spec?["replicas"] == 0 && spec?["paused"] == nil && spec?["minReadySeconds"] == nil)
        #expect(spec?[at: "template", "metadata"] == ["labels": ["a": "b"]])
        let pod = spec?[at: "template", "spec"]
        #expect(pod?["hostNetwork"] == nil && pod?["nodeName"] == nil && pod?["tolerations"] == nil)
        #expect(pod?["automountServiceAccountToken"] == false)
        let container = pod?["containers"]?[0]
        #expect(container?["imagePullPolicy"] == "IfNotPresent" && container?["stdin"] == nil && container?["readinessProbe"] == nil)
        #expect(container?[at: "livenessProbe", "periodSeconds"] == 10 && container?[at: "livenessProbe", "httpGet", "host"] == nil)
        #expect(container?["securityContext"] == ["privileged": false])
    }

    private let services = "/api/v1/namespaces/default/services"

    @Test func aServiceGetsNodePortsAndLosesThem() async {
        let made = await client.send(
            "POST", services, ["metadata": ["name": "s"], "spec": ["type": "NodePort", "ports": [["port": 80]]]])
        let port = made.json[at: "spec", "ports"]?[0]?["nodePort"]?.int ?? 0
        #expect((30000...32767).contains(port))
        #expect(made.json[at: "spec", "externalTrafficPolicy"] == "Cluster")
        let type = "application/merge-patch+json"
        let again = await client.send(
            "PATCH", "\(services)/s", ["spec": ["ports": [["port": 80], ["port": 81, "name": "x"]]]], type: type)
        #expect(again.status == 422)
        let inner = await client.send("PATCH", "\(services)/s", ["spec": ["type": "ClusterIP"]], type: type)
        #expect(inner.json[at: "spec", "ports"]?[0]?["nodePort"] == nil && inner.json[at: "spec", "externalTrafficPolicy"] == nil)
        #expect(inner.json[at: "spec", "clusterIP"] == made.json[at: "spec", "clusterIP"])
    }

    @Test func anAddressOrPortOutsideTheRangeIsRefused() async {
        let address = await client.send(
            "POST", services, ["metadata": ["name": "s"], "spec": ["clusterIP": "1.2.3.4", "ports": [["port": 80]]]])
        #expect(
            address.json["message"]
                == "Service \"s\" is invalid: spec.clusterIPs: Invalid value: [\"1.2.3.4\"]: failed to allocate IP 1.2.3.4: the provided IP (1.2.3.4) is not in the valid range. The range of valid IPs is 10.96.0.0/16"
        )
        let port = await client.send(
            "POST", services, ["metadata": ["name": "s"], "spec": ["type": "NodePort", "ports": [["port": 80, "nodePort": 1]]]])
        #expect(
            port.json["message"]
                == "Service \"s\" is invalid: spec.ports[0].nodePort: Invalid value: 1: provided port is not in the valid range. The range of valid ports is 30000-32767"
        )
    }

    @Test func aLimitRangeTellsWhatItSet() async {
        await client.send(
            "POST", "/api/v1/namespaces/default/limitranges",
            [
                "metadata": ["name": "l"],
                "spec": ["limits": [["type": "Container", "default": ["cpu": "1"], "defaultRequest": ["cpu": "100m", "memory": "64Mi"]]]],
            ])
        let pod = await client.send(
            "POST", "/api/v1/namespaces/default/pods",
            ["metadata": ["name": "p"], "spec": ["containers": [["name": "c", "image": "a:1"]]]])
        #expect(
            pod.json[at: "metadata", "annotations", "kubernetes.io/limit-ranger"]
                == "LimitRanger plugin set: cpu, memory request for container c; cpu limit for container c")
    }

    @Test func aPriorityClassMustExist() async {
        let pod = await client.send(
            "POST", "/api/v1/namespaces/default/pods",
            ["metadata": ["name": "p"], "spec": ["priorityClassName": "nope", "containers": [["name": "c", "image": "a:1"]]]])
        #expect(pod.status == 403)
        #expect(pod.json["message"] == "pods \"p\" is forbidden: no PriorityClass with name nope was found")
    }
}
