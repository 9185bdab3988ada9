import Core
import Kubernetes

/// What is wrong with the shape of a workload's pods: where they may go, what else runs in them, how they are looked after. A Deployment
/// recreates its pods, so that no older revision goes on serving.
enum PodShapeFaults {
    static let all: [Fault] = [
        crowd("anti-affinity", "its pods must not share a node, and there is one more of them than nodes") { template, _ in
            let term: JSON = [
                "labelSelector": ["matchLabels": template["metadata"]?["labels"] ?? [:]], "topologyKey": "kubernetes.io/hostname",
            ]
            template[at: "spec", "affinity", "podAntiAffinity"] = ["requiredDuringSchedulingIgnoredDuringExecution": [term]]
        },
        crowd("host-port-conflict", "its pods want one port of their node, and there is one more of them than nodes") { template, port in
            var containers = template["spec"]?["containers"]?.array ?? []
            guard !containers.isEmpty else { return }
            containers[0]["ports"] = [["containerPort": JSON(port), "hostPort": JSON(port), "protocol": "TCP"]]
            template[at: "spec", "containers"] = .array(containers)
        },
        initial("init-container-failing", "gets an init container whose program fails", "migrate") {
            $0.exit = Behaviour.Exit(
                code: 1, after: .seconds(2),
                log: ["applying migration 0042_orders_index", "ERROR migration 0042_orders_index: relation \"orders\" does not exist"])
        },
        initial("init-container-blocked", "gets an init container that waits for ever", "wait-for-lock") {
            $0.exit = nil
            $0.log = [Behaviour.LogLine(text: "waiting for /var/lock/migration to be released", after: .zero, every: .seconds(5))]
        },
        shape("sidecar-port-conflict", "gets a second container that listens on the port of the first") {
            (key, scene) throws(MartletError) in
            let port = try port(of: key, scene)
            try scene.changeTemplate(of: key) { (template) throws(MartletError) in
                let containers = template["spec"]?["containers"]?.array ?? []
                let sidecar: JSON = [
                    "name": "exporter", "image": containers[0]["image"] ?? "",
                    "ports": [["containerPort": JSON(port), "protocol": "TCP"]],
                ]
                template[at: "spec", "containers"] = .array(containers + [sidecar])
            }
            scene.flaw(key, container: "exporter") {
                $0 = Behaviour()
                $0.listen = Behaviour.Listen(ports: [port])
            }
        },
        shape("poststart-hook-failing", "gets a postStart hook that asks a port which nobody serves") { (key, scene) throws(MartletError) in
            try scene.changeContainer(of: key) { (container) throws(MartletError) in
                container[at: "lifecycle", "postStart"] = ["httpGet": ["path": "/warm-up", "port": 59_999]]
            }
        },
        shape("liveness-probe-too-early", "takes a minute to start, and its liveness probe gives it ten seconds") {
            (key, scene) throws(MartletError) in
            let port = try port(of: key, scene)
            try scene.changeContainer(of: key) { (container) throws(MartletError) in
                container["startupProbe"] = nil
                container["livenessProbe"] = [
                    "tcpSocket": ["port": JSON(port)], "initialDelaySeconds": 4, "periodSeconds": 3, "failureThreshold": 2,
                ]
            }
            scene.flaw(key) {
                $0.start = .seconds(60)
                $0.listen?.after = .seconds(60)
                $0.log.append(Behaviour.LogLine(text: "warming up the cache, this takes about 60 s", after: .milliseconds(200), every: nil))
            }
        },
        shape("probe-wrong-protocol", "its readiness probe speaks another protocol than its program: gRPC to HTTP, HTTP to gRPC") {
            (key, scene) throws(MartletError) in
            let port = try port(of: key, scene)
            let isGRPC = try scene.program(of: key).listen?.speech == .grpc
            try scene.changeContainer(of: key) { (container) throws(MartletError) in
                container["readinessProbe"] =
                    isGRPC
                    ? ["httpGet": ["path": "/healthz", "port": JSON(port)], "periodSeconds": 5]
                    : ["grpc": ["port": JSON(port)], "periodSeconds": 5]
            }
        },
        shape("pod-dns-policy", "its pods ask a name server of their own, which nobody serves") { (key, scene) throws(MartletError) in
            let peer = try scene.variable(of: key) { _ in true }
            try scene.changeTemplate(of: key) { (template) throws(MartletError) in
                template[at: "spec", "dnsPolicy"] = "None"
                template[at: "spec", "dnsConfig"] = ["nameservers": ["10.255.255.53"]]
            }
            try scene.need(peer, of: key)
        },
    ]

    private static func shape(
        _ slug: String, _ about: String, _ change: @escaping @Sendable (ObjectKey, inout FaultScene) throws(MartletError) -> Void
    ) -> Fault {
        WorkloadFaults.workload(slug, about) { (key, scene) throws(MartletError) in
            try scene.recreate(key)
            try change(key, &scene)
        }
    }

    /// More pods than there are nodes for.
    private static func crowd(
        _ slug: String, _ about: String, _ change: @escaping @Sendable (_ template: inout JSON, _ port: Int) -> Void
    ) -> Fault {
        shape(slug, about) { (key, scene) throws(MartletError) in
            let port = (try? port(of: key, scene)) ?? 8080
            scene.loseRevisions(of: key)
            try scene.changeTemplate(of: key) { (template) throws(MartletError) in change(&template, port) }
            guard key.type != .daemonSets else { return }
            let replicas = scene.store.get(key)?["spec"]?["replicas"]?.int ?? 1
            try scene.set(["spec", "replicas"], to: JSON(max(replicas, scene.store.count(.nodes) + 1)), of: key)
        }
    }

    private static func initial(
        _ slug: String, _ about: String, _ name: String, _ change: @escaping @Sendable (inout Behaviour) -> Void
    ) -> Fault {
        shape(slug, about) { (key, scene) throws(MartletError) in
            try scene.changeTemplate(of: key) { (template) throws(MartletError) in
                let image = template["spec"]?["containers"]?.array?.first?["image"] ?? ""
                let container: JSON = ["name": .string(name), "image": image, "command": [.string("/app/" + name)]]
                template[at: "spec", "initContainers"] = .array([container] + (template["spec"]?["initContainers"]?.array ?? []))
            }
            scene.flaw(key, container: name) {
                $0 = Behaviour()
                change(&$0)
            }
        }
    }

    /// The port that the first program of a workload serves.
    private static func port(of key: ObjectKey, _ scene: FaultScene) throws(MartletError) -> Int {
        let declared = scene.store.get(key)?["spec"]?["template"]?["spec"]?["containers"]?.array?.first?["ports"]?.array?.first
        if let port = try scene.program(of: key).listen?.ports.first ?? declared?["containerPort"]?.int { return port }
        throw MartletError(.invalid, "\(key.type.kind)/\(key.name) serves no port", fix: "name a workload that does")
    }
}
