package import Core
import Kubernetes
package import Remediation

/// Raises the memory limit of a container that is killed for it: by half, to what it was seen to need and a fifth more, or to what it was
/// before a change cut it, whichever is most.
package struct SetMemoryLimit: Action {
    package init() {}
    package var type: String { "set-memory-limit" }

    /// A limit never grows by more than this factor in one step: the blast radius of a leak is bounded.
    static let largestFactor = 8

    package func propose(for cause: Cause, on target: ObservedTarget) -> Proposal? {
        let workload = Workload(target: target)
        guard cause.category == "oom-killed" || cause.facts["reason"]?.string == "oom-killed", !workload.isPaused,
            let container = container(cause, workload),
            let name = container["name"]?.string, let text = container[at: "resources", "limits", "memory"]?.string,
            let limit = Quantity(text)?.value, limit > 0
        else { return nil }
        let needed = cause.facts["memoryNeeded"]?.int
        let earlier = cause.change?.fields.first { $0.path.hasSuffix("containers[\(name)].resources.limits.memory") }?.from?.string
        let former = earlier.flatMap { Quantity($0)?.value } ?? 0
        let wanted = max(
            SetMemoryLimit.limit(from: limit, needed: needed),
            min(former, limit.multipliedReportingOverflow(by: SetMemoryLimit.largestFactor).partialValue))
        guard wanted > limit else { return nil }
        let new = JSON.string(SetMemoryLimit.text(wanted))
        // A request that equals the limit makes the pod Guaranteed: it is to stay so.
        let request = container[at: "resources", "requests", "memory"]
        let raisesRequest = request?.string.flatMap { Quantity($0)?.value } == limit
        func patch(_ limit: JSON, _ request: JSON?) -> JSON {
            var resources: JSON = ["limits": ["memory": limit]]
            if let request { resources["requests"] = ["memory": request] }
            let change: JSON = ["name": .string(name), "resources": resources]
            return ["strategic": ["spec": ["template": ["spec": ["containers": .array([change])]]]]]
        }
        let path = "spec.template.spec.containers[\(name)].resources"
        var diff = [FieldChange(path: "\(path).limits.memory", from: .string(text), to: new)]
        if raisesRequest { diff.append(FieldChange(path: "\(path).requests.memory", from: request, to: new)) }
        var parameters: JSON = ["container": .string(name), "limit": new]
        if let needed { parameters["needed"] = JSON(needed) }
        return Proposal(
            step: Plan.Step(
                type: type, target: target.path, parameters: parameters, patch: patch(new, raisesRequest ? new : nil),
                inverse: patch(.string(text), raisesRequest ? request : nil), verification: Workload.verification(.recover)),
            title: "raise the memory limit of \(workload.name) from \(text) to \(SetMemoryLimit.text(wanted))", risk: .medium,
            blastRadius: workload.blastRadius(workload.replicas), undo: "set the limit back to \(text)",
            commands: [
                workload.command("set resources \(workload.reference) -c \(name) --limits=memory=\(SetMemoryLimit.text(wanted))"),
                workload.command("rollout status \(workload.reference)"),
            ], diff: diff, fit: SetMemoryLimit.fit(canGoBack: cause.facts["goodRevision"] != nil, wasCut: former > limit))
    }

    /// A release that can be undone is undone first; where the limit is what it cut, even if nothing shows that the earlier one worked.
    private static func fit(canGoBack: Bool, wasCut: Bool) -> Double { canGoBack ? (wasCut ? 0.5 : 0.6) : 0.85 }

    package func parts(of patch: JSON) -> [[String]] { PlannedPatch.parts(of: patch) }

    private func container(_ cause: Cause, _ workload: Workload) -> JSON? {
        if let name = cause.facts["container"]?.string { return workload.containers.first { $0["name"]?.string == name } }
        return workload.containers.count == 1 ? workload.containers[0] : nil
    }

    /// Bytes: the larger of 1.5 × the limit and 1.2 × the need, rounded up to 16 MiB (below 1 GiB) or 128 MiB.
    static func limit(from limit: Int, needed: Int?) -> Int {
        let half = limit + limit / 2
        let (need, overflow) = (needed ?? 0).addingReportingOverflow((needed ?? 0) / 5)
        let wanted = min(max(half, overflow ? .max : need), limit.multipliedReportingOverflow(by: largestFactor).partialValue)
        let step = (wanted < 1 << 30 ? 16 : 128) << 20
        return (wanted + step - 1) / step * step
    }

    static func text(_ bytes: Int) -> String {
        bytes % (1 << 30) == 0 ? "\(bytes >> 30)Gi" : "\((bytes + (1 << 20) - 1) >> 20)Mi"
    }
}
