/// The built-in types, one a line: `Name field:type …`.
///
/// `s` string, `i` integer of 32 bits, `l` of 64, `b` boolean, `n` number, `q` quantity, `is` integer or string, `t` time, `mt` time with microseconds, `x` anything;
/// `{T}` map (`{T}@` replaced whole), `[T]` list replaced whole, `[T=]` set, `[T|a,b]` keyed by a and b, `[T|a,b/m]` with another merge key
/// for strategic merge patches, `[T/m]` keyed for those only; `Name@` a type that is one value, `Name~` retainKeys, `!field` required.
enum SchemaText {
    static let all = [meta, core, containers, volumes, workloads, network, others].joined(separator: "\n")

    static let meta = """
        # io.k8s.apimachinery.pkg.apis.meta.v1
        ObjectMeta name:s generateName:s namespace:s selfLink:s uid:s resourceVersion:s generation:l creationTimestamp:t deletionTimestamp:t deletionGracePeriodSeconds:l labels:{s} annotations:{s} ownerReferences:[OwnerReference|uid] finalizers:[s=] managedFields:[ManagedFieldsEntry]
        OwnerReference@ !apiVersion:s !kind:s !name:s !uid:s controller:b blockOwnerDeletion:b
        ManagedFieldsEntry manager:s operation:s apiVersion:s time:t fieldsType:s fieldsV1:x subresource:s
        LabelSelector@ matchLabels:{s} matchExpressions:[LabelSelectorRequirement]
        LabelSelectorRequirement !key:s !operator:s values:[s]
        DeleteOptions apiVersion:s kind:s gracePeriodSeconds:l preconditions:Preconditions orphanDependents:b propagationPolicy:s dryRun:[s] ignoreStoreReadErrorWithClusterBreakingPotential:b
        Preconditions uid:s resourceVersion:s
        Condition !type:s !status:s observedGeneration:l !lastTransitionTime:t !reason:s !message:s
        """

