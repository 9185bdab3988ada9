import Testing

/// A session of the PATH's `kubectl` against a twin on a socket, its output checked.
@Suite struct KubectlSessionTests {
    static func manifest(image: String) -> String {
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: settings, namespace: shop}
        data: {COLOUR: blue}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web, namespace: shop, labels: {app: web}}
        spec:
          replicas: 2
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec:
              containers:
              - name: web
                image: \(image)
                ports: [{name: http, containerPort: 8080}]
                envFrom: [{configMapRef: {name: settings}}]
                resources: {requests: {cpu: 10m, memory: 16Mi}}
                readinessProbe: {httpGet: {path: /readyz, port: http}, periodSeconds: 2}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: shop}
        spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
        """
    }

    static let steps: [KubectlStep] = [
        KubectlStep("version", "Server Version: v1.36.2"),
        KubectlStep("api-resources", "deployments", "deploy", "apps/v1", "HorizontalPodAutoscaler"),
        KubectlStep("get nodes", "worker-1", "Ready", "v1.36.2"),
        KubectlStep("apply -f -", input: "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n", "namespace/shop created"),
        KubectlStep(
            "apply -f -", input: manifest(image: "registry.example.com/shop/web:1.4.2"), "configmap/settings created",
            "deployment.apps/web created"),
        KubectlStep("rollout status deployment/web -n shop --timeout=60s", "successfully rolled out"),
        KubectlStep("get deployment web -n shop", "NAME", "READY", "2/2"),
        KubectlStep("get pods -n shop -o wide", "1/1", "Running", "worker-"),
        KubectlStep("get pods -n shop -l app=web --field-selector status.phase=Running -o name", "pod/web-"),
        KubectlStep("get rs,svc,configmap,endpointslices -n shop", "replicaset.apps/web-", "service/web", "configmap/settings", "80/TCP"),
        KubectlStep("apply -f -", input: manifest(image: "registry.example.com/shop/web:1.4.2"), "deployment.apps/web unchanged"),
        KubectlStep(
            "apply -f -", input: "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}\n",
            "no matches for kind \"Widget\" in version \"example.com/v1\"", fails: true),
        KubectlStep("logs deployment/web -n shop", "ready to serve"),
        KubectlStep(
            "describe deployment web -n shop", "RollingUpdateStrategy:  25% max unavailable, 25% max surge", "2 desired",
            "ScalingReplicaSet"),
        KubectlStep("describe pods -n shop -l app=web", "Node:", "Successfully assigned", "settings    ConfigMap"),
        KubectlStep("get events -n shop", "ScalingReplicaSet", "Started"),
        KubectlStep("events -n shop --for deployment/web", "ScalingReplicaSet"),
        KubectlStep("top nodes", "worker-1", "CPU(cores)"),
        KubectlStep("top pods -n shop", "web-", "MEMORY(bytes)"),
        KubectlStep("apply -f -", input: manifest(image: "registry.example.com/shop/web:1.5.0"), "deployment.apps/web configured"),
        KubectlStep("rollout status deployment/web -n shop --timeout=60s", "successfully rolled out"),
        KubectlStep("rollout history deployment/web -n shop", "REVISION", "2"),
        KubectlStep("rollout undo deployment/web -n shop", "rolled back"),
        KubectlStep("rollout status deployment/web -n shop --timeout=60s", "successfully rolled out"),
        KubectlStep("get deployment web -n shop -o jsonpath={.spec.template.spec.containers[0].image}", "web:1.4.2"),
        KubectlStep("rollout restart deployment/web -n shop", "restarted"),
        KubectlStep("rollout status deployment/web -n shop --timeout=60s", "successfully rolled out"),
        KubectlStep("rollout pause deployment/web -n shop", "paused"),
        KubectlStep("rollout resume deployment/web -n shop", "resumed"),
        KubectlStep("scale deployment/web -n shop --replicas=3", "scaled"),
        KubectlStep("wait deployment/web -n shop --for=jsonpath={.status.readyReplicas}=3 --timeout=60s", "condition met"),
        KubectlStep(
            "patch deployment web -n shop -p {\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"web\",\"env\":[{\"name\":\"B\",\"value\":\"2\"}]}]}}}}",
            "patched"),
        KubectlStep("patch deployment web -n shop --type=merge -p {\"metadata\":{\"labels\":{\"tier\":\"front\"}}}", "patched"),
        KubectlStep(
            "patch deployment web -n shop --type=json -p [{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":1}]", "patched"),
        KubectlStep("set image deployment/web web=registry.example.com/shop/web:9.9.9 -n shop", "image updated"),
        KubectlStep(
            "wait pod -n shop -l app=web --for=jsonpath={.status.containerStatuses[0].state.waiting.reason}=ImagePullBackOff --timeout=5s",
            fails: true),
        KubectlStep("rollout undo deployment/web -n shop", "rolled back"),
        KubectlStep("label deployment web -n shop team=a", "labeled"),
        KubectlStep("annotate deployment web -n shop note=x", "annotated"),
        KubectlStep("explain deployment.spec.replicas", "replicas <integer>"),
        KubectlStep(
            "get pods -n shop --as=jane", "Error from server (Forbidden): pods is forbidden: User \"jane\" cannot list resource \"pods\"",
            fails: true),
        KubectlStep("get deployment none -n shop", "Error from server (NotFound): deployments.apps \"none\" not found", fails: true),
        KubectlStep(
            "create -f - --dry-run=server",
            input: manifest(image: "registry.example.com/shop/web:1.5.0").replacing("name: web,", with: "name: web2,").replacing(
                "name: settings,", with: "name: settings2,"), "deployment.apps/web2 created (server dry run)"),
        KubectlStep(
            "apply -f -", input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: typo, namespace: shop}\ndta: {a: b}",
            "unknown field \"dta\"", fails: true),
        KubectlStep(
            "apply --server-side -f -", input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: side, namespace: shop}\ndata: {a: b}",
            "serverside-applied"),
        KubectlStep(
            "apply --server-side --field-manager=other -f -",
            input: "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: side, namespace: shop}\ndata: {a: c}", "conflict", fails: true),
        KubectlStep("cordon worker-2", "node/worker-2 cordoned"),
        KubectlStep("get nodes", "Ready,SchedulingDisabled"),
        KubectlStep("uncordon worker-2", "node/worker-2 uncordoned"),
        KubectlStep("delete deployment web -n shop", "\"web\" deleted"),
        KubectlStep("wait pod -n shop -l app=web --for=delete --timeout=60s"),
        KubectlStep("delete namespace shop --timeout=60s", "namespace \"shop\" deleted"),
        KubectlStep("get namespace shop", "not found", fails: true),
    ]

    @Test(.timeLimit(.minutes(3))) func session() async throws { try await KubectlStep.run(Self.steps, as: "rollouts") }
}
