/// The served resources, one a line, as Kubernetes v1.36 lists them (captured discovery documents).
enum ResourceText {
    static let all = """
        v1 bindings Binding ns verbs=create
        v1 componentstatuses ComponentStatus cl short=cs verbs=get,list
        v1 configmaps ConfigMap ns short=cm
        v1 endpoints Endpoints ns short=ep
        v1 events Event ns short=ev
        v1 limitranges LimitRange ns short=limits
        v1 namespaces Namespace cl short=ns verbs=create,delete,get,list,patch,update,watch sub=finalize,status
        v1 nodes Node cl short=no sub=proxy,status
        v1 persistentvolumeclaims PersistentVolumeClaim ns short=pvc sub=status
        v1 persistentvolumes PersistentVolume cl short=pv sub=status
        v1 pods Pod ns short=po cat=all sub=attach,binding,ephemeralcontainers,eviction,exec,log,portforward,proxy,resize,status
        v1 podtemplates PodTemplate ns
        v1 replicationcontrollers ReplicationController ns short=rc cat=all sub=scale,status
        v1 resourcequotas ResourceQuota ns short=quota sub=status
        v1 secrets Secret ns
        v1 serviceaccounts ServiceAccount ns short=sa sub=token
        v1 services Service ns short=svc cat=all sub=proxy,status
        apiregistration.k8s.io/v1 apiservices APIService cl cat=api-extensions sub=status
        apps/v1 controllerrevisions ControllerRevision ns
        apps/v1 daemonsets DaemonSet ns short=ds cat=all sub=status
        apps/v1 deployments Deployment ns short=deploy cat=all sub=scale,status
        apps/v1 replicasets ReplicaSet ns short=rs cat=all sub=scale,status
        apps/v1 statefulsets StatefulSet ns short=sts cat=all sub=scale,status
        events.k8s.io/v1 events Event ns short=ev
        authentication.k8s.io/v1 selfsubjectreviews SelfSubjectReview cl verbs=create
        authentication.k8s.io/v1 tokenreviews TokenReview cl verbs=create
        authorization.k8s.io/v1 localsubjectaccessreviews LocalSubjectAccessReview ns verbs=create
        authorization.k8s.io/v1 selfsubjectaccessreviews SelfSubjectAccessReview cl verbs=create
        authorization.k8s.io/v1 selfsubjectrulesreviews SelfSubjectRulesReview cl verbs=create
        authorization.k8s.io/v1 subjectaccessreviews SubjectAccessReview cl verbs=create
        autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler ns short=hpa cat=all sub=status
        autoscaling/v1 horizontalpodautoscalers HorizontalPodAutoscaler ns short=hpa cat=all sub=status
        batch/v1 cronjobs CronJob ns short=cj cat=all sub=status
        batch/v1 jobs Job ns cat=all sub=status
        certificates.k8s.io/v1 certificatesigningrequests CertificateSigningRequest cl short=csr sub=approval,status
        networking.k8s.io/v1 ingressclasses IngressClass cl
        networking.k8s.io/v1 ingresses Ingress ns short=ing sub=status
        networking.k8s.io/v1 ipaddresses IPAddress cl short=ip
        networking.k8s.io/v1 networkpolicies NetworkPolicy ns short=netpol
        networking.k8s.io/v1 servicecidrs ServiceCIDR cl sub=status
        policy/v1 poddisruptionbudgets PodDisruptionBudget ns short=pdb sub=status
        rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding cl
        rbac.authorization.k8s.io/v1 clusterroles ClusterRole cl
        rbac.authorization.k8s.io/v1 rolebindings RoleBinding ns
        rbac.authorization.k8s.io/v1 roles Role ns
        storage.k8s.io/v1 csidrivers CSIDriver cl
        storage.k8s.io/v1 csinodes CSINode cl
        storage.k8s.io/v1 csistoragecapacities CSIStorageCapacity ns
        storage.k8s.io/v1 storageclasses StorageClass cl short=sc
        storage.k8s.io/v1 volumeattachments VolumeAttachment cl sub=status
        storage.k8s.io/v1 volumeattributesclasses VolumeAttributesClass cl short=vac
        admissionregistration.k8s.io/v1 mutatingadmissionpolicies MutatingAdmissionPolicy cl cat=api-extensions
        admissionregistration.k8s.io/v1 mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding cl cat=api-extensions
        admissionregistration.k8s.io/v1 mutatingwebhookconfigurations MutatingWebhookConfiguration cl cat=api-extensions
        admissionregistration.k8s.io/v1 validatingadmissionpolicies ValidatingAdmissionPolicy cl cat=api-extensions sub=status
        admissionregistration.k8s.io/v1 validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding cl cat=api-extensions
        admissionregistration.k8s.io/v1 validatingwebhookconfigurations ValidatingWebhookConfiguration cl cat=api-extensions
        apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition cl short=crd,crds cat=api-extensions sub=status
        scheduling.k8s.io/v1 priorityclasses PriorityClass cl short=pc
        coordination.k8s.io/v1 leases Lease ns
        node.k8s.io/v1 runtimeclasses RuntimeClass cl
        discovery.k8s.io/v1 endpointslices EndpointSlice ns
        resource.k8s.io/v1 deviceclasses DeviceClass cl
        resource.k8s.io/v1 resourceclaims ResourceClaim ns sub=status
        resource.k8s.io/v1 resourceclaimtemplates ResourceClaimTemplate ns
        resource.k8s.io/v1 resourceslices ResourceSlice cl
        flowcontrol.apiserver.k8s.io/v1 flowschemas FlowSchema cl sub=status
        flowcontrol.apiserver.k8s.io/v1 prioritylevelconfigurations PriorityLevelConfiguration cl sub=status
        metrics.k8s.io/v1beta1 nodes NodeMetrics cl verbs=get,list singular=
        metrics.k8s.io/v1beta1 pods PodMetrics ns verbs=get,list singular=
        """
}