    static let core = """
        # io.k8s.api.core.v1
        Namespace apiVersion:s kind:s metadata:ObjectMeta spec:NamespaceSpec status:NamespaceStatus
        NamespaceSpec finalizers:[s]
        NamespaceStatus phase:s conditions:[NamespaceCondition|type]
        NamespaceCondition !type:s !status:s lastTransitionTime:t reason:s message:s
        ConfigMap apiVersion:s kind:s metadata:ObjectMeta immutable:b data:{s} binaryData:{bytes}
        Secret apiVersion:s kind:s metadata:ObjectMeta immutable:b data:{bytes} stringData:{s} type:s
        ServiceAccount apiVersion:s kind:s metadata:ObjectMeta secrets:[ObjectReference|name] imagePullSecrets:[LocalObjectReference] automountServiceAccountToken:b
        ObjectReference@ kind:s namespace:s name:s uid:s apiVersion:s resourceVersion:s fieldPath:s
        LocalObjectReference@ name:s
        TypedLocalObjectReference@ apiGroup:s !kind:s !name:s
        TypedObjectReference apiGroup:s !kind:s !name:s namespace:s
        Event apiVersion:s kind:s !metadata:ObjectMeta !involvedObject:ObjectReference reason:s message:s source:EventSource firstTimestamp:t lastTimestamp:t count:i type:s eventTime:mt series:EventSeries action:s related:ObjectReference reportingComponent:s reportingInstance:s
        EventSource component:s host:s
        EventSeries count:i lastObservedTime:mt
        LimitRange apiVersion:s kind:s metadata:ObjectMeta spec:LimitRangeSpec
        LimitRangeSpec !limits:[LimitRangeItem]
        LimitRangeItem !type:s max:{q} min:{q} default:{q} defaultRequest:{q} maxLimitRequestRatio:{q}
        ResourceQuota apiVersion:s kind:s metadata:ObjectMeta spec:ResourceQuotaSpec status:ResourceQuotaStatus
        ResourceQuotaSpec hard:{q} scopes:[s] scopeSelector:ScopeSelector
        ScopeSelector@ matchExpressions:[ScopedResourceSelectorRequirement]
        ScopedResourceSelectorRequirement !scopeName:s !operator:s values:[s]
        ResourceQuotaStatus hard:{q} used:{q}
        Node apiVersion:s kind:s metadata:ObjectMeta spec:NodeSpec status:NodeStatus
        NodeSpec podCIDR:s podCIDRs:[s=] providerID:s unschedulable:b taints:[Taint] configSource:x externalID:s
        Taint !key:s value:s !effect:s timeAdded:t
        NodeStatus capacity:{q} allocatable:{q} phase:s conditions:[NodeCondition|type] addresses:[NodeAddress|type] daemonEndpoints:x nodeInfo:x images:[x] volumesInUse:[s] volumesAttached:[x] config:x runtimeHandlers:[x] features:x declaredFeatures:[s]
        NodeCondition !type:s !status:s lastHeartbeatTime:t lastTransitionTime:t reason:s message:s
        NodeAddress !type:s !address:s
        Service apiVersion:s kind:s metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus
        ServiceSpec ports:[ServicePort|port,protocol/port] selector:{s}@ clusterIP:s clusterIPs:[s] type:s externalIPs:[s] sessionAffinity:s loadBalancerIP:s loadBalancerSourceRanges:[s] externalName:s externalTrafficPolicy:s healthCheckNodePort:i publishNotReadyAddresses:b sessionAffinityConfig:x ipFamilies:[s] ipFamilyPolicy:s allocateLoadBalancerNodePorts:b loadBalancerClass:s internalTrafficPolicy:s trafficDistribution:s
        ServicePort name:s protocol:s appProtocol:s !port:i targetPort:is nodePort:i
        ServiceStatus loadBalancer:LoadBalancerStatus conditions:[Condition|type]
        LoadBalancerStatus ingress:[LoadBalancerIngress]
        LoadBalancerIngress ip:s hostname:s ipMode:s ports:[x]
        Endpoints apiVersion:s kind:s metadata:ObjectMeta subsets:[EndpointSubset]
        EndpointSubset addresses:[EndpointAddress] notReadyAddresses:[EndpointAddress] ports:[EndpointPort]
        EndpointAddress !ip:s hostname:s nodeName:s targetRef:ObjectReference
        EndpointPort name:s port:i protocol:s appProtocol:s
        PersistentVolume apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeSpec status:x
        PersistentVolumeSpec capacity:{q} gcePersistentDisk:x awsElasticBlockStore:x hostPath:HostPathVolumeSource glusterfs:x nfs:NFSVolumeSource rbd:x iscsi:x cinder:x cephfs:x fc:x flocker:x flexVolume:x azureFile:x vsphereVolume:x quobyte:x azureDisk:x photonPersistentDisk:x portworxVolume:x scaleIO:x local:x storageos:x csi:x accessModes:[s] claimRef:x persistentVolumeReclaimPolicy:s storageClassName:s mountOptions:[s] volumeMode:s nodeAffinity:x volumeAttributesClassName:s
        PersistentVolumeClaim apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeClaimSpec status:x
        PersistentVolumeClaimSpec accessModes:[s] selector:LabelSelector resources:VolumeResourceRequirements volumeName:s storageClassName:s volumeMode:s dataSource:TypedLocalObjectReference dataSourceRef:TypedObjectReference volumeAttributesClassName:s
        VolumeResourceRequirements limits:{q} requests:{q}
        PodTemplate apiVersion:s kind:s metadata:ObjectMeta template:PodTemplateSpec
        ReplicationController apiVersion:s kind:s metadata:ObjectMeta spec:ReplicationControllerSpec status:x
        ReplicationControllerSpec replicas:i minReadySeconds:i selector:{s}@ template:PodTemplateSpec
        Binding apiVersion:s kind:s metadata:ObjectMeta !target:ObjectReference
        """

