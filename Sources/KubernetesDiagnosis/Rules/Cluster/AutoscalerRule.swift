import Core
import Diagnosis
import Kubernetes

/// An autoscaler that cannot do its work, or wants more than it may.
struct AutoscalerRule: Rule {
    let name = "autoscaler"
    let categories = ["hpa-at-max", "hpa-missing-requests", "hpa-no-metrics", "hpa-target-missing"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "An autoscaler cannot do its work, or wants more than it may.",
            sees: ["horizontalpodautoscalers", "events", "apiservices"],
            evidence: ["its conditions AbleToScale, ScalingActive and ScalingLimited; current against target"],
            contradictedBy: ["conditions that are well again"],
            next: ["raise maxReplicas, set requests, or see to the metrics API"],
            references: ["https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/"])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        for hpa in scene.snapshot.autoscalers {
            let path = scene.path("HorizontalPodAutoscaler", hpa.metadata.namespace, hpa.metadata.name)
            let target = hpa.spec.scaleTargetRef
            draft.graph.add(path, .references, scene.path(target.kind, hpa.metadata.namespace, target.name))
            func condition(_ type: String, _ status: String) -> Condition? {
                hpa.status.conditions.first { $0.type == type && $0.status == status }
            }
            func status(_ c: Condition) -> Support {
                Support(
                    .decisive,
                    Evidence(
                        .status, source: path.resource, text: "\(c.type)=\(c.status) \(c.reason ?? ""): \((c.message ?? "").prefix(250))",
                        time: c.lastTransitionTime))
            }
            func conclude(
                _ category: String, _ complaint: String, _ fact: String, _ text: String, _ c: Condition, _ more: [Support],
                depth: Hypothesis.Depth = .specific, dependsOn: [EntityPath] = []
            ) {
                draft.hypotheses.append(
                    Hypothesis(
                        rule: name, category: category, resource: path, depth: depth, severity: .medium, complaint: complaint, fact: fact,
                        text: text, since: c.lastTransitionTime,
                        support: depth == .surface ? [Support(.supporting, status(c).evidence)] : [status(c)] + more, dependsOn: dependsOn,
                        next: ["kubectl -n \(path.namespace) describe hpa \(path.name)"]))
            }
            if let c = condition("AbleToScale", "False"), c.reason == "FailedGetScale" {
                conclude(
                    "hpa-target-missing", "cannot scale", "\(target.kind) \(target.name) does not exist",
                    "the autoscaler's target \(target.kind) \(target.name) does not exist", c, [])
            } else if let c = condition("ScalingActive", "False") {
                let line = LogLine(c.message ?? "")
                let event = scene.events(about: hpa.metadata, kind: "HorizontalPodAutoscaler").last {
                    $0.reason == "FailedGetResourceMetric"
                }
                let more = event.map { [Support(.strong, scene.evidence($0))] } ?? []
                if line.has("missing request for") {
                    let resource = line.word(after: "missing request for ") ?? "cpu"
                    conclude(
                        "hpa-missing-requests", "cannot scale", "a container of \(target.name) has no \(resource) request",
                        "a container of \(target.kind) \(target.name) has no \(resource) request, so its utilisation cannot be computed", c,
                        more)
                } else if line.has("could not find the requested resource") {
                    conclude(
                        "hpa-no-metrics", "cannot scale", "there is no metrics API",
                        "the resource metrics API is not served (no metrics server), so the autoscaler cannot compute replicas", c, more)
                } else if line.hasAny("unable to handle the request", "service unavailable", "metrics api not available") {
                    // Whatever serves the metrics API is to blame.
                    let services = scene.snapshot.apiServices.filter { $0.spec.group.hasSuffix("metrics.k8s.io") }.map {
                        scene.path("APIService", "", $0.metadata.name)
                    }
                    conclude(
                        "hpa-no-metrics", "cannot scale", "the metrics API does not answer",
                        "the autoscaler of \(target.name) cannot compute replicas: the metrics API does not answer", c, more,
                        depth: .surface, dependsOn: services)
                    draft.symptoms.append(
                        Symptom(
                            "autoscaler-without-metrics", path, effect: "the autoscaler cannot compute replicas", severity: .medium,
                            since: c.lastTransitionTime ?? scene.now, missing: ["the state of the metrics API (APIServices)"]))
                } else if c.reason != "ScalingDisabled", AutoscalerRule.isLasting(c, scene.now) {
                    // A target that has just begun has no measurements yet.
                    if line.hasAny(
                        "unable to fetch metrics", "no metrics returned", "unable to get external metric", "unable to get metric")
                    {
                        conclude(
                            "hpa-no-metrics", "cannot scale", "the metric that it follows is not there",
                            "the autoscaler of \(target.name) cannot compute replicas: \((c.message ?? "").prefix(160))", c, more)
                    } else {
                        draft.symptoms.append(
                            Symptom(
                                "autoscaler-inactive", path,
                                effect: "the autoscaler does not scale: \((c.message ?? c.reason ?? "").prefix(160))",
                                severity: .medium, since: c.lastTransitionTime ?? scene.now, evidence: [status(c).evidence]))
                    }
                }
            } else if let c = condition("ScalingLimited", "True"), c.reason == "TooManyReplicas",
                hpa.status.currentReplicas >= hpa.spec.maxReplicas
            {
                let over = AutoscalerRule.overTarget(hpa)
                guard let over else { continue }
                conclude(
                    "hpa-at-max", "is at its maximum", "\(hpa.spec.maxReplicas) replicas, \(over)",
                    "the autoscaler is at maxReplicas \(hpa.spec.maxReplicas) and wants more: \(over)", c,
                    [Support(.strong, Evidence(.metric, source: path.resource, text: over))])
            }
        }
    }

    /// Longer than a metrics server takes to know new pods.
    private static func isLasting(_ condition: Condition, _ now: Timestamp) -> Bool {
        condition.lastTransitionTime.map { now - $0 > .seconds(300) } ?? true
    }

    /// An autoscaler at its maximum follows from what makes its target use so much.
    static func follows(from workload: EntityPath, _ scene: Scene, _ draft: inout Draft) {
        let scalers = scene.snapshot.autoscalers.filter {
            $0.metadata.namespace == workload.namespace && $0.spec.scaleTargetRef.kind == workload.kind
                && $0.spec.scaleTargetRef.name == workload.name
        }.map { scene.path("HorizontalPodAutoscaler", $0.metadata.namespace, $0.metadata.name) }
        for i in draft.hypotheses.indices
        where draft.hypotheses[i].category == "hpa-at-max" && scalers.contains(draft.hypotheses[i].resource) {
            draft.hypotheses[i].dependsOn.append(workload)
        }
    }

    /// `cpu 350 % of 50 %` where a current value is over its target.
    private static func overTarget(_ hpa: HorizontalPodAutoscaler) -> String? {
        for metric in hpa.spec.metrics {
            if let resource = metric.resource ?? metric.containerResource {
                let measured = hpa.status.currentMetrics.lazy.compactMap { $0.resource ?? $0.containerResource }
                    .first { $0.name == resource.name && $0.container == resource.container }?.current
                if let wanted = resource.target?.averageUtilization, let current = measured?.averageUtilization, current > wanted {
                    return "\(resource.name) is at \(current) % of the request, the target is \(wanted) %"
                }
                if let wanted = resource.target?.averageValue, let current = measured?.averageValue, current > wanted {
                    return "\(resource.name) is at \(current) a pod, the target is \(wanted)"
                }
            } else if let over = MeasuredElsewhere(metric).over(hpa.status.currentMetrics) {
                return over
            }
        }
        return nil
    }
}

/// A metric of pods, of an object or from outside of the cluster, as an autoscaler names it.
private struct MeasuredElsewhere {
    private let kind: String
    private let json: JSON

    init(_ metric: MetricSpec) {
        kind = ["external", "pods", "object"].first { metric.other?[$0] != nil } ?? ""
        json = metric.other?[kind] ?? .null
    }

    private var name: String { json[at: "metric", "name"]?.string ?? "" }

    private func amount(_ place: String, _ key: String) -> Quantity? {
        json[at: place, key].flatMap { $0.string ?? $0.int.map(String.init) }.flatMap { Quantity($0) }
    }

    /// `queue_length is at 4100, the target is 30` where what is measured is over its target.
    func over(_ measured: [MetricSpec]) -> String? {
        guard !kind.isEmpty, let now = measured.lazy.map(MeasuredElsewhere.init).first(where: { $0.kind == kind && $0.name == name }) else {
            return nil
        }
        for key in ["averageValue", "value"] {
            if let wanted = amount("target", key), let current = now.amount("current", key), current > wanted {
                return "\(name) is at \(current), the target is \(wanted)"
            }
        }
        return nil
    }
}
