import Core
import Kubernetes

/// What a pod's programs expose at `/metrics`, and what its node says of their use, in Prometheus' text format 0.0.4.
enum PrometheusText {
    /// Upper bounds of the latency histogram, in seconds (Prometheus' defaults).
    static let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    static func of(_ worker: PodWorker, now: Timestamp) -> String {
        let pod = "namespace=\"\(escape(worker.key.namespace))\",pod=\"\(escape(worker.key.name))\",node=\"\(escape(worker.node))\""
        let running = worker.containers.filter(\.isRunning)
        var out = ""
        func family(_ name: String, _ type: String, _ help: String) { out += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n" }
        let serving = running.filter { !$0.listeningPorts.isEmpty }
        if !serving.isEmpty {
            family("http_requests_total", "counter", "Requests answered, by status code.")
            for container in serving {
                let traffic = container.traffic(at: now)
                for (code, count) in [("200", traffic.served), ("500", traffic.failed)] {
                    out += "http_requests_total{\(pod),container=\"\(container.name)\",code=\"\(code)\"} \(Int(count))\n"
                }
            }
            family("http_request_duration_seconds", "histogram", "Time to answer.")
            for container in serving { out += histogram(container, pod, now) }
        }
        family("container_memory_working_set_bytes", "gauge", "Memory in use.")
        for container in running {
            out += "container_memory_working_set_bytes{\(pod),container=\"\(container.name)\"} \(Int(container.memory(at: now)))\n"
        }
        family("container_cpu_usage_seconds_total", "counter", "CPU time used.")
        for container in running {
            let seconds = container.behaviour.cpu * (now - (container.runningSince ?? now)).secondCount
            out +=
                "container_cpu_usage_seconds_total{\(pod),container=\"\(container.name)\"} \(JSON.number((seconds * 1000).rounded() / 1000).text())\n"
        }
        return out
    }

    private static func histogram(_ container: ContainerWorker, _ pod: String, _ now: Timestamp) -> String {
        let traffic = container.traffic(at: now)
        let total = traffic.served + traffic.failed
        let median = max(0.0005, container.behaviour.latency.secondCount)
        var out = ""
        for bound in bounds {
            // A log-logistic distribution: half of all answers within the median, 99 % within about three times it.
            let share = 1 / (1 + pow4(median / bound))
            out +=
                "http_request_duration_seconds_bucket{\(pod),container=\"\(container.name)\",le=\"\(JSON.number(bound).text())\"} \(Int(total * share))\n"
        }
        out += "http_request_duration_seconds_bucket{\(pod),container=\"\(container.name)\",le=\"+Inf\"} \(Int(total))\n"
        out +=
            "http_request_duration_seconds_sum{\(pod),container=\"\(container.name)\"} \(JSON.number((total * median * 1.11 * 1000).rounded() / 1000).text())\n"
        out += "http_request_duration_seconds_count{\(pod),container=\"\(container.name)\"} \(Int(total))\n"
        return out
    }

    private static func pow4(_ x: Double) -> Double { x * x * x * x }

    private static func escape(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

extension ContainerWorker {
    func traffic(at now: Timestamp) -> Traffic {
        guard isRunning, !isStopping else { return traffic }
        return traffic.counted(until: now, rate: behaviour.requests, errorShare: behaviour.errorRate)
    }

    /// Bytes in use.
    func memory(at now: Timestamp) -> Double {
        guard let since = runningSince else { return 0 }
        return behaviour.memory.bytes(after: now - since)
    }
}