    static let containers = """
        # io.k8s.api.core.v1
        Pod apiVersion:s kind:s metadata:ObjectMeta spec:PodSpec status:PodStatus
        PodTemplateSpec metadata:ObjectMeta spec:PodSpec
        PodSpec volumes:[Volume~|name] initContainers:[Container|name] !containers:[Container|name] ephemeralContainers:[EphemeralContainer|name] restartPolicy:s terminationGracePeriodSeconds:l activeDeadlineSeconds:l dnsPolicy:s nodeSelector:{s}@ serviceAccountName:s serviceAccount:s automountServiceAccountToken:b nodeName:s hostNetwork:b hostPID:b hostIPC:b shareProcessNamespace:b securityContext:PodSecurityContext imagePullSecrets:[LocalObjectReference|name] hostname:s subdomain:s affinity:Affinity schedulerName:s tolerations:[Toleration] hostAliases:[HostAlias|ip] priorityClassName:s priority:i dnsConfig:PodDNSConfig readinessGates:[PodReadinessGate] runtimeClassName:s enableServiceLinks:b preemptionPolicy:s overhead:{q} topologySpreadConstraints:[TopologySpreadConstraint|topologyKey,whenUnsatisfiable] setHostnameAsFQDN:b os:PodOS hostUsers:b schedulingGates:[PodSchedulingGate|name] resourceClaims:[PodResourceClaim~|name] resources:ResourceRequirements hostnameOverride:s schedulingGroup:x
        Container !name:s image:s command:[s] args:[s] workingDir:s ports:[ContainerPort|containerPort,protocol] envFrom:[EnvFromSource] env:[EnvVar|name] resources:ResourceRequirements resizePolicy:[ContainerResizePolicy] restartPolicy:s restartPolicyRules:[x] volumeMounts:[VolumeMount|mountPath] volumeDevices:[VolumeDevice|devicePath] livenessProbe:Probe readinessProbe:Probe startupProbe:Probe lifecycle:Lifecycle terminationMessagePath:s terminationMessagePolicy:s imagePullPolicy:s securityContext:SecurityContext stdin:b stdinOnce:b tty:b
        EphemeralContainer !name:s image:s command:[s] args:[s] workingDir:s ports:[ContainerPort|containerPort,protocol] envFrom:[EnvFromSource] env:[EnvVar|name] resources:ResourceRequirements resizePolicy:[ContainerResizePolicy] restartPolicy:s restartPolicyRules:[x] volumeMounts:[VolumeMount|mountPath] volumeDevices:[VolumeDevice|devicePath] livenessProbe:Probe readinessProbe:Probe startupProbe:Probe lifecycle:Lifecycle terminationMessagePath:s terminationMessagePolicy:s imagePullPolicy:s securityContext:SecurityContext stdin:b stdinOnce:b tty:b targetContainerName:s
        ContainerPort name:s hostPort:i !containerPort:i protocol:s hostIP:s
        ContainerResizePolicy !resourceName:s !restartPolicy:s
        EnvFromSource prefix:s configMapRef:ConfigMapEnvSource secretRef:SecretEnvSource
        ConfigMapEnvSource name:s optional:b
        SecretEnvSource name:s optional:b
        EnvVar !name:s value:s valueFrom:EnvVarSource
        EnvVarSource fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector configMapKeyRef:ConfigMapKeySelector secretKeyRef:SecretKeySelector fileKeyRef:x
        ObjectFieldSelector@ apiVersion:s !fieldPath:s
        ResourceFieldSelector@ containerName:s !resource:s divisor:q
        ConfigMapKeySelector@ name:s !key:s optional:b
        SecretKeySelector@ name:s !key:s optional:b
        ResourceRequirements limits:{q} requests:{q} claims:[ResourceClaim|name]
        ResourceClaim !name:s request:s
        VolumeMount !name:s readOnly:b recursiveReadOnly:s !mountPath:s subPath:s mountPropagation:s subPathExpr:s
        VolumeDevice !name:s !devicePath:s
        Probe exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction grpc:GRPCAction initialDelaySeconds:i timeoutSeconds:i periodSeconds:i successThreshold:i failureThreshold:i terminationGracePeriodSeconds:l
        ExecAction command:[s]
        HTTPGetAction path:s !port:is host:s scheme:s httpHeaders:[HTTPHeader]
        HTTPHeader !name:s !value:s
        TCPSocketAction !port:is host:s
        GRPCAction !port:i service:s
        Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:s
        LifecycleHandler exec:ExecAction httpGet:HTTPGetAction tcpSocket:TCPSocketAction sleep:SleepAction
        SleepAction !seconds:l
        SecurityContext capabilities:Capabilities privileged:b seLinuxOptions:x windowsOptions:x runAsUser:l runAsGroup:l runAsNonRoot:b readOnlyRootFilesystem:b allowPrivilegeEscalation:b procMount:s seccompProfile:SeccompProfile appArmorProfile:AppArmorProfile
        Capabilities add:[s] drop:[s]
        SeccompProfile !type:s localhostProfile:s
        AppArmorProfile !type:s localhostProfile:s
        PodSecurityContext seLinuxOptions:x windowsOptions:x runAsUser:l runAsGroup:l runAsNonRoot:b supplementalGroups:[l] supplementalGroupsPolicy:s fsGroup:l sysctls:[Sysctl] fsGroupChangePolicy:s seccompProfile:SeccompProfile appArmorProfile:AppArmorProfile seLinuxChangePolicy:s
        Sysctl !name:s !value:s
        Toleration key:s operator:s value:s effect:s tolerationSeconds:l
        HostAlias !ip:s hostnames:[s]
        PodDNSConfig nameservers:[s] searches:[s] options:[PodDNSConfigOption]
        PodDNSConfigOption name:s value:s
        PodReadinessGate !conditionType:s
        TopologySpreadConstraint !maxSkew:i !topologyKey:s !whenUnsatisfiable:s labelSelector:LabelSelector minDomains:i nodeAffinityPolicy:s nodeTaintsPolicy:s matchLabelKeys:[s]
        PodOS !name:s
        PodSchedulingGate !name:s
        PodResourceClaim !name:s resourceClaimName:s resourceClaimTemplateName:s
        Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAffinity
        NodeAffinity requiredDuringSchedulingIgnoredDuringExecution:NodeSelector preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm]
        NodeSelector@ !nodeSelectorTerms:[NodeSelectorTerm]
        NodeSelectorTerm@ matchExpressions:[NodeSelectorRequirement] matchFields:[NodeSelectorRequirement]
        NodeSelectorRequirement !key:s !operator:s values:[s]
        PreferredSchedulingTerm !weight:i !preference:NodeSelectorTerm
        PodAffinity requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm] preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
        PodAffinityTerm labelSelector:LabelSelector namespaces:[s] !topologyKey:s namespaceSelector:LabelSelector matchLabelKeys:[s] mismatchLabelKeys:[s]
        WeightedPodAffinityTerm !weight:i !podAffinityTerm:PodAffinityTerm
        PodStatus observedGeneration:l phase:s conditions:[PodCondition|type] message:s reason:s nominatedNodeName:s hostIP:s hostIPs:[HostIP] podIP:s podIPs:[PodIP|ip] startTime:t initContainerStatuses:[x] containerStatuses:[x] qosClass:s ephemeralContainerStatuses:[x] resize:s resourceClaimStatuses:[x] extendedResourceClaimStatus:x allocatedResources:{q} resources:x nodeAllocatableResourceClaimStatuses:[x]
        PodCondition !type:s observedGeneration:l !status:s lastProbeTime:t lastTransitionTime:t reason:s message:s
        PodIP !ip:s
        HostIP !ip:s
        """

