/// What the same thing is called by different exporters.
enum MetricNames {
    /// Counters of answered requests.
    static let requests = [
        "http_requests_total", "http_server_requests_total", "http_server_request_duration_seconds_count",
        "http_server_requests_seconds_count",
        "istio_requests_total", "grpc_server_handled_total",
    ]
    /// Histograms or summaries of the time to answer, without `_sum` and `_count`, and how many of their units are a second.
    static let durations: [(name: String, perSecond: Double)] = [
        ("http_request_duration_seconds", 1), ("http_server_request_duration_seconds", 1), ("http_server_requests_seconds", 1),
        ("istio_request_duration_milliseconds", 1000), ("http_server_duration_milliseconds", 1000), ("grpc_server_handling_seconds", 1),
    ]
    static let queues = ["queue_messages_ready", "rabbitmq_queue_messages_ready", "kafka_consumergroup_lag", "queue_depth"]

    /// Labels that hold the status of an answer.
    private static let codes = [
        "code", "status", "status_code", "response_code", "http_response_status_code", "http_status_code", "grpc_code",
    ]

    /// Whether a series counts answers that failed on the side of the server.
    static func countsFailures(_ labels: [String: String]) -> Bool {
        for key in codes {
            guard let code = labels[key] else { continue }
            if code.count == 3, code.hasPrefix("5") { return true }
            return ["Internal", "Unavailable", "DeadlineExceeded", "Unknown", "DataLoss", "ResourceExhausted", "5xx", "SERVER_ERROR"]
                .contains(code)
        }
        return labels["outcome"] == "SERVER_ERROR"
    }

    static func pod(_ labels: [String: String]) -> (namespace: String, name: String)? {
        guard let name = labels["pod"] ?? labels["pod_name"] ?? labels["kubernetes_pod_name"],
            let namespace = labels["namespace"] ?? labels["kubernetes_namespace"] ?? labels["pod_namespace"]
        else { return nil }
        return (namespace, name)
    }
}
