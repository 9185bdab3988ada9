import Core

/// Pods as a busy cluster's API server lists them: managed fields, environment, probes, volumes and full statuses. The same for the
/// same numbers.
enum GeneratedPods {
    /// A PodList of about this many bytes.
    static func list(bytes: Int) -> [UInt8] {
        var out = Array(#"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"123456"},"items":["#.utf8)
        out.reserveCapacity(bytes + 20_000)
        var index = 0
        while out.count < bytes {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            out += pod(index).serialized()
            index += 1
        }
        out += "]}".utf8
        return out
    }

    /// One page of a list.
    static func page(from start: Int, count: Int) -> [UInt8] {
        let items = (start..<start + count).map(pod)
        let list: JSON = ["kind": "PodList", "apiVersion": "v1", "metadata": ["resourceVersion": "123456"], "items": .array(items)]
        return list.serialized()
    }

    private static func pod(_ index: Int) -> JSON {
        let app = "service-\(index % 40)"
        let name = "\(app)-7d9f8b6c5-\(String(100_000 + index, radix: 36))"
        let labels: JSON = [
            "app": .string(app), "pod-template-hash": "7d9f8b6c5", "team": "team-\(index % 7)", "version": "1.\(index % 9).0",
        ]
        let conditions: [JSON] = ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"].map {
            ["type": $0, "status": "True", "lastProbeTime": nil, "lastTransitionTime": "2026-11-21T12:27:24Z"]
        }
        return [
            "metadata": [
                "name": .string(name), "generateName": "\(app)-7d9f8b6c5-", "namespace": "team-\(index % 7)",
                "uid": .string(uid(index)), "resourceVersion": .string(String(400_000 + index)), "generation": 1,
                "creationTimestamp": "2026-11-21T12:27:24Z", "labels": labels,
                "annotations": ["prometheus.io/scrape": "true", "prometheus.io/port": "8080"],
                "ownerReferences": [
                    [
                        "apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "\(app)-7d9f8b6c5", "uid": .string(uid(index % 40)),
                        "controller": true, "blockOwnerDeletion": true,
                    ]
                ],
                "managedFields": managedFields,
            ],
            "spec": [
                "volumes": [
                    ["name": "settings", "configMap": ["name": "\(app)-settings", "defaultMode": 420]],
                    [
                        "name": "kube-api-access-nkc9t",
                        "projected": [
                            "sources": [
                                ["serviceAccountToken": ["expirationSeconds": 3607, "path": "token"]],
                                ["configMap": ["name": "kube-root-ca.crt", "items": [["key": "ca.crt", "path": "ca.crt"]]]],
                            ], "defaultMode": 420,
                        ],
                    ],
                ],
                "containers": [container(app, index)], "restartPolicy": "Always", "terminationGracePeriodSeconds": 30,
                "dnsPolicy": "ClusterFirst", "serviceAccountName": "default", "serviceAccount": "default",
                "nodeName": "worker-\(index % 100)", "securityContext": [:], "schedulerName": "default-scheduler",
                "tolerations": .array(
                    ["not-ready", "unreachable"].map {
                        ["key": "node.kubernetes.io/\($0)", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300]
                    }), "priority": 0, "enableServiceLinks": true, "preemptionPolicy": "PreemptLowerPriority",
            ],
            "status": [
                "phase": "Running", "conditions": .array(conditions), "hostIP": "10.10.0.\(index % 100)",
                "hostIPs": [["ip": "10.10.0.\(index % 100)"]], "podIP": "10.244.\(index / 250).\(index % 250)",
                "podIPs": [["ip": "10.244.\(index / 250).\(index % 250)"]], "startTime": "2026-11-21T12:27:24Z",
                "containerStatuses": [
                    [
                        "name": .string(app), "state": ["running": ["startedAt": "2026-11-21T12:27:25Z"]],
                        "lastState": [
                            "terminated": [
                                "exitCode": 1, "reason": "Error", "startedAt": "2026-11-21T12:25:25Z", "finishedAt": "2026-11-21T12:27:20Z",
                                "containerID": "containerd://\(uid(index))",
                            ]
                        ], "ready": true, "restartCount": JSON(index % 3), "image": "registry.example.com/\(app):1.\(index % 9).0",
                        "imageID": "registry.example.com/\(app)@sha256:fa8dc63c32894321cf91e4adfeed9c9761c777f750b6edf8c003afaa1a4fbc22",
                        "containerID": "containerd://0b76b28dffcb61505aa2c1683696654b5283d19c56c566a9325a256975d0ef73", "started": true,
                    ]
                ], "qosClass": "Burstable",
            ],
        ]
    }

    private static func container(_ app: String, _ index: Int) -> JSON {
        func probe(_ path: String) -> JSON {
            [
                "httpGet": ["path": .string(path), "port": 8080, "scheme": "HTTP"], "initialDelaySeconds": 5, "timeoutSeconds": 1,
                "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3,
            ]
        }
        return [
            "name": .string(app), "image": "registry.example.com/\(app):1.\(index % 9).0",
            "ports": [
                ["name": "http", "containerPort": 8080, "protocol": "TCP"], ["name": "metrics", "containerPort": 9090, "protocol": "TCP"],
            ],
            "env": .array(
                (0..<12).map { ["name": "SETTING_\($0)", "value": "https://service-\($0).team-\(index % 7).svc:8443/some/path"] }),
            "resources": ["requests": ["cpu": "100m", "memory": "128Mi"], "limits": ["memory": "256Mi"]],
            "volumeMounts": [
                ["name": "settings", "mountPath": "/etc/\(app)"],
                ["name": "kube-api-access-nkc9t", "readOnly": true, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"],
            ],
            "livenessProbe": probe("/healthz"), "readinessProbe": probe("/readyz"), "terminationMessagePath": "/dev/termination-log",
            "terminationMessagePolicy": "File", "imagePullPolicy": "IfNotPresent",
        ]
    }

    private static let managedFields: JSON = {
        func owned(_ names: [String]) -> JSON {
            .object(JSONObject(names.map { ("f:\($0)", .object([".": [:], "f:name": [:], "f:value": [:]])) }))
        }
        let spec = owned(["containers", "dnsPolicy", "enableServiceLinks", "restartPolicy", "schedulerName", "securityContext", "volumes"])
        let status = owned(["conditions", "containerStatuses", "hostIP", "phase", "podIP", "podIPs", "startTime"])
        return [
            [
                "manager": "kube-controller-manager", "operation": "Update", "apiVersion": "v1", "time": "2026-11-21T12:27:24Z",
                "fieldsType": "FieldsV1",
                "fieldsV1": ["f:metadata": owned(["generateName", "labels", "ownerReferences"]), "f:spec": spec],
            ],
            [
                "manager": "kubelet", "operation": "Update", "apiVersion": "v1", "time": "2026-11-21T12:27:25Z",
                "fieldsType": "FieldsV1", "fieldsV1": ["f:status": status], "subresource": "status",
            ],
        ]
    }()

    private static func uid(_ index: Int) -> String {
        let hex = Digest.sha256Hex("pod \(index)")
        return
            "\(hex.prefix(8))-\(hex.dropFirst(8).prefix(4))-4\(hex.dropFirst(13).prefix(3))-a\(hex.dropFirst(17).prefix(3))-\(hex.dropFirst(20).prefix(12))"
    }
}
