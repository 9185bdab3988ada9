import Core

/// What a fault is done to in a trial, and how long it takes until it shows.
struct TrialPlan {
    let target: String
    let wait: Duration
    /// A workload that may run on one node only, of which a pod is replaced after the fault; nil: all may run anywhere.
    let bound: (workload: String, node: String)?

    init(_ slug: String, _ application: TrialApplication, nodes: Int, _ generator: inout SeededGenerator) {
        func place(_ kind: String, _ name: String) -> String { "\(application.namespace)/\(kind)/\(name)" }
        let workloads = [application.web, application.api]
        let any = place("Deployment", workloads[Int(generator.next() % 2)])
        let worker = "worker-\(1 + Int(generator.next() % UInt64(nodes)))"
        let node = "Node/\(worker)"
        // A cordon is felt by those who may go nowhere else.
        bound = slug == "node-cordoned" ? (application.api, worker) : nil
        wait = Self.waits[slug] ?? .seconds(180)
        target =
            switch slug {
            case "db-connections-exhausted", "db-read-only": place("Deployment", application.database)
            case "db-wrong-port", "db-credentials", "network-policy-blocking": place("Deployment", application.api)
            case "noisy-neighbour", "queue-backlog": place("Deployment", application.worker)
            case "dns-name-not-found", "service-env-address-mismatch", "retry-storm", "traffic-surge", "flag-change", "bad-config",
                "config-key-missing", "pod-dns-policy", "missing-env":
                place("Deployment", application.web)
            case "hpa-at-max", "hpa-missing-requests", "hpa-no-metrics", "hpa-target-missing":
                place("HorizontalPodAutoscaler", application.worker)
            case "ingress-backend-missing", "ingress-class-missing", "ingress-port-missing", "gateway-misroute", "certificate-expired":
                place("Ingress", application.web)
            case "cronjob-bad-schedule", "cronjob-blocked", "cronjob-failing", "cronjob-suspended", "job-deadline-exceeded":
                place("CronJob", application.export)
            case "job-backoff-exceeded": place("Job", "import")
            case "service-selector-mismatch", "service-wrong-protocol", "service-wrong-target-port": place("Service", application.api)
            case "disk-filling", "pvc-stuck-terminating": place("PersistentVolumeClaim", application.database + "-data")
            case "pdb-blocking": place("PodDisruptionBudget", application.api)
            case "namespace-stuck-finalizer": "Namespace/\(application.namespace)"
            case "apiservice-unavailable": "APIService/v1.quotes.example.com"
            case "cluster-dns-down": "kube-system/Deployment/coredns"
            case "controller-manager-down": "Lease/kube-controller-manager"
            case "scheduler-down": "Lease/kube-scheduler"
            case "kube-proxy-down": node
            case _ where slug.hasPrefix("node-") && slug != "node-selector-mismatch": node
            default: any
            }
    }

    /// Where three minutes are too short.
    private static let waits: [String: Duration] = [
        "cronjob-blocked": .seconds(700), "cronjob-failing": .seconds(1000), "cronjob-suspended": .seconds(900),
        "cronjob-bad-schedule": .seconds(600), "disk-filling": .seconds(3600), "memory-leak": .seconds(1500), "hpa-at-max": .seconds(600),
        "preempted": .seconds(240), "queue-backlog": .seconds(900), "node-not-ready": .seconds(240), "node-kubelet-down": .seconds(240),
        "noisy-neighbour": .seconds(300), "job-deadline-exceeded": .seconds(240), "job-backoff-exceeded": .seconds(600),
        "scheduling-gated": .seconds(300), "pod-slow-termination": .seconds(200), "liveness-probe-failing": .seconds(400),
    ]
}
