// The notation is that of ``WireSchema``.
extension WireText {
    static let meta = """
        # meta meta.k8s.io/v1
        APIGroup name:s! versions:[GroupVersionForDiscovery] preferredVersion:GroupVersionForDiscovery serverAddressByClientCIDRs:[ServerAddressByClientCIDR]
        APIGroupList groups:[APIGroup]
        APIResource name:s! namespaced:b! kind:s! verbs:w shortNames:[s] singularName:s! categories:[s] group:s version:s storageVersionHash:s
        APIResourceList groupVersion:s! resources:[APIResource]
        APIVersions versions:[s] serverAddressByClientCIDRs:[ServerAddressByClientCIDR]
        Condition type:s! status:s! observedGeneration:i lastTransitionTime:t reason:s! message:s!
        DeleteOptions gracePeriodSeconds:i? preconditions:Preconditions? orphanDependents:b? propagationPolicy:s? dryRun:[s] ignoreStoreReadErrorWithClusterBreakingPotential:b?
        FieldSelectorRequirement key:s! operator:s! values:[s]
        GroupVersionForDiscovery groupVersion:s! version:s!
        LabelSelector matchLabels:{s} matchExpressions:[LabelSelectorRequirement]
        LabelSelectorRequirement key:s! operator:s! values:[s]
        ListMeta selfLink:s resourceVersion:s continue:s remainingItemCount:i? shardInfo:ShardInfo?
        ManagedFieldsEntry manager:s operation:s apiVersion:s time:t? 6 fieldsType:s fieldsV1:raw? subresource:s
        ObjectMeta name:s generateName:s namespace:s selfLink:s uid:s resourceVersion:s generation:i creationTimestamp:t deletionTimestamp:t? deletionGracePeriodSeconds:i? labels:{s} annotations:{s} ownerReferences:[OwnerReference] finalizers:[s] 17 managedFields:[ManagedFieldsEntry]
        OwnerReference kind:s! 3 name:s! uid:s! apiVersion:s! controller:b? blockOwnerDeletion:b?
        PartialObjectMetadata metadata:ObjectMeta
        Preconditions uid:s? resourceVersion:s?
        ServerAddressByClientCIDR clientCIDR:s! serverAddress:s!
        ShardInfo selector:s!
        Status metadata:ListMeta status:s message:s reason:s details:StatusDetails? code:i
        StatusCause reason:s message:s field:s
        StatusDetails name:s group:s kind:s causes:[StatusCause] retryAfterSeconds:i uid:s
        WatchEvent type:s! object:raw
        """
}
