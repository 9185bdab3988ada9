import Core
import Foundation
import Kubernetes
import SwiftASN1
import Testing
import X509

@testable import Twin

/// A fault, what it is done to, and the sign by which the API shows it.
struct FaultSign: Sendable, CustomTestStringConvertible {
    let slug: String
    let target: String
    /// Whom the truth blames, as far as the name is known; nil: the target.
    var blamed: String?
    /// Seconds until the sign is there, and until all is well again without the fault.
    var after = 120
    var until = 240
    /// Requests a second that reach web meanwhile.
    var load = 0
    let shows: @Sendable (FaultStage) async throws -> Bool

    var testDescription: String { slug }
}

/// Each fault shows itself by what a real cluster would show, says whom to blame, and leaves nothing behind when it is taken back.
/// Those of ``FaultTests`` are the others.
@Suite struct FaultSignTests {
    @Test(arguments: pods + programs + peers + others) func aFaultShowsAndLeavesNothing(_ fault: FaultSign) async throws {
        let stage = try await FaultStage(load: fault.load)
        #expect(await stage.unwell() == [])
        #expect(try await !fault.shows(stage), "the sign is there without the fault")
        let before = await stage.written()
        let injected = try await stage.twin.inject(fault.slug, target: fault.target)
        #expect(injected.truth.category == fault.slug)
        let blamed = fault.blamed ?? fault.target.split(separator: "/").suffix(2).joined(separator: "/")
        #expect(injected.truth.resource.hasPrefix(blamed))
        await stage.twin.advance(by: .seconds(fault.after))
        #expect(try await fault.shows(stage))
        #expect(await stage.twin.revert(injected.id))
        await stage.twin.advance(by: .seconds(fault.until))
        let unwell = await stage.unwell()
        let statuses = await stage.pods(unwell.first ?? "").map { $0["status"]?.text() ?? "" }
        #expect(unwell == [], "\(statuses)")
        let after = await stage.written()
        #expect(Set(before.keys).symmetricDifference(after.keys) == [])
        #expect(before.keys.filter { before[$0] != after[$0] }.sorted() == [])
    }

    private static let web = "shop/Deployment/web"
    private static let api = "shop/Deployment/api"

    private static let pods: [FaultSign] = [
        FaultSign(slug: "anti-affinity", target: web) { await $0.hasEvent("FailedScheduling", "didn't match pod anti-affinity rules") },
        FaultSign(slug: "host-port-conflict", target: web) { await $0.hasEvent("FailedScheduling", "didn't have free ports") },
        FaultSign(slug: "init-container-failing", target: web) { stage in
            let isInLog = await stage.logs("web").contains("0042_orders_index")
            return await stage.states("web").contains { $0["waiting"]?["reason"] == "CrashLoopBackOff" } && isInLog
        },
        FaultSign(slug: "init-container-blocked", target: web) { stage in
            let isInLog = await stage.logs("web").contains("waiting for /var/lock/migration")
            return await stage.pods("web").allSatisfy { $0["status"]?["phase"] == "Pending" } && isInLog
        },
        FaultSign(slug: "sidecar-port-conflict", target: web) { await $0.logs("web").contains(":8080: bind: address already in use") },
        FaultSign(slug: "poststart-hook-failing", target: web) { stage in
            let isKilled = await stage.hasEvent("Killing", "FailedPostStartHook")
            return await stage.hasEvent("FailedPostStartHook", "PostStartHook failed") && isKilled
        },
        FaultSign(slug: "liveness-probe-too-early", target: web) { stage in
            let isEarly = await stage.logs("web").contains("warming up")
            return await stage.hasEvent("Killing", "failed liveness probe") && isEarly
        },
        FaultSign(slug: "probe-wrong-protocol", target: web) {
            await $0.hasEvent("Unhealthy", "Readiness probe failed: timeout: failed to connect service")
        },
        FaultSign(slug: "pod-dns-policy", target: web, load: 20) { await $0.logs("web").contains("lookup api on 10.255.255.53:53") },
        FaultSign(slug: "bad-config", target: web) { await $0.logs("web").contains("/etc/app/app.yaml: yaml: line 4") },
        FaultSign(slug: "permission-denied", target: web) { await $0.hasEvent("Failed", "\"/etc/app/run.sh\": permission denied") },
        FaultSign(slug: "read-only-filesystem", target: web) { await $0.logs("web").contains("app.pid: read-only file system") },
        FaultSign(slug: "evicted-ephemeral-storage", target: web) { await $0.hasEvent("Evicted", "ephemeral local storage usage exceeds") },
        FaultSign(slug: "pvc-no-volume", target: web, blamed: "PersistentVolumeClaim/web-archive") { await $0.hasEvent("FailedBinding") },
        FaultSign(slug: "pvc-storageclass-missing", target: web, blamed: "PersistentVolumeClaim/web-archive") {
            await $0.hasEvent("ProvisioningFailed", "absent-class")
        },
    ]