    static let volumes = """
        # io.k8s.api.core.v1
        Volume !name:s hostPath:HostPathVolumeSource emptyDir:EmptyDirVolumeSource gcePersistentDisk:x awsElasticBlockStore:x gitRepo:x secret:SecretVolumeSource nfs:NFSVolumeSource iscsi:x glusterfs:x persistentVolumeClaim:PersistentVolumeClaimVolumeSource rbd:x flexVolume:x cinder:x cephfs:x flocker:x downwardAPI:DownwardAPIVolumeSource fc:x azureFile:x configMap:ConfigMapVolumeSource vsphereVolume:x quobyte:x azureDisk:x photonPersistentDisk:x projected:ProjectedVolumeSource portworxVolume:x scaleIO:x storageos:x csi:CSIVolumeSource ephemeral:EphemeralVolumeSource image:ImageVolumeSource
        HostPathVolumeSource !path:s type:s
        EmptyDirVolumeSource medium:s sizeLimit:q
        SecretVolumeSource secretName:s items:[KeyToPath] defaultMode:i optional:b
        ConfigMapVolumeSource name:s items:[KeyToPath] defaultMode:i optional:b
        KeyToPath !key:s !path:s mode:i
        NFSVolumeSource !server:s !path:s readOnly:b
        PersistentVolumeClaimVolumeSource !claimName:s readOnly:b
        DownwardAPIVolumeSource items:[DownwardAPIVolumeFile] defaultMode:i
        DownwardAPIVolumeFile !path:s fieldRef:ObjectFieldSelector resourceFieldRef:ResourceFieldSelector mode:i
        ProjectedVolumeSource sources:[VolumeProjection] defaultMode:i
        VolumeProjection secret:SecretProjection downwardAPI:DownwardAPIProjection configMap:ConfigMapProjection serviceAccountToken:ServiceAccountTokenProjection clusterTrustBundle:x podCertificate:x
        SecretProjection name:s items:[KeyToPath] optional:b
        DownwardAPIProjection items:[DownwardAPIVolumeFile]
        ConfigMapProjection name:s items:[KeyToPath] optional:b
        ServiceAccountTokenProjection audience:s expirationSeconds:l !path:s
        CSIVolumeSource !driver:s readOnly:b fsType:s volumeAttributes:{s} nodePublishSecretRef:LocalObjectReference
        EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
        PersistentVolumeClaimTemplate metadata:ObjectMeta !spec:PersistentVolumeClaimSpec
        ImageVolumeSource reference:s pullPolicy:s
        """

