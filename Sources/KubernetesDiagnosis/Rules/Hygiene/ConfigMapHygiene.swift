import Core
import Diagnosis
import Kubernetes

/// A ConfigMap that no pod uses, that holds nothing, or that is about to become too large for the API server.
struct ConfigMapHygiene: HygieneRule {
    let name = "config-map-hygiene"

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "A ConfigMap is used by no pod, is empty, or is nearly too large.",
            sees: ["configmaps", "pods and templates"],
            evidence: ["what mounts or names it"],
            contradictedBy: ["a program that reads it through the API"],
            next: ["delete it where nobody needs it"],
            references: ["https://kubernetes.io/docs/concepts/configuration/configmap/"])
    }

    /// The API server takes 1 MiB at most.
    private static let nearLimit = 900 << 10
    /// Read by programs through the API, told by their labels, not by pods that mount them.
    private static let readers = [
        "grafana_dashboard", "grafana_datasource", "grafana_alert", "prometheus_rule", "sidecar.jaegertracing.io/",
    ]
    private static let ofTheCluster: Set<String> = ["kube-system", "kube-public", "kube-node-lease"]
    private static let ofEveryNamespace: Set<String> = ["kube-root-ca.crt", "openshift-service-ca.crt", "istio-ca-root-cert"]

    func findings(_ examination: Examination, _ said: Said) -> [Finding] {
        let scene = examination.scene
        var used: [String: Set<String>] = [:]
        return scene.snapshot.configMaps.compactMap { map in
            let metadata = map.metadata
            guard !ConfigMapHygiene.ofEveryNamespace.contains(metadata.name), !ConfigMapHygiene.ofTheCluster.contains(metadata.namespace)
            else { return nil }
            func said(_ text: String) -> Finding {
                finding(
                    scene.path("ConfigMap", metadata.namespace, metadata.name), text, since: metadata.creationTimestamp, now: scene.now)
            }
            let size = map.data.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
            if size >= ConfigMapHygiene.nearLimit {
                return said("ConfigMap \(metadata.name) holds \(size >> 10) KiB; the API server takes 1024 KiB at most")
            }
            guard scene.snapshot.seesPods(in: metadata.namespace), metadata.ownerReferences.isEmpty,
                !metadata.labels.keys.contains(where: { key in ConfigMapHygiene.readers.contains { key.hasPrefix($0) } }),
                metadata.annotations["control-plane.alpha.kubernetes.io/leader"] == nil
            else { return nil }
            if used[metadata.namespace] == nil { used[metadata.namespace] = ConfigMapHygiene.used(in: metadata.namespace, scene) }
            if used[metadata.namespace]?.contains(metadata.name) == true { return nil }
            let isEmpty = map.data.isEmpty && map.binaryDataKeys.isEmpty
            return said("ConfigMap \(metadata.name) \(isEmpty ? "is empty and " : "")is used by no pod")
        }
    }

    private static func used(in namespace: String, _ scene: Scene) -> Set<String> {
        var names: Set<String> = []
        for w in scene.workloads(in: namespace) {
            for spec in scene.workloads[w].podSpecs(scene) { names.formUnion(spec.configMapNames) }
        }
        return names
    }
}

extension PodSpec {
    /// ConfigMaps that are mounted or whose values are in the environment of a container.
    fileprivate var configMapNames: Set<String> {
        var names: Set<String> = []
        for volume in volumes {
            if let map = volume.configMap { names.insert(map.name) }
            for source in volume.projected?.sources ?? [] { if let map = source.configMap { names.insert(map.name) } }
        }
        for container in initContainers + containers + ephemeralContainers {
            for variable in container.env { if let map = variable.valueFrom?.configMapKeyRef { names.insert(map.name) } }
            for source in container.envFrom { if let map = source.configMapRef { names.insert(map.name) } }
        }
        return names
    }
}
