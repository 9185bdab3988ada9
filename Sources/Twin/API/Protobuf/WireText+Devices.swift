// The notation is that of ``WireSchema``.
extension WireText {
    static let devices = """
        # node node.k8s.io/v1
        Overhead podFixed:{q}
        RuntimeClass metadata:meta.ObjectMeta handler:s! overhead:Overhead? scheduling:Scheduling?
        Scheduling nodeSelector:{s} tolerations:[core.Toleration]
        # resource resource.k8s.io/v1
        AllocatedDeviceStatus driver:s! pool:s! device:s! conditions:[meta.Condition] data:raw? networkData:NetworkDeviceData? shareID:s?
        AllocationResult devices:DeviceAllocationResult 3 nodeSelector:core.NodeSelector? 5 allocationTimestamp:t?
        CELDeviceSelector expression:s!
        CapacityRequestPolicy default:q? 3 validValues:[q] validRange:CapacityRequestPolicyRange?
        CapacityRequestPolicyRange min:q? max:q? step:q?
        CapacityRequirements requests:{q}
        Counter value:q
        CounterSet name:s! counters:{Counter}
        Device name:s! attributes:{DeviceAttribute} capacity:{DeviceCapacity} consumesCounters:[DeviceCounterConsumption] nodeName:s? nodeSelector:core.NodeSelector? allNodes:b? taints:[DeviceTaint] bindsToNode:b? bindingConditions:[s] bindingFailureConditions:[s] allowMultipleAllocations:b? nodeAllocatableResourceMappings:{NodeAllocatableResourceMapping}
        DeviceAllocationConfiguration source:s! requests:[s] ^DeviceConfiguration
        DeviceAllocationResult results:[DeviceRequestAllocationResult] config:[DeviceAllocationConfiguration]
        DeviceAttribute 2 int:i? bool:b? string:s? version:s? ints:[i] bools:[b] strings:[s] versions:[s]
        DeviceCapacity value:q requestPolicy:CapacityRequestPolicy?
        DeviceClaim requests:[DeviceRequest] constraints:[DeviceConstraint] config:[DeviceClaimConfiguration]
        DeviceClaimConfiguration requests:[s] ^DeviceConfiguration
        DeviceClass metadata:meta.ObjectMeta spec:DeviceClassSpec
        DeviceClassConfiguration ^DeviceConfiguration
        DeviceClassSpec selectors:[DeviceSelector] config:[DeviceClassConfiguration] 4 extendedResourceName:s?
        DeviceConfiguration opaque:OpaqueDeviceConfiguration?
        DeviceConstraint requests:[s] matchAttribute:s? distinctAttribute:s?
        DeviceCounterConsumption counterSet:s! counters:{Counter}
        DeviceRequest name:s! exactly:ExactDeviceRequest? firstAvailable:[DeviceSubRequest]
        DeviceRequestAllocationResult request:s! driver:s! pool:s! device:s! adminAccess:b? tolerations:[DeviceToleration] bindingConditions:[s] bindingFailureConditions:[s] shareID:s? consumedCapacity:{q}
        DeviceSelector cel:CELDeviceSelector?
        DeviceSubRequest name:s! deviceClassName:s! selectors:[DeviceSelector] allocationMode:s count:i tolerations:[DeviceToleration] capacity:CapacityRequirements?
        DeviceTaint key:s! value:s effect:s! timeAdded:t?
        DeviceToleration key:s operator:s value:s effect:s tolerationSeconds:i?
        ExactDeviceRequest deviceClassName:s! selectors:[DeviceSelector] allocationMode:s count:i adminAccess:b? tolerations:[DeviceToleration] capacity:CapacityRequirements?
        NetworkDeviceData interfaceName:s ips:[s] hardwareAddress:s
        NodeAllocatableResourceMapping capacityKey:s? allocationMultiplier:q?
        OpaqueDeviceConfiguration driver:s! parameters:raw
        ResourceClaim metadata:meta.ObjectMeta spec:ResourceClaimSpec status:ResourceClaimStatus
        ResourceClaimConsumerReference apiGroup:s 3 resource:s! name:s! uid:s!
        ResourceClaimSpec devices:DeviceClaim
        ResourceClaimStatus allocation:AllocationResult? reservedFor:[ResourceClaimConsumerReference] 4 devices:[AllocatedDeviceStatus]
        ResourceClaimTemplate metadata:meta.ObjectMeta spec:ResourceClaimTemplateSpec
        ResourceClaimTemplateSpec metadata:meta.ObjectMeta spec:ResourceClaimSpec
        ResourcePool name:s! generation:i! resourceSliceCount:i!
        ResourceSlice metadata:meta.ObjectMeta spec:ResourceSliceSpec
        ResourceSliceSpec driver:s! pool:ResourcePool nodeName:s? nodeSelector:core.NodeSelector? allNodes:b? devices:[Device] perDeviceNodeSelection:b? sharedCounters:[CounterSet]
        """
}
