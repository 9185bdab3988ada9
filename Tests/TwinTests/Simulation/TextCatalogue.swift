@testable import Twin

/// Which templates an event of a reason may be written with: the tests hold them against the captured events.
enum TextCatalogue {
    static let templates: [String: [Template]] = [
        "BackOff": [KubeletTexts.backOff, KubeletTexts.pullBackOff],
        "Completed": [ControllerTexts.jobCompleted],
        "Created": [KubeletTexts.created],
        "FailedCreate": [ControllerTexts.failedCreate],
        "FailedBinding": [ControllerTexts.noVolumes],
        "FailedMount": [KubeletTexts.mountFailed],
        "FailedScheduling": [
            SchedulerTexts.unavailable, Template("0/{} nodes are available: {}. not found"),
        ],
        "Failed": [KubeletTexts.pullFailed, KubeletTexts.error],
        "InspectFailed": [KubeletTexts.invalidName],
        "InvalidSchedule": [ControllerTexts.neverScheduled],
        "RegisteredNode": [ControllerTexts.registeredNode],
        "Killing": [KubeletTexts.stopping, KubeletTexts.probeKilling],
        "FailedComputeMetricsReplicas": [AutoscalerTexts.invalidMetrics],
        "FailedGetResourceMetric": [AutoscalerTexts.utilizationFailed],
        "SuccessfulRescale": [AutoscalerTexts.rescaled],
        "NoPods": [ControllerTexts.noMatchingPods],
        "NodeNotSchedulable": [KubeletTexts.nodeStatus],
        "NodeSchedulable": [KubeletTexts.nodeStatus],
        "NodeNotReady": [ControllerTexts.nodeNotReady, ControllerTexts.nodeStatus],
        "ProvisioningFailed": [ControllerTexts.noStorageClass],
        "ProvisioningSucceeded": [ControllerTexts.provisioned],
        "Preempted": [SchedulerTexts.preempted],
        "Pulled": [KubeletTexts.alreadyPresent, KubeletTexts.pulled],
        "Pulling": [KubeletTexts.pulling],
        "ScalingReplicaSet": [ControllerTexts.scaledUp, ControllerTexts.scaledDown],
        "Scheduled": [SchedulerTexts.assigned],
        "Started": [KubeletTexts.started],
        "SuccessfulCreate": [ControllerTexts.createdPod, ControllerTexts.createdJob, ControllerTexts.statefulCreated],
        "SuccessfulDelete": [ControllerTexts.deletedPod, ControllerTexts.deletedJob],
        "TaintManagerEviction": [ControllerTexts.markedForDeletion],
        "Unhealthy": [KubeletTexts.probeFailed],
        "BackoffLimitExceeded": [ControllerTexts.backoffLimit],
        "SawCompletedJob": [ControllerTexts.sawCompletedJob],
    ]
}
