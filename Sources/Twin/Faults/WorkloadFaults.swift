import Core
import Kubernetes

/// What can be wrong with a workload by its own specification. A Deployment recreates its pods, so that no older revision goes on serving:
/// then the fault itself is the truth, and not `rollout-stuck`.
enum WorkloadFaults {
    static let all: [Fault] =
        [
            Fault("scaled-to-zero", "scaled to 0 replicas", on: form) { (target, scene) throws(MartletError) in
                try scene.set(["spec", "replicas"], to: 0, of: try key(target))
            },
            Fault("rollout-paused", "paused, with a change waiting", on: "Deployment/NAME") { (target, scene) throws(MartletError) in
                let key = try key(target)
                try scene.set(["spec", "paused"], to: true, of: key)
                try scene.changeTemplate(of: key) { (template) throws(MartletError) in
                    template[at: "metadata", "annotations", "twin.martlet/waiting"] = "true"
                }
            },
            template("insufficient-cpu", "requests more CPU than any node has") { request("cpu", "512", &$0) },
            template("insufficient-memory", "requests more memory than any node has") { request("memory", "8Ti", &$0) },
            template("node-selector-mismatch", "selects a label that no node carries") {
                $0[at: "spec", "nodeSelector", "accelerator"] = "gpu-large"
            },
            template("scheduler-missing", "names a scheduler that does not run") { $0[at: "spec", "schedulerName"] = "other-scheduler" },
            template("scheduling-gated", "has a scheduling gate that nobody removes") {
                $0[at: "spec", "schedulingGates"] = [["name": "example.com/quota-check"]]
            },
            template("readiness-gate-unset", "has a readiness gate that nobody sets") {
                $0[at: "spec", "readinessGates"] = [["conditionType": "example.com/load-balancer"]]
            },
            template("serviceaccount-missing", "names a service account that does not exist") {
                $0[at: "spec", "serviceAccountName"] = "absent-runner"
                $0[at: "spec", "serviceAccount"] = "absent-runner"
            },
            container("configmap-missing", "takes its environment from a ConfigMap that does not exist") { container, _ in
                add(["configMapRef": ["name": "absent-settings"]], to: "envFrom", of: &container)
            },
            container("secret-missing", "takes a variable from a Secret that does not exist") { container, _ in
                let reference: JSON = ["secretKeyRef": ["name": "absent-credentials", "key": "password"]]
                add(["name": "ABSENT_PASSWORD", "valueFrom": reference], to: "env", of: &container)
            },
            container("config-key-missing", "takes a variable from a key that its ConfigMap does not have") { container, _ in
                let reference: JSON = ["configMapKeyRef": ["name": "kube-root-ca.crt", "key": "absent-key"]]
                add(["name": "ABSENT_KEY", "valueFrom": reference], to: "env", of: &container)
            },
            volume("volume-configmap-missing", "mounts a ConfigMap that does not exist", ["configMap": ["name": "absent-files"]]),
            volume("volume-secret-missing", "mounts a Secret that does not exist", ["secret": ["secretName": "absent-keys"]]),
            volume(
                "volume-hostpath-missing", "mounts a directory that no node has",
                ["hostPath": ["path": "/srv/absent", "type": "Directory"]]),
            volume("pvc-missing", "mounts a claim that does not exist", ["persistentVolumeClaim": ["claimName": "absent-claim"]]),
            container("readiness-probe-failing", "the readiness probe asks a port that nobody serves") { container, _ in
                container["readinessProbe"] = ["tcpSocket": ["port": 59_999], "periodSeconds": 5]
            },
            container("startup-probe-failing", "the start-up probe never succeeds") { container, _ in
                container["startupProbe"] = ["tcpSocket": ["port": 59_999], "periodSeconds": 5, "failureThreshold": 4]
            },
            container("missing-env", "its template loses all variables") { (container, _) throws(MartletError) in
                guard container["env"]?.array?.isEmpty == false || container["envFrom"]?.array?.isEmpty == false else {
                    throw MartletError(.invalid, "the target sets no variables", fix: "name one that does")
                }
                container["env"] = nil
                container["envFrom"] = nil
            },
            container("oom-killed", "its memory limit is cut to 4Mi") { container, _ in limit("memory", "4Mi", &container) },
            container("cpu-throttled", "its CPU limit is cut to 10m") { container, _ in limit("cpu", "10m", &container) },
            container("run-as-non-root", "must not run as root, and is told to") { container, _ in
                container[at: "securityContext", "runAsNonRoot"] = true
                container[at: "securityContext", "runAsUser"] = 0
            },
            workload("command-not-found", "the command does not exist in the image") { (key, scene) throws(MartletError) in
                try scene.recreate(key)
                try scene.changeContainer(of: key) { (container) throws(MartletError) in container["command"] = ["/app/absent"] }
                // A program that is described has whatever command it is given.
                scene.flaw(key) { $0.startError = .notFound }
            },
        ]

