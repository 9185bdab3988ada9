/// What the API server says of the columns of its tables (printers/internalversion and the texts of the types, Kubernetes v1.36).
enum ColumnText {
    /// The description of a column; its name where the text is not known.
    static func description(of column: String, in plural: String) -> String {
        texts["\(plural)/\(column)"] ?? texts[column] ?? column
    }

    private static let creationTime =
        "CreationTimestamp is a timestamp representing the server time when this object was created. It is not "
        + "guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is "
        + "represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: "
        + "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"

    private static let addresses =
        "List of addresses reachable to the node. Queried from cloud provider, if available. More info: "
        + "https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, "
        + "but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers "
        + "should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should "
        + "assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this "
        + "may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward "
        + "API (status.hostIP)."

    private static let texts = general.merging(workloads) { $1 }.merging(network) { $1 }.merging(cluster) { $1 }

    private static let general: [String: String] = [
        "Name":
            "Name must be unique within a namespace. Is required when creating resources, although some resources may allow "
            + "a client to request the generation of an appropriate name automatically. Name is primarily intended for "
            + "creation idempotence and configuration definition. Cannot be updated. More info: "
            + "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
        "Age": creationTime,
        "Created At": creationTime,
        "pods/Ready":
            "The aggregate readiness state of this pod for accepting traffic.",
        "pods/Status":
            "The aggregate status of the containers in this pod.",
        "pods/Restarts":
            "The number of times the containers in this pod have been restarted and when the last container in this pod has "
            + "restarted.",
        "pods/IP":
            "podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.",
        "pods/Node":
            "NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by "
            + "the scheduler defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible "
            + "for the lifecycle of this pod. This field should not be used to express a desire for the pod to be scheduled "
            + "on a specific node. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename",
        "pods/Nominated Node":
            "nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right "
            + "away as preemption victims receive their graceful termination periods. This field does not guarantee that the "
            + "pod will be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become "
            + "available sooner. Scheduler may also decide to give the resources on this node to a higher priority pod that "
            + "is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is "
            + "scheduled.",
        "pods/Readiness Gates":
            "If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers "
            + "are ready AND all conditions specified in the readiness gates have status equal to \"True\" More info: "
            + "https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates",
        "nodes/Status":
            "The status of the node",
        "nodes/Roles":
            "The roles of the node",
        "nodes/Version":
            "Kubelet Version reported by the node.",
        "nodes/Internal-IP": addresses,
        "nodes/External-IP": addresses,
        "nodes/OS-Image":
            "OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)).",
        "nodes/Kernel-Version":
            "Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64).",
        "nodes/Container-Runtime":
            "ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2).",
        "events/Last Seen":
            "The time at which the most recent occurrence of this event was recorded.",
        "events/Type":
            "Type of this event (Normal, Warning), new types could be added in the future",
        "events/Reason":
            "This should be a short, machine understandable string that gives the reason for the transition into the "
            + "object's current status.",
        "events/Object":
            "The object that this event is about.",
        "events/Subobject":
            "If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go "
            + "field access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is "
            + "to a container within a pod, this would take on a value like: \"spec.containers{name}\" (where \"name\" refers to "
            + "the name of the container that triggered the event) or if no container name is specified \"spec.containers[2]\" "
            + "(container with index 2 in this pod). This syntax is chosen only to have some well-defined way of referencing "
            + "a part of an object.",
        "events/Source":
            "The component reporting this event. Should be a short machine understandable string.",
        "events/Message":
            "A human-readable description of the status of this operation.",
        "events/First Seen":
            "The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)",
        "events/Count":
            "The number of times this event has occurred.",
        "configmaps/Data":
            "Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. "
            + "Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap "
            + "with the keys in the BinaryData field, this is enforced during validation process.",
        "deployments/Ready":
            "Number of the pod with ready state",
        "deployments/Up-to-date":
            "Total number of non-terminating pods targeted by this deployment that have the desired template spec.",
        "deployments/Available":
            "Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this "
            + "deployment.",
        "deployments/Selector":
            "Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by "
            + "this deployment. It must match the pod template's labels.",
        "secrets/Type":
            "Used to facilitate programmatic handling of secret data. More info: "
            + "https://kubernetes.io/docs/concepts/configuration/secret/#secret-types",
        "secrets/Data":
            "Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The "
            + "serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly "
            + "non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4",
        "namespaces/Status":
            "The status of the namespace",
        "leases/Holder":
            "holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, "
            + "the holder identity must be equal to the elected LeaseCandidate.metadata.name field.",
    ]
}
