import Core
import HTTPTypes
import Incidents
import Remediation

/// `/healthz`, `/readyz`, `/metrics`: the process itself. They need no token and tell nothing of the clusters' contents.
struct Probes: Sendable {
    let backend: any ServerBackend
    let feed: EventFeed
    let counts: RequestCounts
    let notifier: WebhookNotifier?
    let clock: any WallClock

    var endpoints: [Endpoint] {
        [
            .probe("/healthz") { _ in .text("ok\n") },
            .probe("/readyz") { _ in
                guard let reason = await backend.status().notReady else { return .text("ok\n") }
                return .text("not ready: \(reason.terminalSafe)\n", status: 503)
            },
            .probe("/metrics") { _ in
                var answer = Answer.text(await metrics())
                answer.headers[.contentType] = "text/plain; version=0.0.4; charset=utf-8"
                return answer
            },
        ]
    }

    private func metrics() async -> String {
        let status = await backend.status()
        let boards = await backend.boards()
        var text = PrometheusText()
        text.family("martlet_build_info", "gauge", "The version that runs.")
        text.sample("martlet_build_info", [("version", status.version)], 1)
        text.family("martlet_start_time_seconds", "gauge", "When the process started, in seconds since 1970.")
        text.sample("martlet_start_time_seconds", [], status.startedAt.seconds)
        text.family("martlet_paused", "gauge", "1 while acting is paused.")
        text.sample("martlet_paused", [], status.pause == nil ? 0 : 1)
        text.family("martlet_ready", "gauge", "1 when ready.")
        text.sample("martlet_ready", [], status.notReady == nil ? 1 : 0)
        text.family("martlet_incidents", "gauge", "Incidents by state.")
        for state in IncidentState.allCases {
            text.sample("martlet_incidents", [("state", state.rawValue)], Double(boards.incidents.count { $0.state == state }))
        }
        text.family("martlet_plans", "gauge", "Plans that ended, by outcome.")
        for (outcome, plans) in Dictionary(grouping: boards.plans.compactMap(\.outcome), by: \.self).sorted(by: { $0.key < $1.key }) {
            text.sample("martlet_plans", [("outcome", outcome)], Double(plans.count))
        }
        text.family("martlet_journal_entries", "gauge", "Entries in the journal.")
        text.sample("martlet_journal_entries", [], Double(await backend.newestEntry()))
        if let bytes = status.journalBytes {
            text.family("martlet_journal_bytes", "gauge", "Size of the journal's file.")
            text.sample("martlet_journal_bytes", [], Double(bytes))
        }
        text.family("martlet_cluster_synced", "gauge", "1 when the cache of a cluster equals the cluster.")
        for cluster in status.clusters { text.sample("martlet_cluster_synced", [("cluster", cluster.name)], cluster.isSynced ? 1 : 0) }
        text.family("martlet_cluster_blind", "gauge", "1 when pods, or what an open incident was concluded from, may not be read.")
        for cluster in status.clusters { text.sample("martlet_cluster_blind", [("cluster", cluster.name)], cluster.isBlind ? 1 : 0) }
        text.family("martlet_cluster_objects", "gauge", "Pods in the cache of a cluster.")
        for cluster in status.clusters { text.sample("martlet_cluster_objects", [("cluster", cluster.name)], Double(cluster.objects)) }
        text.family("martlet_queue_length", "gauge", "What waits in a bounded queue.")
        let notifications = await notifier?.figures
        let own = notifications.map { [ServerStatus.Queue(name: "notify", length: $0.waiting, capacity: WebhookNotifier.capacity)] } ?? []
        for queue in status.queues + own { text.sample("martlet_queue_length", [("queue", queue.name)], Double(queue.length)) }
        text.family("martlet_queue_capacity", "gauge", "What fits into a bounded queue.")
        for queue in status.queues + own { text.sample("martlet_queue_capacity", [("queue", queue.name)], Double(queue.capacity)) }
        if let notifications {
            text.family("martlet_notifications_total", "counter", "Webhook posts by result.")
            text.sample("martlet_notifications_total", [("result", "delivered")], Double(notifications.delivered))
            text.sample("martlet_notifications_total", [("result", "dead")], Double(notifications.dead))
            text.sample("martlet_notifications_total", [("result", "retried")], Double(notifications.retried))
        }
        text.family("martlet_event_streams", "gauge", "Open event streams.")
        text.sample("martlet_event_streams", [], Double(await feed.readerCount))
        text.family("martlet_http_requests_total", "counter", "Requests answered.")
        for (key, count) in counts.all {
            text.sample(
                "martlet_http_requests_total", [("method", key.method), ("route", key.route), ("status", String(key.status))], Double(count)
            )
        }
        return text.text
    }
}