    private static let programs: [FaultSign] = [
        FaultSign(slug: "rollout-stuck", target: web) { stage in
            let progress = await stage.object(.deployments, "web")?.condition("Progressing")
            let isServing = await stage.pods("web").count { $0.condition("Ready")?["status"] == "True" } == 2
            let isAbsent = await stage.hasEvent("Failed", "web:1.4.3")
            return progress?["reason"] == "ProgressDeadlineExceeded" && isServing && isAbsent
        },
        FaultSign(slug: "bad-release-errors", target: web) { await $0.metric("http_requests_total", "web", "code=\"500\"") > 100 },
        FaultSign(slug: "bad-release-latency", target: web, load: 20) { await $0.latency("web") > 0.5 },
        FaultSign(slug: "memory-leak", target: web, after: 2000) { stage in
            await stage.states("web").contains { $0["terminated"]?["reason"] == "OOMKilled" }
        },
        FaultSign(slug: "exec-format-error", target: web) { stage in
            let isInLog = await stage.logs("web").contains("exec /entrypoint: exec format error")
            return await stage.states("web").contains { $0["terminated"]?["exitCode"] == 255 } && isInLog
        },
        FaultSign(slug: "flag-change", target: web) { stage in
            let isTurned = await stage.object(.configMaps, "settings")?["data"]?["CHEAP_MODE"] == "true"
            return await stage.metric("http_requests_total", "web", "code=\"500\"") > 100 && isTurned
        },
        FaultSign(slug: "thundering-restart", target: web, after: 30) { stage in
            let ends = await stage.states("web").compactMap { $0["terminated"]?["finishedAt"]?.string }
            return ends.count == 2 && Set(ends).count == 1
        },
        FaultSign(slug: "cronjob-failing", target: "shop/CronJob/export", after: 330) { stage in
            await stage.twin.store.list(.jobs, namespace: "shop").contains { $0.condition("Failed")?["status"] == "True" }
        },
        FaultSign(slug: "cronjob-blocked", target: "shop/CronJob/export", after: 660) { await $0.hasEvent("JobAlreadyActive") },
        FaultSign(slug: "job-backoff-exceeded", target: "shop/Job/import", blamed: "Job/import-again") { stage in
            await stage.object(.jobs, "import-again")?.condition("Failed")?["reason"] == "BackoffLimitExceeded"
        },
        FaultSign(slug: "job-deadline-exceeded", target: "shop/CronJob/export", blamed: "Job/export-again") { stage in
            await stage.object(.jobs, "export-again")?.condition("Failed")?["reason"] == "DeadlineExceeded"
        },
    ]

    private static let peers: [FaultSign] = [
        FaultSign(slug: "dns-name-not-found", target: web, load: 20) {
            await $0.logs("web").contains("lookup apis on 10.96.0.10:53: no such host")
        },
        FaultSign(slug: "service-env-address-mismatch", target: web, load: 20) { await $0.logs("web").contains(":8081: i/o timeout") },
        FaultSign(slug: "db-wrong-port", target: api, load: 20) { await $0.logs("api").contains(":5433: i/o timeout") },
        FaultSign(slug: "dependency-unreachable", target: web) {
            await $0.logs("web").contains("cannot reach api.provider.example.com:443: dial tcp 203.0.113.")
        },
        FaultSign(slug: "dependency-latency", target: web, load: 20) { await $0.latency("web") > 1 },
        FaultSign(slug: "db-credentials", target: api) {
            await $0.logs("api").contains("database:5432: pq: password authentication failed")
        },
        FaultSign(slug: "db-connections-exhausted", target: "shop/Deployment/database", load: 20) {
            await $0.logs("api").contains("sorry, too many clients already")
        },
        FaultSign(slug: "db-read-only", target: "shop/Deployment/database", load: 20) {
            await $0.logs("api").contains("read-only transaction")
        },
        FaultSign(slug: "network-policy-blocking", target: api, blamed: "NetworkPolicy/api-isolation", load: 20) {
            await $0.logs("web").contains(":8080: i/o timeout")
        },
        FaultSign(slug: "rbac-forbidden", target: web, blamed: "Role/web-reader") {
            await $0.logs("web").contains("User \"system:serviceaccount:shop:default\" cannot list resource")
        },
        FaultSign(slug: "traffic-surge", target: web, load: 20) { await $0.metric("http_requests_total", "web", "code=\"503\"") > 100 },
        FaultSign(slug: "retry-storm", target: web, load: 20) { stage in
            let called = await stage.metric("http_requests_total", "api")
            return await called > 3 * stage.metric("http_requests_total", "web")
        },
        FaultSign(slug: "noisy-neighbour", target: "shop/Deployment/worker", until: 900) {
            await $0.metric("container_cpu_usage_seconds_total", "worker") > 60
        },
    ]