    static let workloads = """
        # io.k8s.api.apps.v1
        Deployment apiVersion:s kind:s metadata:ObjectMeta spec:DeploymentSpec status:DeploymentStatus
        DeploymentSpec replicas:i !selector:LabelSelector !template:PodTemplateSpec strategy:DeploymentStrategy~ minReadySeconds:i revisionHistoryLimit:i paused:b progressDeadlineSeconds:i
        DeploymentStrategy type:s rollingUpdate:RollingUpdateDeployment
        RollingUpdateDeployment maxUnavailable:is maxSurge:is
        DeploymentStatus observedGeneration:l replicas:i updatedReplicas:i readyReplicas:i availableReplicas:i unavailableReplicas:i terminatingReplicas:i conditions:[DeploymentCondition|type] collisionCount:i
        DeploymentCondition !type:s !status:s lastUpdateTime:t lastTransitionTime:t reason:s message:s
        ReplicaSet apiVersion:s kind:s metadata:ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus
        ReplicaSetSpec replicas:i minReadySeconds:i !selector:LabelSelector template:PodTemplateSpec
        ReplicaSetStatus !replicas:i fullyLabeledReplicas:i readyReplicas:i availableReplicas:i terminatingReplicas:i observedGeneration:l conditions:[ReplicaSetCondition|type]
        ReplicaSetCondition !type:s !status:s lastTransitionTime:t reason:s message:s
        StatefulSet apiVersion:s kind:s metadata:ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus
        StatefulSetSpec replicas:i !selector:LabelSelector !template:PodTemplateSpec volumeClaimTemplates:[PersistentVolumeClaim] serviceName:s podManagementPolicy:s updateStrategy:StatefulSetUpdateStrategy revisionHistoryLimit:i minReadySeconds:i persistentVolumeClaimRetentionPolicy:StatefulSetRetention ordinals:StatefulSetOrdinals
        StatefulSetUpdateStrategy type:s rollingUpdate:RollingUpdateStatefulSet
        RollingUpdateStatefulSet partition:i maxUnavailable:is
        StatefulSetRetention whenDeleted:s whenScaled:s
        StatefulSetOrdinals start:i
        StatefulSetStatus observedGeneration:l !replicas:i readyReplicas:i currentReplicas:i updatedReplicas:i currentRevision:s updateRevision:s collisionCount:i conditions:[ReplicaSetCondition|type] !availableReplicas:i
        DaemonSet apiVersion:s kind:s metadata:ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus
        DaemonSetSpec !selector:LabelSelector !template:PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy minReadySeconds:i revisionHistoryLimit:i
        DaemonSetUpdateStrategy type:s rollingUpdate:RollingUpdateDaemonSet
        RollingUpdateDaemonSet maxUnavailable:is maxSurge:is
        DaemonSetStatus !currentNumberScheduled:i !numberMisscheduled:i !desiredNumberScheduled:i !numberReady:i observedGeneration:l updatedNumberScheduled:i numberAvailable:i numberUnavailable:i collisionCount:i conditions:[ReplicaSetCondition|type]
        ControllerRevision apiVersion:s kind:s metadata:ObjectMeta data:x !revision:l
        # io.k8s.api.batch.v1
        Job apiVersion:s kind:s metadata:ObjectMeta spec:JobSpec status:x
        JobSpec parallelism:i completions:i activeDeadlineSeconds:l podFailurePolicy:x successPolicy:x backoffLimit:i backoffLimitPerIndex:i maxFailedIndexes:i selector:LabelSelector manualSelector:b !template:PodTemplateSpec ttlSecondsAfterFinished:i completionMode:s suspend:b podReplacementPolicy:s managedBy:s
        JobTemplateSpec metadata:ObjectMeta spec:JobSpec
        CronJob apiVersion:s kind:s metadata:ObjectMeta spec:CronJobSpec status:x
        CronJobSpec !schedule:s timeZone:s startingDeadlineSeconds:l concurrencyPolicy:s suspend:b !jobTemplate:JobTemplateSpec successfulJobsHistoryLimit:i failedJobsHistoryLimit:i
        # io.k8s.api.autoscaling.v2
        HorizontalPodAutoscaler apiVersion:s kind:s metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec status:x
        HorizontalPodAutoscalerSpec !scaleTargetRef:CrossVersionObjectReference minReplicas:i !maxReplicas:i metrics:[x] behavior:x
        CrossVersionObjectReference !kind:s !name:s apiVersion:s
        # io.k8s.api.autoscaling.v1
        HorizontalPodAutoscalerV1 apiVersion:s kind:s metadata:ObjectMeta spec:HorizontalPodAutoscalerV1Spec status:x
        HorizontalPodAutoscalerV1Spec !scaleTargetRef:CrossVersionObjectReference minReplicas:i !maxReplicas:i targetCPUUtilizationPercentage:i
        Scale apiVersion:s kind:s metadata:ObjectMeta spec:ScaleSpec status:ScaleStatus
        ScaleSpec replicas:i
        ScaleStatus !replicas:i selector:s
        """

