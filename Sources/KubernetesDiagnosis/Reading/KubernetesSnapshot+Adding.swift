package import Core
package import Kubernetes

extension KubernetesSnapshot {
    /// Adds one object of any kind; a kind that has no list of its own goes to ``untyped``.
    package mutating func add(_ object: KubernetesObject) throws(JSONError) {
        func read<T: KubernetesResource>(_ list: WritableKeyPath<KubernetesSnapshot, [T]>) throws(JSONError) {
            self[keyPath: list].append(try object.read())
        }
        // Custom resources may be called what built-in ones are.
        guard ResourceType.isBuiltIn(group: object.group) else { return untyped.append(try UntypedObject(object)) }
        switch object.kind {
        case "Pod": try read(\.pods)
        case "Deployment": try read(\.deployments)
        case "ReplicaSet":
            try read(\.replicaSets)
            replicaSetJSON[object.metadata.uid] = object.raw
        case "StatefulSet": try read(\.statefulSets)
        case "DaemonSet": try read(\.daemonSets)
        case "ControllerRevision": try read(\.controllerRevisions)
        case "Job": try read(\.jobs)
        case "CronJob": try read(\.cronJobs)
        case "Node": try read(\.nodes)
        case "Namespace": try read(\.namespaceObjects)
        case "Event": try read(\.events)
        case "Service": try read(\.services)
        case "Endpoints": try read(\.endpoints)
        case "EndpointSlice": try read(\.endpointSlices)
        case "Ingress": try read(\.ingresses)
        case "IngressClass": try read(\.ingressClasses)
        case "NetworkPolicy": try read(\.networkPolicies)
        case "ConfigMap": try read(\.configMaps)
        case "Secret": try read(\.secrets)
        case "ServiceAccount": try read(\.serviceAccounts)
        case "PersistentVolumeClaim": try read(\.claims)
        case "PersistentVolume": try read(\.volumes)
        case "StorageClass": try read(\.storageClasses)
        case "ResourceQuota": try read(\.quotas)
        case "LimitRange": try read(\.limitRanges)
        case "PodDisruptionBudget": try read(\.disruptionBudgets)
        case "HorizontalPodAutoscaler": try read(\.autoscalers)
        case "APIService": try read(\.apiServices)
        case "Lease": try read(\.leases)
        case "ValidatingWebhookConfiguration": try read(\.validatingWebhooks)
        case "MutatingWebhookConfiguration": try read(\.mutatingWebhooks)
        case "PriorityClass": try read(\.priorityClasses)
        case "PodMetrics": try read(\.podMetrics)
        case "NodeMetrics": try read(\.nodeMetrics)
        case "Role", "ClusterRole": roles.append(object)
        case "RoleBinding", "ClusterRoleBinding": roleBindings.append(object)
        default: untyped.append(try UntypedObject(object))
        }
    }

    /// Adds a typed list; false when there is nothing in it that is an object.
    mutating func addList(kind: String, apiVersion: String, _ bytes: [UInt8]) throws(JSONError) -> Bool {
        func read<T: KubernetesResource>(_ list: WritableKeyPath<KubernetesSnapshot, [T]>) throws(JSONError) {
            self[keyPath: list] += try ObjectList<T>(parsing: bytes).items
        }
        let group = apiVersion.split(separator: "/", maxSplits: 1)
        switch ResourceType.isBuiltIn(group: group.count == 2 ? String(group[0]) : "") ? kind : "" {
        case "PodList": try read(\.pods)
        case "DeploymentList": try read(\.deployments)
        case "StatefulSetList": try read(\.statefulSets)
        case "DaemonSetList": try read(\.daemonSets)
        case "JobList": try read(\.jobs)
        case "CronJobList": try read(\.cronJobs)
        case "NodeList": try read(\.nodes)
        case "EventList": try read(\.events)
        case "EndpointSliceList": try read(\.endpointSlices)
        case "ConfigMapList": try read(\.configMaps)
        case "PodMetricsList": try read(\.podMetrics)
        default:
            let objects = try KubernetesObjectList(parsing: bytes).items
            for object in objects { try add(object) }
            return !objects.isEmpty
        }
        return true
    }

    /// core/v1 and events.k8s.io/v1 show the same events: one of each uid is kept.
    mutating func dropDuplicateEvents() {
        var seen: Set<String> = []
        events = events.filter { $0.metadata.uid.isEmpty || seen.insert($0.metadata.uid).inserted }
    }

    /// Leaves out objects without a name, which no cluster has; how many there were.
    mutating func dropNameless() -> Int {
        var count = 0
        func drop<T: KubernetesResource>(_ list: WritableKeyPath<KubernetesSnapshot, [T]>) {
            let before = self[keyPath: list].count
            self[keyPath: list].removeAll { $0.metadata.name.isEmpty }
            count += before - self[keyPath: list].count
        }
        drop(\.pods)
        drop(\.deployments)
        drop(\.replicaSets)
        drop(\.statefulSets)
        drop(\.daemonSets)
        drop(\.jobs)
        drop(\.cronJobs)
        drop(\.nodes)
        drop(\.namespaceObjects)
        drop(\.services)
        drop(\.ingresses)
        drop(\.networkPolicies)
        drop(\.configMaps)
        drop(\.secrets)
        drop(\.claims)
        drop(\.volumes)
        drop(\.autoscalers)
        drop(\.apiServices)
        drop(\.leases)
        return count
    }
}
