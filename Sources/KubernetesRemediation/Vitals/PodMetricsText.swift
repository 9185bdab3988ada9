import Core
package import Kubernetes
import Remediation

/// Request and error counters from the Prometheus text of pods that ask to be scraped (`prometheus.io/scrape: "true"`), read through
/// the API server's proxy. Where no pod asks for it, or none counts requests, there is no error rate; that is no error. A pod that asks
/// and cannot be read is one.
package struct PodMetricsText: Sendable {
    private let client: KubernetesClient
    /// So many pods at most are asked at one time.
    private static let mostPods = 20
    private static let largestAnswer = 4 << 20

    package init(_ client: KubernetesClient) { self.client = client }

    /// By pod, nil when no pod told anything; and why the first that asks to be scraped could not be.
    func traffic(of pods: [JSON]) async -> (traffic: [String: VitalSigns.Traffic]?, missed: String?) {
        var result: [String: VitalSigns.Traffic] = [:]
        var missed: String?
        let asking = pods.filter { $0[at: "metadata", "annotations", "prometheus.io/scrape"]?.string == "true" }
        for pod in asking.prefix(PodMetricsText.mostPods) {
            guard let name = pod[at: "metadata", "name"]?.string else { continue }
            switch await text(of: pod) {
            case .success(let text): if let traffic = PodMetricsText.traffic(in: text) { result[name] = traffic }
            case .failure(let miss): if missed == nil { missed = miss.reason }
            }
        }
        return (result.isEmpty ? nil : result, missed)
    }

    private struct Miss: Error { let reason: String }

    private func text(of pod: JSON) async -> Result<String, Miss> {
        let name = pod[at: "metadata", "name"]?.string ?? "", namespace = pod[at: "metadata", "namespace"]?.string ?? ""
        let annotations = pod[at: "metadata", "annotations"]?.stringMap ?? [:]
        let port = annotations["prometheus.io/port"].flatMap { Int($0) }.map { ":\($0)" } ?? ""
        var path = annotations["prometheus.io/path"] ?? "/metrics"
        if !path.hasPrefix("/") { path = "/" + path }
        guard !path.contains(".."), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            return .failure(Miss(reason: "pod \(name) asks to be scraped at a path that is none"))
        }
        let call = HTTPCall(
            method: "GET",
            path: ResourceType.pods.path(namespace: namespace, name: name + port).replacing("%3A", with: ":") + "/proxy" + path)
        do {
            let answer = try await client.transport.send(call)
            switch answer.status {
            case 200: break
            case 401, 403:
                return .failure(
                    Miss(
                        reason:
                            "pod \(name) asks to be scraped, and Martlet may not get pods/proxy (\(answer.status)): martlet doctor prints the role that allows it"
                    ))
            default: return .failure(Miss(reason: "pod \(name) asks to be scraped and answers \(answer.status)"))
            }
            return .success(String(decoding: try await answer.body.collect(upTo: PodMetricsText.largestAnswer), as: UTF8.self))
        } catch {
            return .failure(Miss(reason: "pod \(name) asks to be scraped and does not answer"))
        }
    }

    /// Sums the counters that name a status: `http_requests_total{code="500"}`, also with `status` or `status_code`, and
    /// OpenTelemetry's `http_server_request_duration_seconds_count` with `http_response_status_code`. Status 500 and above is an error.
    static func traffic(in text: String) -> VitalSigns.Traffic? {
        var requests = 0.0, errors = 0.0, seen = false
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            guard let brace = line.firstIndex(of: "{"), let end = line.lastIndex(of: "}"), brace < end else { continue }
            let name = line[..<brace]
            guard name.hasSuffix("http_requests_total") || name == "http_server_request_duration_seconds_count" else { continue }
            let labels = line[line.index(after: brace)..<end]
            guard let code = ["http_response_status_code", "status_code", "status", "code"].lazy.compactMap({ label($0, labels) }).first,
                let value = line[line.index(after: end)...].split(separator: " ").first.flatMap({ Double($0) }), value.isFinite, value >= 0
            else { continue }
            seen = true
            requests += value
            if code.hasPrefix("5") { errors += value }
        }
        return seen ? VitalSigns.Traffic(requests: requests, errors: errors) : nil
    }

    private static func label(_ name: String, _ labels: Substring) -> Substring? {
        for part in labels.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            if pair.count == 2, pair[0] == name { return pair[1].dropFirst().dropLast() }
        }
        return nil
    }
}