    static let network = """
        # io.k8s.api.networking.v1
        Ingress apiVersion:s kind:s metadata:ObjectMeta spec:IngressSpec status:x
        IngressSpec ingressClassName:s defaultBackend:IngressBackend tls:[IngressTLS] rules:[IngressRule]
        IngressBackend service:IngressServiceBackend resource:TypedLocalObjectReference
        IngressServiceBackend !name:s port:ServiceBackendPort
        ServiceBackendPort@ name:s number:i
        IngressTLS hosts:[s] secretName:s
        IngressRule host:s http:HTTPIngressRuleValue
        HTTPIngressRuleValue !paths:[HTTPIngressPath]
        HTTPIngressPath path:s !pathType:s !backend:IngressBackend
        IngressClass apiVersion:s kind:s metadata:ObjectMeta spec:x
        NetworkPolicy apiVersion:s kind:s metadata:ObjectMeta spec:NetworkPolicySpec
        NetworkPolicySpec podSelector:LabelSelector ingress:[x] egress:[x] policyTypes:[s]
        # io.k8s.api.discovery.v1
        EndpointSlice apiVersion:s kind:s metadata:ObjectMeta !addressType:s !endpoints:[Endpoint] ports:[EndpointSlicePort]
        Endpoint !addresses:[s] conditions:EndpointConditions hostname:s targetRef:ObjectReference deprecatedTopology:{s} nodeName:s zone:s hints:x
        EndpointConditions ready:b serving:b terminating:b
        EndpointSlicePort@ name:s protocol:s port:i appProtocol:s
        """