    private static let others: [FaultSign] = [
        FaultSign(slug: "kube-proxy-down", target: "Node/worker-1", load: 20) { stage in
            let logs = await stage.logs("web") + stage.logs("api")
            return await stage.hasEvent("BackOff", "container kube-proxy in pod") && logs.contains(" on 10.96.0.10:53: read udp")
        },
        FaultSign(slug: "preempted", target: web, after: 200) { stage in
            let isPending = await stage.pods("web").contains { $0.condition("PodScheduled")?["reason"] == "Unschedulable" }
            let victims = await stage.twin.store.list(.events, namespace: "shop").filter { $0["reason"] == "Preempted" }
            return isPending && !victims.isEmpty && victims.allSatisfy { $0["involvedObject"]?["name"]?.string?.hasPrefix("web-") == true }
        },
        FaultSign(slug: "disk-filling", target: "shop/PersistentVolumeClaim/data", after: 7500) { stage in
            let page = await stage.metricsPage()
            let isFull = page.contains { $0.hasPrefix("kubelet_volume_stats_available_bytes{") && $0.hasSuffix(" 0") }
            return await stage.logs("database").contains("ERROR write /data: no space left on device") && isFull
        },
        FaultSign(slug: "queue-backlog", target: "shop/Deployment/worker") { stage in
            let waiting = await stage.metric("queue_messages_ready", "worker")
            return await stage.logs("worker").contains("messages wait for a worker") && waiting > 2000
        },
        FaultSign(slug: "node-runtime-down", target: "Node/worker-1") { stage in
            let node = await stage.object(.nodes, "worker-1")
            let ready = node?.condition("Ready")
            return ready?["status"] == "False" && ready?["message"]?.string?.contains("container runtime is down") == true
                && node?["spec"]?["taints"]?.array?.contains { $0["key"] == "node.kubernetes.io/not-ready" } == true
        },
        FaultSign(slug: "hpa-no-metrics", target: "shop/HorizontalPodAutoscaler/worker") {
            await $0.hasEvent("FailedGetResourceMetric", "the server could not find the requested resource")
        },
        FaultSign(slug: "hpa-missing-requests", target: "shop/HorizontalPodAutoscaler/worker") {
            await $0.hasEvent("FailedGetResourceMetric", "missing request for cpu in container worker")
        },
        FaultSign(slug: "hpa-at-max", target: "shop/HorizontalPodAutoscaler/worker", after: 300, until: 900) { stage in
            let scaler = await stage.object(.horizontalPodAutoscalers, "worker")
            return scaler?.condition("ScalingLimited")?["reason"] == "TooManyReplicas" && scaler?["status"]?["currentReplicas"] == 3
        },
        FaultSign(slug: "gateway-misroute", target: "shop/Ingress/web") { stage in
            let path = await stage.object(.ingresses, "web")?["spec"]?["rules"]?.array?.first?["http"]?["paths"]?.array?.first
            return path?["backend"]?["service"]?["name"] != "web"
        },
        FaultSign(slug: "certificate-expired", target: "shop/Ingress/web", blamed: "Secret/web-tls") { stage in
            guard let text = await stage.object(.secrets, "web-tls")?["data"]?["tls.crt"]?.string, let pem = Data(base64Encoded: text)
            else { return false }
            let end = try Certificate(pemEncoded: String(decoding: pem, as: UTF8.self)).notValidAfter
            return end < Date(timeIntervalSince1970: stage.twin.clock.now().seconds)
        },
        FaultSign(slug: "pod-stuck-finalizer", target: web, blamed: "Pod/web-") { stage in
            await stage.pods("web").contains { pod in
                let ended = pod["status"]?["containerStatuses"]?.array?.allSatisfy { $0["state"]?["terminated"] != nil } == true
                return pod.isBeingDeleted && ended && pod["metadata"]?["finalizers"] == ["example.com/backup"]
            }
        },
        FaultSign(slug: "pod-slow-termination", target: web, blamed: "Pod/web-") { stage in
            await stage.pods("web").contains { $0.isBeingDeleted && $0["metadata"]?["deletionGracePeriodSeconds"] == 600 }
        },
        FaultSign(slug: "pvc-stuck-terminating", target: "shop/PersistentVolumeClaim/data") { stage in
            let claim = await stage.object(.persistentVolumeClaims, "data")
            return claim?.isBeingDeleted == true && claim?["metadata"]?["finalizers"] == ["kubernetes.io/pvc-protection"]
        },
        FaultSign(slug: "namespace-stuck-finalizer", target: "Namespace/shop", blamed: "Namespace/shop-retired") { stage in
            let namespace = await stage.object(.namespaces, "shop-retired")
            return namespace?.condition("NamespaceFinalizersRemaining")?["message"]?.string?.contains("example.com/archive") == true
        },
    ]
}
