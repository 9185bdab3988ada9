package import Core

/// A story of what happens to a cluster: what runs in it, and a timeline of what is done to it.
package struct Scenario: Sendable {
    package let name: String
    /// What happens, in one sentence.
    package var about = ""
    package var nodes = 3
    /// Where objects and targets are that name no namespace.
    package var namespace = "default"
    /// What runs before the timeline begins, in the order in which it is made.
    package var objects: [JSON] = []
    /// Requests per second from outside, by Service.
    package var load: [(service: String, rate: Double)] = []
    /// In the order of their times.
    package var steps: [Step] = []

    package init(name: String) { self.name = name }

    /// Something that is said, done, or both.
    package struct Step: Sendable {
        /// Counted from when the objects are made.
        package var at: Duration
        package var say: String?
        var deed: Deed?
        /// After how long the deed is taken back; nil: never.
        var time: Duration?
        /// What a diagnosis of it must come to.
        package var truth: Truth?
    }

    enum Deed: Sendable {
        case apply([JSON])
        case delete(FaultTarget)
        case patch(FaultTarget, JSON)
        case load(FaultTarget, Double)
        case inject(String, FaultTarget)
    }

    /// The category of a fault and the resource, `Kind/name`, that is to blame.
    package struct Truth: Sendable, Equatable {
        package let category: String
        package let resource: String

        package var json: JSON { ["category": .string(category), "resource": .string(resource)] }
    }

    /// What goes wrong, each thing once, in the order of the timeline.
    package var truths: [Truth] {
        var found: [Truth] = []
        for truth in steps.compactMap(\.truth) where !found.contains(truth) { found.append(truth) }
        return found
    }

    /// The truth in the form of the `expected.json` of a captured case: several faults are category `multiple` with a list.
    package var truth: JSON {
        var out: JSON = ["scenario": .string(name), "namespace": .string(namespace), "root_cause": .string(about)]
        let truths = truths
        out["category"] = .string(truths.isEmpty ? "healthy" : truths.count == 1 ? truths[0].category : "multiple")
        if truths.count == 1 { out["resource"] = .string(truths[0].resource) }
        if truths.count > 1 { out["faults"] = .array(truths.map(\.json)) }
        out["healthy"] = .bool(truths.isEmpty)
        return out
    }
}

extension Scenario.Deed {
    /// The field of the file that says it.
    var field: String {
        switch self {
        case .apply: "apply"
        case .delete: "delete"
        case .patch: "patch"
        case .load: "load"
        case .inject: "inject"
        }
    }

    /// What it is done to; nil where it brings its objects along.
    var target: FaultTarget? {
        switch self {
        case .apply: nil
        case .delete(let target), .patch(let target, _), .load(let target, _), .inject(_, let target): target
        }
    }

    /// For a step that says nothing.
    var text: String {
        switch self {
        case .apply(let objects): "apply " + objects.map { "\($0.kind)/\($0.metadataName)" }.joined(separator: ", ")
        case .delete(let target): "delete \(target)"
        case .patch(let target, _): "patch \(target)"
        case .load(let target, let rate): "\(JSON.ecmaScriptNumber(rate)) requests a second reach \(target)"
        case .inject(let fault, let target): "\(fault) of \(target)"
        }
    }
}
