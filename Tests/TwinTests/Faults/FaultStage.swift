import Core
import Foundation
import Kubernetes
import Testing

@testable import Twin

/// A small application on which faults are tried: web calls api, api calls a database; beside them an autoscaled worker, jobs and a way in.
struct FaultStage: Sendable {
    let twin: SimulatedCluster

    /// - Parameter load: requests a second that reach web.
    init(load: Int) async throws {
        twin = SimulatedCluster(TwinOptions(), images: BehaviourCatalogue())
        let cluster = CaseCluster(twin: twin)
        let manifest =
            load == 0
            ? Self.manifest
            : Self.manifest.replacing("name: web, annotations: {", with: "name: web, annotations: {twin.martlet/load: \"\(load)\", ")
        try await cluster.create(try Manifest.read(manifest, place: "test"), namespace: "shop")
        await twin.advance(by: .seconds(90))
    }

    // MARK: What can be seen

    func pods(_ app: String) async -> [JSON] {
        await twin.store.list(.pods, namespace: "shop").filter { $0.labels["app"] == app }
    }

    func object(_ type: ResourceType, _ name: String, namespace: String = "shop") async -> JSON? {
        await twin.store.get(ObjectKey(type: type, namespace: type.isNamespaced ? namespace : "", name: name))
    }

    func hasEvent(_ reason: String, _ text: String = "") async -> Bool {
        await twin.store.list(.events, namespace: nil).contains {
            $0["reason"]?.string == reason && (text.isEmpty || $0["message"]?.string?.contains(text) == true)
        }
    }

    /// All that the containers of an application have written, in this run and the one before.
    func logs(_ app: String) async -> String {
        var text = ""
        for pod in await pods(app) {
            for container in pod["spec"]?["initContainers"]?.array ?? [] + (pod["spec"]?["containers"]?.array ?? []) {
                text += await log(pod, container, "")
            }
            for container in pod["spec"]?["containers"]?.array ?? [] {
                text += await log(pod, container, "")
                text += await log(pod, container, "&previous=true")
            }
        }
        return text
    }

    private func log(_ pod: JSON, _ container: JSON, _ more: String) async -> String {
        let path = "/api/v1/namespaces/shop/pods/\(pod.metadataName)/log?container=\(container["name"]?.string ?? "")\(more)"
        return String(decoding: await twin.handle(TwinRequest("GET", target: path)).bytes ?? [], as: UTF8.self)
    }

    /// The sum of a metric over the pods of an application, of series with this text in their labels.
    func metric(_ name: String, _ app: String, _ label: String = "") async -> Double {
        var sum = 0.0
        for pod in await pods(app) {
            let path = "/api/v1/namespaces/shop/pods/\(pod.metadataName)/proxy/metrics"
            let answer = await twin.handle(TwinRequest("GET", target: path, certificateUser: .administrator))
            for line in String(decoding: answer.bytes ?? [], as: UTF8.self).split(separator: "\n")
            where line.hasPrefix(name + "{") && (label.isEmpty || line.contains(label)) {
                sum += line.split(separator: " ").last.flatMap { Double($0) } ?? 0
            }
        }
        return sum
    }

    /// The lines of the cluster's metrics page.
    func metricsPage() async -> [Substring] {
        let answer = await twin.handle(TwinRequest("GET", target: "/martlet/twin/v1/metrics", certificateUser: .administrator))
        return String(decoding: answer.bytes ?? [], as: UTF8.self).split(separator: "\n")
    }

    /// Seconds that a request took on average since the pods began.
    func latency(_ app: String) async -> Double {
        await metric("http_request_duration_seconds_sum", app) / max(1, await metric("http_request_duration_seconds_count", app))
    }

    /// States of the containers of an application, now and before: `waiting`, `terminated` and `running` as the API shows them.
    func states(_ app: String) async -> [JSON] {
        await pods(app).flatMap { pod in
            ["initContainerStatuses", "containerStatuses"].flatMap { pod["status"]?[$0]?.array ?? [] }
                .flatMap { [$0["state"], $0["lastState"]].compactMap(\.self) }
        }
    }

    // MARK: What must be as it was

