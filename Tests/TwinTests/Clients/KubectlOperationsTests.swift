import Testing

/// What people do all day: make objects by command, look at every kind, change and remove them.
@Suite struct KubectlOperationsTests {
    private static let image = "registry.example.com/shop/web:1.4.2"

    private static let manifest = """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: shop}
        data: {COLOUR: blue}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
        ---
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db, namespace: shop}
        spec:
          serviceName: db
          selector: {matchLabels: {app: db}}
          template:
            metadata: {labels: {app: db}}
            spec: {containers: [{name: c, image: "\(image)"}]}
        ---
        apiVersion: apps/v1
        kind: DaemonSet
        metadata: {name: agent, namespace: shop}
        spec:
          selector: {matchLabels: {app: agent}}
          template:
            metadata: {labels: {app: agent}}
            spec: {containers: [{name: c, image: "\(image)"}]}
        ---
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: web, namespace: shop}
        spec:
          rules:
          - host: shop.example
            http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
        ---
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data, namespace: shop}
        spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
        """

    private static let definition = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: backups.shop.example}
        spec:
          group: shop.example
          scope: Namespaced
          names: {plural: backups, kind: Backup, shortNames: [bk]}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            additionalPrinterColumns: [{name: Every, type: string, jsonPath: .spec.every}]
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec:
                    type: object
                    required: [every]
                    properties:
                      every: {type: string, pattern: "^[0-9]+h$"}
                      keep: {type: integer, default: 3, minimum: 1}
        """

    private static func backup(_ spec: String) -> String {
        "apiVersion: shop.example/v1\nkind: Backup\nmetadata: {name: nightly, namespace: shop}\nspec: {\(spec)}\n"
    }

    private static let making: [KubectlStep] = [
        KubectlStep("create namespace shop", "namespace/shop created"),
        KubectlStep("create deployment web --image=\(image) -n shop --replicas=2 --port=8080", "deployment.apps/web created"),
        KubectlStep("create configmap extra --from-literal=a=b -n shop", "configmap/extra created"),
        KubectlStep("create secret generic key --from-literal=k=v -n shop", "secret/key created"),
        KubectlStep("create serviceaccount robot -n shop", "serviceaccount/robot created"),
        KubectlStep("create role reader --verb=get,list --resource=pods -n shop", "role.rbac.authorization.k8s.io/reader created"),
        KubectlStep(
            "create rolebinding robots --role=reader --serviceaccount=shop:robot -n shop",
            "rolebinding.rbac.authorization.k8s.io/robots created"),
        KubectlStep("create quota q --hard=pods=50 -n shop", "resourcequota/q created"),
        KubectlStep(
            "create poddisruptionbudget web --selector=app=web --min-available=1 -n shop", "poddisruptionbudget.policy/web created"),
        KubectlStep("create job once --image=\(image) -n shop", "job.batch/once created"),
        KubectlStep("create cronjob nightly --image=\(image) --schedule=@daily -n shop", "cronjob.batch/nightly created"),
        KubectlStep("create job now --from=cronjob/nightly -n shop", "job.batch/now created"),
        KubectlStep("apply -f -", input: manifest, "statefulset.apps/db created", "ingress.networking.k8s.io/web created"),
        KubectlStep("create namespace shop", "AlreadyExists", fails: true),
        KubectlStep("rollout status deployment/web -n shop --timeout=60s", "successfully rolled out"),
        KubectlStep("rollout status statefulset/db -n shop --timeout=60s", "complete"),
        KubectlStep("rollout status daemonset/agent -n shop --timeout=60s", "successfully rolled out"),
    ]

    private static let looking: [KubectlStep] = [
        KubectlStep("auth can-i list pods", "yes"),
        KubectlStep("auth can-i list pods -n shop --as=system:serviceaccount:shop:robot", "yes"),
        KubectlStep("auth can-i delete pods -n shop --as=system:serviceaccount:shop:robot", "no", fails: true),
        KubectlStep("auth can-i --list -n shop", "*.*"),
        KubectlStep("auth whoami", "kubernetes-admin"),
        KubectlStep("get deployment web -n shop -o yaml", "kind: Deployment", "replicas: 2", "schedulerName: default-scheduler"),
        KubectlStep("get pods -n shop -w --request-timeout=5s", "web-"),
        KubectlStep("get all -n shop", "deployment.apps/web", "statefulset.apps/db", "cronjob.batch/nightly"),
        KubectlStep("describe deployment web -n shop", "RollingUpdateStrategy"),
        KubectlStep("describe rs -n shop", "Controlled By:  Deployment/web"),
        KubectlStep("describe statefulset db -n shop", "SuccessfulCreate"),
        KubectlStep("describe daemonset agent -n shop", "Desired Number of Nodes Scheduled: 3"),
        KubectlStep("describe job once -n shop", "Parallelism:"),
        KubectlStep("describe cronjob nightly -n shop", "Schedule:", "@daily"),
        KubectlStep("describe pods -n shop -l app=web", "Successfully assigned", "Ready:          True"),
        KubectlStep("describe service web -n shop", "Endpoints:"),
        KubectlStep("describe ingress web -n shop", "shop.example"),
        KubectlStep("describe pdb web -n shop", "Min available:  1"),
        KubectlStep("describe pvc data -n shop", "Access Modes:"),
        KubectlStep("describe node worker-1", "Allocated resources", "kubelet is posting ready status"),
        KubectlStep("describe secret key -n shop", "k:  1 bytes"),
        KubectlStep("describe quota q -n shop", "Hard"),
        KubectlStep("describe namespace shop", "Resource Quotas"),
        KubectlStep("logs -n shop -l app=web --prefix --tail=1", "ready to serve"),
        KubectlStep("logs -n shop deployment/web --previous", "previous terminated container", fails: true),
        KubectlStep("logs -n shop deployment/web -f --request-timeout=5s", "ready to serve", fails: true),
        KubectlStep("api-versions", "apps/v1", "storage.k8s.io/v1"),
        KubectlStep("explain pod.spec.containers.resources --recursive", "limits"),
        KubectlStep("config view -o jsonpath={.clusters[0].name}", "martlet-twin"),
        KubectlStep("config current-context", "martlet-twin"),
    ]

    private static let changing: [KubectlStep] = [
        KubectlStep("diff -f -", input: manifest),
        KubectlStep("diff -f -", input: manifest.replacing("blue", with: "red"), "-  COLOUR: blue", "+  COLOUR: red", fails: true),
        KubectlStep("edit configmap settings -n shop", "configmap/settings edited"),
        KubectlStep("get configmap settings -n shop -o jsonpath={.data.COLOUR}", "green"),
        KubectlStep("autoscale deployment web -n shop --min=1 --max=4 --cpu-percent=50", "autoscaled"),
        KubectlStep("get hpa web -n shop", "Deployment/web"),
        KubectlStep("delete hpa web -n shop", "deleted"),
        KubectlStep("taint node worker-2 team=a:NoSchedule", "tainted"),
        KubectlStep("describe node worker-2", "team=a:NoSchedule"),
        KubectlStep("taint node worker-2 team-", "untainted"),
        KubectlStep("drain worker-3 --ignore-daemonsets --force --timeout=60s", "node/worker-3 drained"),
        KubectlStep("uncordon worker-3", "uncordoned"),
        KubectlStep("create token robot -n shop"),
        KubectlStep("apply -f -", input: definition, "customresourcedefinition.apiextensions.k8s.io/backups.shop.example created"),
        KubectlStep("wait crd/backups.shop.example --for=condition=established --timeout=10s", "condition met"),
        KubectlStep("create -f -", input: backup("every: soon"), "spec.every in body should match", fails: true),
        KubectlStep("create -f -", input: backup("keep: 1"), "spec.every: Required value", fails: true),
        KubectlStep("apply -f -", input: backup("every: 6h"), "backup.shop.example/nightly created"),
        KubectlStep("get bk -n shop", "NAME", "EVERY", "6h"),
        KubectlStep("get bk nightly -n shop -o jsonpath={.spec.keep}", "3"),
        KubectlStep(
            "patch bk nightly -n shop --type=merge -p {\"spec\":{\"keep\":0}}", "should be greater than or equal to 1", fails: true),
        KubectlStep("delete crd backups.shop.example", "deleted"),
        KubectlStep("get bk -n shop", fails: true),
    ]

    private static let removing: [KubectlStep] = [
        KubectlStep("delete deployment web -n shop --cascade=orphan", "deleted"),
        KubectlStep("get rs -n shop", "web-"),
        KubectlStep("delete statefulset db -n shop --cascade=foreground --timeout=60s", "deleted"),
        KubectlStep("wait pod -n shop -l app=db --for=delete --timeout=60s"),
        KubectlStep("delete daemonset agent -n shop --cascade=background", "deleted"),
        KubectlStep("wait pod -n shop -l app=agent --for=delete --timeout=60s"),
        KubectlStep("delete namespace shop --timeout=60s", "deleted"),
    ]

    @Test(.timeLimit(.minutes(4))) func session() async throws {
        try await KubectlStep.run(Self.making + Self.looking + Self.changing + Self.removing, as: "operations")
    }
}
