// The notation is that of ``WireSchema``.
extension WireText {
    static let core = """
        # core v1
        AttachedVolume name:s! devicePath:s!
        Binding metadata:meta.ObjectMeta target:ObjectReference
        ClientIPConfig timeoutSeconds:i?
        ComponentCondition type:s! status:s! message:s error:s
        ComponentStatus metadata:meta.ObjectMeta conditions:[ComponentCondition]
        ConfigMap metadata:meta.ObjectMeta data:{s} binaryData:{y} immutable:b?
        ConfigMapNodeConfigSource namespace:s! name:s! uid:s resourceVersion:s kubeletConfigKey:s!
        DaemonEndpoint Port:i!
        EndpointAddress ip:s! targetRef:ObjectReference? hostname:s nodeName:s?
        EndpointPort name:s port:i! protocol:s appProtocol:s?
        EndpointSubset addresses:[EndpointAddress] notReadyAddresses:[EndpointAddress] ports:[EndpointPort]
        Endpoints metadata:meta.ObjectMeta subsets:[EndpointSubset]
        Event metadata:meta.ObjectMeta involvedObject:ObjectReference reason:s message:s source:EventSource firstTimestamp:t lastTimestamp:t count:i type:s eventTime:mt series:EventSeries? action:s related:ObjectReference? reportingComponent:s! reportingInstance:s!
        EventSeries count:i lastObservedTime:mt
        EventSource component:s host:s
        LimitRange metadata:meta.ObjectMeta spec:LimitRangeSpec
        LimitRangeItem type:s! max:{q} min:{q} default:{q} defaultRequest:{q} maxLimitRequestRatio:{q}
        LimitRangeSpec limits:[LimitRangeItem]
        LoadBalancerIngress ip:s hostname:s ipMode:s? ports:[PortStatus]
        LoadBalancerStatus ingress:[LoadBalancerIngress]
        LocalObjectReference name:s
        Namespace metadata:meta.ObjectMeta spec:NamespaceSpec status:NamespaceStatus
        NamespaceCondition type:s! status:s! 4 lastTransitionTime:t reason:s message:s
        NamespaceSpec finalizers:[s]
        NamespaceStatus phase:s conditions:[NamespaceCondition]
        Node metadata:meta.ObjectMeta spec:NodeSpec status:NodeStatus
        NodeAddress type:s! address:s!
        NodeAllocatableResourceClaimStatus resourceClaimName:s! containers:[s] resources:{q}
        NodeCondition type:s! status:s! lastHeartbeatTime:t lastTransitionTime:t reason:s message:s
        NodeConfigSource 2 configMap:ConfigMapNodeConfigSource?
        NodeConfigStatus assigned:NodeConfigSource? active:NodeConfigSource? lastKnownGood:NodeConfigSource? error:s
        NodeDaemonEndpoints kubeletEndpoint:DaemonEndpoint
        NodeFeatures supplementalGroupsPolicy:b?
        NodeRuntimeHandler name:s! features:NodeRuntimeHandlerFeatures?
        NodeRuntimeHandlerFeatures recursiveReadOnlyMounts:b? userNamespaces:b?
        NodeSelector nodeSelectorTerms:[NodeSelectorTerm]
        NodeSelectorRequirement key:s! operator:s! values:[s]
        NodeSelectorTerm matchExpressions:[NodeSelectorRequirement] matchFields:[NodeSelectorRequirement]
        NodeSpec podCIDR:s externalID:s providerID:s unschedulable:b taints:[Taint] configSource:NodeConfigSource? podCIDRs:[s]
        NodeStatus capacity:{q} allocatable:{q} phase:s conditions:[NodeCondition] addresses:[NodeAddress] daemonEndpoints:NodeDaemonEndpoints nodeInfo:NodeSystemInfo images:[ContainerImage] volumesInUse:[s] volumesAttached:[AttachedVolume] config:NodeConfigStatus? runtimeHandlers:[NodeRuntimeHandler] features:NodeFeatures? declaredFeatures:[s]
        NodeSwapStatus capacity:i?
        NodeSystemInfo machineID:s! systemUUID:s! bootID:s! kernelVersion:s! osImage:s! containerRuntimeVersion:s! kubeletVersion:s! kubeProxyVersion:s! operatingSystem:s! architecture:s! swap:NodeSwapStatus?
        ObjectReference kind:s namespace:s name:s uid:s apiVersion:s resourceVersion:s fieldPath:s
        PortStatus port:i! protocol:s! error:s?
        ReplicationController metadata:meta.ObjectMeta spec:ReplicationControllerSpec status:ReplicationControllerStatus
        ReplicationControllerCondition type:s! status:s! lastTransitionTime:t reason:s message:s
        ReplicationControllerSpec replicas:i? selector:{s} template:PodTemplateSpec? minReadySeconds:i
        ReplicationControllerStatus replicas:i! fullyLabeledReplicas:i observedGeneration:i readyReplicas:i availableReplicas:i conditions:[ReplicationControllerCondition]
        ResourceQuota metadata:meta.ObjectMeta spec:ResourceQuotaSpec status:ResourceQuotaStatus
        ResourceQuotaSpec hard:{q} scopes:[s] scopeSelector:ScopeSelector?
        ResourceQuotaStatus hard:{q} used:{q}
        ScopeSelector matchExpressions:[ScopedResourceSelectorRequirement]
        ScopedResourceSelectorRequirement scopeName:s! operator:s! values:[s]
        Secret metadata:meta.ObjectMeta data:{y} type:s stringData:{s} immutable:b?
        Service metadata:meta.ObjectMeta spec:ServiceSpec status:ServiceStatus
        ServiceAccount metadata:meta.ObjectMeta secrets:[ObjectReference] imagePullSecrets:[LocalObjectReference] automountServiceAccountToken:b?
        ServicePort name:s protocol:s port:i! targetPort:is nodePort:i appProtocol:s?
        ServiceSpec ports:[ServicePort] selector:{s} clusterIP:s type:s externalIPs:[s] 7 sessionAffinity:s loadBalancerIP:s loadBalancerSourceRanges:[s] externalName:s externalTrafficPolicy:s healthCheckNodePort:i publishNotReadyAddresses:b sessionAffinityConfig:SessionAffinityConfig? 17 ipFamilyPolicy:s? clusterIPs:[s] ipFamilies:[s] allocateLoadBalancerNodePorts:b? loadBalancerClass:s? internalTrafficPolicy:s? trafficDistribution:s?
        ServiceStatus loadBalancer:LoadBalancerStatus conditions:[meta.Condition]
        SessionAffinityConfig clientIP:ClientIPConfig?
        Taint key:s! value:s effect:s! timeAdded:t?
        TopologySelectorLabelRequirement key:s! values:[s]
        TopologySelectorTerm matchLabelExpressions:[TopologySelectorLabelRequirement]
        """
}
