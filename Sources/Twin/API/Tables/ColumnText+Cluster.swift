// Texts of the columns of storage, access, admission and the rest.
extension ColumnText {
    static let cluster: [String: String] = [
        "Groups": "Groups in the roleBinding",
        "ServiceAccounts": "ServiceAccounts in the roleBinding",
        "Users": "Users in the roleBinding",
        "Webhooks": "Webhooks indicates the number of webhooks configured in this configuration",
        "apiservices/Available": "Whether this service is available.",
        "apiservices/Service": "The reference to the service that hosts this API endpoint.",
        "clusterrolebindings/Role": """
        RoleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the \
        Authorizer must return an error.
        """,
        "csinodes/Drivers": "Drivers indicates the number of CSI drivers registered on the node",
        "persistentvolumeclaims/Access Modes": """
        accessModes contains the actual access modes the volume backing the PVC has. More info: \
        https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes-1
        """,
        "persistentvolumeclaims/Capacity": "capacity represents the actual resources of the underlying volume.",
        "persistentvolumeclaims/Status": "phase represents the current phase of PersistentVolumeClaim.",
        "persistentvolumeclaims/StorageClass": "StorageClass of the pvc",
        "persistentvolumeclaims/Volume": "volumeName is the binding reference to the PersistentVolume backing this claim.",
        "persistentvolumeclaims/VolumeAttributesClass": "VolumeAttributesClass of the pvc",
        "persistentvolumeclaims/VolumeMode": """
        volumeMode defines what type of volume is required by the claim. Value of Filesystem is implied when not \
        included in claim spec.
        """,
        "persistentvolumes/Access Modes": """
        accessModes contains all ways the volume can be mounted. More info: \
        https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes
        """,
        "persistentvolumes/Capacity": """
        capacity is the description of the persistent volume's resources and capacity. More info: \
        https://kubernetes.io/docs/concepts/storage/persistent-volumes#capacity
        """,
        "persistentvolumes/Claim": """
        claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim. Expected to be \
        non-nil when bound. claim.VolumeName is the authoritative bind between PV and PVC. More info: \
        https://kubernetes.io/docs/concepts/storage/persistent-volumes#binding
        """,
        "persistentvolumes/Reason": """
        reason is a brief CamelCase string that describes any failure and is meant for machine parsing and tidy display \
        in the CLI.
        """,
        "persistentvolumes/Reclaim Policy": """
        persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim. Valid \
        options are Retain (default for manually created PersistentVolumes), Delete (default for dynamically provisioned\
         PersistentVolumes), and Recycle (deprecated). Recycle must be supported by the volume plugin underlying this \
        PersistentVolume. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#reclaiming
        """,
        "persistentvolumes/Status": """
        phase indicates if a volume is available, bound to a claim, or released by a claim. More info: \
        https://kubernetes.io/docs/concepts/storage/persistent-volumes#phase
        """,
        "persistentvolumes/StorageClass": "StorageClass of the pv",
        "persistentvolumes/VolumeAttributesClass": "VolumeAttributesClass of the pv",
        "persistentvolumes/VolumeMode": """
        volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block \
        state. Value of Filesystem is implied when not included in spec.
        """,
        "priorityclasses/Global-Default": """
        globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do\
         not have any priority class. Only one PriorityClass can be marked as `globalDefault`. However, if more than one\
         PriorityClasses exists with their `globalDefault` field set to true, the smallest value of such global default \
        PriorityClasses will be used as the default priority.
        """,
        "priorityclasses/PreemptionPolicy": """
        preemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. \
        Defaults to PreemptLowerPriority if unset.
        """,
        "priorityclasses/Value": """
        value represents the integer value of this priority class. This is the actual priority that pods receive when \
        they have the name of this class in their pod spec.
        """,
        "resourcequotas/Limit":
            "Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.",
        "resourcequotas/Request": "Request represents a minimum amount of cpu/memory that a container may consume.",
        "rolebindings/Role": """
        RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef \
        cannot be resolved, the Authorizer must return an error.
        """,
        "runtimeclasses/Handler": """
        handler specifies the underlying runtime and configuration that the CRI implementation will use to handle pods \
        of this class. The possible values are specific to the node & CRI configuration.  It is assumed that all \
        handlers are available on every node, and handlers of the same name are equivalent on every node. For example, a\
         handler called "runc" might specify that the runc OCI runtime (using native Linux containers) will be used to\
         run the containers in a pod. The handler must be lowercase, conform to the DNS Label (RFC 1123) requirements, \
        and is immutable.
        """,
        "serviceaccounts/Secrets": """
        Secrets is a list of the secrets in the same namespace that pods running using this ServiceAccount are allowed \
        to use. Pods are only limited to this list if this service account has a \
        "kubernetes.io/enforce-mountable-secrets" annotation set to "true". The \
        "kubernetes.io/enforce-mountable-secrets" annotation is deprecated since v1.32. Prefer separate namespaces to \
        isolate access to mounted secrets. This field should not be used to find auto-generated service account token \
        secrets for use outside of pods. Instead, tokens can be requested directly using the TokenRequest API, or \
        service account token secrets can be manually created. More info: \
        https://kubernetes.io/docs/concepts/configuration/secret
        """,
        "storageclasses/AllowVolumeExpansion": "allowVolumeExpansion shows whether the storage class allow volume expand.",
        "storageclasses/Provisioner": "provisioner indicates the type of the provisioner.",
        "storageclasses/ReclaimPolicy": """
        reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class. \
        Defaults to Delete.
        """,
        "storageclasses/VolumeBindingMode": """
        volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.  When unset, \
        VolumeBindingImmediate is used. This field is only honored by servers that enable the VolumeScheduling feature.
        """,
        "validatingadmissionpolicies/ParamKind": "ParamKind specifies the kind of resources used to parameterize this policy",
        "validatingadmissionpolicies/Validations": "Validations indicates the number of validation rules defined in this configuration",
        "validatingadmissionpolicybindings/ParamRef": "ParamRef indicates the param resource which sets the configration param",
        "validatingadmissionpolicybindings/PolicyName": "PolicyName indicates the policy definition which the policy binding binded to",
        "volumeattachments/Attached": """
        attached indicates the volume is successfully attached. This field must only be set by the entity completing the\
         attach operation, i.e. the external-attacher.
        """,
        "volumeattachments/Attacher": """
        attacher indicates the name of the volume driver that MUST handle this request. This is the name returned by \
        GetPluginName().
        """,
        "volumeattachments/Node": "nodeName represents the node that the volume should be attached to.",
        "volumeattachments/PV": "PersistentVolumeName represents the name of the persistent volume to attach.",
    ]
}
