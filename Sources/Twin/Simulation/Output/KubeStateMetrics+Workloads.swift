import Core
import Kubernetes

// Of what makes pods, and of what limits them.
extension KubeStateMetrics {
    static let deployments: [Family] = [
        .number("kube_deployment_spec_replicas", "deployment", "Pods that are wanted.", at: "spec", "replicas"),
        .number("kube_deployment_status_replicas", "deployment", "Pods that there are.", at: "status", "replicas", absent: 0),
        .number("kube_deployment_status_replicas_ready", "deployment", "Pods that are ready.", at: "status", "readyReplicas", absent: 0),
        .number(
            "kube_deployment_status_replicas_available", "deployment", "Pods that are available.", at: "status", "availableReplicas",
            absent: 0),
        .number(
            "kube_deployment_status_replicas_unavailable", "deployment", "Pods that are not available.", at: "status",
            "unavailableReplicas", absent: 0),
        .number(
            "kube_deployment_status_replicas_updated", "deployment", "Pods of the newest revision.", at: "status", "updatedReplicas",
            absent: 0),
        .number(
            "kube_deployment_status_observed_generation", "deployment", "The generation that the controller has seen.", at: "status",
            "observedGeneration"),
        .number("kube_deployment_metadata_generation", "deployment", "The generation of what is wanted.", at: "metadata", "generation"),
        Family("kube_deployment_spec_paused", "Whether a rollout is paused.") { deployment in
            [Sample(labels: identity(deployment, "deployment"), value: deployment[at: "spec", "paused"] == true ? 1 : 0)]
        },
        Family("kube_deployment_status_condition", "The conditions of a Deployment.") { conditions($0, "deployment") },
    ]

    static let statefulSets: [Family] = [
        .number("kube_statefulset_replicas", "statefulset", "Pods that are wanted.", at: "spec", "replicas"),
        .number("kube_statefulset_status_replicas", "statefulset", "Pods that there are.", at: "status", "replicas", absent: 0),
        .number(
            "kube_statefulset_status_replicas_ready", "statefulset", "Pods that are ready.", at: "status", "readyReplicas", absent: 0),
    ]

    static let daemonSets: [Family] = [
        .number(
            "kube_daemonset_status_desired_number_scheduled", "daemonset", "Nodes that should run its pod.", at: "status",
            "desiredNumberScheduled", absent: 0),
        .number("kube_daemonset_status_number_ready", "daemonset", "Nodes whose pod is ready.", at: "status", "numberReady", absent: 0),
        .number(
            "kube_daemonset_status_number_misscheduled", "daemonset", "Nodes that run its pod and should not.", at: "status",
            "numberMisscheduled", absent: 0),
    ]

    static let jobs: [Family] = [
        .number("kube_job_status_active", "job_name", "Pods that run.", at: "status", "active", absent: 0),
        .number("kube_job_status_succeeded", "job_name", "Pods that succeeded.", at: "status", "succeeded", absent: 0),
        .number("kube_job_status_failed", "job_name", "Pods that failed.", at: "status", "failed", absent: 0),
    ]

    static let autoscalers: [Family] = [
        .number(
            "kube_horizontalpodautoscaler_spec_min_replicas", "horizontalpodautoscaler", "The fewest pods.", at: "spec", "minReplicas",
            absent: 1),
        .number("kube_horizontalpodautoscaler_spec_max_replicas", "horizontalpodautoscaler", "The most pods.", at: "spec", "maxReplicas"),
        .number(
            "kube_horizontalpodautoscaler_status_current_replicas", "horizontalpodautoscaler", "Pods that there are.", at: "status",
            "currentReplicas", absent: 0),
        .number(
            "kube_horizontalpodautoscaler_status_desired_replicas", "horizontalpodautoscaler", "Pods that it wants.", at: "status",
            "desiredReplicas", absent: 0),
        Family("kube_horizontalpodautoscaler_status_condition", "The conditions of an autoscaler.") {
            conditions($0, "horizontalpodautoscaler")
        },
    ]

    static let claims: [Family] = [
        Family("kube_persistentvolumeclaim_status_phase", "Which phase a claim is in.") { claim in
            states(
                identity(claim, "persistentvolumeclaim"), "phase", ["Lost", "Bound", "Pending"], claim[at: "status", "phase"]?.string)
        }
    ]

    static let quotas: [Family] = [
        Family("kube_resourcequota", "What a quota allows, and what is used of it.") { quota in
            ["hard", "used"].flatMap { kind in
                (quota[at: "status", kind]?.object ?? [:]).sorted { $0.key < $1.key }.compactMap { name, value in
                    guard let amount = value.string.flatMap({ Quantity($0) }) else { return nil }
                    return Sample(
                        labels: identity(quota, "resourcequota") + [("resource", name), ("type", kind)], value: amount.double)
                }
            }
        }
    ]
}
