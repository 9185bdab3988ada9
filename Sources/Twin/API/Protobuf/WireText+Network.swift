// The notation is that of ``WireSchema``.
extension WireText {
    static let network = """
        # networking networking.k8s.io/v1
        HTTPIngressPath path:s backend:IngressBackend pathType:s?
        HTTPIngressRuleValue paths:[HTTPIngressPath]
        IPAddress metadata:meta.ObjectMeta spec:IPAddressSpec
        IPAddressSpec parentRef:ParentReference?
        IPBlock cidr:s! except:[s]
        Ingress metadata:meta.ObjectMeta spec:IngressSpec status:IngressStatus
        IngressBackend 3 resource:core.TypedLocalObjectReference? service:IngressServiceBackend?
        IngressClass metadata:meta.ObjectMeta spec:IngressClassSpec
        IngressClassParametersReference apiGroup:s? kind:s! name:s! scope:s? namespace:s?
        IngressClassSpec controller:s parameters:IngressClassParametersReference?
        IngressLoadBalancerIngress ip:s hostname:s 4 ports:[IngressPortStatus]
        IngressLoadBalancerStatus ingress:[IngressLoadBalancerIngress]
        IngressPortStatus port:i! protocol:s! error:s?
        IngressRule host:s ^IngressRuleValue
        IngressRuleValue http:HTTPIngressRuleValue?
        IngressServiceBackend name:s! port:ServiceBackendPort
        IngressSpec defaultBackend:IngressBackend? tls:[IngressTLS] rules:[IngressRule] ingressClassName:s?
        IngressStatus loadBalancer:IngressLoadBalancerStatus
        IngressTLS hosts:[s] secretName:s
        NetworkPolicy metadata:meta.ObjectMeta spec:NetworkPolicySpec
        NetworkPolicyEgressRule ports:[NetworkPolicyPort] to:[NetworkPolicyPeer]
        NetworkPolicyIngressRule ports:[NetworkPolicyPort] from:[NetworkPolicyPeer]
        NetworkPolicyPeer podSelector:meta.LabelSelector? namespaceSelector:meta.LabelSelector? ipBlock:IPBlock?
        NetworkPolicyPort protocol:s? port:is? endPort:i?
        NetworkPolicySpec podSelector:meta.LabelSelector ingress:[NetworkPolicyIngressRule] egress:[NetworkPolicyEgressRule] policyTypes:[s]
        ParentReference group:s resource:s namespace:s name:s
        ServiceBackendPort name:s number:i
        ServiceCIDR metadata:meta.ObjectMeta spec:ServiceCIDRSpec status:ServiceCIDRStatus
        ServiceCIDRSpec cidrs:[s]
        ServiceCIDRStatus conditions:[meta.Condition]
        # discovery discovery.k8s.io/v1
        Endpoint addresses:[s] conditions:EndpointConditions hostname:s? targetRef:core.ObjectReference? deprecatedTopology:{s} nodeName:s? zone:s? hints:EndpointHints?
        EndpointConditions ready:b? serving:b? terminating:b?
        EndpointHints forZones:[ForZone] forNodes:[ForNode]
        EndpointPort name:s? protocol:s? port:i? appProtocol:s?
        EndpointSlice metadata:meta.ObjectMeta endpoints:[Endpoint] ports:[EndpointPort] addressType:s!
        ForNode name:s!
        ForZone name:s!
        # coordination coordination.k8s.io/v1
        Lease metadata:meta.ObjectMeta spec:LeaseSpec
        LeaseSpec holderIdentity:s? leaseDurationSeconds:i? acquireTime:mt? renewTime:mt? leaseTransitions:i? strategy:s? preferredHolder:s?
        # events events.k8s.io/v1
        Event metadata:meta.ObjectMeta eventTime:mt series:EventSeries? reportingController:s reportingInstance:s action:s reason:s regarding:core.ObjectReference related:core.ObjectReference? note:s type:s deprecatedSource:core.EventSource deprecatedFirstTimestamp:t deprecatedLastTimestamp:t deprecatedCount:i
        EventSeries count:i! lastObservedTime:mt
        """
}
