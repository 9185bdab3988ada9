import Core
import Diagnosis
import Kubernetes

/// Memory grows in a straight line toward the limit, whatever the program does.
struct MemoryGrowthRule: Rule {
    let name = "memory-growth"
    let categories = ["memory-leak"]

    var documentation: RuleDocumentation {
        RuleDocumentation(
            concludes: "Memory grows in a straight line toward the limit.",
            sees: ["metrics", "pods"],
            evidence: ["the slope, its fit, and the time that is left", "limits.memory; earlier OOM kills"],
            contradictedBy: ["growth slows down, as of a program that warms up"],
            next: ["compare heap profiles"],
            references: [])
    }

    func examine(_ examination: Examination, _ draft: inout Draft) {
        let scene = examination.scene
        guard !scene.snapshot.metrics.isEmpty else { return }
        let owners = PodOwners(scene)
        var worst: [Int: (growth: SteadyGrowth, limit: Double, container: String)] = [:]
        for series in scene.snapshot.metrics.named("container_memory_working_set_bytes") {
            guard let container = series.labels["container"], !container.isEmpty, container != "POD",
                let (namespace, pod) = MetricNames.pod(series.labels), let w = owners.workload(namespace, pod),
                let spec = scene.workloads[w].template?.spec.containers.first(where: { $0.name == container }),
                let limit = spec.resources.limits["memory"]?.double, let last = series.last, scene.now - last.time < .seconds(600)
            else { continue }
            // The run that goes on now: a fall to less than half is a new start.
            let run = series.samples[(Self.start(of: series.samples))...]
            guard let growth = SteadyGrowth(run), growth.fit > 0.9, growth.seconds >= 600, growth.last > growth.first * 1.3,
                growth.last > limit * 0.3, let left = growth.seconds(until: limit), left < 86_400
            else { continue }
            if worst[w].map({ $0.growth.slope < growth.slope }) ?? true { worst[w] = (growth, limit, container) }
        }
        for w in worst.keys.sorted() {
            guard let (growth, limit, container) = worst[w] else { continue }
            let workload = scene.workloads[w]
            let left = growth.seconds(until: limit) ?? 0
            let kills = workload.pods.contains { p in
                scene.snapshot.pods[p].status.containerStatuses.contains { $0.lastState.terminated?.reason == "OOMKilled" }
            }
            let mega = { (bytes: Double) in "\(Int(bytes / 1_048_576)) Mi" }
            let pace = "\(mega(growth.slope * 3600)) an hour"
            let text =
                "memory of container \(container) grows by \(pace), from \(mega(growth.first)) to \(mega(growth.last)), and reaches its limit of \(mega(limit)) in \(RoughTime.words(left))"
            draft.symptoms.append(
                Symptom(
                    "memory-growing", workload.path, effect: "its memory grows by \(pace)", severity: left < 3600 ? .high : .medium,
                    since: scene.now + .seconds(-growth.seconds), isReportable: false))
            draft.hypotheses.append(
                Hypothesis(
                    rule: name, category: "memory-leak", resource: workload.path, key: container, depth: .specific,
                    severity: left < 3600 || kills ? .high : .medium, complaint: "leaks memory",
                    fact: "\(pace), \(RoughTime.words(left)) to the limit", text: text, since: scene.now + .seconds(-growth.seconds),
                    support: [
                        Support(
                            .strong, Evidence(.metric, source: workload.path.resource, text: "memory grows by \(pace), in a straight line")),
                        scene.spec(
                            workload.path, .strong, "container \(container) may use \(mega(limit)), \(mega(growth.last)) are in use"),
                    ]
                        + (kills
                            ? [Support(.strong, Evidence(.status, source: workload.path.resource, text: "it was OOMKilled before"))] : []),
                    next: ["compare heap profiles, or restart it until the leak is mended"],
                    facts: ["container": .string(container), "memoryLimit": .number(limit)]))
        }
    }

    private static func start(of samples: [MetricSeries.Sample]) -> Int {
        var start = 0
        for i in samples.indices.dropFirst() where samples[i].value < samples[i - 1].value / 2 { start = i }
        return start
    }
}

/// A length of time as people say it.
enum RoughTime {
    static func words(_ seconds: Double) -> String {
        switch seconds {
        case ..<120: "\(Int(max(0, seconds))) seconds"
        case ..<7200: "\(Int(seconds / 60)) minutes"
        case ..<172_800: "\(Int(seconds / 3600)) hours"
        default: "\(Int(seconds / 86_400)) days"
        }
    }
}