    static let form = "Deployment, StatefulSet or DaemonSet/NAME"

    /// A fault that changes the first container of the template.
    static func container(
        _ slug: String, _ about: String, _ change: @escaping @Sendable (inout JSON, inout FaultScene) throws(MartletError) -> Void
    ) -> Fault {
        workload(slug, about) { (key, scene) throws(MartletError) in
            guard var container = scene.store.get(key)?["spec"]?["template"]?["spec"]?["containers"]?.array?.first else {
                throw FaultScene.missing(key)
            }
            try change(&container, &scene)
            try scene.recreate(key)
            try scene.changeContainer(of: key) { (first) throws(MartletError) in first = container }
        }
    }

    /// A fault of a workload that is done in several steps.
    static func workload(
        _ slug: String, _ about: String, _ begin: @escaping @Sendable (ObjectKey, inout FaultScene) throws(MartletError) -> Void
    ) -> Fault {
        Fault(slug, about, on: form) { (target, scene) throws(MartletError) in try begin(try key(target), &scene) }
    }

    private static func template(_ slug: String, _ about: String, _ change: @escaping @Sendable (inout JSON) -> Void) -> Fault {
        workload(slug, about) { (key, scene) throws(MartletError) in
            try scene.recreate(key)
            try scene.changeTemplate(of: key) { (template) throws(MartletError) in change(&template) }
        }
    }

    private static func volume(_ slug: String, _ about: String, _ source: JSON) -> Fault {
        workload(slug, about) { (key, scene) throws(MartletError) in
            try scene.recreate(key)
            try scene.changeTemplate(of: key) { (template) throws(MartletError) in
                var volume = source
                volume["name"] = "fault"
                template[at: "spec", "volumes"] = .array((template["spec"]?["volumes"]?.array ?? []) + [volume])
                var containers = template["spec"]?["containers"]?.array ?? []
                if !containers.isEmpty { add(["name": "fault", "mountPath": "/fault"], to: "volumeMounts", of: &containers[0]) }
                template[at: "spec", "containers"] = .array(containers)
            }
        }
    }

    static func add(_ item: JSON, to list: String, of container: inout JSON) {
        container[list] = .array((container[list]?.array ?? []) + [item])
    }

    private static func request(_ resource: String, _ amount: String, _ template: inout JSON) {
        var containers = template["spec"]?["containers"]?.array ?? []
        guard !containers.isEmpty else { return }
        containers[0][at: "resources", "requests", resource] = .string(amount)
        containers[0][at: "resources", "limits", resource] = nil
        template[at: "spec", "containers"] = .array(containers)
    }

    private static func limit(_ resource: String, _ amount: String, _ container: inout JSON) {
        for kind in ["requests", "limits"] { container[at: "resources", kind, resource] = .string(amount) }
    }

    static func key(_ target: FaultTarget) throws(MartletError) -> ObjectKey {
        let types: [String: ResourceType] = ["Deployment": .deployments, "StatefulSet": .statefulSets, "DaemonSet": .daemonSets]
        guard let type = types[target.kind] else {
            throw MartletError(.usage, "this fault cannot be done to a \(target.kind)", fix: "name a \(form)")
        }
        return ObjectKey(type: type, namespace: target.namespace ?? "default", name: target.name)
    }
}
