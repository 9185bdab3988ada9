package import Core

/// An autoscaler (autoscaling/v2; v1, which tells the rest in annotations, is read into the same).
package struct HorizontalPodAutoscaler: KubernetesResource, Equatable {
    package static let type = ResourceType.horizontalPodAutoscalers

    @Shared package var metadata: ObjectMeta
    package var spec = HorizontalPodAutoscalerSpec()
    package var status = HorizontalPodAutoscalerStatus()

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "metadata": _metadata = try r.shared()
            case "spec": spec = try r.read() ?? HorizontalPodAutoscalerSpec()
            case "status": status = try r.read() ?? HorizontalPodAutoscalerStatus()
            default: try r.skip()
            }
        }
        readAnnotations()
    }

    /// autoscaling/v1 has no place for conditions: the API server writes them as JSON into an annotation.
    private mutating func readAnnotations() {
        guard status.conditions.isEmpty, let text = metadata.annotations["autoscaling.alpha.kubernetes.io/conditions"] else { return }
        status.conditions = (try? JSONReader.read(Array(text.utf8)) { (r) throws(JSONError) in try r.list() }) ?? []
    }
}

/// Between which bounds, and by which metrics.
package struct HorizontalPodAutoscalerSpec: JSONReadable, Equatable {
    package var scaleTargetRef = ObjectReference()
    package var minReplicas = 1
    package var maxReplicas = 0
    package var metrics: [MetricSpec] = []
    package var behavior: JSON?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "scaleTargetRef": scaleTargetRef = try r.read() ?? ObjectReference()
            case "minReplicas": minReplicas = try r.int() ?? 1
            case "maxReplicas": maxReplicas = try r.int() ?? 0
            case "metrics": metrics = try r.list()
            // autoscaling/v1
            case "targetCPUUtilizationPercentage":
                if let percent = try r.int() { metrics.append(MetricSpec(cpu: percent, isTarget: true)) }
            case "behavior": behavior = try r.json()
            default: try r.skip()
            }
        }
    }
}

/// One metric and its target; for a metric that is not of a resource, `other` holds it as written.
package struct MetricSpec: JSONReadable, Equatable {
    package var type = ""
    @Boxed package var resource: ResourceMetric?
    @Boxed package var containerResource: ResourceMetric?
    @Boxed package var other: JSONObject?

    package init() {}

    /// CPU in percent of the requests, as a target or as it is.
    init(cpu percent: Int, isTarget: Bool) {
        type = "Resource"
        var metric = ResourceMetric()
        metric.name = "cpu"
        var value = MetricTarget()
        value.averageUtilization = percent
        if isTarget { metric.target = value } else { metric.current = value }
        resource = metric
    }

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "type": type = try r.text() ?? ""
            case "resource": _resource = try r.boxed()
            case "containerResource": _containerResource = try r.boxed()
            default:
                let name = try JSONReader.key(key, at: r.offset)
                var rest = other ?? [:]
                rest[name] = try r.value()
                other = rest
            }
        }
    }
}

/// A resource metric: its target in a spec, its value in a status.
package struct ResourceMetric: JSONReadable, Equatable {
    package var name = ""
    package var container: String?
    package var target: MetricTarget?
    package var current: MetricTarget?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "name": name = try r.text() ?? ""
            case "container": container = try r.text()
            case "target": target = try r.read()
            case "current": current = try r.read()
            default: try r.skip()
            }
        }
    }
}

/// A target or a current value.
package struct MetricTarget: JSONReadable, Equatable {
    package var type: String?
    package var averageUtilization: Int?
    package var averageValue: Quantity?
    package var value: Quantity?

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "type": type = try r.text()
            case "averageUtilization": averageUtilization = try r.int()
            case "averageValue": averageValue = try r.quantity()
            case "value": value = try r.quantity()
            default: try r.skip()
            }
        }
    }
}

/// What was seen and decided last.
package struct HorizontalPodAutoscalerStatus: JSONReadable, Equatable {
    package var observedGeneration: Int?
    package var lastScaleTime: Timestamp?
    package var currentReplicas = 0
    package var desiredReplicas = 0
    package var currentMetrics: [MetricSpec] = []
    package var conditions: [Condition] = []

    package init() {}

    package mutating func read(from reader: inout JSONReader) throws(JSONError) {
        try reader.members { (r, key) throws(JSONError) in
            switch key {
            case "observedGeneration": observedGeneration = try r.int()
            case "lastScaleTime": lastScaleTime = try r.time()
            case "currentReplicas": currentReplicas = try r.int() ?? 0
            case "desiredReplicas": desiredReplicas = try r.int() ?? 0
            case "currentMetrics": currentMetrics = try r.list()
            // autoscaling/v1
            case "currentCPUUtilizationPercentage":
                if let percent = try r.int() { currentMetrics.append(MetricSpec(cpu: percent, isTarget: false)) }
            case "conditions": conditions = try r.list()
            default: try r.skip()
            }
        }
    }
}
