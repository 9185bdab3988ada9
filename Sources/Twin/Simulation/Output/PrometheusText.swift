import Core
import Kubernetes

/// What the programs of pods expose at `/metrics`, and what their nodes say of their use.
enum PrometheusText {
    private typealias Sample = ExpositionText.Sample

    static func write(_ workers: [PodWorker], now: Timestamp, to page: inout ExpositionText) {
        let running = workers.flatMap { worker in worker.containers.filter(\.isRunning).map { (worker, $0) } }
        let serving = running.filter { !$0.1.listeningPorts.isEmpty }
        func samples(
            _ containers: [(PodWorker, ContainerWorker)], _ value: (ContainerWorker) -> Double
        ) -> [Sample] {
            containers.map { Sample(labels: labels($0.0, $0.1), value: value($0.1)) }
        }
        page.add(
            "http_requests_total", .counter, "Requests answered, by status code.",
            serving.flatMap { worker, container in
                zip(AnsweredRequests.codes, container.answered(at: now).byCode).compactMap { code, count in
                    guard count > 0 || code == 200 || code == 500 else { return nil }
                    return Sample(labels: labels(worker, container) + [("code", String(code))], value: count.rounded(.down))
                }
            })
        page.add(
            "http_request_duration_seconds", .histogram, "Time to answer.",
            serving.flatMap { histogram($0.1.answered(at: now), labels($0.0, $0.1)) })
        page.add(
            "http_requests_in_flight", .gauge, "Requests in work or waiting.",
            samples(serving) { ($0.load?.inFlight ?? 0).rounded(.down) })
        let queueing = running.filter { $0.1.behaviour.backlog != nil }
        page.add("queue_messages_ready", .gauge, "Messages that wait.", samples(queueing) { $0.backlog(at: now) ?? 0 })
        page.add(
            "queue_oldest_message_age_seconds", .gauge, "How long the oldest message has waited.",
            samples(queueing) { $0.backlogAge(at: now) ?? 0 })
        page.add(
            "container_memory_working_set_bytes", .gauge, "Memory in use.", samples(running) { Double(Int($0.memory(at: now))) })
        page.add("container_cpu_usage_seconds_total", .counter, "CPU time used.", samples(running) { $0.cpuSeconds(at: now) })
        let limited = running.filter { $0.1.load?.periods ?? 0 > 0 }
        page.add(
            "container_cpu_cfs_periods_total", .counter, "Periods of the CPU quota.",
            samples(limited) { ($0.load?.periods ?? 0).rounded() })
        page.add(
            "container_cpu_cfs_throttled_periods_total", .counter, "Periods in which the CPU quota was used up.",
            samples(limited) { ($0.load?.throttledPeriods ?? 0).rounded() })
        page.add(
            "container_cpu_cfs_throttled_seconds_total", .counter, "Time spent waiting for the CPU quota.",
            samples(limited) { $0.load?.throttledSeconds ?? 0 })
    }

    private static func labels(_ worker: PodWorker, _ container: ContainerWorker) -> [(name: String, value: String)] {
        [
            ("namespace", worker.key.namespace), ("pod", worker.key.name), ("node", worker.node), ("container", container.name),
        ]
    }

    private static func histogram(_ answered: AnsweredRequests, _ labels: [(name: String, value: String)]) -> [Sample] {
        zip(AnsweredRequests.bounds, answered.byBound).map { bound, count in
            Sample(suffix: "_bucket", labels: labels + [("le", JSON.number(bound).text())], value: count.rounded(.down))
        } + [
            Sample(suffix: "_bucket", labels: labels + [("le", "+Inf")], value: answered.count.rounded(.down)),
            Sample(suffix: "_sum", labels: labels, value: answered.time),
            Sample(suffix: "_count", labels: labels, value: answered.count.rounded(.down)),
        ]
    }
}
