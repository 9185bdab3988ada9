import Core

/// Values as the API server shows them in messages: JSON of the types with which it works inside, whose members bear Go's names, stand in
/// the order of their declaration and are all there (pkg/apis/core/types.go and its like of Kubernetes v1.36).
enum GoForm {
    /// A value of the wire as one of the types below.
    static func of(_ value: JSON, _ type: String) -> JSON {
        let value = type == "PodSpec" ? withHostNamespaces(value) : value
        guard let fields = types[type] else { return value }
        return .object(JSONObject(fields.map { ($0.name, shown(value[$0.wire], $0.kind)) }))
    }

    /// A template: its metadata as on the wire, its spec as Go's.
    static func template(_ template: JSON) -> JSON {
        var out = template["metadata"] ?? [:]
        if let labels = out["labels"] { out["labels"] = JSON(labels.stringMap) }
        out["Spec"] = of(template["spec"] ?? [:], "PodSpec")
        return out
    }

    /// A selector: labels in the order of their keys.
    static func selector(_ selector: JSON) -> JSON {
        var out: JSON = [:]
        if let labels = selector["matchLabels"] { out["matchLabels"] = JSON(labels.stringMap) }
        for one in selector["matchExpressions"]?.array ?? [] {
            var shown: JSON = ["key": one["key"] ?? "", "operator": one["operator"] ?? ""]
            shown["values"] = one["values"]
            out["matchExpressions"] = .array((out["matchExpressions"]?.array ?? []) + [shown])
        }
        return out
    }

    /// The value over many lines, each member one space further in than what holds it.
    static func indented(_ value: JSON) -> String {
        var out = ""
        write(value, depth: 0, to: &out)
        return out
    }

    private static func write(_ value: JSON, depth: Int, to out: inout String) {
        let margin = "\n" + String(repeating: " ", count: depth + 1)
        let end = "\n" + String(repeating: " ", count: depth)
        switch value {
        case .array(let list) where !list.isEmpty:
            for (i, one) in list.enumerated() {
                out += (i == 0 ? "[" : ",") + margin
                write(one, depth: depth + 1, to: &out)
            }
            out += end + "]"
        case .object(let members) where !members.isEmpty:
            for (i, (key, one)) in members.enumerated() {
                out += "\(i == 0 ? "{" : ",")\(margin)\(JSON.string(key).text()): "
                write(one, depth: depth + 1, to: &out)
            }
            out += end + "}"
        default: out += value.text()
        }
    }

    private static func shown(_ value: JSON?, _ kind: Substring) -> JSON {
        switch kind {
        case "s": value ?? ""
        case "i": value ?? 0
        case "b": value ?? false
        case "q": value ?? "0"
        case "?": sorted(value) ?? .null
        case _ where kind.hasPrefix("[]"):
            value?.array.map { list in .array(list.map { of($0, String(kind.dropFirst(2))) }) } ?? .null
        case _ where kind.hasPrefix("*"): value.map { of($0, String(kind.dropFirst())) } ?? .null
        default: of(value ?? [:], String(kind))
        }
    }

    /// Maps are written in the order of their keys.
    private static func sorted(_ value: JSON?) -> JSON? {
        guard case .object(let members)? = value else { return value }
        return .object(JSONObject(members.keys.sorted().map { ($0, members[$0] ?? .null) }))
    }

    /// Inside, what a pod shares with its host is part of the security context.
    private static func withHostNamespaces(_ spec: JSON) -> JSON {
        var spec = spec
        var context = spec["securityContext"] ?? [:]
        for member in ["hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace", "hostUsers"] { context[member] = spec[member] }
        spec["securityContext"] = context
        return spec
    }

    // MARK: The types

    private struct Field {
        var name: String
        var wire: String
        /// `s` text, `i` number, `b` truth and `q` quantity, which are never missing; `?` what is null where it is missing; the name of a
        /// type, with `*` or `[]` where it may be null.
        var kind: Substring
    }

    private static let types: [String: [Field]] = {
        var out: [String: [Field]] = [:]
        for line in declarations.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let type = words.first else { continue }
            out[String(type), default: []] += words.dropFirst().map { word in
                let parts = word.split(separator: ":")
                let name = String(parts[0])
                return Field(name: name, wire: wire(name), kind: parts.count > 1 ? parts[1] : "?")
            }
        }
        return out
    }()

    /// `HTTPGet` is `httpGet` on the wire.
    private static func wire(_ name: String) -> String {
        switch name {
        case "CephFS": return "cephfs"
        case "StorageOS": return "storageos"
        default: break
        }
        let capitals = name.prefix { $0.isUppercase }.count
        let lowered = capitals == name.count ? capitals : max(1, capitals - 1)
        return name.prefix(lowered).lowercased() + name.dropFirst(lowered)
    }

