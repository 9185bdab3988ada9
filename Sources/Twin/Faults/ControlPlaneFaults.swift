import Core
import Kubernetes

/// What can happen to the parts that run a cluster.
enum ControlPlaneFaults {
    static let all: [Fault] = [
        Fault("scheduler-down", "the scheduler does not run", on: "Lease/kube-scheduler", isOfCluster: true) { _, scene in
            scene.stop(.scheduler)
            scene.blamed = "Lease/kube-scheduler"
        },
        Fault(
            "controller-manager-down", "the controller manager does not run", on: "Lease/kube-controller-manager", isOfCluster: true
        ) { _, scene in
            scene.stop(.controllers)
            scene.blamed = "Lease/kube-controller-manager"
        },
        Fault("cluster-dns-down", "the cluster's DNS is scaled to 0", on: "Deployment/NAME of kube-system", isOfCluster: true) {
            (target, scene) throws(MartletError) in
            try scale(target.name, target.namespace ?? "kube-system", &scene)
        },
        Fault(
            "apiservice-unavailable", "what serves an aggregated API is scaled to 0", on: "APIService/NAME", isOfCluster: true
        ) { (target, scene) throws(MartletError) in
            let key = ObjectKey(type: .apiServices, namespace: "", name: target.name)
            guard let service = scene.store.get(key)?["spec"]?["service"] else { throw FaultScene.missing(key) }
            let (namespace, name) = (service["namespace"]?.string ?? "", service["name"]?.string ?? "")
            let selector = scene.store.get(ObjectKey(type: .services, namespace: namespace, name: name))?["spec"]?["selector"]?.stringMap
            let selection = Selection(labels: selector ?? ["": ""])
            let deployment = scene.store.list(.deployments, namespace: namespace).first {
                selection.matches($0["spec"]?["template"]?["metadata"]?["labels"]?.stringMap ?? [:])
            }
            try scale(deployment?.metadataName ?? name, namespace, &scene)
        },
    ]

    private static func scale(_ name: String, _ namespace: String, _ scene: inout FaultScene) throws(MartletError) {
        try scene.set(["spec", "replicas"], to: 0, of: ObjectKey(type: .deployments, namespace: namespace, name: name))
    }
}
