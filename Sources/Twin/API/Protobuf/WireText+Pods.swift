// The notation is that of ``WireSchema``.
extension WireText {
    static let pods = """
        # core v1
        Affinity nodeAffinity:NodeAffinity? podAffinity:PodAffinity? podAntiAffinity:PodAntiAffinity?
        AppArmorProfile type:s! localhostProfile:s?
        Capabilities add:[s] drop:[s]
        ConfigMapEnvSource ^LocalObjectReference optional:b?
        ConfigMapKeySelector ^LocalObjectReference key:s! optional:b?
        Container name:s! image:s command:[s] args:[s] workingDir:s ports:[ContainerPort] env:[EnvVar] resources:ResourceRequirements volumeMounts:[VolumeMount] livenessProbe:Probe? readinessProbe:Probe? lifecycle:Lifecycle? terminationMessagePath:s imagePullPolicy:s securityContext:SecurityContext? stdin:b stdinOnce:b tty:b envFrom:[EnvFromSource] terminationMessagePolicy:s volumeDevices:[VolumeDevice] startupProbe:Probe? resizePolicy:[ContainerResizePolicy] restartPolicy:s? restartPolicyRules:[ContainerRestartRule]
        ContainerExtendedResourceRequest containerName:s! resourceName:s! requestName:s!
        ContainerImage names:[s] sizeBytes:i
        ContainerPort name:s hostPort:i containerPort:i! protocol:s hostIP:s
        ContainerResizePolicy resourceName:s! restartPolicy:s!
        ContainerRestartRule action:s exitCodes:ContainerRestartRuleOnExitCodes?
        ContainerRestartRuleOnExitCodes operator:s values:[i]
        ContainerState waiting:ContainerStateWaiting? running:ContainerStateRunning? terminated:ContainerStateTerminated?
        ContainerStateRunning startedAt:t
        ContainerStateTerminated exitCode:i! signal:i reason:s message:s startedAt:t finishedAt:t containerID:s
        ContainerStateWaiting reason:s message:s
        ContainerStatus name:s! state:ContainerState lastState:ContainerState ready:b! restartCount:i! image:s! imageID:s! containerID:s started:b? allocatedResources:{q} resources:ResourceRequirements? volumeMounts:[VolumeMountStatus] user:ContainerUser? allocatedResourcesStatus:[ResourceStatus] stopSignal:s?
        ContainerUser linux:LinuxContainerUser?
        EnvFromSource prefix:s configMapRef:ConfigMapEnvSource? secretRef:SecretEnvSource?
        EnvVar name:s! value:s valueFrom:EnvVarSource?
        EnvVarSource fieldRef:ObjectFieldSelector? resourceFieldRef:ResourceFieldSelector? configMapKeyRef:ConfigMapKeySelector? secretKeyRef:SecretKeySelector? fileKeyRef:FileKeySelector?
        EphemeralContainer ^EphemeralContainerCommon targetContainerName:s
        EphemeralContainerCommon name:s! image:s command:[s] args:[s] workingDir:s ports:[ContainerPort] env:[EnvVar] resources:ResourceRequirements volumeMounts:[VolumeMount] livenessProbe:Probe? readinessProbe:Probe? lifecycle:Lifecycle? terminationMessagePath:s imagePullPolicy:s securityContext:SecurityContext? stdin:b stdinOnce:b tty:b envFrom:[EnvFromSource] terminationMessagePolicy:s volumeDevices:[VolumeDevice] startupProbe:Probe? resizePolicy:[ContainerResizePolicy] restartPolicy:s? restartPolicyRules:[ContainerRestartRule]
        ExecAction command:[s]
        FileKeySelector volumeName:s! path:s! key:s! optional:b?
        GRPCAction port:i! service:s?
        HTTPGetAction path:s port:is host:s scheme:s httpHeaders:[HTTPHeader]
        HTTPHeader name:s! value:s!
        HostAlias ip:s! hostnames:[s]
        HostIP ip:s!
        Lifecycle postStart:LifecycleHandler? preStop:LifecycleHandler? stopSignal:s?
        LifecycleHandler exec:ExecAction? httpGet:HTTPGetAction? tcpSocket:TCPSocketAction? sleep:SleepAction?
        LinuxContainerUser uid:i! gid:i! supplementalGroups:[i]
        NodeAffinity requiredDuringSchedulingIgnoredDuringExecution:NodeSelector? preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm]
        ObjectFieldSelector apiVersion:s fieldPath:s!
        Pod metadata:meta.ObjectMeta spec:PodSpec status:PodStatus
        PodAffinity requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm] preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
        PodAffinityTerm labelSelector:meta.LabelSelector? namespaces:[s] topologyKey:s! namespaceSelector:meta.LabelSelector? matchLabelKeys:[s] mismatchLabelKeys:[s]
        PodAntiAffinity requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm] preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm]
        PodCondition type:s! status:s! lastProbeTime:t lastTransitionTime:t reason:s message:s observedGeneration:i
        PodDNSConfig nameservers:[s] searches:[s] options:[PodDNSConfigOption]
        PodDNSConfigOption name:s value:s?
        PodExtendedResourceClaimStatus requestMappings:[ContainerExtendedResourceRequest] resourceClaimName:s!
        PodIP ip:s!
        PodOS name:s!
        PodReadinessGate conditionType:s!
        PodResourceClaim name:s! 3 resourceClaimName:s? resourceClaimTemplateName:s?
        PodResourceClaimStatus name:s! resourceClaimName:s?
        PodSchedulingGate name:s!
        PodSchedulingGroup podGroupName:s?
        PodSecurityContext seLinuxOptions:SELinuxOptions? runAsUser:i? runAsNonRoot:b? supplementalGroups:[i] fsGroup:i? runAsGroup:i? sysctls:[Sysctl] windowsOptions:WindowsSecurityContextOptions? fsGroupChangePolicy:s? seccompProfile:SeccompProfile? appArmorProfile:AppArmorProfile? supplementalGroupsPolicy:s? seLinuxChangePolicy:s?
        PodSpec volumes:[Volume] containers:[Container] restartPolicy:s terminationGracePeriodSeconds:i? activeDeadlineSeconds:i? dnsPolicy:s nodeSelector:{s} serviceAccountName:s serviceAccount:s nodeName:s hostNetwork:b hostPID:b hostIPC:b securityContext:PodSecurityContext? imagePullSecrets:[LocalObjectReference] hostname:s subdomain:s affinity:Affinity? schedulerName:s initContainers:[Container] automountServiceAccountToken:b? tolerations:[Toleration] hostAliases:[HostAlias] priorityClassName:s priority:i? dnsConfig:PodDNSConfig? shareProcessNamespace:b? readinessGates:[PodReadinessGate] runtimeClassName:s? enableServiceLinks:b? preemptionPolicy:s? overhead:{q} topologySpreadConstraints:[TopologySpreadConstraint] ephemeralContainers:[EphemeralContainer] setHostnameAsFQDN:b? os:PodOS? hostUsers:b? schedulingGates:[PodSchedulingGate] resourceClaims:[PodResourceClaim] resources:ResourceRequirements? hostnameOverride:s? 43 schedulingGroup:PodSchedulingGroup?
        PodStatus phase:s conditions:[PodCondition] message:s reason:s hostIP:s podIP:s startTime:t? containerStatuses:[ContainerStatus] qosClass:s initContainerStatuses:[ContainerStatus] nominatedNodeName:s podIPs:[PodIP] ephemeralContainerStatuses:[ContainerStatus] resize:s resourceClaimStatuses:[PodResourceClaimStatus] hostIPs:[HostIP] observedGeneration:i extendedResourceClaimStatus:PodExtendedResourceClaimStatus? allocatedResources:{q} resources:ResourceRequirements? nodeAllocatableResourceClaimStatuses:[NodeAllocatableResourceClaimStatus]
        PodTemplate metadata:meta.ObjectMeta template:PodTemplateSpec
        PodTemplateSpec metadata:meta.ObjectMeta spec:PodSpec
        PreferredSchedulingTerm weight:i! preference:NodeSelectorTerm
        Probe ^ProbeHandler initialDelaySeconds:i timeoutSeconds:i periodSeconds:i successThreshold:i failureThreshold:i terminationGracePeriodSeconds:i?
        ProbeHandler exec:ExecAction? httpGet:HTTPGetAction? tcpSocket:TCPSocketAction? grpc:GRPCAction?
        ResourceClaim name:s! request:s
        ResourceFieldSelector containerName:s resource:s! divisor:q
        ResourceHealth resourceID:s! health:s 6 message:s?
        ResourceRequirements limits:{q} requests:{q} claims:[ResourceClaim]
        ResourceStatus name:s! resources:[ResourceHealth]
        SELinuxOptions user:s role:s type:s level:s
        SeccompProfile type:s! localhostProfile:s?
        SecretEnvSource ^LocalObjectReference optional:b?
        SecretKeySelector ^LocalObjectReference key:s! optional:b?
        SecretReference name:s namespace:s
        SecurityContext capabilities:Capabilities? privileged:b? seLinuxOptions:SELinuxOptions? runAsUser:i? runAsNonRoot:b? readOnlyRootFilesystem:b? allowPrivilegeEscalation:b? runAsGroup:i? procMount:s? windowsOptions:WindowsSecurityContextOptions? seccompProfile:SeccompProfile? appArmorProfile:AppArmorProfile?
        SleepAction seconds:i!
        Sysctl name:s! value:s!
        TCPSocketAction port:is host:s
        Toleration key:s operator:s value:s effect:s tolerationSeconds:i?
        TopologySpreadConstraint maxSkew:i! topologyKey:s! whenUnsatisfiable:s! labelSelector:meta.LabelSelector? minDomains:i? nodeAffinityPolicy:s? nodeTaintsPolicy:s? matchLabelKeys:[s]
        WeightedPodAffinityTerm weight:i! podAffinityTerm:PodAffinityTerm
        WindowsSecurityContextOptions gmsaCredentialSpecName:s? gmsaCredentialSpec:s? runAsUserName:s? hostProcess:b?
        """
}
