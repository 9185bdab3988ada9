import Core
import Twin

/// The application that faults are tried on: a way in, two programs that call on, a database with a volume, a worker that is scaled by its
/// load, and jobs. What things are called and how many there are follows from a seed, so that nothing can hang on a name.
struct TrialApplication {
    let namespace: String
    let web: String
    let api: String
    let database: String
    let worker: String
    let export: String
    let load: Int
    private let replicas: Int
    private let version: String

    init(_ generator: inout SeededGenerator) {
        func pick(_ words: [String]) -> String { words[Int(generator.next() % UInt64(words.count))] }
        namespace = pick(["bank", "tickets", "travel", "clinic", "press"])
        web = pick(["web", "portal", "storefront", "desk", "site"])
        api = pick(["api", "booking", "ledger", "records", "search"])
        database = pick(["database", "postgres", "archive-db", "main-db"])
        worker = pick(["worker", "mailer", "indexer", "resizer"])
        export = pick(["export", "report", "settlement", "cleanup"])
        load = [20, 30, 40][Int(generator.next() % 3)]
        replicas = 2 + Int(generator.next() % 2)
        version = "1.\(generator.next() % 9).\(generator.next() % 9)"
    }

    /// Its objects, in the order in which they are made.
    /// - Parameter bound: a Deployment that may run on one node only.
    func objects(bound: (workload: String, node: String)? = nil) throws(MartletError) -> [JSON] {
        try Manifest.read(manifest, place: "trial application").map { object in
            guard let bound, object["kind"] == "Deployment", object[at: "metadata", "name"]?.string == bound.workload else {
                return object
            }
            var object = object
            object[at: "spec", "template", "spec", "nodeSelector"] = ["kubernetes.io/hostname": .string(bound.node)]
            return object
        }
    }

