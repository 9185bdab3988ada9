import Core
import Incidents

/// Where an incident is in its life, with times: the states it passed, the one it is in, and those that usually come.
struct LifeCycleStrip {
    struct Step: Hashable {
        enum Kind: String, Hashable { case done, now, person, failed, later }
        let label: String
        let kind: Kind
        let at: Timestamp?
    }

    let steps: [Step]

    init(_ incident: Incident) {
        // What came before the last reopening is in the timeline.
        let start = incident.states.lastIndex { $0.state == .open } ?? incident.states.startIndex
        var passed: [Incident.Passage] = []
        for passage in incident.states[start...] {
            // A state that comes again (a second plan after a rejected one) continues from its first time on.
            if let known = passed.firstIndex(where: { $0.state == passage.state }) {
                passed.removeSubrange((known + 1)...)
            } else {
                passed.append(passage)
            }
        }
        var steps: [Step] = []
        for (index, passage) in passed.enumerated() {
            let isNow = index == passed.count - 1
            steps.append(
                Step(label: Self.label(passage.state), kind: isNow ? Self.kind(passage.state) : Self.past(passage.state), at: passage.at))
        }
        if let current = passed.last?.state {
            steps += Self.usual(after: current).map { Step(label: Self.label($0), kind: .later, at: nil) }
        }
        self.steps = steps
    }

    private static func usual(after state: IncidentState) -> [IncidentState] {
        let path: [IncidentState] = [.open, .diagnosed, .awaitingApproval, .acting, .verifying, .resolved]
        switch state {
        case .rollingBack: return [.escalated, .resolved]
        case .escalated, .suppressed: return [.resolved]
        default: return path.firstIndex(of: state).map { Array(path[($0 + 1)...]) } ?? []
        }
    }

    private static func kind(_ state: IncidentState) -> Step.Kind {
        switch state {
        case .resolved: .done
        case .escalated: .person
        case .rollingBack: .failed
        default: .now
        }
    }

    private static func past(_ state: IncidentState) -> Step.Kind {
        state == .rollingBack ? .failed : state == .escalated ? .person : .done
    }

    static func label(_ state: IncidentState) -> String {
        switch state {
        case .open: "Opened"
        case .diagnosed: "Diagnosed"
        case .awaitingApproval: "Awaiting approval"
        case .acting: "Acting"
        case .verifying: "Verifying"
        case .rollingBack: "Rolling back"
        case .resolved: "Resolved"
        case .escalated: "A person decides"
        case .suppressed: "Suppressed"
        }
    }

    var html: HTML {
        let opened = steps.first?.at
        let items = steps.enumerated().html { index, step in
            let current: HTML = step.kind == .now || step.kind == .person ? #" aria-current="step""# : .empty
            return #"<li class="\#(step.kind.rawValue)"\#(current)>\#(step.label)\#(Self.time(step, index, opened))</li>"#
        }
        return #"<ol class="strip" id="strip" aria-label="Life cycle">\#(items)</ol>"#
    }

    private static func time(_ step: Step, _ index: Int, _ opened: Timestamp?) -> HTML {
        guard let at = step.at else { return .empty }
        if step.kind == .now { return #"<small>since \#(inline(at))</small>"# }
        // Seconds after the opening say more than the time of day when it went quickly.
        if index > 0, let opened, (at - opened).secondCount < 60 { return #"<small>+\#(Words.length(at - opened))</small>"# }
        return "<small>\(inline(at))</small>"
    }

    private static func inline(_ at: Timestamp) -> HTML {
        let machine = at.rfc3339()
        return #"<time class="inline" datetime="\#(machine)" data-as="clock">\#(String(machine.dropFirst(11).dropLast()))</time>"#
    }
}
