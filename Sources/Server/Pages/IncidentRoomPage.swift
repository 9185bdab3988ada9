import Core
import Incidents
import Remediation

/// The incident room. From the top: what is broken and for whom; why, and how sure that is; what changed; what can be done, what could
/// go wrong and how it is undone; what happened so far.
struct IncidentRoomPage: Sendable {
    let incident: Incident
    let boards: Boards
    let status: ServerStatus
    let policy: EnvironmentPolicy
    let caller: AccessControl.Caller
    let now: Timestamp

    var html: HTML {
        let panels = plans
        return #"""
            <div class="room">\#(head)\#(LifeCycleStrip(incident).html)\#(notices)
            <div class="columns"><div>\#(CausePanel(incident: incident).html)\#(panels.html)</div>
            <aside aria-label="Reach, handling and timeline">\#(reach)\#(handling)\#(TimelinePanel(incident: incident).html)</aside></div></div>\#(panels.bar)
            """#
    }

    private var plans: PlanPanels {
        PlanPanels(
            plans: boards.plans(of: incident), incident: incident, policy: policy, isPaused: status.pause != nil,
            mayApprove: caller.principal.may(.approver), form: FormToken(caller), role: caller.principal.role)
    }

    private var head: HTML {
        let cause = incident.cause
        var facts: [HTML] = []
        if !cause.symptoms.isEmpty { facts.append("shows at \(Words.list(cause.symptoms.map(\.name)))") }
        if !cause.reach.isEmpty { facts.append("reaches \(Words.list(cause.reach.map(\.name)))") }
        if let since = cause.since { facts.append("since \(Times.clock(since))") }
        if incident.reopened > 0 { facts.append("\(HTML("came back \(Words.count(incident.reopened, "time"))"))") }
        if let assignee = incident.assignee {
            facts.append("with \(assignee)")
        } else if let name = incident.acknowledgedBy {
            facts.append("seen by \(name)")
        }
        let place = cause.resource
        let previous = incident.previous.flatMap { boards.incident($0) }
            .map { before -> HTML in #" · follows <a href="/incidents/\#(before.number)">#\#(before.number)</a>"# }
        return #"""
            <p class="crumbs"><a href="/">Incidents</a> / #\#(incident.number) · opened \#(Times.age(incident.openedAt, now: now)) ago · <span class="mono">\#(place.platform)/\#(place.cluster)\#(place.namespace.isEmpty ? "" : "/\(place.namespace)")</span> · \#(incident.environment)\#(previous)</p>
            <h1>\#(Badge.of(incident)) \#(cause.title)</h1>
            <p class="soft">\#(facts.joined(" · "))</p>
            """#
    }

    private var notices: HTML {
        switch incident.state {
        case .escalated:
            return
                #"<p class="notice unknown" role="status"><strong>A person has to decide.</strong> \#(incident.escalationReason ?? "")</p>"#
        case .suppressed:
            let until = incident.suppressedUntil.map { time -> HTML in " until \(Times.date(time))" }
            return #"<p class="notice" role="status"><strong>Kept quiet\#(until).</strong> \#(incident.suppressionReason ?? "")</p>"#
        case .resolved:
            let how: String =
                switch incident.outcome {
                case "repaired": "Repaired and verified."
                case "self": "It went away by itself."
                case "rolled-back": "The repair did not help and was taken back."
                case "manual": "Closed by hand."
                default: "Closed."
                }
            let took = incident.resolvedAt.map { " It took \(Words.length($0 - incident.openedAt))." } ?? ""
            return #"<p class="notice ok" role="status"><strong>\#(how)</strong>\#(took)</p>"#
        default: return .empty
        }
    }

    private var reach: HTML {
        let isOver = incident.state == .resolved
        return
            #"<section class="panel reach" id="reach" aria-labelledby="reach-title"><h2 id="reach-title">Reach</h2>\#(ReachDiagram(cause: incident.cause, isOver: isOver).html)</section>"#
    }

    /// Acknowledge, assign, suppress, resolve.
    private var handling: HTML {
        guard caller.principal.may(.operator), incident.state != .resolved else { return .empty }
        let form = FormToken(caller)
        let path = "/incidents/\(incident.number)"
        var quick = HTML.empty
        if incident.acknowledgedBy == nil { quick += form.form("\(path)/acknowledge") { "<button>I look at it</button>" } }
        if incident.state == .suppressed { quick += form.form("\(path)/unsuppress") { "<button>End the quiet</button>" } }
        let suppress: HTML =
            incident.state == .suppressed || incident.state.isOperating
            ? .empty
            : #"""
            <details><summary>Keep quiet…</summary>\#(form.form("\(path)/suppress") {
                #"<div class="ask"><label class="unseen" for="until">For how long</label><select id="until" name="for"><option value="1h">for 1 hour</option><option value="8h">for 8 hours</option><option value="1d">for 1 day</option><option value="7d">for 7 days</option></select><input type="text" name="reason" required maxlength="500" placeholder="Why" aria-label="Why"><button>Keep quiet</button></div>"#
            })</details>
            """#
        let close: HTML =
            incident.state.isOperating
            ? .empty
            : #"""
            <details><summary>Close…</summary>\#(form.form("\(path)/resolve") {
                #"<div class="ask"><input type="text" name="reason" required maxlength="500" placeholder="What was done" aria-label="What was done"><button>Close incident</button></div>"#
            })</details>
            """#
        return #"""
            <section class="panel" id="handling" aria-labelledby="handling-title"><h2 id="handling-title">Handling</h2><div class="handle"><div class="row">\#(quick)
            <details><summary>Assign…</summary>\#(form.form("\(path)/assign") {
                #"<div class="ask"><input type="text" name="to" required maxlength="100" placeholder="Name" aria-label="Assign to"><button>Assign</button></div>"#
            })</details>\#(suppress)\#(close)</div></div></section>
            """#
    }
}