    static let others = """
        # io.k8s.api.policy.v1
        PodDisruptionBudget apiVersion:s kind:s metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:PodDisruptionBudgetStatus
        PodDisruptionBudgetSpec minAvailable:is selector:LabelSelector maxUnavailable:is unhealthyPodEvictionPolicy:s
        PodDisruptionBudgetStatus observedGeneration:l disruptedPods:{t} !disruptionsAllowed:i !currentHealthy:i !desiredHealthy:i !expectedPods:i conditions:[Condition|type]
        Eviction apiVersion:s kind:s metadata:ObjectMeta deleteOptions:x
        # io.k8s.api.coordination.v1
        Lease apiVersion:s kind:s metadata:ObjectMeta spec:LeaseSpec
        LeaseSpec holderIdentity:s leaseDurationSeconds:i acquireTime:mt renewTime:mt leaseTransitions:i strategy:s preferredHolder:s
        # io.k8s.api.events.v1
        EventsEvent apiVersion:s kind:s metadata:ObjectMeta !eventTime:mt series:EventSeries reportingController:s reportingInstance:s action:s reason:s regarding:ObjectReference related:ObjectReference note:s type:s deprecatedSource:EventSource deprecatedFirstTimestamp:t deprecatedLastTimestamp:t deprecatedCount:i
        # io.k8s.api.rbac.v1
        Role apiVersion:s kind:s metadata:ObjectMeta rules:[PolicyRule]
        ClusterRole apiVersion:s kind:s metadata:ObjectMeta rules:[PolicyRule] aggregationRule:x
        PolicyRule !verbs:[s] apiGroups:[s] resources:[s] resourceNames:[s] nonResourceURLs:[s]
        RoleBinding apiVersion:s kind:s metadata:ObjectMeta subjects:[Subject] !roleRef:RoleRef
        ClusterRoleBinding apiVersion:s kind:s metadata:ObjectMeta subjects:[Subject] !roleRef:RoleRef
        Subject@ !kind:s apiGroup:s !name:s namespace:s
        RoleRef@ !apiGroup:s !kind:s !name:s
        # io.k8s.api.storage.v1
        StorageClass apiVersion:s kind:s metadata:ObjectMeta !provisioner:s parameters:{s} reclaimPolicy:s mountOptions:[s] allowVolumeExpansion:b volumeBindingMode:s allowedTopologies:[x]
        CSINode apiVersion:s kind:s metadata:ObjectMeta !spec:CSINodeSpec
        CSINodeSpec !drivers:[CSINodeDriver|name]
        CSINodeDriver !name:s !nodeID:s topologyKeys:[s] allocatable:x
        # io.k8s.api.admissionregistration.v1
        ValidatingWebhookConfiguration apiVersion:s kind:s metadata:ObjectMeta webhooks:[ValidatingWebhook|name]
        ValidatingWebhook !name:s !clientConfig:x rules:[x] failurePolicy:s matchPolicy:s namespaceSelector:LabelSelector objectSelector:LabelSelector !sideEffects:s timeoutSeconds:i !admissionReviewVersions:[s] matchConditions:[MatchCondition|name]
        MutatingWebhookConfiguration apiVersion:s kind:s metadata:ObjectMeta webhooks:[MutatingWebhook|name]
        MutatingWebhook !name:s !clientConfig:x rules:[x] failurePolicy:s matchPolicy:s namespaceSelector:LabelSelector objectSelector:LabelSelector !sideEffects:s timeoutSeconds:i !admissionReviewVersions:[s] reinvocationPolicy:s matchConditions:[MatchCondition|name]
        MatchCondition !name:s !expression:s
        ValidatingAdmissionPolicy apiVersion:s kind:s metadata:ObjectMeta spec:ValidatingAdmissionPolicySpec status:x
        ValidatingAdmissionPolicySpec paramKind:x matchConstraints:x validations:[x] failurePolicy:s auditAnnotations:[x] matchConditions:[MatchCondition|name] variables:[Variable|name]
        MutatingAdmissionPolicy apiVersion:s kind:s metadata:ObjectMeta spec:MutatingAdmissionPolicySpec
        MutatingAdmissionPolicySpec paramKind:x matchConstraints:x variables:[Variable|name] mutations:[x] failurePolicy:s matchConditions:[MatchCondition|name] reinvocationPolicy:s
        Variable@ !name:s !expression:s
        # io.k8s.api.scheduling.v1
        PriorityClass apiVersion:s kind:s metadata:ObjectMeta !value:i globalDefault:b description:s preemptionPolicy:s
        # io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1
        CustomResourceDefinition apiVersion:s kind:s metadata:ObjectMeta !spec:CustomResourceDefinitionSpec status:CustomResourceDefinitionStatus
        CustomResourceDefinitionSpec !group:s !names:CustomResourceDefinitionNames !scope:s !versions:[x] conversion:x preserveUnknownFields:b
        CustomResourceDefinitionNames !plural:s singular:s shortNames:[s] !kind:s listKind:s categories:[s]
        CustomResourceDefinitionStatus conditions:[Condition|type] acceptedNames:CustomResourceDefinitionNames storedVersions:[s]
        """
}
