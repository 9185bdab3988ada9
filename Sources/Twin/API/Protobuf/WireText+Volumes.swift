// The notation is that of ``WireSchema``.
extension WireText {
    static let volumes = """
        # core v1
        AWSElasticBlockStoreVolumeSource volumeID:s! fsType:s partition:i readOnly:b
        AzureDiskVolumeSource diskName:s! diskURI:s! cachingMode:s? fsType:s? readOnly:b? kind:s?
        AzureFilePersistentVolumeSource secretName:s! shareName:s! readOnly:b secretNamespace:s?
        AzureFileVolumeSource secretName:s! shareName:s! readOnly:b
        CSIPersistentVolumeSource driver:s! volumeHandle:s! readOnly:b fsType:s volumeAttributes:{s} controllerPublishSecretRef:SecretReference? nodeStageSecretRef:SecretReference? nodePublishSecretRef:SecretReference? controllerExpandSecretRef:SecretReference? nodeExpandSecretRef:SecretReference?
        CSIVolumeSource driver:s! readOnly:b? fsType:s? volumeAttributes:{s} nodePublishSecretRef:LocalObjectReference?
        CephFSPersistentVolumeSource monitors:[s] path:s user:s secretFile:s secretRef:SecretReference? readOnly:b
        CephFSVolumeSource monitors:[s] path:s user:s secretFile:s secretRef:LocalObjectReference? readOnly:b
        CinderPersistentVolumeSource volumeID:s! fsType:s readOnly:b secretRef:SecretReference?
        CinderVolumeSource volumeID:s! fsType:s readOnly:b secretRef:LocalObjectReference?
        ClusterTrustBundleProjection name:s? signerName:s? labelSelector:meta.LabelSelector? path:s! optional:b?
        ConfigMapProjection ^LocalObjectReference items:[KeyToPath] 4 optional:b?
        ConfigMapVolumeSource ^LocalObjectReference items:[KeyToPath] defaultMode:i? optional:b?
        DownwardAPIProjection items:[DownwardAPIVolumeFile]
        DownwardAPIVolumeFile path:s! fieldRef:ObjectFieldSelector? resourceFieldRef:ResourceFieldSelector? mode:i?
        DownwardAPIVolumeSource items:[DownwardAPIVolumeFile] defaultMode:i?
        EmptyDirVolumeSource medium:s sizeLimit:q?
        EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate?
        FCVolumeSource targetWWNs:[s] lun:i? fsType:s readOnly:b wwids:[s]
        FlexPersistentVolumeSource driver:s! fsType:s secretRef:SecretReference? readOnly:b options:{s}
        FlexVolumeSource driver:s! fsType:s secretRef:LocalObjectReference? readOnly:b options:{s}
        FlockerVolumeSource datasetName:s datasetUUID:s
        GCEPersistentDiskVolumeSource pdName:s! fsType:s partition:i readOnly:b
        GitRepoVolumeSource repository:s! revision:s directory:s
        GlusterfsPersistentVolumeSource endpoints:s! path:s! readOnly:b endpointsNamespace:s?
        GlusterfsVolumeSource endpoints:s! path:s! readOnly:b
        HostPathVolumeSource path:s! type:s?
        ISCSIPersistentVolumeSource targetPortal:s! iqn:s! lun:i! iscsiInterface:s fsType:s readOnly:b portals:[s] chapAuthDiscovery:b 10 secretRef:SecretReference? chapAuthSession:b initiatorName:s?
        ISCSIVolumeSource targetPortal:s! iqn:s! lun:i! iscsiInterface:s fsType:s readOnly:b portals:[s] chapAuthDiscovery:b 10 secretRef:LocalObjectReference? chapAuthSession:b initiatorName:s?
        ImageVolumeSource reference:s pullPolicy:s
        ImageVolumeStatus imageRef:s
        KeyToPath key:s! path:s! mode:i?
        LocalVolumeSource path:s! fsType:s?
        ModifyVolumeStatus targetVolumeAttributesClassName:s status:s!
        NFSVolumeSource server:s! path:s! readOnly:b
        PersistentVolume metadata:meta.ObjectMeta spec:PersistentVolumeSpec status:PersistentVolumeStatus
        PersistentVolumeClaim metadata:meta.ObjectMeta spec:PersistentVolumeClaimSpec status:PersistentVolumeClaimStatus
        PersistentVolumeClaimCondition type:s! status:s! lastProbeTime:t lastTransitionTime:t reason:s message:s
        PersistentVolumeClaimSpec accessModes:[s] resources:VolumeResourceRequirements volumeName:s selector:meta.LabelSelector? storageClassName:s? volumeMode:s? dataSource:TypedLocalObjectReference? dataSourceRef:TypedObjectReference? volumeAttributesClassName:s?
        PersistentVolumeClaimStatus phase:s accessModes:[s] capacity:{q} conditions:[PersistentVolumeClaimCondition] allocatedResources:{q} 7 allocatedResourceStatuses:{s} currentVolumeAttributesClassName:s? modifyVolumeStatus:ModifyVolumeStatus?
        PersistentVolumeClaimTemplate metadata:meta.ObjectMeta spec:PersistentVolumeClaimSpec
        PersistentVolumeClaimVolumeSource claimName:s! readOnly:b
        PersistentVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource? awsElasticBlockStore:AWSElasticBlockStoreVolumeSource? hostPath:HostPathVolumeSource? glusterfs:GlusterfsPersistentVolumeSource? nfs:NFSVolumeSource? rbd:RBDPersistentVolumeSource? iscsi:ISCSIPersistentVolumeSource? cinder:CinderPersistentVolumeSource? cephfs:CephFSPersistentVolumeSource? fc:FCVolumeSource? flocker:FlockerVolumeSource? flexVolume:FlexPersistentVolumeSource? azureFile:AzureFilePersistentVolumeSource? vsphereVolume:VsphereVirtualDiskVolumeSource? quobyte:QuobyteVolumeSource? azureDisk:AzureDiskVolumeSource? photonPersistentDisk:PhotonPersistentDiskVolumeSource? portworxVolume:PortworxVolumeSource? scaleIO:ScaleIOPersistentVolumeSource? local:LocalVolumeSource? storageos:StorageOSPersistentVolumeSource? csi:CSIPersistentVolumeSource?
        PersistentVolumeSpec capacity:{q} ^PersistentVolumeSource accessModes:[s] claimRef:ObjectReference? persistentVolumeReclaimPolicy:s storageClassName:s mountOptions:[s] volumeMode:s? nodeAffinity:VolumeNodeAffinity? volumeAttributesClassName:s?
        PersistentVolumeStatus phase:s message:s reason:s lastPhaseTransitionTime:t?
        PhotonPersistentDiskVolumeSource pdID:s! fsType:s
        PodCertificateProjection signerName:s keyType:s maxExpirationSeconds:i? credentialBundlePath:s keyPath:s certificateChainPath:s userAnnotations:{s}
        PortworxVolumeSource volumeID:s! fsType:s readOnly:b
        ProjectedVolumeSource sources:[VolumeProjection] defaultMode:i?
        QuobyteVolumeSource registry:s! volume:s! readOnly:b user:s group:s tenant:s
        RBDPersistentVolumeSource monitors:[s] image:s! fsType:s pool:s user:s keyring:s secretRef:SecretReference? readOnly:b
        RBDVolumeSource monitors:[s] image:s! fsType:s pool:s user:s keyring:s secretRef:LocalObjectReference? readOnly:b
        ScaleIOPersistentVolumeSource gateway:s! system:s! secretRef:SecretReference? sslEnabled:b protectionDomain:s storagePool:s storageMode:s volumeName:s fsType:s readOnly:b
        ScaleIOVolumeSource gateway:s! system:s! secretRef:LocalObjectReference? sslEnabled:b protectionDomain:s storagePool:s storageMode:s volumeName:s fsType:s readOnly:b
        SecretProjection ^LocalObjectReference items:[KeyToPath] 4 optional:b?
        SecretVolumeSource secretName:s items:[KeyToPath] defaultMode:i? optional:b?
        ServiceAccountTokenProjection audience:s expirationSeconds:i? path:s!
        StorageOSPersistentVolumeSource volumeName:s volumeNamespace:s fsType:s readOnly:b secretRef:ObjectReference?
        StorageOSVolumeSource volumeName:s volumeNamespace:s fsType:s readOnly:b secretRef:LocalObjectReference?
        TypedLocalObjectReference apiGroup:s? kind:s! name:s!
        TypedObjectReference apiGroup:s? kind:s! name:s! namespace:s?
        Volume name:s! ^VolumeSource
        VolumeDevice name:s! devicePath:s!
        VolumeMount name:s! readOnly:b mountPath:s! subPath:s mountPropagation:s? subPathExpr:s recursiveReadOnly:s?
        VolumeMountStatus name:s! mountPath:s! readOnly:b recursiveReadOnly:s? volumeStatus:VolumeStatus?
        VolumeNodeAffinity required:NodeSelector?
        VolumeProjection secret:SecretProjection? downwardAPI:DownwardAPIProjection? configMap:ConfigMapProjection? serviceAccountToken:ServiceAccountTokenProjection? clusterTrustBundle:ClusterTrustBundleProjection? podCertificate:PodCertificateProjection?
        VolumeResourceRequirements limits:{q} requests:{q}
        VolumeSource hostPath:HostPathVolumeSource? emptyDir:EmptyDirVolumeSource? gcePersistentDisk:GCEPersistentDiskVolumeSource? awsElasticBlockStore:AWSElasticBlockStoreVolumeSource? gitRepo:GitRepoVolumeSource? secret:SecretVolumeSource? nfs:NFSVolumeSource? iscsi:ISCSIVolumeSource? glusterfs:GlusterfsVolumeSource? persistentVolumeClaim:PersistentVolumeClaimVolumeSource? rbd:RBDVolumeSource? flexVolume:FlexVolumeSource? cinder:CinderVolumeSource? cephfs:CephFSVolumeSource? flocker:FlockerVolumeSource? downwardAPI:DownwardAPIVolumeSource? fc:FCVolumeSource? azureFile:AzureFileVolumeSource? configMap:ConfigMapVolumeSource? vsphereVolume:VsphereVirtualDiskVolumeSource? quobyte:QuobyteVolumeSource? azureDisk:AzureDiskVolumeSource? photonPersistentDisk:PhotonPersistentDiskVolumeSource? portworxVolume:PortworxVolumeSource? scaleIO:ScaleIOVolumeSource? projected:ProjectedVolumeSource? storageos:StorageOSVolumeSource? csi:CSIVolumeSource? ephemeral:EphemeralVolumeSource? image:ImageVolumeSource?
        VolumeStatus image:ImageVolumeStatus?
        VsphereVirtualDiskVolumeSource volumePath:s! fsType:s storagePolicyName:s storagePolicyID:s
        # storage storage.k8s.io/v1
        CSIDriver metadata:meta.ObjectMeta spec:CSIDriverSpec
        CSIDriverSpec attachRequired:b? podInfoOnMount:b? volumeLifecycleModes:[s] storageCapacity:b? fsGroupPolicy:s? tokenRequests:[TokenRequest] requiresRepublish:b? seLinuxMount:b? nodeAllocatableUpdatePeriodSeconds:i? serviceAccountTokenInSecrets:b? preventPodSchedulingIfMissing:b?
        CSINode metadata:meta.ObjectMeta spec:CSINodeSpec
        CSINodeDriver name:s! nodeID:s! topologyKeys:[s] allocatable:VolumeNodeResources?
        CSINodeSpec drivers:[CSINodeDriver]
        CSIStorageCapacity metadata:meta.ObjectMeta nodeTopology:meta.LabelSelector? storageClassName:s! capacity:q? maximumVolumeSize:q?
        StorageClass metadata:meta.ObjectMeta provisioner:s! parameters:{s} reclaimPolicy:s? mountOptions:[s] allowVolumeExpansion:b? volumeBindingMode:s? allowedTopologies:[core.TopologySelectorTerm]
        TokenRequest audience:s! expirationSeconds:i?
        VolumeAttachment metadata:meta.ObjectMeta spec:VolumeAttachmentSpec status:VolumeAttachmentStatus
        VolumeAttachmentSource persistentVolumeName:s? inlineVolumeSpec:core.PersistentVolumeSpec?
        VolumeAttachmentSpec attacher:s! source:VolumeAttachmentSource nodeName:s!
        VolumeAttachmentStatus attached:b! attachmentMetadata:{s} attachError:VolumeError? detachError:VolumeError?
        VolumeAttributesClass metadata:meta.ObjectMeta driverName:s! parameters:{s}
        VolumeError time:t message:s errorCode:i?
        VolumeNodeResources count:i?
        """
}