    private static let declarations = """
        PodSpec Volumes:[]Volume InitContainers:[]Container Containers:[]Container EphemeralContainers:[]EphemeralContainer
        PodSpec RestartPolicy:s TerminationGracePeriodSeconds ActiveDeadlineSeconds DNSPolicy:s NodeSelector ServiceAccountName:s
        PodSpec AutomountServiceAccountToken NodeName:s SecurityContext:PodSecurityContext ImagePullSecrets:[]LocalObjectReference
        PodSpec Hostname:s Subdomain:s SetHostnameAsFQDN Affinity:*Affinity SchedulerName:s Tolerations:[]Toleration HostAliases:[]HostAlias
        PodSpec PriorityClassName:s Priority PreemptionPolicy DNSConfig:*PodDNSConfig ReadinessGates:[]PodReadinessGate RuntimeClassName
        PodSpec Overhead EnableServiceLinks TopologySpreadConstraints:[]TopologySpreadConstraint OS:*Named SchedulingGates:[]Named
        PodSpec ResourceClaims:[]PodResourceClaim Resources:*ResourceRequirements HostnameOverride SchedulingGroup
        PodSecurityContext HostNetwork:b HostPID:b HostIPC:b ShareProcessNamespace HostUsers SELinuxOptions:*SELinuxOptions
        PodSecurityContext WindowsOptions RunAsUser RunAsGroup RunAsNonRoot SupplementalGroups SupplementalGroupsPolicy FSGroup
        PodSecurityContext FSGroupChangePolicy Sysctls:[]NameValue SeccompProfile:*SeccompProfile AppArmorProfile:*SeccompProfile
        PodSecurityContext SELinuxChangePolicy
        Container Name:s Image:s Command Args WorkingDir:s Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar
        Container Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy RestartPolicyRules
        Container VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe StartupProbe:*Probe
        Container Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s
        Container SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b
        EphemeralContainer Name:s Image:s Command Args WorkingDir:s Ports:[]ContainerPort EnvFrom:[]EnvFromSource Env:[]EnvVar
        EphemeralContainer Resources:ResourceRequirements ResizePolicy:[]ContainerResizePolicy RestartPolicy RestartPolicyRules
        EphemeralContainer VolumeMounts:[]VolumeMount VolumeDevices:[]VolumeDevice LivenessProbe:*Probe ReadinessProbe:*Probe
        EphemeralContainer StartupProbe:*Probe Lifecycle:*Lifecycle TerminationMessagePath:s TerminationMessagePolicy:s ImagePullPolicy:s
        EphemeralContainer SecurityContext:*SecurityContext Stdin:b StdinOnce:b TTY:b TargetContainerName:s
        ContainerPort Name:s HostPort:i ContainerPort:i Protocol:s HostIP:s
        EnvFromSource Prefix:s ConfigMapRef:*NameOptional SecretRef:*NameOptional
        NameOptional Name:s Optional
        EnvVar Name:s Value:s ValueFrom:*EnvVarSource
        EnvVarSource FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector ConfigMapKeyRef:*KeySelector
        EnvVarSource SecretKeyRef:*KeySelector FileKeyRef:*FileKeySelector
        ObjectFieldSelector APIVersion:s FieldPath:s
        ResourceFieldSelector ContainerName:s Resource:s Divisor:q
        KeySelector Name:s Key:s Optional
        FileKeySelector VolumeName:s Path:s Key:s Optional
        ResourceRequirements Limits Requests Claims:[]ResourceClaim
        ResourceClaim Name:s Request:s
        ContainerResizePolicy ResourceName:s RestartPolicy:s
        VolumeMount Name:s ReadOnly:b RecursiveReadOnly MountPath:s SubPath:s MountPropagation SubPathExpr:s
        VolumeDevice Name:s DevicePath:s
        Probe Exec:*Exec HTTPGet:*HTTPGet TCPSocket:*TCPSocket GRPC:*GRPC InitialDelaySeconds:i TimeoutSeconds:i PeriodSeconds:i
        Probe SuccessThreshold:i FailureThreshold:i TerminationGracePeriodSeconds
        Lifecycle PostStart:*LifecycleHandler PreStop:*LifecycleHandler StopSignal
        LifecycleHandler Exec:*Exec HTTPGet:*HTTPGet TCPSocket:*TCPSocket Sleep:*Sleep
        Exec Command
        HTTPGet Path:s Port:i Host:s Scheme:s HTTPHeaders:[]NameValue
        TCPSocket Port:i Host:s
        GRPC Port:i Service
        Sleep Seconds:i
        NameValue Name:s Value:s
        Named Name:s
        LocalObjectReference Name:s
        SecurityContext Capabilities:*Capabilities Privileged SELinuxOptions:*SELinuxOptions WindowsOptions RunAsUser RunAsGroup
        SecurityContext RunAsNonRoot ReadOnlyRootFilesystem AllowPrivilegeEscalation ProcMount SeccompProfile:*SeccompProfile
        SecurityContext AppArmorProfile:*SeccompProfile
        Capabilities Add Drop
        SELinuxOptions User:s Role:s Type:s Level:s
        SeccompProfile Type:s LocalhostProfile
        Volume Name:s HostPath:*HostPath EmptyDir:*EmptyDir GCEPersistentDisk AWSElasticBlockStore GitRepo Secret:*SecretVolume NFS:*NFS
        Volume ISCSI Glusterfs PersistentVolumeClaim:*ClaimVolume RBD Quobyte FlexVolume Cinder CephFS Flocker
        Volume DownwardAPI:*DownwardAPIVolume FC AzureFile ConfigMap:*ConfigMapVolume VsphereVolume AzureDisk PhotonPersistentDisk
        Volume Projected:*Projected PortworxVolume ScaleIO StorageOS CSI:*CSIVolume Ephemeral Image:*ImageVolume
        PersistentVolumeSource GCEPersistentDisk AWSElasticBlockStore HostPath:*HostPath Glusterfs NFS:*NFS RBD Quobyte ISCSI FlexVolume
        PersistentVolumeSource Cinder CephFS FC Flocker AzureFile VsphereVolume AzureDisk PhotonPersistentDisk PortworxVolume ScaleIO
        PersistentVolumeSource Local:*LocalVolume StorageOS CSI:*CSIPersistentVolume
        HostPath Path:s Type
        EmptyDir Medium:s SizeLimit
        SecretVolume SecretName:s Items:[]KeyToPath DefaultMode Optional
        ConfigMapVolume Name:s Items:[]KeyToPath DefaultMode Optional
        KeyToPath Key:s Path:s Mode
        NFS Server:s Path:s ReadOnly:b
        ClaimVolume ClaimName:s ReadOnly:b
        DownwardAPIVolume Items:[]DownwardAPIFile DefaultMode
        DownwardAPIFile Path:s FieldRef:*ObjectFieldSelector ResourceFieldRef:*ResourceFieldSelector Mode
        Projected Sources:[]VolumeProjection DefaultMode
        VolumeProjection Secret:*KeyProjection DownwardAPI:*DownwardAPIProjection ConfigMap:*KeyProjection
        VolumeProjection ServiceAccountToken:*TokenProjection ClusterTrustBundle PodCertificate
        KeyProjection Name:s Items:[]KeyToPath Optional
        DownwardAPIProjection Items:[]DownwardAPIFile
        TokenProjection Audience:s ExpirationSeconds:i Path:s
        CSIVolume Driver:s ReadOnly FSType VolumeAttributes NodePublishSecretRef:*LocalObjectReference
        CSIPersistentVolume Driver:s VolumeHandle:s ReadOnly:b FSType:s VolumeAttributes ControllerPublishSecretRef NodeStageSecretRef
        CSIPersistentVolume NodePublishSecretRef ControllerExpandSecretRef NodeExpandSecretRef
        LocalVolume Path:s FSType
        ImageVolume Reference:s PullPolicy:s
        Affinity NodeAffinity:*NodeAffinity PodAffinity:*PodAffinity PodAntiAffinity:*PodAffinity
        NodeAffinity RequiredDuringSchedulingIgnoredDuringExecution:*NodeSelector
        NodeAffinity PreferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm
        NodeSelector NodeSelectorTerms:[]NodeSelectorTerm
        NodeSelectorTerm MatchExpressions:[]NodeSelectorRequirement MatchFields:[]NodeSelectorRequirement
        NodeSelectorRequirement Key:s Operator:s Values
        PreferredSchedulingTerm Weight:i Preference:NodeSelectorTerm
        PodAffinity RequiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm
        PodAffinity PreferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm
        PodAffinityTerm LabelSelector Namespaces TopologyKey:s NamespaceSelector MatchLabelKeys MismatchLabelKeys
        WeightedPodAffinityTerm Weight:i PodAffinityTerm:PodAffinityTerm
        Toleration Key:s Operator:s Value:s Effect:s TolerationSeconds
        HostAlias IP:s Hostnames
        PodDNSConfig Nameservers Searches Options:[]DNSOption
        DNSOption Name:s Value
        PodReadinessGate ConditionType:s
        TopologySpreadConstraint MaxSkew:i TopologyKey:s WhenUnsatisfiable:s LabelSelector MinDomains NodeAffinityPolicy NodeTaintsPolicy
        TopologySpreadConstraint MatchLabelKeys
        PodResourceClaim Name:s ResourceClaimName ResourceClaimTemplateName
        Taint Key:s Value:s Effect:s TimeAdded
        ServicePort Name:s Protocol:s AppProtocol Port:i TargetPort:i NodePort:i
        PersistentVolumeClaimSpec AccessModes Selector Resources:VolumeResources VolumeName:s StorageClassName VolumeMode
        PersistentVolumeClaimSpec DataSource DataSourceRef VolumeAttributesClassName
        VolumeResources Limits Requests
        PodDisruptionBudgetSpec MinAvailable Selector MaxUnavailable UnhealthyPodEvictionPolicy
        RollingStrategy Type:s RollingUpdate:*Rolling
        Rolling MaxUnavailable:i MaxSurge:i
        StatefulSetStrategy Type:s RollingUpdate:*StatefulSetRolling
        StatefulSetRolling Partition:i MaxUnavailable
        RoleRef APIGroup:s Kind:s Name:s
        """
}
