import Core
import Kubernetes

// Of pods and nodes.
extension KubeStateMetrics {
    static let pods: [Family] = [
        Family("kube_pod_info", "Which pod runs where, and whose it is.") { pod in
            let owner = (pod[at: "metadata", "ownerReferences"]?.array ?? []).first { $0["controller"] == true }
            return [
                Sample(
                    labels: identity(pod, "pod") + [
                        ("uid", pod[at: "metadata", "uid"]?.string ?? ""), ("host_ip", pod[at: "status", "hostIP"]?.string ?? ""),
                        ("pod_ip", pod[at: "status", "podIP"]?.string ?? ""), ("node", pod[at: "spec", "nodeName"]?.string ?? ""),
                        ("created_by_kind", owner?["kind"]?.string ?? ""), ("created_by_name", owner?["name"]?.string ?? ""),
                    ], value: 1)
            ]
        },
        Family("kube_pod_status_phase", "Which phase a pod is in.") { pod in
            states(
                identity(pod, "pod"), "phase", ["Pending", "Succeeded", "Failed", "Unknown", "Running"],
                pod[at: "status", "phase"]?.string)
        },
        Family("kube_pod_status_ready", "Whether a pod is ready.") { pod in
            let ready = (pod[at: "status", "conditions"]?.array ?? []).first { $0["type"] == "Ready" }
            return states(
                identity(pod, "pod"), "condition", ["true", "false", "unknown"], ready?["status"]?.string?.lowercased() ?? "unknown")
        },
        Family("kube_pod_container_status_restarts_total", "Restarts of a container.", kind: .counter) { pod in
            perContainer(pod) { $0["restartCount"]?.double }
        },
        Family("kube_pod_container_status_ready", "Whether a container is ready.") { pod in
            perContainer(pod) { $0["ready"] == true ? 1 : 0 }
        },
        Family("kube_pod_container_status_running", "Whether a container runs.") { pod in
            perContainer(pod) { $0[at: "state", "running"] != nil ? 1 : 0 }
        },
        Family("kube_pod_container_status_waiting_reason", "Why a container waits.") { pod in
            perContainer(pod, reason: ["state", "waiting"])
        },
        Family("kube_pod_container_status_terminated_reason", "Why a container has ended.") { pod in
            perContainer(pod, reason: ["state", "terminated"])
        },
        Family("kube_pod_container_status_last_terminated_reason", "Why a container ended before it was restarted.") { pod in
            perContainer(pod, reason: ["lastState", "terminated"])
        },
        Family("kube_pod_container_resource_requests", "What a container asks for.") { resources($0, "requests") },
        Family("kube_pod_container_resource_limits", "What a container may use.") { resources($0, "limits") },
    ]

    static let nodes: [Family] = [
        Family("kube_node_info", "Which nodes there are.") { node in
            [
                Sample(
                    labels: identity(node, "node") + [
                        ("kubelet_version", node[at: "status", "nodeInfo", "kubeletVersion"]?.string ?? "")
                    ], value: 1)
            ]
        },
        Family("kube_node_status_condition", "The conditions of a node.") { conditions($0, "node") },
        Family("kube_node_spec_unschedulable", "Whether a node takes no new pods.") { node in
            [Sample(labels: identity(node, "node"), value: node[at: "spec", "unschedulable"] == true ? 1 : 0)]
        },
        Family("kube_node_status_allocatable", "What pods may use of a node.") { node in
            amounts(identity(node, "node"), node[at: "status", "allocatable"])
        },
        Family("kube_node_status_capacity", "What a node has.") { node in
            amounts(identity(node, "node"), node[at: "status", "capacity"])
        },
    ]

    private static func perContainer(_ pod: JSON, _ value: (JSON) -> Double?) -> [Sample] {
        (pod[at: "status", "containerStatuses"]?.array ?? []).compactMap { status in
            value(status).map {
                Sample(labels: identity(pod, "pod") + [("container", status["name"]?.string ?? "")], value: $0)
            }
        }
    }

    private static func perContainer(_ pod: JSON, reason path: [String]) -> [Sample] {
        (pod[at: "status", "containerStatuses"]?.array ?? []).compactMap { status in
            guard let reason = (path + ["reason"]).reduce(Optional(status), { $0?[$1] })?.string else { return nil }
            return Sample(
                labels: identity(pod, "pod") + [("container", status["name"]?.string ?? ""), ("reason", reason)], value: 1)
        }
    }

    private static func resources(_ pod: JSON, _ field: String) -> [Sample] {
        let node = pod[at: "spec", "nodeName"]?.string ?? ""
        return (pod[at: "spec", "containers"]?.array ?? []).flatMap { container in
            amounts(
                identity(pod, "pod") + [("container", container["name"]?.string ?? ""), ("node", node)],
                container[at: "resources", field])
        }
    }
}
