package import Core

/// How a workload does at one moment. What could not be measured is nil, and is never taken for good.
package struct VitalSigns: Sendable, Hashable {
    /// What one pod has served since its counters began.
    package struct Traffic: Sendable, Hashable {
        package var requests: Double
        package var errors: Double
        package init(requests: Double, errors: Double) { self.requests = requests; self.errors = errors }
    }

    package var time: Timestamp
    /// Replicas that are wanted.
    package var desired: Int?
    /// Replicas of the wanted version that are ready; none while the controller has not seen the latest wish.
    package var ready: Int?
    /// Replicas that are ready, of whatever version: those that serve. Nil where versions are not told apart.
    package var serving: Int?
    /// Containers' restart counts by `<pod>/<container>`, of the pods of the wanted version.
    package var restarts: [String: Int]?
    /// Container-seconds over which those restarts came about.
    package var exposure: Double?
    /// By pod; nil where nothing counts requests.
    package var traffic: [String: Traffic]?
    /// Why counters that are there to be read could not be; nil where none was missed.
    package var missedTraffic: String?

    package init(
        time: Timestamp, desired: Int? = nil, ready: Int? = nil, serving: Int? = nil, restarts: [String: Int]? = nil,
        exposure: Double? = nil,
        traffic: [String: Traffic]? = nil, missedTraffic: String? = nil
    ) {
        self.time = time
        self.desired = desired
        self.ready = ready
        self.serving = serving
        self.restarts = restarts
        self.exposure = exposure
        self.traffic = traffic
        self.missedTraffic = missedTraffic
    }

    package var json: JSON {
        var json: JSON = ["time": .string(time.description)]
        json["desired"] = desired.map { JSON($0) }
        json["ready"] = ready.map { JSON($0) }
        json["serving"] = serving.map { JSON($0) }
        json["restarts"] = restarts.map { counts in
            .object(JSONObject(counts.sorted { $0.key < $1.key }.map { ($0.key, JSON($0.value)) }))
        }
        json["exposure"] = exposure.map { .number($0) }
        json["traffic"] = traffic.map { counts in
            .object(
                JSONObject(
                    counts.sorted { $0.key < $1.key }.map { pod in
                        (pod.key, ["requests": .number(pod.value.requests), "errors": .number(pod.value.errors)])
                    }))
        }
        json["missedTraffic"] = missedTraffic.map { .string($0) }
        return json
    }

    package init?(json: JSON) {
        guard let time = json["time"]?.string.flatMap({ Timestamp($0) }) else { return nil }
        func map<Value>(_ key: String, _ read: (JSON) -> Value?) -> [String: Value]? {
            guard let members = json[key]?.object else { return nil }
            var result: [String: Value] = [:]
            for (key, value) in members { result[key] = read(value) }
            return result
        }
        self.init(
            time: time, desired: json["desired"]?.int, ready: json["ready"]?.int, serving: json["serving"]?.int,
            restarts: map("restarts", \.int), exposure: json["exposure"]?.double,
            traffic: map("traffic") { pod in
                guard let requests = pod["requests"]?.double, let errors = pod["errors"]?.double else { return nil }
                return Traffic(requests: requests, errors: errors)
            }, missedTraffic: json["missedTraffic"]?.string)
    }
}
