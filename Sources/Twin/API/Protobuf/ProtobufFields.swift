import Core

/// The numbers of the fields that kubectl may send in protocol buffers (`generated.proto` of k8s.io/api v1.36), one type a line:
/// `Type field=number`, with `:type` in the notation of ``SchemaText`` where that leaves the type open, `!` for a message whose members
/// stand in the object itself. A status is not read: it is the server's own.
enum ProtobufFields {
    struct Field: Sendable {
        let name: String
        let type: FieldType
        let isInline: Bool
    }

    /// By type and number.
    static let types: [String: [Int: Field]] = {
        var types: [String: [Int: Field]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let first = words.first else { continue }
            let schema = Schemas.builtIn[String(first)]
            var fields: [Int: Field] = [:]
            for word in words.dropFirst() {
                let sides = word.split(separator: "=", maxSplits: 1)
                guard sides.count == 2 else { continue }
                let parts = sides[1].split(separator: ":", maxSplits: 1)
                let isInline = sides[0].hasPrefix("!")
                let name = String(isInline ? sides[0].dropFirst() : sides[0])
                guard let number = parts.first.flatMap({ Int($0) }),
                    let type = parts.count == 2 ? Schemas.type(parts[1]) : schema?[name]
                else { continue }
                fields[number] = Field(name: name, type: type, isInline: isInline)
            }
            types[String(first)] = fields
        }
        return types
    }()

    /// Whether a field is the status of a kind: number 3, or 2 where there is no spec.
    static func isStatus(_ number: Int, of type: String) -> Bool {
        guard let fields = types[type], fields[1]?.name == "metadata", fields[number] == nil else { return false }
        return number == 3 && fields[2]?.name == "spec" || number == 2 && fields.count == 1
    }

    /// Members that are pointers in Go, so that a zero is one that somebody has set.
    static let pointers: Set<String> = [
        "replicas", "gracePeriodSeconds", "terminationGracePeriodSeconds", "backoffLimit", "parallelism", "completions",
        "revisionHistoryLimit", "automountServiceAccountToken", "value", "minReplicas", "enableServiceLinks", "orphanDependents",
        "tolerationSeconds", "successfulJobsHistoryLimit", "failedJobsHistoryLimit", "allowPrivilegeEscalation", "runAsNonRoot",
        "runAsUser",
    ]

