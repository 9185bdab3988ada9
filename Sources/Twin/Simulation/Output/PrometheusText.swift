import Core
import Kubernetes

/// What a pod's programs expose at `/metrics`, and what its node says of their use, in Prometheus' text format 0.0.4.
enum PrometheusText {
    static func of(_ worker: PodWorker, now: Timestamp) -> String {
        let pod = "namespace=\"\(escape(worker.key.namespace))\",pod=\"\(escape(worker.key.name))\",node=\"\(escape(worker.node))\""
        let running = worker.containers.filter(\.isRunning)
        var out = ""
        func family(_ name: String, _ type: String, _ help: String) { out += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n" }
        let serving = running.filter { !$0.listeningPorts.isEmpty }
        if !serving.isEmpty {
            family("http_requests_total", "counter", "Requests answered, by status code.")
            for container in serving {
                let answered = container.answered(at: now)
                for (code, count) in zip(AnsweredRequests.codes, answered.byCode) where count > 0 || code == 200 || code == 500 {
                    out += "http_requests_total{\(pod),container=\"\(container.name)\",code=\"\(code)\"} \(Int(count))\n"
                }
            }
            family("http_request_duration_seconds", "histogram", "Time to answer.")
            for container in serving { out += histogram(container, pod, now) }
            family("http_requests_in_flight", "gauge", "Requests in work or waiting.")
            for container in serving {
                out += "http_requests_in_flight{\(pod),container=\"\(container.name)\"} \(Int(container.load?.inFlight ?? 0))\n"
            }
        }
        family("container_memory_working_set_bytes", "gauge", "Memory in use.")
        for container in running {
            out += "container_memory_working_set_bytes{\(pod),container=\"\(container.name)\"} \(Int(container.memory(at: now)))\n"
        }
        family("container_cpu_usage_seconds_total", "counter", "CPU time used.")
        for container in running {
            out += "container_cpu_usage_seconds_total{\(pod),container=\"\(container.name)\"} \(number(container.cpuSeconds(at: now)))\n"
        }
        let limited = running.filter { $0.load?.periods ?? 0 > 0 }
        if !limited.isEmpty {
            for (name, help, value) in throttling {
                family(name, "counter", help)
                for container in limited {
                    out += "\(name){\(pod),container=\"\(container.name)\"} \(number(container.load.map(value) ?? 0))\n"
                }
            }
        }
        return out
    }

    private static let throttling: [(name: String, help: String, value: @Sendable (ContainerLoad) -> Double)] = [
        ("container_cpu_cfs_periods_total", "Periods of the CPU quota.", { $0.periods.rounded() }),
        ("container_cpu_cfs_throttled_periods_total", "Periods in which the CPU quota was used up.", { $0.throttledPeriods.rounded() }),
        ("container_cpu_cfs_throttled_seconds_total", "Time spent waiting for the CPU quota.", { $0.throttledSeconds }),
    ]

    private static func histogram(_ container: ContainerWorker, _ pod: String, _ now: Timestamp) -> String {
        let answered = container.answered(at: now)
        let name = "http_request_duration_seconds"
        var out = ""
        for (bound, count) in zip(AnsweredRequests.bounds, answered.byBound) {
            out += "\(name)_bucket{\(pod),container=\"\(container.name)\",le=\"\(JSON.number(bound).text())\"} \(Int(count))\n"
        }
        out += "\(name)_bucket{\(pod),container=\"\(container.name)\",le=\"+Inf\"} \(Int(answered.count))\n"
        out += "\(name)_sum{\(pod),container=\"\(container.name)\"} \(number(answered.time))\n"
        out += "\(name)_count{\(pod),container=\"\(container.name)\"} \(Int(answered.count))\n"
        return out
    }

    private static func number(_ value: Double) -> String { JSON.number((value * 1000).rounded() / 1000).text() }

    private static func escape(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
