// The notation is that of ``WireSchema``.
extension WireText {
    static let workloads = """
        # apps apps/v1
        ControllerRevision metadata:meta.ObjectMeta data:raw revision:i!
        DaemonSet metadata:meta.ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus
        DaemonSetCondition type:s! status:s! lastTransitionTime:t reason:s message:s
        DaemonSetSpec selector:meta.LabelSelector? template:core.PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy minReadySeconds:i 6 revisionHistoryLimit:i?
        DaemonSetStatus currentNumberScheduled:i! numberMisscheduled:i! desiredNumberScheduled:i! numberReady:i! observedGeneration:i updatedNumberScheduled:i numberAvailable:i numberUnavailable:i collisionCount:i? conditions:[DaemonSetCondition]
        DaemonSetUpdateStrategy type:s rollingUpdate:RollingUpdateDaemonSet?
        Deployment metadata:meta.ObjectMeta spec:DeploymentSpec status:DeploymentStatus
        DeploymentCondition type:s! status:s! 4 reason:s message:s lastUpdateTime:t lastTransitionTime:t
        DeploymentSpec replicas:i? selector:meta.LabelSelector? template:core.PodTemplateSpec strategy:DeploymentStrategy minReadySeconds:i revisionHistoryLimit:i? paused:b 9 progressDeadlineSeconds:i?
        DeploymentStatus observedGeneration:i replicas:i updatedReplicas:i availableReplicas:i unavailableReplicas:i conditions:[DeploymentCondition] readyReplicas:i collisionCount:i? terminatingReplicas:i?
        DeploymentStrategy type:s rollingUpdate:RollingUpdateDeployment?
        ReplicaSet metadata:meta.ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus
        ReplicaSetCondition type:s! status:s! lastTransitionTime:t reason:s message:s
        ReplicaSetSpec replicas:i? selector:meta.LabelSelector? template:core.PodTemplateSpec minReadySeconds:i
        ReplicaSetStatus replicas:i! fullyLabeledReplicas:i observedGeneration:i readyReplicas:i availableReplicas:i conditions:[ReplicaSetCondition] terminatingReplicas:i?
        RollingUpdateDaemonSet maxUnavailable:is? maxSurge:is?
        RollingUpdateDeployment maxUnavailable:is? maxSurge:is?
        RollingUpdateStatefulSetStrategy partition:i? maxUnavailable:is?
        StatefulSet metadata:meta.ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus
        StatefulSetCondition type:s! status:s! lastTransitionTime:t reason:s message:s
        StatefulSetOrdinals start:i!
        StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted:s whenScaled:s
        StatefulSetSpec replicas:i? selector:meta.LabelSelector? template:core.PodTemplateSpec volumeClaimTemplates:[core.PersistentVolumeClaim] serviceName:s! podManagementPolicy:s updateStrategy:StatefulSetUpdateStrategy revisionHistoryLimit:i? minReadySeconds:i persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy? ordinals:StatefulSetOrdinals?
        StatefulSetStatus observedGeneration:i replicas:i! readyReplicas:i currentReplicas:i updatedReplicas:i currentRevision:s updateRevision:s 9 collisionCount:i? conditions:[StatefulSetCondition] availableReplicas:i!
        StatefulSetUpdateStrategy type:s rollingUpdate:RollingUpdateStatefulSetStrategy?
        # batch batch/v1
        CronJob metadata:meta.ObjectMeta spec:CronJobSpec status:CronJobStatus
        CronJobSpec schedule:s! startingDeadlineSeconds:i? concurrencyPolicy:s suspend:b? jobTemplate:JobTemplateSpec successfulJobsHistoryLimit:i? failedJobsHistoryLimit:i? timeZone:s?
        CronJobStatus active:[core.ObjectReference] 4 lastScheduleTime:t? lastSuccessfulTime:t?
        Job metadata:meta.ObjectMeta spec:JobSpec status:JobStatus
        JobCondition type:s! status:s! lastProbeTime:t lastTransitionTime:t reason:s message:s
        JobSpec parallelism:i? completions:i? activeDeadlineSeconds:i? selector:meta.LabelSelector? manualSelector:b? template:core.PodTemplateSpec backoffLimit:i? ttlSecondsAfterFinished:i? completionMode:s? suspend:b? podFailurePolicy:PodFailurePolicy? backoffLimitPerIndex:i? maxFailedIndexes:i? podReplacementPolicy:s? managedBy:s? successPolicy:SuccessPolicy?
        JobStatus conditions:[JobCondition] startTime:t? completionTime:t? active:i succeeded:i failed:i completedIndexes:s uncountedTerminatedPods:UncountedTerminatedPods? ready:i? failedIndexes:s? terminating:i?
        JobTemplateSpec metadata:meta.ObjectMeta spec:JobSpec
        PodFailurePolicy rules:[PodFailurePolicyRule]
        PodFailurePolicyOnExitCodesRequirement containerName:s? operator:s! values:[i]
        PodFailurePolicyOnPodConditionsPattern type:s! status:s!
        PodFailurePolicyRule action:s! onExitCodes:PodFailurePolicyOnExitCodesRequirement? onPodConditions:[PodFailurePolicyOnPodConditionsPattern]
        SuccessPolicy rules:[SuccessPolicyRule]
        SuccessPolicyRule succeededIndexes:s? succeededCount:i?
        UncountedTerminatedPods succeeded:[s] failed:[s]
        # autoscalingv1 autoscaling/v1
        CrossVersionObjectReference kind:s! name:s! apiVersion:s
        HorizontalPodAutoscaler metadata:meta.ObjectMeta spec:HorizontalPodAutoscalerSpec status:HorizontalPodAutoscalerStatus
        HorizontalPodAutoscalerSpec scaleTargetRef:CrossVersionObjectReference minReplicas:i? maxReplicas:i! targetCPUUtilizationPercentage:i?
        HorizontalPodAutoscalerStatus observedGeneration:i? lastScaleTime:t? currentReplicas:i! desiredReplicas:i! currentCPUUtilizationPercentage:i?
        Scale metadata:meta.ObjectMeta spec:ScaleSpec status:ScaleStatus
        ScaleSpec replicas:i
        ScaleStatus replicas:i! selector:s
        # autoscalingv2 autoscaling/v2
        ContainerResourceMetricSource name:s! target:MetricTarget container:s!
        ContainerResourceMetricStatus name:s! current:MetricValueStatus container:s!
        CrossVersionObjectReference kind:s! name:s! apiVersion:s
        ExternalMetricSource metric:MetricIdentifier target:MetricTarget
        ExternalMetricStatus metric:MetricIdentifier current:MetricValueStatus
        HPAScalingPolicy type:s! value:i! periodSeconds:i!
        HPAScalingRules selectPolicy:s? policies:[HPAScalingPolicy] stabilizationWindowSeconds:i? tolerance:q?
        HorizontalPodAutoscaler metadata:meta.ObjectMeta spec:HorizontalPodAutoscalerSpec status:HorizontalPodAutoscalerStatus
        HorizontalPodAutoscalerBehavior scaleUp:HPAScalingRules? scaleDown:HPAScalingRules?
        HorizontalPodAutoscalerCondition type:s! status:s! lastTransitionTime:t reason:s message:s
        HorizontalPodAutoscalerSpec scaleTargetRef:CrossVersionObjectReference minReplicas:i? maxReplicas:i! metrics:[MetricSpec] behavior:HorizontalPodAutoscalerBehavior?
        HorizontalPodAutoscalerStatus observedGeneration:i? lastScaleTime:t? currentReplicas:i desiredReplicas:i! currentMetrics:[MetricStatus] conditions:[HorizontalPodAutoscalerCondition]
        MetricIdentifier name:s! selector:meta.LabelSelector?
        MetricSpec type:s! object:ObjectMetricSource? pods:PodsMetricSource? resource:ResourceMetricSource? external:ExternalMetricSource? 7 containerResource:ContainerResourceMetricSource?
        MetricStatus type:s! object:ObjectMetricStatus? pods:PodsMetricStatus? resource:ResourceMetricStatus? external:ExternalMetricStatus? 7 containerResource:ContainerResourceMetricStatus?
        MetricTarget type:s! value:q? averageValue:q? averageUtilization:i?
        MetricValueStatus value:q? averageValue:q? averageUtilization:i?
        ObjectMetricSource describedObject:CrossVersionObjectReference target:MetricTarget metric:MetricIdentifier
        ObjectMetricStatus metric:MetricIdentifier current:MetricValueStatus describedObject:CrossVersionObjectReference
        PodsMetricSource metric:MetricIdentifier target:MetricTarget
        PodsMetricStatus metric:MetricIdentifier current:MetricValueStatus
        ResourceMetricSource name:s! target:MetricTarget
        ResourceMetricStatus name:s! current:MetricValueStatus
        # policy policy/v1
        Eviction metadata:meta.ObjectMeta deleteOptions:meta.DeleteOptions?
        PodDisruptionBudget metadata:meta.ObjectMeta spec:PodDisruptionBudgetSpec status:PodDisruptionBudgetStatus
        PodDisruptionBudgetSpec minAvailable:is? selector:meta.LabelSelector? maxUnavailable:is? unhealthyPodEvictionPolicy:s?
        PodDisruptionBudgetStatus observedGeneration:i disruptedPods:{t} disruptionsAllowed:i! currentHealthy:i! desiredHealthy:i! expectedPods:i! conditions:[meta.Condition]
        # scheduling scheduling.k8s.io/v1
        PriorityClass metadata:meta.ObjectMeta value:i! globalDefault:b description:s preemptionPolicy:s?
        """
}