    private static let text = """
        ObjectMeta name=1 generateName=2 namespace=3 selfLink=4 uid=5 resourceVersion=6 generation=7 creationTimestamp=8 deletionTimestamp=9 deletionGracePeriodSeconds=10 labels=11 annotations=12 ownerReferences=13 finalizers=14
        OwnerReference kind=1 name=3 uid=4 apiVersion=5 controller=6 blockOwnerDeletion=7
        LabelSelector matchLabels=1 matchExpressions=2
        LabelSelectorRequirement key=1 operator=2 values=3
        DeleteOptions gracePeriodSeconds=1:i preconditions=2:Preconditions orphanDependents=3:b propagationPolicy=4:s dryRun=5:[s]
        Preconditions uid=1:s resourceVersion=2:s
        Namespace metadata=1 spec=2
        NamespaceSpec finalizers=1
        ConfigMap metadata=1 data=2 binaryData=3 immutable=4
        Secret metadata=1 data=2 type=3 stringData=4 immutable=5
        ServiceAccount metadata=1 secrets=2 imagePullSecrets=3 automountServiceAccountToken=4
        LocalObjectReference name=1
        ObjectReference kind=1 namespace=2 name=3 uid=4 apiVersion=5 resourceVersion=6 fieldPath=7
        Service metadata=1 spec=2
        ServiceSpec ports=1 selector=2 clusterIP=3 type=4 externalIPs=5 sessionAffinity=7 loadBalancerIP=8 loadBalancerSourceRanges=9 externalName=10 externalTrafficPolicy=11 healthCheckNodePort=12 publishNotReadyAddresses=13 ipFamilyPolicy=17 clusterIPs=18 ipFamilies=19 allocateLoadBalancerNodePorts=20 loadBalancerClass=21 internalTrafficPolicy=22
        ServicePort name=1 protocol=2 port=3 targetPort=4 nodePort=5 appProtocol=6
        ResourceQuota metadata=1 spec=2
        ResourceQuotaSpec hard=1 scopes=2
        Pod metadata=1 spec=2
        PodTemplateSpec metadata=1 spec=2
        PodSpec volumes=1 containers=2 restartPolicy=3 terminationGracePeriodSeconds=4 activeDeadlineSeconds=5 dnsPolicy=6 nodeSelector=7 serviceAccountName=8 serviceAccount=9 nodeName=10 hostNetwork=11 hostPID=12 hostIPC=13 securityContext=14 imagePullSecrets=15 hostname=16 subdomain=17 schedulerName=19 initContainers=20 automountServiceAccountToken=21 tolerations=22 priorityClassName=24 priority=25 enableServiceLinks=30 preemptionPolicy=31
        Container name=1 image=2 command=3 args=4 workingDir=5 ports=6 env=7 resources=8 volumeMounts=9 livenessProbe=10 readinessProbe=11 terminationMessagePath=13 imagePullPolicy=14 securityContext=15 stdin=16 stdinOnce=17 tty=18 envFrom=19 terminationMessagePolicy=20 startupProbe=22 restartPolicy=24
        ContainerPort name=1 hostPort=2 containerPort=3 protocol=4 hostIP=5
        EnvVar name=1 value=2 valueFrom=3
        EnvVarSource fieldRef=1 resourceFieldRef=2 configMapKeyRef=3 secretKeyRef=4
        ObjectFieldSelector apiVersion=1 fieldPath=2
        ConfigMapKeySelector !reference=1:LocalObjectReference key=2 optional=3
        SecretKeySelector !reference=1:LocalObjectReference key=2 optional=3
        EnvFromSource prefix=1 configMapRef=2 secretRef=3
        ConfigMapEnvSource !reference=1:LocalObjectReference optional=2
        SecretEnvSource !reference=1:LocalObjectReference optional=2
        PodSecurityContext runAsUser=2 runAsNonRoot=3 supplementalGroups=4 fsGroup=5 runAsGroup=6 fsGroupChangePolicy=9 seccompProfile=10
        SecurityContext capabilities=1 privileged=2 runAsUser=4 runAsNonRoot=5 readOnlyRootFilesystem=6 allowPrivilegeEscalation=7 runAsGroup=8 procMount=9 seccompProfile=11
        Capabilities add=1 drop=2
        SeccompProfile type=1 localhostProfile=2
        Probe !handler=1:ProbeHandlerMessage initialDelaySeconds=2 timeoutSeconds=3 periodSeconds=4 successThreshold=5 failureThreshold=6 terminationGracePeriodSeconds=7
        ProbeHandlerMessage exec=1:ExecAction httpGet=2:HTTPGetAction tcpSocket=3:TCPSocketAction
        ExecAction command=1
        HTTPGetAction path=1 port=2 host=3 scheme=4 httpHeaders=5
        HTTPHeader name=1 value=2
        TCPSocketAction port=1 host=2
        Toleration key=1 operator=2 value=3 effect=4 tolerationSeconds=5
        Volume name=1 !source=2:VolumeSourceMessage
        VolumeSourceMessage hostPath=1:HostPathVolumeSource emptyDir=2:EmptyDirVolumeSource secret=6:SecretVolumeSource persistentVolumeClaim=10:PersistentVolumeClaimVolumeSource configMap=19:ConfigMapVolumeSource
        HostPathVolumeSource path=1 type=2
        EmptyDirVolumeSource medium=1 sizeLimit=2
        SecretVolumeSource secretName=1 items=2 defaultMode=3 optional=4
        ConfigMapVolumeSource !reference=1:LocalObjectReference items=2 defaultMode=3 optional=4
        KeyToPath key=1 path=2 mode=3
        PersistentVolumeClaimVolumeSource claimName=1 readOnly=2
        VolumeMount name=1 readOnly=2 mountPath=3 subPath=4 mountPropagation=5
        ResourceRequirements limits=1 requests=2
        Deployment metadata=1 spec=2
        DeploymentSpec replicas=1 selector=2 template=3 strategy=4 minReadySeconds=5 revisionHistoryLimit=6 paused=7 progressDeadlineSeconds=9
        DeploymentStrategy type=1 rollingUpdate=2
        RollingUpdateDeployment maxUnavailable=1 maxSurge=2
        Job metadata=1 spec=2
        JobSpec parallelism=1 completions=2 activeDeadlineSeconds=3 selector=4 manualSelector=5 template=6 backoffLimit=7 ttlSecondsAfterFinished=8 completionMode=9 suspend=10
        CronJob metadata=1 spec=2
        CronJobSpec schedule=1 startingDeadlineSeconds=2 concurrencyPolicy=3 suspend=4 jobTemplate=5 successfulJobsHistoryLimit=6 failedJobsHistoryLimit=7 timeZone=8
        JobTemplateSpec metadata=1 spec=2
        HorizontalPodAutoscaler metadata=1 spec=2
        HorizontalPodAutoscalerV1 metadata=1 spec=2
        HorizontalPodAutoscalerSpec scaleTargetRef=1 minReplicas=2 maxReplicas=3 metrics=4:[MetricSpecMessage]
        HorizontalPodAutoscalerV1Spec scaleTargetRef=1 minReplicas=2 maxReplicas=3 targetCPUUtilizationPercentage=4
        CrossVersionObjectReference kind=1 name=2 apiVersion=3
        MetricSpecMessage type=1:s resource=4:ResourceMetricMessage
        ResourceMetricMessage name=1:s target=2:MetricTargetMessage
        MetricTargetMessage type=1:s value=2:q averageValue=3:q averageUtilization=4:i
        PodDisruptionBudget metadata=1 spec=2
        PodDisruptionBudgetSpec minAvailable=1 selector=2 maxUnavailable=3 unhealthyPodEvictionPolicy=4
        Eviction metadata=1:ObjectMeta deleteOptions=2:DeleteOptions
        Role metadata=1 rules=2
        ClusterRole metadata=1 rules=2
        PolicyRule verbs=1 apiGroups=2 resources=3 resourceNames=4 nonResourceURLs=5
        RoleBinding metadata=1 subjects=2 roleRef=3
        ClusterRoleBinding metadata=1 subjects=2 roleRef=3
        Subject kind=1 apiGroup=2 name=3 namespace=4
        RoleRef apiGroup=1 kind=2 name=3
        PriorityClass metadata=1 value=2 globalDefault=3 description=4 preemptionPolicy=5
        Ingress metadata=1 spec=2
        IngressSpec defaultBackend=1:IngressBackendMessage tls=2:[IngressTLSMessage] rules=3:[IngressRuleMessage] ingressClassName=4
        IngressTLSMessage hosts=1:[s] secretName=2:s
        IngressRuleMessage host=1:s !value=2:IngressValueMessage
        IngressValueMessage http=1:IngressHTTPMessage
        IngressHTTPMessage paths=1:[IngressPathMessage]
        IngressPathMessage path=1:s backend=2:IngressBackendMessage pathType=3:s
        IngressBackendMessage service=4:IngressServiceMessage
        IngressServiceMessage name=1:s port=2:IngressPortMessage
        IngressPortMessage name=1:s number=2:i
        SelfSubjectAccessReview metadata=1:ObjectMeta spec=2:AccessReviewMessage
        LocalSubjectAccessReview metadata=1:ObjectMeta spec=2:SubjectReviewMessage
        SubjectAccessReview metadata=1:ObjectMeta spec=2:SubjectReviewMessage
        AccessReviewMessage resourceAttributes=1:ResourceAttributesMessage nonResourceAttributes=2:PathAttributesMessage
        SubjectReviewMessage resourceAttributes=1:ResourceAttributesMessage nonResourceAttributes=2:PathAttributesMessage user=3:s groups=4:[s] uid=6:s
        ResourceAttributesMessage namespace=1:s verb=2:s group=3:s version=4:s resource=5:s subresource=6:s name=7:s
        PathAttributesMessage path=1:s verb=2:s
        SelfSubjectRulesReview metadata=1:ObjectMeta spec=2:RulesReviewMessage
        RulesReviewMessage namespace=1:s
        SelfSubjectReview metadata=1:ObjectMeta
        TokenRequest metadata=1:ObjectMeta spec=2:TokenSpecMessage
        TokenSpecMessage audiences=1:[s] boundObjectRef=3:TokenObjectMessage expirationSeconds=4:i
        TokenObjectMessage kind=1:s apiVersion=2:s name=3:s uid=4:s
        """
}
