import Core
import Kubernetes
import Testing

@testable import Twin

/// What is wrong with objects, as `field: message` of every cause. The texts are those of kubernetes pkg/apis/*/validation.
@Suite struct ValidationTests {
    /// The causes of an object given as JSON; none where it is taken.
    private static func causes(_ type: ResourceType, _ text: String, old: String? = nil) throws -> [String] {
        func object(_ text: String) throws -> JSON {
            var object = try JSON(parsing: text)
            if object[at: "metadata", "name"] == nil { object[at: "metadata", "name"] = "x" }
            return Defaults.apply(object, type: type)
        }
        let (new, old) = try (object(text), old.map(object))
        do {
            try Validation.check(new, type: type, old: old)
            return []
        } catch {
            return error.causes.map { "\($0.field ?? ""): \($0.message)" }
        }
    }

    private static func type(_ group: String, _ version: String, _ kind: String, _ plural: String) -> ResourceType {
        ResourceType(group: group, version: version, plural: plural, kind: kind, isNamespaced: true)
    }

    @Test(arguments: [
        (#"{"spec":{"type":"ExternalName"}}"#, ["spec.externalName: Required value"]),
        (
            #"{"spec":{"ports":[{"port":0}]}}"#,
            [
                "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive",
                "spec.ports[0].targetPort: Invalid value: 0: must be between 1 and 65535, inclusive",
            ]
        ),
        (
            #"{"spec":{"ports":[{"name":"a","port":80,"protocol":"ICMP"},{"name":"a","port":81}],"sessionAffinity":"X"}}"#,
            [
                #"spec.ports[0].protocol: Unsupported value: "ICMP": supported values: "SCTP", "TCP", "UDP""#,
                #"spec.ports[1].name: Duplicate value: "a""#,
                #"spec.sessionAffinity: Unsupported value: "X": supported values: "ClientIP", "None""#,
            ]
        ),
        (
            #"{"spec":{"ports":[{"name":"a","port":80},{"name":"b","port":80}]}}"#,
            [
                #"spec.ports[1]: Duplicate value: {"Name":"","Protocol":"TCP","AppProtocol":null,"Port":80,"TargetPort":0,"NodePort":0}"#
            ]
        ),
        (
            #"{"spec":{"type":"NodePort","clusterIP":"None","clusterIPs":["None"],"ports":[{"port":80}]}}"#,
            [
                #"spec.clusterIPs[0]: Invalid value: "None": may not be set to 'None' for NodePort services"#
            ]
        ),
        (
            #"{"spec":{"type":"LoadBalancer","ports":[{"port":443,"targetPort":"https","nodePort":30443}],"externalTrafficPolicy":"Local"}}"#,
            []
        ),
    ])
    func services(text: String, expected: [String]) throws {
        #expect(try Self.causes(.services, text) == expected)
    }

    /// The rest of a container `c` with the image `x`, and of the spec after it.
    @Test(arguments: [
        (
            #""imagePullPolicy":"Sometimes""#, "",
            [
                #"spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never""#
            ]
        ),
        (
            #""ports":[{"name":"THIS_IS","containerPort":80,"hostPort":90000}]"#, "",
            [
                #"spec.containers[0].ports[0].name: Invalid value: "THIS_IS": must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"#,
                #"spec.containers[0].ports[0].name: Invalid value: "THIS_IS": must contain at least one letter (a-z)"#,
                "spec.containers[0].ports[0].hostPort: Invalid value: 90000: must be between 1 and 65535, inclusive",
            ]
        ),
        (
            #""env":[{"name":"A","value":"1","valueFrom":{"secretKeyRef":{"name":"s","key":"k"}}},{"name":"B","valueFrom":{}}]"#, "",
            [
                #"spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty"#,
                #"spec.containers[0].env[1].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`"#,
            ]
        ),
        (
            #""env":[{"name":"A","valueFrom":{"fieldRef":{"fieldPath":"metadata.nope"}}}]"#, "",
            [
                #"spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "metadata.nope": error converting fieldPath: field label not supported: metadata.nope"#
            ]
        ),
        (
            #""envFrom":[{"configMapRef":{}},{}]"#, "",
            [
                "spec.containers[0].envFrom[0].configMapRef.name: Required value",
                #"spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`"#,
            ]
        ),
        (
            #""resources":{"requests":{"foo":"1","example.com/gpu":"1"},"limits":{"cpu":"-1"}}"#, "",
            [
                #"spec.containers[0].resources.limits[cpu]: Invalid value: "-1": must be greater than or equal to 0"#,
                #"spec.containers[0].resources.requests[cpu]: Invalid value: "-1": must be greater than or equal to 0"#,
                "spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources",
                #"spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource type or fully qualified"#,
                #"spec.containers[0].resources.requests[foo]: Invalid value: "foo": must be a standard resource for containers"#,
            ]
        ),
        (
            #""readinessProbe":{"httpGet":{"port":80},"exec":{"command":["a"]}},"livenessProbe":{"tcpSocket":{"port":0}}"#, "",
            [
                "spec.containers[0].livenessProbe.tcpSocket.port: Invalid value: 0: must be between 1 and 65535, inclusive",
                "spec.containers[0].readinessProbe.httpGet: Forbidden: may not specify more than 1 handler type",
            ]
        ),
        (
            #""lifecycle":{"preStop":{}},"securityContext":{"runAsUser":-1}"#, "",
            [
                "spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
                "spec.containers[0].lifecycle.preStop: Required value: must specify a handler type",
            ]
        ),
        (
            #""volumeMounts":[{"name":"gone","mountPath":"/a","subPath":"../x"}]"#, "",
            [
                #"spec.containers[0].volumeMounts[0].name: Not found: "gone""#,
                #"spec.containers[0].volumeMounts.subPath: Invalid value: "../x": must not contain '..'"#,
            ]
        ),
        (
            "",
            #","volumes":[{"name":"a","emptyDir":{},"hostPath":{"path":"/"}},{"name":"b","hostPath":{"path":""}},{"name":"c","secret":{}},{"name":"UP","emptyDir":{}}]"#,
            [
                "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
                "spec.volumes[1].hostPath.path: Required value", "spec.volumes[2].secret.secretName: Required value",
                #"spec.volumes[3].name: Invalid value: "UP": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"#,
            ]
        ),
        (
            "", #","activeDeadlineSeconds":0,"dnsPolicy":"None""#,
            [
                "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
                "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
            ]
        ),
        (
            "",
            #","tolerations":[{"operator":"Exists","value":"x"},{"key":"a","effect":"NoSchedule","tolerationSeconds":3},{"key":"a","effect":"Bad"}]"#,
            [
                #"spec.tolerations[0].operator: Invalid value: "x": value must be empty when `operator` is 'Exists'"#,
                #"spec.tolerations[1].effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when `tolerationSeconds` is set"#,
                #"spec.tolerations[2].effect: Unsupported value: "Bad": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute""#,
            ]
        ),
        (
            "", #","topologySpreadConstraints":[{"maxSkew":0,"topologyKey":"","whenUnsatisfiable":"X"}]"#,
            [
                "spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero",
                "spec.topologySpreadConstraints[0].topologyKey: Required value: can not be empty",
                #"spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "X": supported values: "DoNotSchedule", "ScheduleAnyway""#,
            ]
        ),
        (
            "", #","initContainers":[{"name":"c","image":"y","livenessProbe":{"exec":{"command":["a"]}}}]"#,
            [
                #"spec.initContainers[0].name: Duplicate value: "c""#,
                "spec.initContainers[0].livenessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
            ]
        ),
        (
            "",
            #","affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[{"labelSelector":{"matchExpressions":[{"key":"a","operator":"In"}]},"topologyKey":"kubernetes.io/hostname"}]}}"#,
            [
                "spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].labelSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
            ]
        ),
    ])
    func pods(container: String, spec: String, expected: [String]) throws {
        let members = #""name":"c","image":"x""# + (container.isEmpty ? "" : ",\(container)")
        #expect(try Self.causes(.pods, "{\"spec\":{\"containers\":[{\(members)}]\(spec)}}") == expected)
    }

    private static let template = #""template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"x"}]}}"#

    @Test(arguments: [
        ("Deployment", #""selector":{}"#, ["spec.selector: Invalid value: {}: empty selector is invalid for deployment"]),
        (
            "Deployment", #""minReadySeconds":-1"#,
            [
                "spec.selector: Required value",
                #"spec.template.metadata.labels: Invalid value: {"a":"b"}: `selector` does not match template `labels`"#,
                "spec.minReadySeconds: Invalid value: -1: must be greater than or equal to 0",
            ]
        ),
        (
            "Deployment", #""selector":{"matchLabels":{"a":"b"}},"strategy":{"rollingUpdate":{"maxSurge":"150","maxUnavailable":"200%"}}"#,
            [
                #"spec.strategy.rollingUpdate.maxSurge: Invalid value: "150": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"#,
                #"spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "200%": must not be greater than 100%"#,
            ]
        ),
        (
            "Deployment", #""selector":{"matchExpressions":[{"key":"a","operator":"In"}]}"#,
            [
                "spec.selector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'",
                #"spec.selector: Invalid value: {"matchExpressions":[{"key":"a","operator":"In"}]}: invalid label selector"#,
            ]
        ),
        (
            "DaemonSet", #""selector":{"matchLabels":{"a":"b"}},"updateStrategy":{"rollingUpdate":{"maxUnavailable":0,"maxSurge":0}}"#,
            [
                "spec.updateStrategy.rollingUpdate.maxUnavailable: Required value: cannot be 0 when maxSurge is 0"
            ]
        ),
        (
            "StatefulSet", #""selector":{"matchLabels":{"a":"b"}},"podManagementPolicy":"X","updateStrategy":{"type":"Y"}"#,
            [
                #"spec.podManagementPolicy: Invalid value: "X": must be 'OrderedReady' or 'Parallel'"#,
                #"spec.updateStrategy: Invalid value: {"Type":"Y","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'"#,
            ]
        ),
    ])
    func workloads(kind: String, spec: String, expected: [String]) throws {
        let type = Self.type("apps", "v1", kind, kind.lowercased() + "s")
        #expect(try Self.causes(type, "{\"spec\":{\(spec),\(Self.template)}}") == expected)
    }

    @Test func jobs() throws {
        let type = Self.type("batch", "v1", "Job", "jobs")
        #expect(
            try Self.causes(
                type, "{\"spec\":{\"ttlSecondsAfterFinished\":-1,\"completionMode\":\"Indexed\",\"parallelism\":1,\(Self.template)}}") == [
                    "spec.ttlSecondsAfterFinished: Invalid value: -1: must be greater than or equal to 0",
                    "spec.completions: Required value: when completion mode is Indexed",
                    #"spec.template.spec.restartPolicy: Required value: valid values: "OnFailure", "Never""#,
                ])
    }

    @Test(arguments: [
        ("99 * * * *", "end of range (99) above maximum (59): 99"), ("@evry", "unrecognized descriptor: @evry"),
        ("a * * * *", #"failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax"#),
        ("*/0 * * * *", "step of range should be a positive number: */0"),
        ("5-2 * * * *", "beginning of range (5) beyond end of range (2): 5-2"),
        ("* *", "expected exactly 5 fields, found 2: [* *]"), ("0 9 * * mon-fri", nil), ("@hourly", nil), ("@every 1h30m", nil),
        ("*/5 0,12 1 jan ?", nil),
    ])
    func schedules(schedule: String, mistake: String?) {
        #expect(CronMistake.of(schedule) == mistake)
    }

    @Test(arguments: [
        (
            "networking.k8s.io", "v1", "Ingress", "ingresses", #"{"spec":{}}"#,
            [
                "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified"
            ]
        ),
        (
            "networking.k8s.io", "v1", "Ingress", "ingresses",
            #"{"spec":{"rules":[{"host":"1.2.3.4","http":{"paths":[{"path":"a","pathType":"Prefix","backend":{"service":{"name":"s"}}},{"backend":{}}]}}]}}"#,
            [
                #"spec.rules[0].host: Invalid value: "1.2.3.4": must be a DNS name, not an IP address"#,
                #"spec.rules[0].http.paths[0].path: Invalid value: "a": must be an absolute path"#,
                "spec.rules[0].http.paths[0].backend: Required value: port name or number is required",
                "spec.rules[0].http.paths[1].pathType: Required value: pathType must be specified",
            ]
        ),
        (
            "networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies",
            #"{"spec":{"podSelector":{},"policyTypes":["X"],"ingress":[{"from":[{},{"ipBlock":{"cidr":"10.0.0.0/8","except":["11.0.0.0/16"]},"podSelector":{}}],"ports":[{"port":80,"endPort":70}]}]}}"#,
            [
                "spec.ingress[0].ports[0].endPort: Invalid value: 70: must be greater than or equal to `port`",
                "spec.ingress[0].from[0]: Required value: must specify a peer",
                #"spec.ingress[0].from[1].ipBlock.except[0]: Invalid value: "11.0.0.0/16": must be a strict subset of `cidr`"#,
                "spec.ingress[0].from[1]: Forbidden: may not specify both ipBlock and another peer",
                #"spec.policyTypes[0]: Unsupported value: "X": supported values: "Ingress", "Egress""#,
            ]
        ),
        (
            "autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers",
            #"{"spec":{"minReplicas":0,"maxReplicas":0,"scaleTargetRef":{"kind":"Deployment"},"metrics":[{"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}}}],"behavior":{"scaleUp":{"stabilizationWindowSeconds":4000}}}}"#,
            [
                "spec.minReplicas: Invalid value: 0: must be greater than or equal to 1",
                "spec.maxReplicas: Invalid value: 0: must be greater than 0", "spec.scaleTargetRef.name: Required value",
                "spec.metrics[0].resource.target.averageUtilization: Required value: must set either a target raw value or a target utilization",
                "spec.metrics: Forbidden: must specify at least one Object or External metric to support scaling to zero replicas",
                "spec.behavior.scaleUp.stabilizationWindowSeconds: Invalid value: 4000: must be less than or equal to 3600",
            ]
        ),
        (
            "", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", #"{"spec":{"accessModes":["X"]}}"#,
            [
                #"spec.accessModes: Unsupported value: "X": supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod""#,
                "spec.resources[storage]: Required value",
            ]
        ),
        (
            "", "v1", "PersistentVolume", "persistentvolumes", #"{"spec":{"accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"}}}"#,
            [
                "spec: Required value: must specify a volume type"
            ]
        ),
        (
            "storage.k8s.io", "v1", "StorageClass", "storageclasses", #"{"reclaimPolicy":"X"}"#,
            [
                "provisioner: Required value", #"reclaimPolicy: Unsupported value: "X": supported values: "Delete", "Retain""#,
            ]
        ),
        (
            "", "v1", "ResourceQuota", "resourcequotas", #"{"spec":{"hard":{"pods":"-1","foo":"1"}}}"#,
            [
                #"spec.hard[foo]: Invalid value: "foo": must be a standard resource type or fully qualified"#,
                #"spec.hard[foo]: Invalid value: "foo": must be a standard resource for quota"#,
                #"spec.hard[pods]: Invalid value: "-1": must be greater than or equal to 0"#,
            ]
        ),
        (
            "", "v1", "LimitRange", "limitranges",
            #"{"spec":{"limits":[{"type":"Pod","min":{"cpu":"2"},"max":{"cpu":"1"}},{"type":"Pod","default":{"cpu":"1"}}]}}"#,
            [
                #"spec.limits[0].min[cpu]: Invalid value: "2": min value 2 is greater than max value 1"#,
                #"spec.limits[1].type: Duplicate value: "Pod""#,
                "spec.limits[1].default: Forbidden: may not be specified when `type` is 'Pod'",
            ]
        ),
        (
            "rbac.authorization.k8s.io", "v1", "Role", "roles", #"{"rules":[{"resources":["pods"]}]}"#,
            [
                "rules[0].verbs: Required value: verbs must contain at least one value",
                "rules[0].apiGroups: Required value: resource rules must supply at least one api group",
            ]
        ),
        (
            "rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings",
            #"{"roleRef":{"kind":"X","name":"r"},"subjects":[{"kind":"Foo","name":"a"}]}"#,
            [
                #"roleRef.kind: Unsupported value: "X": supported values: "Role", "ClusterRole""#,
                #"subjects[0].kind: Unsupported value: "Foo": supported values: "ServiceAccount", "User", "Group""#,
            ]
        ),
        (
            "scheduling.k8s.io", "v1", "PriorityClass", "priorityclasses", #"{"value":1000000001}"#,
            [
                "value: Forbidden: maximum allowed value of a user defined priority is 1000000000"
            ]
        ),
        (
            "", "v1", "Namespace", "namespaces",
            #"{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"foo","pod-security.kubernetes.io/warn-version":"1.30"}}}"#,
            [
                #"metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "foo": must be one of privileged, baseline, restricted"#,
                #"metadata.labels[pod-security.kubernetes.io/warn-version]: Invalid value: "1.30": must be "latest" or "v1.x""#,
            ]
        ),
        (
            "policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", #"{"spec":{"minAvailable":1,"maxUnavailable":1}}"#,
            [
                #"spec: Invalid value: {"MinAvailable":1,"Selector":null,"MaxUnavailable":1,"UnhealthyPodEvictionPolicy":null}: minAvailable and maxUnavailable cannot be both set"#
            ]
        ),
        (
            "", "v1", "ConfigMap", "configmaps", #"{"data":{"a":"1"},"binaryData":{"a":"MQ=="}}"#,
            [
                #"data[a]: Invalid value: "a": duplicate of key present in binaryData"#
            ]
        ),
        (
            "", "v1", "Secret", "secrets", #"{"type":"kubernetes.io/tls"}"#,
            ["data[tls.crt]: Required value", "data[tls.key]: Required value"]
        ),
        (
            "", "v1", "Secret", "secrets", #"{"type":"kubernetes.io/dockerconfigjson","data":{".dockerconfigjson":"YmFk"}}"#,
            [
                #"data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character 'b' looking for beginning of value"#
            ]
        ),
        (
            "coordination.k8s.io", "v1", "Lease", "leases", #"{"spec":{"leaseDurationSeconds":0,"leaseTransitions":-1}}"#,
            [
                "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0",
                "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0",
            ]
        ),
        (
            "admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations",
            #"{"webhooks":[{"name":"a.b","clientConfig":{}}]}"#,
            [
                #"webhooks[0].name: Invalid value: "a.b": should be a domain with at least three segments separated by dots"#,
                "webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun",
                "webhooks[0].clientConfig: Required value: exactly one of url or service is required",
                "webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1",
            ]
        ),
        (
            "", "v1", "ConfigMap", "configmaps",
            #"{"metadata":{"finalizers":["nope"],"ownerReferences":[{"apiVersion":"v1","kind":"Pod","name":"p"}],"labels":{"a b":"c d"}}}"#,
            [
                #"metadata.labels: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"#,
                #"metadata.labels: Invalid value: "c d": a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"#,
                #"metadata.ownerReferences.uid: Invalid value: "": uid must not be empty"#,
                #"metadata.finalizers[0]: Invalid value: "nope": name is neither a standard finalizer name nor is it fully qualified"#,
            ]
        ),
    ])
    func others(group: String, version: String, kind: String, plural: String, text: String, expected: [String]) throws {
        #expect(try Self.causes(Self.type(group, version, kind, plural), text) == expected)
    }

    @Test func changes() throws {
        let claim = #"{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}"#
        let other = claim.replacing("ReadWriteOnce", with: "ReadWriteMany")
        let expected = """
            spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims
            @@ -1,6 +1,6 @@
             {
              "AccessModes": [
            -  "ReadWriteOnce"
            +  "ReadWriteMany"
              ],
              "Selector": null,
              "Resources": {

            """
        #expect(try Self.causes(.persistentVolumeClaims, other, old: claim) == [expected])
        #expect(
            try Self.causes(.secrets, #"{"type":"b","immutable":false}"#, old: #"{"type":"a","immutable":true,"data":{"a":""}}"#) == [
                #"type: Invalid value: "b": field is immutable"#, "immutable: Forbidden: field is immutable when `immutable` is set",
                "data: Forbidden: field is immutable when `immutable` is set",
            ])
    }
}
