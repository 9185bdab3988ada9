package import Core

/// Normalisation, stabilisation and scaling policies, alone and through a whole pass (`hpa-scaling-behavior.json`).
package enum ScalingBehaviourTable: ConformanceTable {
    private static let parts: [(name: String, run: @Sendable (JSON) -> [EvaluationCase.Difference])] = [
        ("convertDesiredReplicasWithRules", bounds), ("scaleLimitWithRules", limit), ("stabilizeRecommendation", stabilization),
        ("scalingWithRules", scaling), ("storeScaleEvents", storing),
        ("stabilizeRecommendationWithBehaviors", stabilizationWithBehaviour), ("endToEnd", { AutoscalerPassRow($0).differences }),
    ]

    package static func recognises(_ document: JSON) -> Bool { parts.contains { document[$0.name] != nil } }

    package static func evaluate(_ document: JSON) -> [EvaluationCase] {
        parts.flatMap { part in
            (document[part.name]?.array ?? []).map { EvaluationCase(TableRow.name(part.name, $0), differences: part.run($0)) }
        }
    }

    private static func replicaBounds(_ row: JSON) -> ReplicaBounds {
        ReplicaBounds(minimum: row["min"]?.int ?? 1, maximum: row["max"]?.int ?? Int(Int32.max))
    }

    private static func compare(_ row: JSON, _ found: BoundedReplicas) -> [EvaluationCase.Difference] {
        TableRow.compare(row["expected"], JSON(found.replicas), at: "replicas")
            + TableRow.compare(row["expectedCondition"], .string(found.reason.rawValue), at: "condition")
    }

    @Sendable private static func bounds(_ row: JSON) -> [EvaluationCase.Difference] {
        compare(row, replicaBounds(row).bound(row["desired"]?.int ?? 0, current: row["current"]?.int ?? 0))
    }

    /// A limit by rules alone; the direction is that of the rules that are given, or said.
    @Sendable private static func limit(_ row: JSON) -> [EvaluationCase.Difference] {
        let current = (row["current"] ?? row["currentReplicas"])?.int ?? 0
        let says = ((row["direction"]?.string ?? "") + (row["name"]?.string ?? "")).lowercased()
        let isDown = given(row["scaleDownRules"]) || says.contains("down")
        let rules = row["rules"] ?? (isDown ? row["scaleDownRules"] : row["scaleUpRules"])
        let events = ScaleEvents(up: changes(row["scaleUpEvents"]), down: changes(row["scaleDownEvents"]))
        let found =
            isDown
            ? ScalingRules(rules, standard: .defaultDown).lowerLimit(current: current, events: events, now: TableRow.now)
            : ScalingRules(rules, standard: .defaultUp).upperLimit(current: current, events: events, now: TableRow.now)
        return TableRow.compare(row["expected"] ?? row["expectedLimit"], JSON(found), at: "limit")
    }

    private static func given(_ value: JSON?) -> Bool { value.map { !$0.isNull } ?? false }

    private static func changes(_ events: JSON?) -> [ScaleEvents.Change] {
        (events?.array ?? []).map {
            ScaleEvents.Change(replicas: $0["replicaChange"]?.int ?? 0, time: TableRow.ago($0["ageSeconds"]))
        }
    }

    static func recommendations(_ list: JSON?) -> Recommendations {
        Recommendations(
            (list?.array ?? []).map {
                Recommendations.Entry(replicas: $0["replicas"]?.int ?? 0, time: TableRow.ago($0["ageSeconds"]))
            })
    }

    @Sendable private static func stabilization(_ row: JSON) -> [EvaluationCase.Difference] {
        var log = recommendations(row["recommendations"])
        let found = log.highest(
            row["desired"]?.int ?? 0, window: .seconds(row["downscaleStabilizationSeconds"]?.int ?? 300), now: TableRow.now)
        return TableRow.compare(row["expectedStabilized"], JSON(found), at: "stabilized")
            + TableRow.compare(row["expectedLogLength"], JSON(log.entries.count), at: "logLength")
    }

    @Sendable private static func scaling(_ row: JSON) -> [EvaluationCase.Difference] {
        let events = ScaleEvents(up: changes(row["scaleUpEvents"]), down: changes(row["scaleDownEvents"]))
        return compare(
            row,
            replicaBounds(row).bound(
                row["desired"]?.int ?? 0, current: row["current"]?.int ?? 0,
                up: ScalingRules(row["scaleUpRules"], standard: .defaultUp),
                down: ScalingRules(row["scaleDownRules"], standard: .defaultDown), events: events, now: TableRow.now))
    }

    /// Without rules there is no behaviour, and nothing is stored.
    @Sendable private static func storing(_ row: JSON) -> [EvaluationCase.Difference] {
        var stored = changes(row["prevEvents"])
        let inPeriod = ScaleEvents.sum(stored, within: .seconds(row["periodSeconds"]?.int ?? 60), before: TableRow.now)
        if given(row["rules"]) {
            let rules = ScalingRules(row["rules"], standard: .defaultUp)
            ScaleEvents.store(row["replicaChange"]?.int ?? 0, in: &stored, longestPeriod: rules.longestPeriod, now: TableRow.now)
        }
        return TableRow.compare(row["expectedStoredChanges"], .array(stored.map { JSON($0.replicas) }), at: "stored")
            + TableRow.compare(row["expectedReplicasChangeInPeriod"], JSON(inPeriod), at: "changeInPeriod")
    }

    @Sendable private static func stabilizationWithBehaviour(_ row: JSON) -> [EvaluationCase.Difference] {
        var log = recommendations(row["recommendations"])
        let found = log.stabilized(
            row["desired"]?.int ?? 0, current: row["current"]?.int ?? 0, up: .seconds(row["scaleUpStabilizationSeconds"]?.int ?? 0),
            down: .seconds(row["scaleDownStabilizationSeconds"]?.int ?? 300), now: TableRow.now)
        let kept = row["expectedRecommendations"]?.array.map { list in JSON.array(list.map { $0["replicas"] ?? $0 }) }
        return TableRow.compare(row["expectedStabilized"], JSON(found), at: "stabilized")
            + TableRow.compare(kept, .array(log.entries.map { JSON($0.replicas) }), at: "recommendations")
    }
}