    /// What people have written in the cluster, by object.
    func written() async -> [String: JSON] {
        let store = await twin.store
        var result: [String: JSON] = [:]
        for type in Self.types {
            for object in store.list(type, namespace: nil) {
                var spec = object["spec"] ?? object["data"] ?? object["rules"] ?? [:]
                if type == .nodes { spec["taints"] = Optional.none }
                result["\(object.metadataNamespace)/\(type.kind)/\(object.metadataName)"] = [
                    "spec": spec, "load": object["metadata"]?["annotations"]?[LoadShape.annotation] ?? "",
                ]
            }
        }
        return result
    }

    private static let types: [ResourceType] = [
        .deployments, .services, .ingresses, .configMaps, .secrets, .networkPolicies, .roles, .roleBindings, .persistentVolumeClaims,
        .horizontalPodAutoscalers, .cronJobs, .namespaces, .nodes,
    ]

    /// Applications whose pods are not all there and ready.
    func unwell() async -> [String] {
        var result: [String] = []
        for app in ["web", "api", "database", "worker"] {
            // What was evicted is left lying, as in life.
            let pods = await pods(app).filter { !["Failed", "Succeeded"].contains($0["status"]?["phase"]?.string) }
            let wanted = await object(.deployments, app)?["spec"]?["replicas"]?.int
            if pods.count != wanted || pods.contains(where: { $0.condition("Ready")?["status"]?.string != "True" }) { result.append(app) }
        }
        return result
    }

    private static let manifest = """
        {apiVersion: v1, kind: Namespace, metadata: {name: shop}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {CHEAP_MODE: "false"}}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: disk}
        spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: "", hostPath: {path: /var/lib/data}}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data}
        spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          replicas: 2
          progressDeadlineSeconds: 60
          selector: {matchLabels: {app: web}}
          template:
            metadata:
              labels: {app: web}
              annotations: {twin.martlet/behaviour: "web: {latency: 5ms, calls: [{env: API_URL, timeout: 500ms}]}"}
            spec:
              containers:
              - name: web
                image: registry.example.com/shop/web:1.4.2
                ports: [{containerPort: 8080}]
                envFrom: [{configMapRef: {name: settings}}]
                env: [{name: API_URL, value: "http://api:8080"}]
                resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {memory: 128Mi}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, annotations: {team: shop}}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: api}
        spec:
          replicas: 2
          selector: {matchLabels: {app: api}}
          template:
            metadata:
              labels: {app: api}
              annotations: {twin.martlet/behaviour: "api: {calls: [{env: DATABASE_URL}]}"}
            spec:
              containers:
              - name: api
                image: registry.example.com/shop/api:1.4.2
                ports: [{containerPort: 8080}]
                env: [{name: DATABASE_URL, value: "postgres://database:5432/shop"}]
        ---
        {apiVersion: v1, kind: Service, metadata: {name: api}, spec: {selector: {app: api}, ports: [{port: 8080}]}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: database}
        spec:
          replicas: 1
          selector: {matchLabels: {app: database}}
          template:
            metadata: {labels: {app: database}}
            spec:
              volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
              containers:
              - name: database
                image: registry.example.com/shop/database:16
                ports: [{containerPort: 5432}]
                volumeMounts: [{name: data, mountPath: /data}]
        ---
        {apiVersion: v1, kind: Service, metadata: {name: database}, spec: {selector: {app: database}, ports: [{port: 5432}]}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: worker}
        spec:
          replicas: 1
          selector: {matchLabels: {app: worker}}
          template:
            metadata: {labels: {app: worker}}
            spec: {containers: [{name: worker, image: "registry.example.com/shop/worker:3", resources: {requests: {cpu: 100m}}}]}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: worker}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}
          minReplicas: 1
          maxReplicas: 3
          metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web}
        spec:
          rules:
          - host: shop.example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: export}
        spec:
          schedule: "*/5 * * * *"
          jobTemplate:
            spec:
              backoffLimit: 0
              template:
                metadata: {annotations: {twin.martlet/behaviour: "export: {exit: {code: 0, after: 2s}}"}}
                spec: {restartPolicy: Never, containers: [{name: export, image: "registry.example.com/shop/export:2"}]}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: import}
        spec:
          template:
            metadata: {annotations: {twin.martlet/behaviour: "import: {exit: {code: 0, after: 2s}}"}}
            spec: {restartPolicy: Never, containers: [{name: import, image: "registry.example.com/shop/import:2"}]}
        """
}