    private var manifest: String {
        """
        {apiVersion: v1, kind: Namespace, metadata: {name: \(namespace)}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: coredns, namespace: kube-system, labels: {k8s-app: kube-dns}}
        spec:
          replicas: 2
          selector: {matchLabels: {k8s-app: kube-dns}}
          template:
            metadata: {labels: {k8s-app: kube-dns}}
            spec: {containers: [{name: coredns, image: "registry.k8s.io/coredns/coredns:v1.13.1", ports: [{containerPort: 53, protocol: UDP}, {name: tcp, containerPort: 53, protocol: TCP}]}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: kube-dns, namespace: kube-system, labels: {k8s-app: kube-dns}}
        spec: {clusterIP: 10.96.0.10, selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53, protocol: TCP}]}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: \(web)-settings, namespace: \(namespace)}, data: {CHEAP_MODE: "false", app.yaml: "mode: fast\\ncache: 64\\n"}}
        ---
        apiVersion: v1
        kind: PersistentVolume
        metadata: {name: disk-\(database)}
        spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], storageClassName: "", hostPath: {path: /var/lib/data}}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: \(database)-data, namespace: \(namespace)}
        spec: {accessModes: [ReadWriteOnce], storageClassName: "", resources: {requests: {storage: 1Gi}}}
        ---
        \(deployment(
            web, replicas: replicas, port: 8080, calls: api.uppercased().replacing("-", with: "_") + "_URL", to: "http://\(api):8080",
            timeout: "500ms", limits: "cpu: 500m, memory: 128Mi", more: "envFrom: [{configMapRef: {name: \(web)-settings}}]"))
        ---
        \(service(web, 80, 8080, "twin.martlet/load: \"\(load)\""))
        ---
        \(deployment(
            api, replicas: replicas, port: 8080, calls: "DATABASE_URL", to: "postgres://\(database):5432/main", timeout: "1s",
            limits: "cpu: 500m, memory: 256Mi", more: ""))
        ---
        \(service(api, 8080, 8080, ""))
        ---
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: \(api), namespace: \(namespace)}
        spec: {maxUnavailable: 1, selector: {matchLabels: {app: \(api)}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(database), namespace: \(namespace)}
        spec:
          replicas: 1
          strategy: {type: Recreate}
          selector: {matchLabels: {app: \(database)}}
          template:
            metadata: {labels: {app: \(database)}}
            spec:
              volumes: [{name: data, persistentVolumeClaim: {claimName: \(database)-data}}]
              containers:
              - name: \(database)
                image: registry.example.com/\(namespace)/\(database):16.2
                ports: [{containerPort: 5432}]
                volumeMounts: [{name: data, mountPath: /data}]
                resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 512Mi}}
        ---
        \(service(database, 5432, 5432, ""))
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(worker), namespace: \(namespace)}
        spec:
          replicas: 1
          selector: {matchLabels: {app: \(worker)}}
          template:
            metadata:
              labels: {app: \(worker)}
              annotations: {twin.martlet/behaviour: "\(worker): {cpu: 40m}"}
            spec:
              containers:
              - {name: \(worker), image: "registry.example.com/\(namespace)/\(worker):3.0", resources: {requests: {cpu: 100m}, limits: {cpu: 500m, memory: 64Mi}}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: quotes, namespace: \(namespace)}
        spec:
          replicas: 1
          selector: {matchLabels: {app: quotes}}
          template:
            metadata: {labels: {app: quotes}}
            spec: {containers: [{name: quotes, image: "registry.example.com/\(namespace)/quotes:1", ports: [{containerPort: 8443}]}]}
        ---
        \(service("quotes", 443, 8443, ""))
        ---
        apiVersion: apiregistration.k8s.io/v1
        kind: APIService
        metadata: {name: v1.quotes.example.com}
        spec:
          group: quotes.example.com
          version: v1
          groupPriorityMinimum: 1000
          versionPriority: 10
          insecureSkipTLSVerify: true
          service: {name: quotes, namespace: \(namespace), port: 443}
        ---
        apiVersion: autoscaling/v2
        kind: HorizontalPodAutoscaler
        metadata: {name: \(worker), namespace: \(namespace)}
        spec:
          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: \(worker)}
          minReplicas: 1
          maxReplicas: 3
          metrics: [{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}}]
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: \(web), namespace: \(namespace)}
        spec:
          rules:
          - host: \(namespace).example.com
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: \(web), port: {number: 80}}}}]}
        ---
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: \(export), namespace: \(namespace)}
        spec:
          schedule: "*/5 * * * *"
          jobTemplate:
            spec:
              backoffLimit: 0
              template:
                metadata: {annotations: {twin.martlet/behaviour: "\(export): {exit: {code: 0, after: 2s}}"}}
                spec: {restartPolicy: Never, containers: [{name: \(export), image: "registry.example.com/\(namespace)/\(export):2"}]}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: import, namespace: \(namespace)}
        spec:
          template:
            metadata: {annotations: {twin.martlet/behaviour: "import: {exit: {code: 0, after: 2s}}"}}
            spec: {restartPolicy: Never, containers: [{name: import, image: "registry.example.com/\(namespace)/import:2"}]}
        """
    }

    private func deployment(
        _ name: String, replicas: Int, port: Int, calls variable: String, to url: String, timeout: String, limits: String, more: String
    ) -> String {
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: \(name), namespace: \(namespace)}
        spec:
          replicas: \(replicas)
          progressDeadlineSeconds: 60
          selector: {matchLabels: {app: \(name)}}
          template:
            metadata:
              labels: {app: \(name)}
              annotations: {twin.martlet/behaviour: "\(name): {latency: 5ms, work: 3ms, needsEnv: [\(variable)], calls: [{env: \(variable), timeout: \(timeout)}]}"}
            spec:
              containers:
              - name: \(name)
                image: registry.example.com/\(namespace)/\(name):\(version)
                ports: [{containerPort: \(port)}]
                env: [{name: \(variable), value: "\(url)"}]
                \(more)
                readinessProbe: {tcpSocket: {port: \(port)}, periodSeconds: 5}
                livenessProbe: {httpGet: {path: /healthz, port: \(port)}, periodSeconds: 5}
                resources: {requests: {cpu: 100m, memory: 64Mi}, limits: {\(limits)}}
        """
    }

    private func service(_ name: String, _ port: Int, _ target: Int, _ annotations: String) -> String {
        "{apiVersion: v1, kind: Service, metadata: {name: \(name), namespace: \(namespace), annotations: {\(annotations)}}, "
            + "spec: {selector: {app: \(name)}, ports: [{port: \(port), targetPort: \(target)}]}}"
    }
}
